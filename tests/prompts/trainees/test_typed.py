"""Answers to typed messages: every meaning has its own buttons, and they fit the trainee's state."""

import pytest

from allybot.domain.trainee import TraineeState
from allybot.domain.typed import Meaning
from allybot.i18n import Say
from allybot.prompts import blocks, ids
from allybot.prompts.trainees import typed as prompts

OPEN = [blocks.actions([blocks.button("I did it", ids.CHECK_IN_ACTED)], block_id="answers")]
CONTACT = "Noor Rahman"


def offered(meaning: Meaning, state: TraineeState, *, asked: bool = False) -> list[str]:
    message = prompts.typed_reply(Say(), meaning, state, OPEN if asked else [], CONTACT)
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [element["action_id"] for row in rows for element in row]


@pytest.mark.parametrize("meaning", [Meaning.FORGOT, Meaning.NO_TIME, Meaning.ACTED, Meaning.LATER])
def test_an_answer_or_a_barrier_brings_the_open_check_ins_own_buttons(meaning: Meaning) -> None:
    assert offered(meaning, TraineeState.ACTIVE, asked=True) == [ids.CHECK_IN_ACTED]


@pytest.mark.parametrize(
    ("meaning", "state", "buttons"),
    [
        (Meaning.SLOWER, TraineeState.ACTIVE, [ids.FREQUENCY_SLOWER, ids.FREQUENCY_PAUSE]),
        (Meaning.SLOWER, TraineeState.STOPPED, [ids.FREQUENCY_RESUME]),
        (Meaning.RESUME, TraineeState.PAUSED, [ids.FREQUENCY_RESUME]),
        (Meaning.QUIET_DAYS, TraineeState.ACTIVE, [ids.QUIET_DAYS_SHOW]),
        (Meaning.MY_DATA, TraineeState.FINISHED, [ids.MY_DATA_SHOW, ids.FORGET_ME_SHOW]),
        (Meaning.LINES, TraineeState.ACTIVE, [ids.LINES_SHOW]),
        (Meaning.ANGRY, TraineeState.ACTIVE, [ids.FREQUENCY_STOP, ids.FREQUENCY_SLOWER]),
        (Meaning.ANGRY, TraineeState.PAUSED, [ids.FREQUENCY_STOP]),
        (Meaning.ANGRY, TraineeState.STOPPED, []),
    ],
)
def test_the_buttons_fit_the_meaning_and_the_state(
    meaning: Meaning, state: TraineeState, buttons: list[str]
) -> None:
    assert offered(meaning, state) == buttons


@pytest.mark.parametrize("meaning", [Meaning.BOT, Meaning.PERSON, Meaning.ANGRY, Meaning.UNKNOWN])
@pytest.mark.parametrize("state", [TraineeState.ACTIVE, TraineeState.STOPPED, TraineeState.FINISHED])
def test_who_asks_for_a_person_is_told_whom_to_turn_to(meaning: Meaning, state: TraineeState) -> None:
    assert CONTACT in prompts.typed_reply(Say(), meaning, state, [], CONTACT).text
