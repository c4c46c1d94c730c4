"""Writing if-then plans, mending them, and what happens to what people type."""

from datetime import date

import pytest

from allybot.domain.plans import LONGEST_HALF
from allybot.prompts import ids
from tests.journeys.conftest import Practice
from tests.journeys.people import Person, field, labels, options, stands_in, until, words

KINDS = ("Facing a fear", "Bystander action", "Active listening", "A practice within reach")


@pytest.fixture
def jonas(practice: Practice) -> Person:
    """Somebody who has said yes."""
    practice.people[0].begins()
    return practice.people[0]


def test_a_plan_of_each_kind_is_shown_back_as_one_sentence(jonas: Person) -> None:
    for kind in KINDS[:3]:
        shown = words(jonas.writes_plan(f"the time for {kind} comes", "count to three and act", kind))
        assert f"> If the time for {kind} comes, then I will count to three and act." in shown
        assert "picture the moment" in shown
        page = jonas.asks("/allybot plans")
        assert f"*{kind}*" in page
        assert f"> If the time for {kind} comes, then I will count to three and act." in page

    jonas.types("/allybot plan")
    view = jonas.chooses(jonas.modal("Write a plan"), ids.PLAN_KIND, KINDS[3])
    answer = jonas.submits(view, cue="I plan the next offsite", response="ask who cannot come")
    assert list(answer["errors"].values()) == [
        "You have as many plans as one can keep in mind. Call one done, then write a new one."
    ]
    jonas.presses("Call it done")
    still = jonas.modal("Write a plan")
    assert stands_in(still, "cue") == "I plan the next offsite"
    assert jonas.submits(still)["response_action"] == "update"
    shown = words(jonas.modal("Your plan"))
    assert "> If I plan the next offsite, then I will ask who cannot come." in shown


def test_a_second_plan_of_the_same_kind_is_refused_and_nothing_is_lost(jonas: Person) -> None:
    jonas.writes_plan("a colleague is talked over", "ask her to finish", KINDS[1])
    jonas.types("/allybot plan")
    view = jonas.chooses(jonas.modal("Write a plan"), ids.PLAN_KIND, KINDS[1])
    answer = jonas.submits(view, cue="a joke falls flat", response="say so")
    assert answer["response_action"] == "errors"
    assert stands_in(jonas.modal("Write a plan"), "cue") == "a joke falls flat"
    assert stands_in(jonas.modal("Write a plan"), "response") == "say so"


def test_a_pick_from_the_library_fills_its_field_and_keeps_what_was_typed(jonas: Person) -> None:
    jonas.types("/allybot plan")
    view = jonas.chooses(jonas.modal("Write a plan"), ids.PLAN_KIND, KINDS[1])
    moment = options(view, ids.PLAN_PICK_CUE)[2]
    view = jonas.chooses(
        view, ids.PLAN_PICK_CUE, moment, response="count to three", next_moment_on="2026-01-20"
    )
    assert stands_in(view, "cue") == moment
    assert stands_in(view, "response") == "count to three"
    assert stands_in(view, "next_moment_on") == "2026-01-20"
    deed = options(view, ids.PLAN_PICK_RESPONSE)[0]
    view = jonas.chooses(view, ids.PLAN_PICK_RESPONSE, deed, cue=f"{moment}, in the daily")
    assert stands_in(view, "cue") == f"{moment}, in the daily"
    assert stands_in(view, "response") == deed
    assert jonas.submits(view)["response_action"] == "update"
    assert f"If {moment}, in the daily, then I will {deed}." in words(jonas.modal("Your plan"))


def test_another_kind_changes_the_library_and_keeps_what_was_typed(jonas: Person) -> None:
    jonas.types("/allybot plan")
    view = jonas.chooses(jonas.modal("Write a plan"), ids.PLAN_KIND, KINDS[0])
    fears = options(view, ids.PLAN_PICK_CUE)
    view = jonas.chooses(view, ids.PLAN_KIND, KINDS[2], cue="my own words", response="my own deed")
    assert options(view, ids.PLAN_PICK_CUE) != fears
    assert stands_in(view, "cue") == "my own words"
    assert stands_in(view, "response") == "my own deed"


def test_a_plan_is_mended_and_called_done_from_the_list(jonas: Person) -> None:
    jonas.writes_plan("a colleague is talked over", "ask her to finish")
    jonas.asks("/allybot plans")
    jonas.presses("Mend it")
    view = jonas.modal("Mend a plan")
    assert stands_in(view, "cue") == "a colleague is talked over"
    assert jonas.submits(view, response="name her and wait")["response_action"] == "update"
    assert "then I will name her and wait." in words(jonas.modal("Your plan"))
    jonas.closes()
    jonas.asks("/allybot plans")
    jonas.presses("Call it done")
    until(lambda: "*Done*" in words(jonas.messages()[-1]), "the list to change")
    assert "name her and wait" in words(jonas.messages()[-1])


def test_the_support_contact_stands_in_every_form(jonas: Person) -> None:
    jonas.types("/allybot plan")
    assert "turn to Mira Okafor" in words(jonas.modal("Write a plan"))
    jonas.closes()
    jonas.writes_plan("a colleague is talked over", "ask her to finish")
    jonas.asks("/allybot plans")
    jonas.presses("Mend it")
    assert "turn to Mira Okafor" in words(jonas.modal("Mend a plan"))


# ---- bad input: a clear message, and nothing is lost


def a_form(jonas: Person) -> dict:
    """The plan form with a kind chosen."""
    jonas.types("/allybot plan")
    return jonas.chooses(jonas.modal("Write a plan"), ids.PLAN_KIND, KINDS[1])


def test_a_plan_without_an_if_is_sent_back_with_a_word_under_the_field(jonas: Person) -> None:
    view = a_form(jonas)
    for blank in (" ", "\n\t ", "\u00a0\u2003", "\u200b", "if", "..."):
        answer = jonas.submits(view, cue=blank, response="ask her to finish")
        assert answer["response_action"] == "errors"
        assert answer["errors"] == {
            field(view, "cue")[0]["block_id"]: "Please write when it starts: the moment, the place or the "
            "person that tells you “now”."
        }
        still = jonas.modal("Write a plan")
        assert still["errors"] == answer["errors"]
        assert stands_in(still, "response") == "ask her to finish"
    assert jonas.submits(view, cue="a colleague is talked over")["response_action"] == "update"


def test_a_plan_without_a_then_is_sent_back(jonas: Person) -> None:
    view = a_form(jonas)
    answer = jonas.submits(view, cue="a colleague is talked over", response="  ")
    assert list(answer["errors"]) == [field(view, "response")[0]["block_id"]]
    assert stands_in(jonas.modal("Write a plan"), "cue") == "a colleague is talked over"


def test_a_plan_without_a_kind_never_reaches_us(jonas: Person) -> None:
    jonas.types("/allybot plan")
    view = jonas.modal("Write a plan")
    answer = jonas.submits(view, cue="a colleague is talked over", response="ask her to finish")
    assert answer["error"] == "client_validation"
    assert stands_in(jonas.modal("Write a plan"), "cue") == "a colleague is talked over"


def test_slack_itself_refuses_3001_characters(jonas: Person) -> None:
    answer = jonas.submits(a_form(jonas), cue="x" * 3001, response="ask her to finish")
    assert answer["error"] == "client_validation"
    assert stands_in(jonas.modal("Write a plan"), "cue") == "x" * 3001


def test_more_than_300_characters_are_sent_back_with_their_number(jonas: Person) -> None:
    view = a_form(jonas)
    for length in (LONGEST_HALF + 1, 3000):
        answer = jonas.submits(view, cue="a meeting begins", response="é" * length)
        assert answer["errors"] == {
            field(view, "response")[0]["block_id"]: f"That is {length} characters; please keep it to "
            "300, so that you can remember it."
        }
        assert stands_in(jonas.modal("Write a plan"), "response") == "é" * length
    assert jonas.submits(view, response="é" * 300)["response_action"] == "update"


def test_every_script_and_emoji_comes_back_as_it_was_typed(practice: Practice, jonas: Person) -> None:
    texts = ("someone says 🙄 in a meeting 👩🏽‍💻👨‍👩‍👧", "זה הזמן שלי לדבר ואני שומע اسم زميلتي", "Ж" * 300)
    for kind, text in zip(KINDS, texts, strict=False):
        assert words(jonas.writes_plan(text, text, kind)).count(text) == 2
    jonas.home()
    jonas.looks_at_home("", lambda page: all(words(page).count(text) == 2 for text in texts))
    for step in range(3):
        practice.go_to(1, 15 + 7 * step)
        check_in = words(jonas.reads("did the moment of your plan come up"))
        assert any(f"If {text}, then I will {text}." in check_in for text in texts)
        jonas.presses("I did it")
        jonas.modal("Your check-in")


@pytest.mark.parametrize(
    "text",
    [
        "<!channel> <!here> <!everyone> look, <@U0LEYLA> speaks and <#C0GENERAL> listens",
        "<https://example.org|click> & &lt;!channel&gt; *bold* _slanted_ ~gone~ `code` ```block```",
        "first line\n> quoted\n• listed",
    ],
    ids=["mentions", "formatting", "lines"],
)
def test_words_of_a_plan_are_words_and_never_commands_to_slack(
    practice: Practice, jonas: Person, text: str
) -> None:
    shown = mrkdwn_of(jonas.writes_plan(text, text))
    jonas.asks("/allybot plans")
    shown += mrkdwn_of(jonas.home("Your plan in focus"))
    practice.go_to(1, 15)
    jonas.presses("I did it", jonas.reads("did the moment of your plan come up"))
    shown += mrkdwn_of(jonas.modal("Your check-in"))
    jonas.closes()
    shown += mrkdwn_of(jonas.messages())
    shown += mrkdwn_of([each["args"] for each in practice.calls("chat.postMessage")])
    assert sum("If first line" in each or "look" in each or "click" in each for each in shown) >= 4
    for forbidden in ("<!", "<@U0LEYLA", "<#C0GENERAL", "<https", "*bold*", "_slanted_", "~gone~", "`code`"):
        assert forbidden not in "\n".join(shown)
    assert "\n> quoted" not in "\n".join(shown)
    jonas.asks("/allybot plans")
    jonas.presses("Mend it")
    assert stands_in(jonas.modal("Mend a plan"), "cue") == " ".join(text.split())


def mrkdwn_of(node: object) -> list[str]:
    """Every text that Slack would read as mrkdwn: mrkdwn objects, and the text beside the blocks."""
    if isinstance(node, list):
        return [text for each in node for text in mrkdwn_of(each)]
    if not isinstance(node, dict):
        return []
    by_bot = "bot_id" in node or "channel" in node
    found = [node.get("text")] if node.get("type") == "mrkdwn" or ("blocks" in node and by_bot) else []
    found = [text for text in found if isinstance(text, str)]
    return found + [text for each in node.values() for text in mrkdwn_of(each)]


def test_a_past_date_is_sent_back_under_the_date(jonas: Person) -> None:
    view = a_form(jonas)
    answer = jonas.submits(
        view, cue="a meeting begins", response="listen first", next_moment_on=date(2026, 1, 11)
    )
    assert answer["response_action"] == "errors"
    assert list(answer["errors"]) == [field(view, "next_moment_on")[0]["block_id"]]
    assert "past" in next(iter(answer["errors"].values()))
    still = jonas.modal("Write a plan")
    assert stands_in(still, "cue") == "a meeting begins"
    assert jonas.submits(still, next_moment_on=date(2026, 1, 12))["response_action"] == "update"
    assert "You expect the moment on Monday 12 January" in words(jonas.modal("Your plan"))


def test_a_double_submit_is_one_plan(practice: Practice, jonas: Person) -> None:
    view = a_form(jonas)
    practice.remote.post("deliveries", copies=3, kinds=["interactive"])
    assert jonas.submits(view, cue="a meeting begins", response="listen first")["ok"]
    practice.remote.post("deliveries", copies=1)
    practice.settle()
    assert jonas.asks("/allybot plans").count("If a meeting begins") == 1


def test_two_plans_with_the_same_words_are_two_plans(jonas: Person) -> None:
    jonas.writes_plan("a meeting begins", "listen first", KINDS[2])
    jonas.writes_plan("a meeting begins", "listen first", KINDS[1])
    assert jonas.asks("/allybot plans").count("If a meeting begins") == 2
    assert labels(jonas.messages()[-1]).count("Mend it") == 2
