"""A typed reply is an answer: said back in one line, counted by one tap, and kept nowhere."""

import json

import pytest

from allybot.domain.meanings import ANSWERS, Situation
from allybot.domain.typed import understood
from allybot.prompts import ids
from allybot.slack.padding import PADDED_BYTES, padded
from tests.journeys.conftest import CIRCLE, Journey
from tests.journeys.people import Person, field, labels, options, until, words
from tests.journeys.test_check_ins import QUESTION, SNOOZES, TAPS, asked, ballots, said
from tests.journeys.test_old_buttons import everything
from tests.typed_corpus.sentences import STRANGERS, sentences

BARRIERS_FIRST = "What got in the way?"
TYPED = (
    ("did it today", "it came up, and I did it", "What next with this plan?"),
    ("came up, didn't", "it came up, I did not", BARRIERS_FIRST),
    ("nothing happened", "it did not come up", "What could bring a moment?"),
    ("I forgot", "it came up, and I forgot", "Your plan from here"),
    ("no time", "it came up, and there was no time", "Your plan from here"),
    ("kam nicht vor", "es kam nicht vor", "What could bring a moment?"),
)


@pytest.fixture
def jonas(journey: Journey) -> Person:
    """Somebody whose first check-in has just come."""
    return asked(journey, 0)


def is_gone(person: Person, line: dict) -> None:
    """The line is no longer shown, or not as it was."""

    def look() -> bool:
        return all(one["ts"] != line["ts"] or one["text"] != line["text"] for one in person.messages())

    until(look, "the line to go")


def test_the_tap_seals_it_removes_the_line_and_opens_the_help_at_its_branch(
    journey: Journey, jonas: Person
) -> None:
    for typed, meant, first in TYPED:
        line = journey.answer_to(jonas, typed)
        assert line["ephemeral"]
        assert f"*{meant}*" in words(line), typed
        jonas.presses(labels(line)[0], line)
        view = jonas.modal("Your check-in")
        assert first in words(view), typed
        jonas.closes()
        is_gone(jonas, line)
        assert [len(sealed) for _, _, sealed in ballots(journey)] == [80]
        with journey.context.database.transaction() as tx:  # asked again, for the next one
            tx.exec_driver_sql("UPDATE check_in SET state = 'asked'")
    journey.run_worker()
    assert "Your answer is sealed" in said(jonas)


def test_a_named_barrier_is_kept_with_one_more_tap(journey: Journey, jonas: Person) -> None:
    line = journey.answer_to(jonas, "I forgot")
    jonas.presses("Yes, count that", line)
    view = jonas.modal("Your check-in")
    assert field(view, ids.CHECK_IN_WAY)
    assert options(view, ids.CHECK_IN_WAY)[0] == "Keep it as it is"
    jonas.submits(view)
    until(jonas.has_no_modal, "the help to close")


def test_something_else_brings_the_check_ins_own_buttons_in_its_place(
    journey: Journey, jonas: Person
) -> None:
    line = journey.answer_to(jonas, "nope")
    jonas.presses("Something else", line)
    own = jonas.reads("Here are the buttons of your check-in")
    assert own["ts"] == line["ts"]
    assert labels(own) == [*TAPS, *SNOOZES]
    assert ballots(journey) == []
    jonas.presses("I did it", own)
    jonas.modal("Your check-in")
    jonas.closes()
    is_gone(jonas, own)
    assert len(ballots(journey)) == 1
    journey.run_worker()
    assert said(jonas).count("Your answer is sealed") == 1


def test_what_may_be_another_answer_is_counted_by_one_tap_too(journey: Journey, jonas: Person) -> None:
    listed = journey.context.content.typed_words.listed
    taken = [(each.text, understood(each.text, listed, Situation.WAITING)) for each in sentences(*STRANGERS)]
    unsure = [(text, found) for text, found in taken if found.meaning in ANSWERS and found.others]
    text = next(text for text, found in unsure if found.others[0] in ANSWERS)
    line = journey.answer_to(jonas, text)
    assert "Or did you mean this?" in words(line)
    jonas.presses(labels(line)[2], line)
    jonas.modal("Your check-in")
    jonas.closes()
    is_gone(jonas, line)
    assert [len(sealed) for _, _, sealed in ballots(journey)] == [80]


def test_where_the_line_is_gone_the_question_still_has_its_buttons(journey: Journey, jonas: Person) -> None:
    journey.answer_to(jonas, "nope")
    assert labels(jonas.reads(QUESTION))[:3] == list(TAPS)
    again = journey.answer_to(jonas, "did it")
    assert "it came up, and I did it" in words(again)


def test_one_call_of_one_length_follows_whatever_was_typed(journey: Journey, jonas: Person) -> None:
    typed = ("did it today", "I forgot", "stop", "who sees this?", "thanks", "qwertz uiop", "kam nicht vor")
    before = everything(journey)
    for number, each in enumerate(typed, start=1):
        journey.answer_to(jonas, each)
        assert len(journey.calls("chat.postEphemeral")) == number
    assert everything(journey) == before
    lengths = {len(padded(json.dumps(call["args"]).encode())) for call in journey.calls("chat.postEphemeral")}
    assert lengths == {PADDED_BYTES}
    history = journey.as_bot("conversations.history", channel=jonas.reads(QUESTION)["channel"])
    assert not any("Sounds like" in json.dumps(each) for each in history["messages"])


def test_a_word_that_was_typed_is_in_no_row_no_call_and_no_button(journey: Journey, jonas: Person) -> None:
    journey.answer_to(jonas, "I forgot because of the xylophone")
    with journey.context.database.reading() as tx:
        rows = [str(row) for row in tx.exec_driver_sql("SELECT * FROM outbox")]
    assert rows
    assert "xylophone" not in json.dumps([*rows, journey.calls("chat.postEphemeral")])


def test_a_day_typed_with_the_pause_is_one_tap(journey: Journey, jonas: Person) -> None:
    answer = journey.answer_to(jonas, "pause until 12 February")
    assert "rest until 12 February 2026? Nothing happens until you press" in words(answer)
    jonas.presses("Pause until 12 February 2026", answer)
    assert jonas.reads("Paused until 12 February 2026")["ts"] == answer["ts"]
    again = journey.answer_to(jonas, "when is the next check-in?")
    assert "The check-ins rest until 12 February 2026" in words(again)


def test_the_last_answer_can_be_changed_by_typing(journey: Journey, jonas: Person) -> None:
    jonas.presses("I did it")
    jonas.modal("Your check-in")
    jonas.closes()
    journey.run_worker()
    answer = journey.answer_to(jonas, "change my answer")
    jonas.presses("Change my answer", answer)
    assert "takes the place of the earlier one" in words(jonas.modal("Change my answer"))


def test_a_yes_pressed_under_the_answer_to_a_typed_yes_removes_it(journey: Journey) -> None:
    undecided = journey.people[0]
    line = journey.answer_to(undecided, "yes")
    undecided.presses("Start", line)
    is_gone(undecided, line)
    journey.run_worker()
    assert undecided.reads("You said yes on")


@pytest.mark.parametrize(
    ("label", "told"),
    [("Ask me later", "You will be asked once more"), ("No thanks", "You said no thanks. Nothing more")],
)
def test_another_choice_pressed_under_a_typed_reply_is_confirmed_in_its_place(
    journey: Journey, label: str, told: str
) -> None:
    undecided = journey.people[0]
    line = journey.answer_to(undecided, "yes")
    undecided.presses(label, line)
    confirmed = undecided.reads(told)
    assert confirmed["ephemeral"]
    assert confirmed["ts"] == line["ts"]
    assert labels(confirmed) == []
    journey.run_worker()
    assert told in words(undecided.messages()[0])


def test_a_reaction_to_the_open_check_in_brings_its_buttons(journey: Journey, jonas: Person) -> None:
    question, other = jonas.reads(QUESTION), journey.people[1]

    def reacts(person: Person, message: dict, emoji: str, *, channel: str = "") -> None:
        place = {"channel": channel or person.user, "messageTs": message["ts"]}
        journey.remote.post("reaction", user=person.user, name=emoji, **place)
        journey.settle()
        journey.run_worker()

    posts = len(journey.calls("chat.postEphemeral"))
    reacts(jonas, question, "+1")
    assert labels(jonas.reads("Here are the buttons of your check-in")) == [*TAPS, *SNOOZES]
    assert len(journey.calls("chat.postEphemeral")) == posts + 1
    reacts(other, other.messages()[0], "+1")  # a welcome is no check-in
    reacts(jonas, jonas.messages(CIRCLE)[0], "heart", channel=CIRCLE)
    assert len(journey.calls("chat.postEphemeral")) == posts + 1
    jonas.presses("I did it", question)
    journey.run_worker()
    reacts(jonas, question, "tada")  # answered by now
    assert len(journey.calls("chat.postEphemeral")) == posts + 1


def test_a_reaction_is_answered_in_the_language_of_whoever_reacts(journey: Journey, jonas: Person) -> None:
    with journey.context.database.transaction() as tx:
        tx.exec_driver_sql("UPDATE trainee SET locale = 'de-DE'")
    place = {"channel": jonas.user, "messageTs": jonas.reads(QUESTION)["ts"]}
    journey.remote.post("reaction", user=jonas.user, name="+1", **place)
    journey.settle()
    journey.run_worker()
    assert jonas.reads("Hier sind die Knöpfe deines Check-ins")
