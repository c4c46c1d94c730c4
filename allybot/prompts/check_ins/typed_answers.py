"""A typed message that answers a check-in: one line that says what was understood, and what follows it."""

from allybot.domain.plans import Outcome
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts import blocks, ids
from allybot.prompts.check_ins.messages import answer_buttons, snooze_buttons


def sounds_like(say: Say, outcome: Outcome, check_in_id: str, language: str) -> Message:
    """What was understood, with one button that counts it and one that does not.

    Args:
        outcome: what was understood.
        language: of the message that was typed, as two letters; the next line speaks it, too.
    """
    value = ids.TypedAnswerValue.of(check_in_id, outcome.value, language).pack()
    page = (
        blocks.section(say("Sounds like: *{answer}*.", answer=_in_words(say, outcome))),
        blocks.actions(
            [
                blocks.button(say("Yes, count that"), ids.TYPED_COUNT, value),
                blocks.button(say("Something else"), ids.TYPED_OTHER, value),
            ],
            block_id="typed.answer",
        ),
        blocks.small(
            say(
                "Nothing counts until you press. allybot keeps no copy of what you typed; that stays in "
                "Slack."
            )
        ),
    )
    return blocks.message(say, page)


def own_buttons(say: Say, check_in_id: str) -> Message:
    """The open check-in's own buttons, where words were not enough."""
    page = (
        blocks.section(say("Here are the buttons of your check-in; one tap answers it:")),
        answer_buttons(say, check_in_id),
        snooze_buttons(say, check_in_id),
    )
    return blocks.message(say, page)


def _in_words(say: Say, outcome: Outcome) -> str:
    return {
        Outcome.ACTED: say("it came up, and I did it"),
        Outcome.NOT_ACTED: say("it came up, I did not"),
        Outcome.NO_MOMENT: say("it did not come up"),
        Outcome.FORGOT: say("it came up, and I forgot"),
        Outcome.NO_TIME: say("it came up, and there was no time"),
        Outcome.NOT_MY_PLACE: say("it came up, and it was not my place"),
        Outcome.UNSURE_HOW: say("it came up, and I was unsure how"),
        Outcome.FEARED_REACTION: say("it came up, and I was wary of the reaction"),
        Outcome.LESS_MOTIVATED: say("it came up, and I did not feel like it"),
    }[outcome]
