"""A typed message that answers a check-in: one line that says what was understood, and what follows it."""

from slack_sdk.models.blocks import ButtonElement

from allybot.domain.check_ins import answer_of
from allybot.domain.plans import Outcome
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts import blocks, ids
from allybot.prompts.check_ins.messages import answer_buttons, snooze_buttons, tap_label


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


def count_button(say: Say, outcome: Outcome, check_in_id: str, language: str, action: str) -> ButtonElement:
    """Counts an answer that a typed message may have been instead, and is named after it."""
    value = ids.TypedAnswerValue.of(check_in_id, outcome.value, language).pack()
    return blocks.button(_as_label(say, outcome), action, value)


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


def _as_label(say: Say, outcome: Outcome) -> str:
    """As the check-in's own buttons; else short, since more than 30 characters may be cut off on a phone."""
    answer = answer_of(outcome.value)
    if answer is not None and not answer[1]:
        return tap_label(say, answer[0])
    return {
        Outcome.FORGOT: say("I forgot"),
        Outcome.NO_TIME: say("No time"),
        Outcome.NOT_MY_PLACE: say("Not my place"),
        Outcome.UNSURE_HOW: say("Unsure how"),
        Outcome.FEARED_REACTION: say("Wary of the reaction"),
        Outcome.LESS_MOTIVATED: say("Did not feel like it"),
    }[outcome]
