"""Answers to typed messages: every meaning has its own buttons, and they fit the trainee's state."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

import pytest
from babel.messages.pofile import read_po

from allybot.domain.meanings import ANSWERS, Meaning
from allybot.domain.trainee import TraineeState, may_still_consent
from allybot.i18n import CATALOGUES, TYPED, Say
from allybot.prompts import ids
from allybot.prompts.plans import rehearsal_ids
from allybot.prompts.trainees import typed as prompts
from allybot.prompts.trainees import typed_others
from allybot.prompts.trainees.typed_asker import Asker
from allybot.slack.padding import PADDED_BYTES, padded
from tests.prompts.trainees.every_typed_answer import CHECK_IN, CONTACT, answers

GERMAN = Say().in_language("de")
COUNT = [ids.TYPED_COUNT, ids.TYPED_OTHER]
OWN = [
    ids.CHECK_IN_ACTED,
    ids.CHECK_IN_MISSED,
    ids.CHECK_IN_NO_MOMENT,
    ids.CHECK_IN_LATER_TODAY,
    ids.CHECK_IN_NOT_TODAY,
    ids.CHECK_IN_NEXT_WEEK,
]


def buttons(meaning: Meaning, asker: Asker) -> list[dict[str, Any]]:
    message = prompts.typed_reply(Say(), meaning, asker)
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [element for row in rows for element in row]


def offered(meaning: Meaning, state: TraineeState, **known: Any) -> list[str]:
    return [each["action_id"] for each in buttons(meaning, Asker(state, CONTACT, **known))]


@pytest.mark.parametrize("meaning", sorted(ANSWERS))
def test_an_answer_to_the_open_check_in_is_said_back_and_counted_by_one_tap(meaning: Meaning) -> None:
    assert offered(meaning, TraineeState.ACTIVE, waiting_id=CHECK_IN) == COUNT


def test_what_may_be_any_answer_brings_the_check_ins_own_buttons() -> None:
    assert offered(Meaning.NOD, TraineeState.ACTIVE, waiting_id=CHECK_IN) == OWN
    assert offered(Meaning.LATER, TraineeState.ACTIVE, waiting_id=CHECK_IN) == OWN[3:]


def test_the_buttons_that_count_are_equally_long_whatever_was_understood() -> None:
    asker = Asker(TraineeState.ACTIVE, CONTACT, waiting_id=CHECK_IN)
    found = {meaning: [each["value"] for each in buttons(meaning, asker)] for meaning in ANSWERS}
    assert len({tuple(map(len, values)) for values in found.values()}) == 1
    for meaning, (value, _) in found.items():
        read = ids.TypedAnswerValue.unpack(value)
        assert read is not None
        assert read.meant == meaning


@pytest.mark.parametrize("say", [Say(), GERMAN], ids=["English", "German"])
def test_the_call_that_shows_an_answer_is_equally_long_for_every_one(say: Say) -> None:
    for name, message in answers(say, say.locale[:2]):
        call = {"channel": "D0123456789", "user": "U0123456789", "text": message.text}
        body = json.dumps({**call, "blocks": list(message.blocks)}).encode()
        assert len(padded(body)) == PADDED_BYTES, name


@pytest.mark.parametrize(
    ("meaning", "state", "expected"),
    [
        (Meaning.SLOWER, TraineeState.ACTIVE, [ids.FREQUENCY_SLOWER, ids.FREQUENCY_PAUSE]),
        (Meaning.SLOWER, TraineeState.STOPPED, [ids.FREQUENCY_RESUME]),
        (Meaning.RESUME, TraineeState.PAUSED, [ids.FREQUENCY_RESUME]),
        (Meaning.QUIET_DAYS, TraineeState.ACTIVE, [ids.QUIET_DAYS_SHOW]),
        (Meaning.MY_DATA, TraineeState.FINISHED, [ids.MY_DATA_SHOW, ids.FORGET_ME_SHOW]),
        (Meaning.LINES, TraineeState.ACTIVE, [ids.LINES_SHOW, rehearsal_ids.SHOW]),
        (Meaning.ANGRY, TraineeState.ACTIVE, [ids.FREQUENCY_STOP, ids.FREQUENCY_SLOWER]),
        (Meaning.ANGRY, TraineeState.PAUSED, [ids.FREQUENCY_STOP]),
        (Meaning.ANGRY, TraineeState.STOPPED, []),
        (
            Meaning.UNSURE_HOW,
            TraineeState.ACTIVE,
            [ids.LINES_SHOW, rehearsal_ids.SHOW, ids.PLANS_SHOW],
        ),
        (Meaning.STOP, TraineeState.STOPPED, [ids.FREQUENCY_RESUME, ids.FORGET_ME_SHOW]),
    ],
)
def test_the_buttons_fit_the_meaning_and_the_state(
    meaning: Meaning, state: TraineeState, expected: list[str]
) -> None:
    assert offered(meaning, state) == expected


def test_who_is_angry_and_asked_less_often_already_is_offered_only_to_stop() -> None:
    assert offered(Meaning.ANGRY, TraineeState.ACTIVE, is_slower=True) == [ids.FREQUENCY_STOP]
    asker = Asker(TraineeState.ACTIVE, CONTACT, is_slower=True)
    assert "Shall I stop?" in prompts.typed_reply(Say(), Meaning.ANGRY, asker).text


@pytest.mark.parametrize("state", sorted(s for s in TraineeState if may_still_consent(s)))
def test_before_a_yes_the_last_two_buttons_show_what_is_held_and_delete_it(state: TraineeState) -> None:
    assert offered(Meaning.MY_DATA, state)[-2:] == [ids.MY_DATA_SHOW, ids.FORGET_ME_SHOW]


def test_a_thumb_without_a_check_in_gets_no_thanks() -> None:
    text = prompts.typed_reply(Say(), Meaning.NOD, Asker(TraineeState.ACTIVE, CONTACT)).text
    assert "All right." in text
    assert "welcome" not in text


@pytest.mark.parametrize("state", list(TraineeState))
def test_nobody_is_offered_what_their_state_does_not_permit(state: TraineeState) -> None:
    allowed = {
        TraineeState.ACTIVE: {ids.FREQUENCY_PAUSE, ids.FREQUENCY_STOP, ids.FREQUENCY_SLOWER},
        TraineeState.PAUSED: {ids.FREQUENCY_RESUME, ids.FREQUENCY_STOP},
        TraineeState.STOPPED: {ids.FREQUENCY_RESUME},
    }.get(state, set())
    found = {
        action
        for meaning in Meaning
        for action in offered(meaning, state)
        if action.startswith("frequency.") and action != ids.FREQUENCY_PAUSE_OPEN
    }
    assert found == allowed


def besides(
    meaning: Meaning, others: Sequence[Meaning], asker: Asker, say: Say | None = None
) -> list[dict[str, Any]]:
    """The buttons that other meanings add."""
    message = prompts.typed_reply(say or Say(), meaning, asker)
    longer = typed_others.with_others(say or Say(), message, others, asker)
    assert longer.blocks[: len(message.blocks)] == message.blocks
    rows = [block["elements"] for block in longer.blocks if block.get("block_id") == "typed.others"]
    return [element for row in rows for element in row]


@pytest.mark.parametrize(
    ("meaning", "other", "known", "expected"),
    [
        (Meaning.PLANS, Meaning.WHO_SEES, {}, [ids.PRIVACY_SHOW]),
        (Meaning.PLANS, Meaning.ACTED, {"waiting_id": CHECK_IN}, [ids.TYPED_COUNT_OTHERS[0]]),
        (Meaning.PLANS, Meaning.LATER, {"waiting_id": CHECK_IN}, [ids.TYPED_OTHER]),
        (Meaning.UNKNOWN, Meaning.ACTED, {"waiting_id": CHECK_IN}, []),
        (Meaning.ACTED, Meaning.NOT_ACTED, {"waiting_id": CHECK_IN}, [ids.TYPED_COUNT_OTHERS[0]]),
        (Meaning.ACTED, Meaning.NOT_ACTED, {"answered_id": CHECK_IN}, []),
        (Meaning.PLANS, Meaning.ACTED, {"answered_id": CHECK_IN}, [ids.CHECK_IN_CHANGE]),
        (Meaning.PLANS, Meaning.ACTED, {}, []),
        (Meaning.PLANS, Meaning.RESUME, {}, []),
        (Meaning.ACTED, Meaning.STOP, {"waiting_id": CHECK_IN}, [ids.FREQUENCY_STOP]),
        (Meaning.PAUSE, Meaning.STOP, {}, []),
        (Meaning.PAUSE, Meaning.QUIET_DAYS, {}, [ids.QUIET_DAYS_SHOW]),
        (Meaning.UNKNOWN, Meaning.FORGET, {}, [ids.FORGET_ME_SHOW]),
    ],
)
def test_what_else_it_may_mean_is_one_button_more_unless_it_is_there(
    meaning: Meaning, other: Meaning, known: dict[str, Any], expected: list[str]
) -> None:
    found = besides(meaning, [other], Asker(TraineeState.ACTIVE, CONTACT, **known))
    assert [each["action_id"] for each in found] == expected


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_may_be_another_answer_is_counted_by_a_button_of_its_name(language: str) -> None:
    asker = Asker(TraineeState.ACTIVE, CONTACT, language, waiting_id=CHECK_IN)
    names = set()
    for first, second in permutations(sorted(ANSWERS), 2):
        found = besides(Meaning.STOP, [Meaning.SERIOUS, first, second], asker, Say().in_language(language))
        meant = [ids.TypedAnswerValue.unpack(each["value"]).meant for each in found]
        assert meant == [first, second]
        names |= {each["text"]["text"] for each in found}
    assert len(names) == len(ANSWERS)
    assert max(map(len, names)) <= 35  # the longest of the check-in's own buttons


@pytest.mark.parametrize("state", list(TraineeState))
def test_what_may_be_distress_gets_a_person_to_talk_to_below(state: TraineeState) -> None:
    asker = Asker(state, CONTACT)
    message = prompts.typed_reply(Say(), Meaning.THANKS, asker)
    assert CONTACT not in message.text
    assert CONTACT in typed_others.with_others(Say(), message, [Meaning.SERIOUS], asker).text


def test_a_typed_end_of_a_pause_is_one_button_with_that_day() -> None:
    asker = Asker(TraineeState.ACTIVE, CONTACT, pause_until=date(2026, 1, 12))
    first = buttons(Meaning.PAUSE, asker)[0]
    assert first["text"]["text"] == "Pause until 12 January 2026"
    value = ids.PauseUntilValue.unpack(first["value"])
    assert value == ids.PauseUntilValue(until=date(2026, 1, 12))
    stopped = replace(asker, state=TraineeState.STOPPED)
    assert [each["action_id"] for each in buttons(Meaning.PAUSE, stopped)] == [ids.FREQUENCY_RESUME]


def test_what_is_not_understood_offers_five_ways_that_fit() -> None:
    for state in (TraineeState.ACTIVE, TraineeState.PAUSED, TraineeState.STOPPED, TraineeState.FINISHED):
        assert len(set(offered(Meaning.UNKNOWN, state))) == 5
    open_one = offered(Meaning.UNKNOWN, TraineeState.ACTIVE, waiting_id=CHECK_IN)
    assert open_one[:3] == [ids.CHECK_IN_ACTED, ids.CHECK_IN_MISSED, ids.CHECK_IN_NO_MOMENT]
    assert len(set(open_one)) == 7


@pytest.mark.parametrize("meaning", [Meaning.BOT, Meaning.PERSON, Meaning.ANGRY, Meaning.UNKNOWN])
@pytest.mark.parametrize("state", list(TraineeState))
def test_who_asks_for_a_person_is_told_whom_to_turn_to(meaning: Meaning, state: TraineeState) -> None:
    assert CONTACT in prompts.typed_reply(Say(), meaning, Asker(state, CONTACT)).text


class Listening(Say):
    """Notes what it is asked to say."""

    asked: set[str]

    def __call__(self, text: str, /, **values: object) -> str:
        self.asked.add(text)
        return super().__call__(text, **values)


def test_german_has_every_sentence_of_every_answer_and_no_other() -> None:
    """So none of these messages is half in English."""
    listening = Listening()
    object.__setattr__(listening, "asked", set())
    for _ in answers(listening):
        pass
    with (CATALOGUES / TYPED / "de.po").open("rb") as file:
        translated = {message.id: message.string for message in read_po(file) if message.id}
    assert sorted(listening.asked - {text for text, german in translated.items() if german}) == []
    assert sorted(set(translated) - listening.asked) == []
    assert GERMAN.day(date(2026, 1, 6)) == "Dienstag, 6. Januar"


def test_a_language_of_typed_answers_changes_nothing_else() -> None:
    assert Say("de-DE")("All my plans") == "All my plans"
    assert Say("de-DE").in_language("de")("All my plans") == "Alle meine Pläne"
    assert Say("de-DE").in_language("en") == Say("de-DE")
    assert Say("fr-FR").in_language("de")("Who sees what") == "Wer was sieht"
