"""The modal that sends the leads a suggestion without a name, and what it says before and after."""

from datetime import date

from slack_sdk.models.blocks import ButtonElement, PlainTextInputElement

from allybot.domain.suggestions import MAX_LENGTH, MONDAYS, TOGETHER, Refusal
from allybot.i18n import Say
from allybot.message import Block, Message, View
from allybot.prompts import blocks
from allybot.prompts.help import covered, support_line
from allybot.prompts.programs import suggestion_ids

SUGGESTION = "suggestion"
"""Block id of the text; it stays, so that Slack keeps what was typed."""


def suggest_button(say: Say) -> ButtonElement:
    """Opens the modal; offered to everybody alike, whatever they answered."""
    return blocks.button(say("Tell the leads"), suggestion_ids.SHOW)


def suggestion_form(
    say: Say,
    value: suggestion_ids.SuggestionFormValue,
    program: str,
    goes_on: date,
    text: str,
    support_contact: str,
    *,
    waits: bool,
    shown: bool,
    holds_name: bool,
) -> View:
    """The modal; after the first submit it shows the suggestion as the leads will read it.

    Args:
        goes_on: the Monday on which it could go, in the program's zone.
        text: what stands in the field.
        waits: whether one of theirs waits already, which this one replaces.
        shown: whether to show it as the leads will read it.
        holds_name: whether it seems to name somebody.
    """
    page: list[Block] = []
    if shown:
        page += [blocks.section(say("This is what the leads will read:")), quoted(text)]
        if holds_name:
            name = say("Is that a name? “A colleague” is safer: leads and perhaps everybody read this.")
            page.append(blocks.section(name))
        page.append(blocks.rule())
    elif waits:
        page.append(
            blocks.section(say("One of yours waits already; it stands below. What you send now replaces it."))
        )
    page += [blocks.section(_promise(say, program)), blocks.section(_when(say, goes_on))]
    field = PlainTextInputElement(action_id=SUGGESTION, multiline=True, initial_value=text or None)
    hint = say(
        "Up to {longest} characters: what is not in your power, or what would help here. Leave out names and "
        "whatever would tell who it was.",
        longest=MAX_LENGTH,
    )
    page += [
        blocks.question(say("What should change?"), field, SUGGESTION, hint),
        support_line(say, support_contact),
    ]
    return blocks.modal(
        say("Tell the leads"),
        page,
        suggestion_ids.FORM,
        submit=say("Send it") if shown else say("Show me first"),
        close=say("Cancel"),
        metadata=value.pack(),
    )


def waits_now(say: Say, goes_on: date) -> View:
    """The modal after it was sent."""
    page = [
        blocks.section(say("Thank you. It waits, encrypted and without your name.")),
        blocks.section(_when(say, goes_on)),
        blocks.small(
            say("Until it goes you can replace it here. Afterwards nobody can tell that it was yours.")
        ),
    ]
    return blocks.modal(say("Tell the leads"), page, suggestion_ids.FORM, close=say("Done"))


def refused(say: Say, refusal: Refusal) -> Message:
    """The reply to somebody who cannot send a suggestion now."""
    return covered(say, why_not(say, refusal))


def why_not(say: Say, refusal: Refusal) -> str:
    """The same as a sentence, also shown under the field."""
    return {
        Refusal.NOT_STARTED: say(
            "You can tell the leads something here once you have said yes in allybot's first message."
        ),
        Refusal.NO_LEADS: say("Nobody leads your program just now, so there is nobody to read it."),
    }[refusal]


def problem(say: Say, reason: str, length: int, longest: int) -> str:
    """Why a suggestion, or an answer to one, cannot be sent as it is: `empty` or `too_long`."""
    if reason == "too_long":
        return say(
            "That is {length} characters; please keep it to {longest}.", length=length, longest=longest
        )
    return say("Please write a few words first.")


def quoted(text: str) -> Block:
    """A suggestion as it reads everywhere."""
    return blocks.section("> " + blocks.escape(text))


def _promise(say: Say, program: str) -> str:
    return "\n".join(
        (
            say(
                "The leads of *{program}* read it without a name. They may still recognise you by what you "
                "describe.",
                program=blocks.escape(program),
            ),
            say(
                "Until it goes it is encrypted, in a row that names nobody: only who controls the server and "
                "both of its stores could work out that it is yours. Afterwards nobody can."
            ),
            say("The leads' answer goes to everybody who takes part, with your words above it."),
        )
    )


def _when(say: Say, goes_on: date) -> str:
    return say(
        "It goes on {day} at noon, in random order with others: always {together}, or twice or three times "
        "as many, each by another person. While it is one too many it waits for the next Monday; after "
        "{mondays} Mondays it is deleted unread, and nobody is told, you neither. Each person has at most "
        "one that waits.",
        day=say.day(goes_on),
        together=TOGETHER,
        mondays=MONDAYS,
    )
