"""Writing if-then plans, mending them, and what happens to what people type."""

from datetime import date

import pytest

from allybot.content import LibraryCue
from allybot.content.program_library import ProgramContent
from allybot.domain.people import Actor
from allybot.domain.plans import MAX_HALF_LENGTH, PlanKind
from allybot.prompts import ids
from allybot.services.plans import plans
from tests.journeys.conftest import Journey
from tests.journeys.people import Person, field, labels, options, stands_in, until, words
from tests.support.records import all_records

KINDS = ("Facing a fear", "Bystander action", "Active listening", "A practice within reach")


@pytest.fixture
def jonas(journey: Journey) -> Person:
    """Somebody who has said yes."""
    journey.people[0].begins()
    return journey.people[0]


def test_a_plan_of_each_kind_is_shown_back_as_one_sentence(jonas: Person) -> None:
    for kind in KINDS[:3]:
        shown = words(jonas.writes_plan(f"the time for {kind} comes", "count to three and act", kind))
        assert f"> If the time for {kind} comes, then I will count to three and act." in shown
        assert "Picture the moment" in shown
        page = jonas.asks("/allybot plans")
        assert f"*{kind}*" in page
        assert f"> If the time for {kind} comes, then I will count to three and act." in page

    assert jonas.submits(jonas.begins_plan(KINDS[3]))["response_action"] == "update"
    assert "You have 3 plans, as many as one can keep in mind" in words(jonas.modal("Make room"))
    jonas.presses("Call it done")
    jonas.presses_in_modal("Back")
    view = jonas.goes_on(jonas.modal("Write a plan"))
    view = jonas.goes_on(view, cue="I plan the next offsite", response="ask who cannot come")
    assert jonas.submits(view)["response_action"] == "update"
    shown = words(jonas.modal("Your plan"))
    assert "> If I plan the next offsite, then I will ask who cannot come." in shown


def test_a_man_in_a_hurry_chooses_a_kind_writes_two_halves_and_keeps_them(jonas: Person) -> None:
    jonas.types("/allybot plan")
    view = jonas.goes_on(jonas.modal("Write a plan"), **{ids.PLAN_KIND: KINDS[1]})
    assert "2 of 3" in words(view)
    view = jonas.goes_on(view, cue="a colleague is talked over", response="ask her to finish")
    assert "3 of 3" in words(view)
    assert "> If a colleague is talked over, then I will ask her to finish." in words(view)
    assert "Say it to yourself once" in words(view)
    assert "A second look" not in words(view)
    assert jonas.submits(view)["response_action"] == "update"
    assert "Your plan is kept" in words(jonas.modal("Your plan"))


def test_a_wish_and_an_obstacle_stand_by_while_he_writes_and_are_kept_nowhere(
    journey: Journey, jonas: Person
) -> None:
    view = jonas.begins_plan(KINDS[1])
    assert "allybot does not keep them" in words(view)
    obstacle = options(view, ids.PLAN_OBSTACLE)[2]
    view = jonas.goes_on(view, wish="the zebra speaks", **{ids.PLAN_OBSTACLE: obstacle})
    assert "the zebra speaks" in words(view)
    assert obstacle in words(view)
    view = jonas.goes_on(view, cue="a colleague is talked over", response="ask her to finish")
    assert jonas.submits(view)["response_action"] == "update"
    assert "zebra" not in words(jonas.modal("Your plan"))
    jonas.closes()
    assert "zebra" not in jonas.asks("/allybot plans") + his_data(jonas)
    (kept,) = [record for record in all_records(journey.context) if record.plans]
    assert "zebra" not in str(kept)


def test_the_obstacle_brings_halves_that_help_against_it_to_the_top(jonas: Person) -> None:
    plain = jonas.goes_on(jonas.begins_plan(KINDS[1]))
    jonas.closes()
    view = jonas.begins_plan(KINDS[1])
    wary = next(each for each in options(view, ids.PLAN_OBSTACLE) if "take it badly" in each)
    view = jonas.goes_on(view, **{ids.PLAN_OBSTACLE: wary})
    before, now = (options(each, ids.PLAN_PICK_RESPONSE) for each in (plain, view))
    assert sorted(before) == sorted(now)
    assert before != now


def test_an_obstacle_may_be_named_in_his_own_words(jonas: Person) -> None:
    view = jonas.begins_plan(KINDS[2])
    view = jonas.chooses(view, ids.PLAN_OBSTACLE, options(view, ids.PLAN_OBSTACLE)[-1], wish="we talk")
    assert stands_in(view, "wish") == "we talk"
    view = jonas.goes_on(view, own_obstacle="the phone rings <!channel>")
    assert "the phone rings" in words(view)
    assert "<!channel>" not in words(view)
    view = jonas.goes_back(view)
    assert stands_in(view, "own_obstacle") == "the phone rings <!channel>"
    assert stands_in(view, "wish") == "we talk"


def test_nothing_is_lost_on_the_way_back_and_forth(journey: Journey, jonas: Person) -> None:
    view = jonas.begins_plan(KINDS[1])
    obstacle = options(view, ids.PLAN_OBSTACLE)[0]
    view = jonas.goes_on(view, wish="she is heard", **{ids.PLAN_OBSTACLE: obstacle})
    view = jonas.goes_back(view, cue="half a thou")
    journey.restart()
    assert stands_in(view, "wish") == "she is heard"
    assert stands_in(view, ids.PLAN_OBSTACLE) == obstacle
    assert stands_in(view, ids.PLAN_KIND) == KINDS[1]
    view = jonas.goes_on(view)
    assert stands_in(view, "cue") == "half a thou"
    view = jonas.goes_on(view, cue="a colleague is talked over", response="ask her to finish")
    journey.restart()
    view = jonas.goes_back(view, coping="thank her", next_moment_on=date(2026, 1, 20))
    assert stands_in(view, "cue") == "a colleague is talked over"
    journey.restart()
    view = jonas.goes_on(view, response="ask her to go on")
    assert stands_in(view, "coping") == "thank her"
    assert stands_in(view, "next_moment_on") == "2026-01-20"
    assert jonas.submits(view)["response_action"] == "update"
    shown = words(jonas.modal("Your plan"))
    assert "> If a colleague is talked over, then I will ask her to go on." in shown
    assert "If it goes badly, then I will thank her." in shown
    assert "You expect the moment on Tuesday 20 January" in shown


def test_words_for_which_the_modal_has_no_room_keep_him_where_they_are(jonas: Person) -> None:
    view = jonas.goes_on(jonas.begins_plan())
    view = jonas.goes_back(view, cue="x" * 3000, response="ask her to finish")
    assert "One of your lines has 3000 characters" in words(view)
    assert stands_in(view, "cue") == "x" * 3000
    assert stands_in(view, "response") == "ask her to finish"
    view = jonas.goes_back(view, cue='"' * MAX_HALF_LENGTH, response="\\" * MAX_HALF_LENGTH)
    assert "1 of 3" in words(view)
    view = jonas.goes_on(view)
    assert stands_in(view, "cue") == '"' * MAX_HALF_LENGTH
    assert stands_in(view, "response") == "\\" * MAX_HALF_LENGTH


def test_a_second_look_is_friendly_and_never_in_the_way(jonas: Person) -> None:
    view = jonas.goes_on(jonas.begins_plan(KINDS[1]))
    view = jonas.goes_on(view, cue="sometime next week", response="be a good ally; advise her")
    page = words(view)
    assert ["could be any moment" in page, "says what to be" in page] == [True, True]
    assert "changing somebody" not in page  # two thoughts at once are enough
    assert "It is your plan, and it can stay as it is" in page
    view = jonas.goes_on(jonas.goes_back(view, "Change the words"), cue="our retrospective begins")
    assert "could be any moment" not in words(view)
    assert "changing somebody" in words(view)
    assert jonas.submits(view)["response_action"] == "update"
    shown = words(jonas.modal("Your plan"))
    assert "> If our retrospective begins, then I will be a good ally; advise her." in shown


def test_a_mended_plan_gets_a_second_look_after_it_is_kept(jonas: Person) -> None:
    jonas.writes_plan("a colleague is talked over", "ask her to finish")
    jonas.asks("/allybot plans")
    jonas.presses("Mend it")
    assert jonas.submits(jonas.modal("Mend a plan"), cue="I find the time")["response_action"] == "update"
    assert "could be any moment" in words(jonas.modal("Your plan"))
    jonas.presses_in_modal("Change the words")
    view = jonas.modal("Mend a plan")
    assert stands_in(view, "cue") == "I find the time"
    assert jonas.submits(view, cue="our retrospective begins")["response_action"] == "update"
    assert "could be any moment" not in words(jonas.modal("Your plan"))


def test_a_plan_of_the_same_kind_written_meanwhile_is_shown_after_the_last_step(
    journey: Journey, jonas: Person
) -> None:
    view = jonas.goes_on(jonas.begins_plan(KINDS[1]))
    view = jonas.goes_on(view, cue="a joke falls flat", response="say so")
    with journey.context.database.reading() as tx:
        workspace = tx.exec_driver_sql("SELECT id FROM workspace").scalar_one()
    plans.write(
        journey.context, Actor(workspace, jonas.user), "other", "bystander", "a", "b", None, journey.now
    )
    assert jonas.submits(view, coping="laugh")["response_action"] == "update"
    view = jonas.modal("Make room")
    assert "> If a, then I will b." in words(view)
    assert jonas.submits(view)["response_action"] == "update"
    shown = words(jonas.modal("Your plan"))
    assert "If a joke falls flat, then I will say so." in shown
    assert "If it goes badly, then I will laugh." in shown


def test_a_pick_from_the_library_fills_its_field_and_keeps_what_was_typed(jonas: Person) -> None:
    view = jonas.goes_on(jonas.begins_plan(KINDS[1]))
    moment = options(view, ids.PLAN_PICK_CUE)[2]
    view = jonas.chooses(view, ids.PLAN_PICK_CUE, moment, response="count to three")
    assert stands_in(view, "cue") == moment
    assert stands_in(view, "response") == "count to three"
    deed = options(view, ids.PLAN_PICK_RESPONSE)[0]
    view = jonas.chooses(view, ids.PLAN_PICK_RESPONSE, deed, cue=f"{moment}, in the daily")
    assert stands_in(view, "cue") == f"{moment}, in the daily"
    assert stands_in(view, "response") == deed
    assert jonas.submits(jonas.goes_on(view))["response_action"] == "update"
    assert f"If {moment}, in the daily, then I will {deed}." in words(jonas.modal("Your plan"))


def test_another_kind_changes_the_library_and_keeps_what_was_typed(jonas: Person) -> None:
    view = jonas.begins_plan(KINDS[0])
    fears = options(view, ids.PLAN_OBSTACLE)
    view = jonas.chooses(view, ids.PLAN_OBSTACLE, fears[1], wish="it is easy")
    view = jonas.chooses(view, ids.PLAN_KIND, KINDS[2])
    assert options(view, ids.PLAN_OBSTACLE) != fears
    assert stands_in(view, ids.PLAN_OBSTACLE) == ""
    assert stands_in(view, "wish") == "it is easy"
    view = jonas.goes_on(view)
    talks = options(view, ids.PLAN_PICK_CUE)
    view = jonas.goes_back(view, cue="my own words", response="my own deed")
    view = jonas.goes_on(jonas.chooses(view, ids.PLAN_KIND, KINDS[1]))
    assert options(view, ids.PLAN_PICK_CUE) != talks
    assert stands_in(view, "cue") == "my own words"
    assert stands_in(view, "response") == "my own deed"


def test_a_plan_is_mended_and_called_done_from_the_list(jonas: Person) -> None:
    jonas.writes_plan("a colleague is talked over", "ask her to finish")
    jonas.asks("/allybot plans")
    jonas.presses("Mend it")
    view = jonas.modal("Mend a plan")
    assert stands_in(view, "cue") == "a colleague is talked over"
    assert jonas.submits(view, response="name her and wait", coping="smile")["response_action"] == "update"
    assert "then I will name her and wait." in words(jonas.modal("Your plan"))
    jonas.closes()
    assert "If it goes badly, then I will smile." in jonas.asks("/allybot plans")
    jonas.presses("Call it done")
    until(lambda: "*Done*" in words(jonas.messages()[-1]), "the list to change")
    page = words(jonas.messages()[-1])
    assert "name her and wait" in page
    assert "what you did in those moments counts" in page
    jonas.presses("Write the next plan")
    assert jonas.modal("Write a plan")


def test_a_plan_done_on_the_home_tab_is_celebrated_and_the_next_one_offered(
    journey: Journey, jonas: Person
) -> None:
    jonas.writes_plan("a colleague is talked over", "ask her to finish", KINDS[1])
    journey.go_to(1, 12, 12)
    jonas.writes_plan("our one-to-one begins", "listen to the end", KINDS[2])
    jonas.home("a colleague is talked over")
    jonas.presses_at_home("Call it done")
    page = words(jonas.modal("allybot"))
    assert "what you did in those moments counts" in page
    assert "Next, the check-ins ask about this one:" in page
    assert "> If our one-to-one begins, then I will listen to the end." in page
    jonas.looks_at_home("our one-to-one begins", lambda view: "talked over" not in words(view))
    jonas.presses_in_modal("Write the next plan")
    assert jonas.modal("Write a plan")


def test_a_plan_put_aside_is_not_asked_about_and_can_be_taken_up_again(
    journey: Journey, jonas: Person
) -> None:
    jonas.writes_plan("a colleague is talked over", "ask her to finish", KINDS[1])
    jonas.asks("/allybot plans")
    jonas.presses("Put it aside")
    until(lambda: "*Put aside*" in words(jonas.messages()[-1]), "the list to change")
    assert "what you did in those moments counts" not in words(jonas.messages()[-1])
    listed = jonas.messages()[-1]
    journey.go_to(1, 15)
    assert not any("did the moment of your plan come up" in words(one) for one in jonas.messages())
    jonas.writes_plan("a joke falls flat", "say so", KINDS[1])
    jonas.presses("Take it up again", listed)
    jonas.reads("You have another plan of this kind on the go")
    jonas.presses("Call it done")
    jonas.presses("Take it up again", jonas.reads("what you did in those moments counts"))
    jonas.reads("Taken up again")
    page = jonas.asks("/allybot plans")
    assert "You have 1 plan on the go" in page
    assert "*Put aside*" not in page


def test_how_a_plan_read_before_is_shown_to_him_and_to_nobody_else(journey: Journey, jonas: Person) -> None:
    jonas.writes_plan("a colleague is talked over", "ask her to finish")
    jonas.asks("/allybot plans")
    assert "Earlier wordings" not in labels(jonas.messages()[-1])
    for day, response in ((12, "name her and wait"), (13, "name her & ask"), (13, "name her & ask")):
        journey.go_to(1, day)
        jonas.asks("/allybot plans")
        jonas.presses("Mend it")
        assert jonas.submits(jonas.modal("Mend a plan"), response=response)["response_action"] == "update"
        jonas.closes()
    jonas.asks("/allybot plans")
    listed = jonas.messages()[-1]
    jonas.presses("Earlier wordings", listed)
    page = words(jonas.modal("Earlier wordings"))
    parts = page.split("> If a colleague is talked over, then I will ")
    assert [part.partition(".")[0] for part in parts[1:]] == [
        "name her &amp; ask", "name her and wait", "ask her to finish",
    ]  # fmt: skip
    assert "Until 13 January 2026" in page
    assert "Until 12 January 2026" in page
    jonas.closes()
    data = his_data(jonas)
    assert "Until 12 January 2026 it read: if “a colleague is talked over”, then “ask her to finish”" in data


def his_data(person: Person) -> str:
    """All that is held about them; the file that comes with it may be there first."""
    person.types("/allybot my-data")
    return words(person.reads("This is everything allybot holds about you"))


def test_words_mended_after_a_check_in_leave_how_they_read_before(journey: Journey, jonas: Person) -> None:
    jonas.writes_plan("a colleague is talked over", "ask her to finish")
    journey.go_to(1, 15)
    jonas.presses("I did it")
    before = jonas.modal("Your check-in")
    jonas.presses_in_modal("More")
    view = jonas.modal("Your check-in", lambda now: bool(now["hash"] != before["hash"]))
    assert jonas.submits(view, response="ask her to go on")["response_action"] == "update"
    jonas.closes()
    jonas.asks("/allybot plans")
    jonas.presses("Earlier wordings")
    page = words(jonas.modal("Earlier wordings"))
    assert "Until 15 January 2026\n> If a colleague is talked over, then I will ask her to finish." in page


def test_a_program_that_has_switched_kinds_off_offers_the_others_in_its_own_words(
    journey: Journey, jonas: Person
) -> None:
    jonas.writes_plan("a colleague is talked over", "ask her to finish", KINDS[1])
    tuned_to(journey, PlanKind.LISTENING)
    jonas.types("/allybot plan")
    view = jonas.modal("Write a plan")
    assert options(view, ids.PLAN_KIND) == [KINDS[2]]
    view = jonas.goes_on(jonas.chooses(view, ids.PLAN_KIND, KINDS[2]))
    assert options(view, ids.PLAN_PICK_CUE) == ["our retrospective begins"]
    jonas.closes()
    jonas.asks("/allybot plans")
    jonas.presses("Mend it")
    view = jonas.modal("Mend a plan")
    assert jonas.submits(view, response="ask her to go on")["response_action"] == "update"


def test_a_scenario_of_a_kind_that_is_switched_off_keeps_its_words_for_another(
    journey: Journey, jonas: Person
) -> None:
    tuned_to(journey, PlanKind.LISTENING)
    channel = journey.as_bot("conversations.open", users=jonas.user)["channel"]["id"]
    story = next(one for one in journey.context.content.scenarios if one.kind is PlanKind.BYSTANDER)
    value = ids.ScenarioValue(scenario=story.id).pack()
    text = {"type": "plain_text", "text": "Make it my plan"}
    button = {"type": "button", "action_id": ids.MAKE_IT_MY_PLAN, "text": text, "value": value}
    row = [{"type": "actions", "elements": [button]}]
    journey.as_bot("chat.postMessage", channel=channel, text="A scenario", blocks=row)
    jonas.presses("Make it my plan")
    view = jonas.modal("Write a plan")
    view = jonas.goes_on(jonas.chooses(view, ids.PLAN_KIND, KINDS[2]))
    assert stands_in(view, "cue") == story.make_it_my_plan.cue
    assert stands_in(view, "response") == story.make_it_my_plan.response


def tuned_to(journey: Journey, kind: PlanKind) -> None:
    """Let the program offer one kind of plan with one cue of its own, as its file in `programs/` would."""
    content = journey.context.content
    own = LibraryCue(id="our-retro", text="our retrospective begins")
    parts = content.plan_library.kind(kind).model_copy(update={"cues": (own,)})
    with journey.context.database.reading() as tx:
        program = tx.exec_driver_sql("SELECT name FROM program").scalar_one()
    library = content.plan_library.model_copy(update={"kinds": {kind: parts}})
    own = {"programs": {program: ProgramContent(plan_library=library)}}
    object.__setattr__(journey.context, "content", content.model_copy(update=own))


def test_the_support_contact_stands_in_every_form(jonas: Person) -> None:
    view = jonas.begins_plan()
    assert "turn to Noor Rahman" in words(view)
    view = jonas.goes_on(view)
    assert "turn to Noor Rahman" in words(view)
    assert "turn to Noor Rahman" in words(jonas.goes_on(view, cue="a meeting begins", response="listen"))
    jonas.closes()
    jonas.writes_plan("a colleague is talked over", "ask her to finish")
    jonas.asks("/allybot plans")
    jonas.presses("Mend it")
    assert "turn to Noor Rahman" in words(jonas.modal("Mend a plan"))


# ---- bad input: a clear message, and nothing is lost


def a_form(jonas: Person) -> dict:
    """The plan form at the step of words."""
    return jonas.goes_on(jonas.begins_plan(KINDS[1]))


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
    answer = jonas.submits(jonas.modal("Write a plan"))
    assert answer["error"] == "client_validation"


def test_slack_itself_refuses_3001_characters(jonas: Person) -> None:
    answer = jonas.submits(a_form(jonas), cue="x" * 3001, response="ask her to finish")
    assert answer["error"] == "client_validation"
    assert stands_in(jonas.modal("Write a plan"), "cue") == "x" * 3001


def test_more_than_300_characters_are_sent_back_with_their_number(jonas: Person) -> None:
    view = a_form(jonas)
    for length in (MAX_HALF_LENGTH + 1, 3000):
        answer = jonas.submits(view, cue="a meeting begins", response="é" * length)
        assert answer["errors"] == {
            field(view, "response")[0]["block_id"]: f"That is {length} characters; please keep it to "
            "300, so that you can remember it."
        }
        assert stands_in(jonas.modal("Write a plan"), "response") == "é" * length
    view = jonas.goes_on(view, response="é" * 300)
    answer = jonas.submits(view, coping="ü" * 301)
    assert "That is 301 characters" in answer["errors"][field(view, "coping")[0]["block_id"]]
    assert jonas.submits(view, coping="ü" * 300)["response_action"] == "update"


def test_every_script_and_emoji_comes_back_as_it_was_typed(journey: Journey, jonas: Person) -> None:
    texts = ("someone says 🙄 in a meeting 👩🏽‍💻👨‍👩‍👧", "זה הזמן שלי לדבר ואני שומע اسم زميلتي", "Ж" * 300)
    for kind, text in zip(KINDS, texts, strict=False):
        assert words(jonas.writes_plan(text, text, kind)).count(text) == 2
    jonas.home()
    jonas.looks_at_home("", lambda page: all(words(page).count(text) == 2 for text in texts))
    for step in range(3):
        journey.go_to(1, 15 + 7 * step)
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
    journey: Journey, jonas: Person, text: str
) -> None:
    shown = mrkdwn_of(jonas.writes_plan(text, text))
    jonas.asks("/allybot plans")
    shown += mrkdwn_of(jonas.home("Your plan in focus"))
    journey.go_to(1, 15)
    jonas.presses("I did it", jonas.reads("did the moment of your plan come up"))
    shown += mrkdwn_of(jonas.modal("Your check-in"))
    jonas.closes()
    shown += mrkdwn_of(jonas.messages())
    shown += mrkdwn_of([each["args"] for each in journey.calls("chat.postMessage")])
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
    view = jonas.goes_on(a_form(jonas), cue="a meeting begins", response="listen first")
    answer = jonas.submits(view, next_moment_on=date(2026, 1, 11))
    assert answer["response_action"] == "errors"
    assert list(answer["errors"]) == [field(view, "next_moment_on")[0]["block_id"]]
    assert "past" in next(iter(answer["errors"].values()))
    still = jonas.modal("Write a plan")
    assert "If a meeting begins, then I will listen first." in words(still)
    assert jonas.submits(still, next_moment_on=date(2026, 1, 12))["response_action"] == "update"
    assert "You expect the moment on Monday 12 January" in words(jonas.modal("Your plan"))


def test_a_double_submit_is_one_plan(journey: Journey, jonas: Person) -> None:
    view = jonas.goes_on(a_form(jonas), cue="a meeting begins", response="listen first")
    journey.remote.post("deliveries", copies=3, kinds=["interactive"])
    assert jonas.submits(view)["ok"]
    journey.remote.post("deliveries", copies=1)
    journey.settle()
    assert jonas.asks("/allybot plans").count("If a meeting begins") == 1


def test_two_plans_with_the_same_words_are_two_plans(jonas: Person) -> None:
    jonas.writes_plan("a meeting begins", "listen first", KINDS[2])
    jonas.writes_plan("a meeting begins", "listen first", KINDS[1])
    assert jonas.asks("/allybot plans").count("If a meeting begins") == 2
    assert labels(jonas.messages()[-1]).count("Mend it") == 2
