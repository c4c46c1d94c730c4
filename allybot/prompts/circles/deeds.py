"""The deeds round of a circle: its post, the modal that tells a deed, and replies to who cannot tell one."""

from collections.abc import Sequence
from datetime import date

from slack_sdk.models.blocks import ButtonElement, PlainTextInputElement

from allybot.domain.deeds import MAX_DEED_LENGTH, MOST_A_WEEK, Refusal
from allybot.i18n import Say
from allybot.message import Block, Message, View
from allybot.prompts import blocks, ids
from allybot.prompts.circles import deed_ids
from allybot.prompts.circles.text_forms import name_question
from allybot.prompts.help import covered, support_line

DEED = "deed"
"""Block id of the modal's text; it stays, so that Slack keeps what was typed."""


def deeds_round(say: Say, monday: date, texts: Sequence[str], support_contact: str) -> Message:
    """Monday's post whose thread is the place for deeds, with those told without a name since the last one.

    Args:
        monday: of the circle's week.
        texts: the deeds, unescaped. Those for which Slack has no room are left out.
    """
    rows: list[Block] = [
        {**blocks.heading(say("The deeds round")), "block_id": f"deeds.{monday.isoformat()}"},
        blocks.section(
            say(
                "What did you do since last Monday, and what did you learn? One line in the thread is "
                "enough. Quiet deeds count, and so does one that went sideways. What you intend can stay "
                "with you."
            )
        ),
    ]
    buttons = [_tell_button(say)]
    small = say(
        "Everyone in this channel sees what is written here; allybot cannot read it. Leave out names and "
        "whatever would tell who it was."
    )
    last: list[Block] = [blocks.small(small), support_line(say, support_contact)]
    if texts:
        rows.append(blocks.section(say("*Told without a name, each by somebody of us:*")))
        buttons.append(blocks.button(say("Make one my plan"), ids.PLAN_NEW))
        unnamed = say("allybot passed these on without names. Please do not guess whose they are.")
        last.insert(0, blocks.small(unnamed))
    end = [blocks.actions(buttons, "deeds"), *last]
    for text in texts:
        if not blocks.has_room([*rows, _quoted(text), *end]):
            break
        rows.append(_quoted(text))
    return blocks.message(say, [*rows, *end], blocks.to_the_channel(say))


def named_deed(say: Say, user: str, text: str) -> Message:
    """The post of a deed in the round's thread, under its teller's name; `user` is their Slack id."""
    page = [{**blocks.section(_by_name(say, user)), "block_id": "deed"}, _quoted(text)]
    return blocks.message(say, page, blocks.to_the_channel(say))


def tell_form(
    say: Say,
    value: deed_ids.DeedFormValue,
    circle_name: str,
    next_round_on: date | None,
    text: str,
    support_contact: str,
    *,
    goes_alone: bool,
    named: bool,
    preview_for: str | None,
    holds_name: bool,
) -> View:
    """The modal; after the first submit it shows the deed as the circle will read it.

    Args:
        next_round_on: None where no round follows, so that a deed is told with the name only.
        text: what stands in the field.
        goes_alone: whether the deed goes with the next round in any case.
        named: whether the teller wants their name shown.
        preview_for: the teller's Slack id, to show the deed as it will be read; None before the first submit.
        holds_name: whether the deed seems to name somebody.
    """
    page: list[Block] = []
    if preview_for is not None:
        page.append(blocks.section(say("This is what your circle will read:")))
        page.append(blocks.section(_by_name(say, preview_for) if named else say("Somebody of us:")))
        page.append(_quoted(text))
        if holds_name:
            page.append(
                blocks.section(say("Is that a name? “A colleague” is safer: your whole circle reads this."))
            )
        page.append(blocks.rule())
    page.append(blocks.section(_promise(say, circle_name, next_round_on, goes_alone=goes_alone)))
    field = PlainTextInputElement(action_id=DEED, initial_value=text or None)
    hint = say(
        "Up to {longest} characters: what you did, and how it went. Leave out names and whatever would tell "
        "who it was.",
        longest=MAX_DEED_LENGTH,
    )
    page.append(blocks.question(say("Your deed"), field, DEED, hint))
    if next_round_on is not None:
        without, by_name = say("Without my name, in the next round"), say("With my name, now")
        page.append(name_question(say, say("Tell it"), without, by_name, named=named))
    page.append(support_line(say, support_contact))
    return blocks.modal(
        say("Tell a deed"),
        page,
        deed_ids.DEED_FORM,
        submit=say("Tell it") if preview_for is not None else say("Show me first"),
        close=say("Cancel"),
        metadata=value.pack(),
    )


def told(say: Say, circle_name: str, next_round_on: date | None, *, goes_alone: bool, named: bool) -> View:
    """The modal after it is submitted: when the deed appears."""
    if named or next_round_on is None:
        text = say(
            "Thank you. It appears in {circle} in a moment, with your name.",
            circle=blocks.escape(circle_name),
        )
    else:
        text = say("Thank you.") + " " + _when(say, next_round_on, goes_alone=goes_alone)
    more = say("allybot deletes the text once it is posted.")
    return blocks.modal(
        say("Tell a deed"), [blocks.section(text), blocks.small(more)], deed_ids.DEED_FORM, close=say("Done")
    )


def refused(say: Say, refusal: Refusal) -> Message:
    """The reply to somebody who cannot tell a deed now."""
    return covered(say, why_not(say, refusal))


def why_not(say: Say, refusal: Refusal) -> str:
    """The same as a sentence, also shown under the preview."""
    return {
        Refusal.NOT_STARTED: say(
            "You can tell a deed here once you have said yes in allybot's first message."
        ),
        Refusal.NO_CIRCLE: say(
            "This is for the members of an ally circle, and you are in none yet. Whoever ran your training "
            "can add you to one. Nothing was recorded."
        ),
        Refusal.CIRCLE_CLOSED: say(
            "allybot posts nothing in your circle just now, so it cannot pass on your deed."
        ),
        Refusal.ENOUGH: say(
            "You have told {most} deeds since the last round, which is the most that allybot passes on. The "
            "thread takes more, and so does next week.",
            most=MOST_A_WEEK,
        ),
        Refusal.NO_ROUND: say(
            "The last round of your circle is over, so a deed can only be told with your name now."
        ),
    }[refusal]


def problem(say: Say, reason: str, length: int) -> str:
    """Why a deed cannot be sent as it is: `empty` or `too_long`."""
    if reason == "too_long":
        return say(
            "That is {length} characters; please keep it to {longest}.",
            length=length,
            longest=MAX_DEED_LENGTH,
        )
    return say("Please write what you did, in a line.")


def _tell_button(say: Say) -> ButtonElement:
    return blocks.button(say("Tell a deed"), deed_ids.DEED_TELL, style="primary")


def _promise(say: Say, circle_name: str, next_round_on: date | None, *, goes_alone: bool) -> str:
    circle = blocks.escape(circle_name)
    if next_round_on is None:
        return say(
            "{circle} reads it with your name, in the thread of the last round, at once. Nothing can be told "
            "without a name any more, because no round follows.",
            circle=circle,
        )
    return "\n".join(
        [
            say(
                "*Without your name*: {circle} reads that it was somebody of us. Neither the facilitator "
                "nor a lead learns that it was you.",
                circle=circle,
            )
            + " "
            + _when(say, next_round_on, goes_alone=goes_alone),
            say("*With your name*: it appears in the round's thread at once."),
            say(
                "People may recognise a deed all the same. Until it is posted it is encrypted; then allybot "
                "deletes the text."
            ),
        ]
    )


def _when(say: Say, next_round_on: date, *, goes_alone: bool) -> str:
    day = say.day(next_round_on)
    if goes_alone:
        return say("It is posted with the last round, on {day}, also if it is the only one.", day=day)
    return say(
        "It is posted with the next round, on {day}, together with other deeds. If nobody else tells one "
        "until then, it waits another week and is posted then in any case.",
        day=day,
    )


def _by_name(say: Say, user: str) -> str:
    return say("<@{user}> tells:", user=user)


def _quoted(text: str) -> Block:
    return blocks.section("> " + blocks.escape(text))
