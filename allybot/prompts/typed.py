"""Answers to typed messages: the right buttons, and why buttons are the safer way."""

from slack_sdk.models.blocks import ButtonElement

from allybot.domain.typed import Meaning
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks, ids
from allybot.prompts.help import support_line


def typed_reply(
    say: Say, meaning: Meaning, open_check_in: list[Block], support_contact: str | None
) -> Message:
    """The answer to a typed message.

    Args:
        open_check_in: the buttons of the check-in that waits for an answer, empty when none does.
    """
    texts = {
        Meaning.ANSWER: say(
            "Thank you for writing. A typed answer is not recorded, because Slack keeps what is typed."
        )
        + " "
        + (
            say("The buttons seal it so that nobody can read it:")
            if open_check_in
            else say("No check-in is waiting for you now; the next one brings its own buttons.")
        ),
        Meaning.PLAN: say("Here you can write a plan or see the ones you have."),
        Meaning.PAUSE: say("Shall the check-ins rest for a while? Nothing happens until you press."),
        Meaning.STOP: say("Shall the check-ins end? Nothing happens until you press. Your plans stay."),
        Meaning.HELP: say("Here is what you can do. `{command} help` shows all of it.", command=ids.COMMAND),
        Meaning.THANKS: say("You are welcome."),
        Meaning.UNKNOWN: say(
            "I am a simple bot and did not understand that. Nothing was recorded. Perhaps one of these?"
        ),
    }
    text = texts[meaning]
    page: list[Block] = [blocks.section(text)]
    if meaning is Meaning.ANSWER:
        page += open_check_in
    buttons = _buttons(say, meaning)
    if buttons:
        page.append(blocks.actions(buttons, block_id="typed.choices"))
    if support_contact and meaning in {Meaning.HELP, Meaning.UNKNOWN}:
        page.append(support_line(say, support_contact))
    return Message(blocks.in_words(page), tuple(page))


def _buttons(say: Say, meaning: Meaning) -> list[ButtonElement]:
    write = blocks.button(say("Write a plan"), ids.PLAN_NEW)
    show = blocks.button(say("All my plans"), ids.PLANS_SHOW)
    pause = blocks.button(say("Pause for two weeks"), ids.DOSE_PAUSE)
    stop = blocks.button(say("Stop the check-ins"), ids.DOSE_STOP)
    help_ = blocks.button(say("Help"), ids.HELP_SHOW)
    return {
        Meaning.ANSWER: [],
        Meaning.PLAN: [write, show],
        Meaning.PAUSE: [pause, stop],
        Meaning.STOP: [stop, pause],
        Meaning.HELP: [write, show, help_],
        Meaning.THANKS: [],
        Meaning.UNKNOWN: [show, pause, help_],
    }[meaning]
