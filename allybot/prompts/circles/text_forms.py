"""What the modals for questions, answers and recaps share: words as the circle reads them, and refusals."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import PlainTextInputElement, RadioButtonsElement

from allybot.domain.circle_questions import PostingWindow, Refusal, TextKind
from allybot.i18n import Say
from allybot.message import Block, Message, View
from allybot.prompts import blocks, ids
from allybot.prompts.circles import text_ids
from allybot.prompts.help import covered

QUESTION, NAME = "question", "name"
"""Block ids of the modals; the text's stays, so that Slack keeps what was typed."""
WITHOUT, WITH = "without", "with"
_CALLBACKS = {
    TextKind.QUESTION: ids.ASK_FORM,
    TextKind.ANSWER: text_ids.ANSWER_FORM,
    TextKind.RECAP: text_ids.RECAP_FORM,
}
_PIECE = 500
"""Characters of a person's words in one section, which takes 3000: escaping makes five of an ampersand."""


def quoted(text: str, opening: str) -> list[Block]:
    """The text as a quotation, under a line that says who writes."""
    found = [blocks.section(opening)]
    for begin in range(0, len(text), _PIECE):
        piece = text[begin : begin + _PIECE].strip("\n")
        found.append(blocks.section("\n".join("> " + blocks.escape(line) for line in piece.split("\n"))))
    return found


def preview(text: str, opening: str, who: str) -> list[Block]:
    """The beginning of a modal that shows the words as the circle will read them."""
    return [blocks.section(opening), *quoted(text, who), blocks.rule()]


def text_field(label: str, hint: str, text: str) -> Block:
    """The field for the words; `text` stands in it."""
    field = PlainTextInputElement(action_id=QUESTION, multiline=True, initial_value=text or None)
    return blocks.question(label, field, QUESTION, hint)


def name_question(say: Say, label: str, without: str = "", with_: str = "", *, named: bool) -> Block:
    """Whether the circle is to read whose words they are.

    Args:
        without, with_: the choices, where they say more than that.
    """
    options = {
        WITHOUT: blocks.option(without or say("Without my name"), WITHOUT),
        WITH: blocks.option(with_ or say("With my name"), WITH),
    }
    element = RadioButtonsElement(
        action_id=NAME, options=list(options.values()), initial_option=options[WITH if named else WITHOUT]
    )
    return blocks.question(label, element, NAME)


def title(say: Say, kind: TextKind) -> str:
    """The title of the modal."""
    return {
        TextKind.QUESTION: say("Ask your circle"),
        TextKind.ANSWER: say("I would add"),
        TextKind.RECAP: say("Write a recap"),
    }[kind]


def form(say: Say, kind: TextKind, page: Sequence[Block], metadata: str, *, shown: bool) -> View:
    """The modal; sent, it first shows the words and then posts them."""
    return blocks.modal(
        title(say, kind),
        page,
        _CALLBACKS[kind],
        submit=say("Post it to the circle") if shown else say("Show me first"),
        close=say("Cancel"),
        metadata=metadata,
    )


def on_its_way(
    say: Say, kind: TextKind, circle_name: str, window: PostingWindow, zone: ZoneInfo, now: datetime
) -> View:
    """The modal after something without a name was sent: roughly when it appears.

    Args:
        window: when it is posted.
        zone: the trainee's.
        now: aware UTC.
    """
    circle = blocks.escape(circle_name)
    begins, ends = (each.astimezone(zone).date() for each in (window.opens_at, window.closes_at))
    if begins != ends:
        text = say(
            "It appears in {circle} during working hours, by {hour} on {day} at the latest.",
            circle=circle,
            day=say.day(ends),
            hour=say.hour(window.closes_at, zone),
        )
    elif window.opens_at > now:
        text = say(
            "It appears in {circle} on {day} between {begins} and {ends}, when people are at work.",
            circle=circle,
            day=say.day(begins),
            begins=say.hour(window.opens_at, zone),
            ends=say.hour(window.closes_at, zone),
        )
    else:
        text = say("It appears in {circle} within the next three hours.", circle=circle)
    chance = say("The exact moment is left to chance, so that it does not show who wrote it.")
    return _sent(say, kind, f"{text} {chance}")


def posted_now(say: Say, kind: TextKind, circle_name: str) -> View:
    """The modal after something with a name was sent."""
    return _sent(
        say, kind, say("It appears in {circle} now, in the thread.", circle=blocks.escape(circle_name))
    )


def _sent(say: Say, kind: TextKind, text: str) -> View:
    more = say("allybot deletes the text once it is posted. What the circle answers stands in the channel.")
    page = [blocks.section(text), blocks.small(more)]
    return blocks.modal(title(say, kind), page, _CALLBACKS[kind], close=say("Done"))


def refused(say: Say, refusal: Refusal) -> Message:
    """The reply to a trainee who cannot write to the circle now."""
    return covered(say, why_not(say, refusal))


def why_not(say: Say, refusal: Refusal) -> str:
    """The same as a sentence, also shown under the preview."""
    return {
        Refusal.NOT_STARTED: say(
            "You can write to your circle through allybot once you have said yes in its first message."
        ),
        Refusal.NO_CIRCLE: say(
            "You are in no ally circle, so there is nobody to ask yet. "
            "Whoever ran your training can add you to one."
        ),
        Refusal.CIRCLE_CLOSED: say(
            "allybot posts nothing in your circle just now, so it cannot post yours there either."
        ),
        Refusal.ASKED_ALREADY: say(
            "You have asked your circle already. Let it answer first; on another day the next one is welcome."
        ),
        Refusal.CIRCLE_ASKED_ENOUGH: say(
            "Your circle has had a few questions this week already. In some days there is room for yours."
        ),
        Refusal.ANSWERED_ENOUGH: say(
            "You have added a few things today already. The thread is open to you, and tomorrow this is, too."
        ),
        Refusal.NOT_HERE: say(
            "Only the members of its circle can do that, and only for a while after it was posted. "
            "Its thread stays open."
        ),
        Refusal.NOT_YET: say(
            "allybot does not know yet that this was posted. Please press the button again in a while."
        ),
        Refusal.NOT_FACILITATOR: say(
            "This week's recap is written by who facilitates it. Your own words are welcome in the thread."
        ),
    }[refusal]


def problem(say: Say, reason: str, length: int, longest: int) -> str:
    """Why a text cannot be sent as it is: `empty` or `too_long`."""
    if reason == "too_long":
        return say(
            "That is {length} characters; please keep it to {longest}.", length=length, longest=longest
        )
    return say("Please write a few words first.")
