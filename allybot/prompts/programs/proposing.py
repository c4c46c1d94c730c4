"""Circles proposed from a list, changed by hand, and made or to be made by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

from slack_sdk.models.blocks import PlainTextInputElement, StaticSelectElement, UserSelectElement

from allybot.domain.circle_proposals import LARGEST, SMALLEST, USUAL, Circles
from allybot.i18n import Say
from allybot.message import Block, Message, View
from allybot.prompts import blocks
from allybot.prompts.help import covered
from allybot.prompts.programs import adding, enrol_ids
from allybot.prompts.programs.adding import CohortChoice

SIZE, BALANCE, NAMES, WHO, TO = "size", "balance", "names", "who", "to"
"""Block ids and action ids of the forms."""
MAX_HEADING = 60
_MAX_NAME = 60
_MAX_SHOWN = 10
_NAMED, _USERS_A_LINE = 60, 12


@dataclass(frozen=True)
class PlannedCircle:
    """A circle that is to be made by hand, or could not be made."""

    name: str
    users: tuple[str, ...]


@dataclass(frozen=True)
class MadeCircle:
    """A circle that was made."""

    name: str
    channel: str


def circles_form(
    say: Say,
    cohorts: Sequence[CohortChoice],
    value: enrol_ids.EnteredValue,
    text: str,
    users: tuple[str, ...],
    balance: str,
    done: str,
) -> View:
    """How large circles are to be, and of whom.

    Args:
        cohorts: among which to choose; empty once it is chosen.
        balance: the heading of a column of the list, filled in beforehand.
        done: a sentence on what was just done, as mrkdwn; empty for none.
    """
    sizes = [blocks.option(str(number), str(number)) for number in range(SMALLEST, LARGEST + 1)]
    usual = StaticSelectElement(
        action_id=SIZE, options=sizes, initial_option=next(each for each in sizes if each.value == str(USUAL))
    )
    column = PlainTextInputElement(
        action_id=BALANCE, max_length=MAX_HEADING, initial_value=balance[:MAX_HEADING] or None
    )
    page = [
        *([blocks.section(done)] if done else []),
        blocks.section(
            say(
                "I can propose circles of these people. You see them by name and can move people before "
                "anything is made."
            )
        ),
        *adding.which_cohort(say, cohorts),
        blocks.question(say("People in a circle"), usual, SIZE),
        blocks.question(
            say("Balance by"),
            column,
            BALANCE,
            say(
                "The heading of a column in your list, such as Team, so that no circle is all of one. It is "
                "used for the proposal and kept nowhere."
            ),
            optional=True,
        ),
        *adding.fields(say, text, users, "circles"),
    ]
    return _modal(say, page, enrol_ids.CIRCLES_FORM, say("Propose circles"), value.pack())


def no_such_column(say: Say) -> str:
    """Under the field, for a heading that the list does not have."""
    return say("The list has no column with this heading.")


def too_few(say: Say, most: int) -> Message:
    """There are not enough people for a circle, or too many for one proposal."""
    return covered(
        say,
        say(
            "Circles can be proposed for {least} to {most} people at once. Please choose again with "
            "`/allybot program circles`.",
            least=SMALLEST,
            most=most,
        ),
    )


def proposal(
    say: Say,
    program_id: str,
    circles: Circles,
    names: tuple[str, ...],
    failed: bool,  # noqa: FBT001 - made from its signature in tests
) -> View:
    """Proposed circles by name, with a way to move somebody.

    Args:
        names: what the circles are called; the missing ones get a number.
        failed: whether these are left over, since Slack did not make their channels.
    """
    called = named(say, names, len(circles) or 1)
    where = [blocks.option(name, str(place)) for place, name in enumerate(called)]
    page = [blocks.section(_how_to(say, failed))]
    for name, users in list(zip(called, circles, strict=False))[:_NAMED]:
        people = ", ".join(f"<@{user}>" for user in users[: _USERS_A_LINE * 3])
        page.append(blocks.section(f"*{_short(name)}* ({len(users)}): {people or '-'}"))
    typed = PlainTextInputElement(action_id=NAMES, multiline=True, initial_value="\n".join(called)[:3000])
    move = blocks.button(say("Move them"), enrol_ids.MOVE)
    page += [
        blocks.question(
            say("Move somebody"),
            UserSelectElement(action_id=WHO, placeholder=say("Choose a person")),
            f"{WHO}.{_edition(circles)}",
            optional=True,
        ),
        blocks.question(
            say("Into which circle"),
            StaticSelectElement(action_id=TO, placeholder=say("Choose a circle"), options=where[:100]),
            f"{TO}.{_edition(circles)}",
            optional=True,
        ),
        blocks.actions([move], "move"),
        blocks.question(say("Names of the circles, one a line"), typed, f"{NAMES}.{len(circles)}"),
    ]
    value = enrol_ids.ProposalValue(program=program_id, circles="|".join(" ".join(each) for each in circles))
    return _modal(say, page, enrol_ids.PROPOSAL_FORM, say("Make these circles"), value.pack())


def named(say: Say, names: Sequence[str], number: int) -> list[str]:
    """A name for each of so many circles: those given, and numbers for the rest."""
    given = [blocks.shortened(" ".join(name.split()), _MAX_NAME) for name in names if name.strip()][:number]
    return given + [say("Circle {number}", number=place + 1) for place in range(len(given), number)]


def not_of_a_size(say: Say) -> str:
    """Under the names, when a circle has too few or too many people."""
    return say("Every circle needs {least} to {most} people; please move some.", least=SMALLEST, most=LARGEST)


def working(say: Say) -> View:
    """While channels are made."""
    page = [blocks.section(say("The circles are being made. What became of them comes by direct message."))]
    return blocks.modal(say("Circles"), page, "help.answer", close=say("Close"))


def made(say: Say, circles: Sequence[MadeCircle], by_hand: Sequence[PlannedCircle]) -> Message:
    """To the lead: the circles that were made, and how to make the others by hand."""
    lines = []
    if circles:
        lines.append(
            say.count(
                "One circle is made, and its people are invited into its channel:",
                "{number} circles are made, and their people are invited into the channels:",
                len(circles),
            )
        )
        lines += [f"• *{_short(each.name)}*: <#{each.channel}>" for each in circles[:_MAX_SHOWN]]
        lines += _more(say, len(circles))
        lines.append(who_is_invited(say))
    if by_hand:
        lines.append(
            say(
                "I may not make channels in this workspace; whoever installed me can allow it with the scope "
                "`groups:write`. By hand it takes a minute for each circle: make a private channel, type the "
                "first line in it, then the second."
            )
        )
    page = [blocks.section(paragraph) for paragraph in adding.paragraphs(lines, "\n")]
    page += [_steps(each) for each in by_hand[:_MAX_SHOWN]]
    if len(by_hand) > _MAX_SHOWN:
        page.append(blocks.section("\n".join(_more(say, len(by_hand)))))
    return blocks.message(say, page)


def who_is_invited(say: Say) -> str:
    """Whom allybot invites into a new circle's channel; the same words whoever that was."""
    return say(
        "Nobody who has a circle, or does not take part, is invited. Slack does not let me invite everybody: "
        "if somebody is missing next week, let a member type `/invite` and their name."
    )


def _steps(circle: PlannedCircle) -> Block:
    who = " ".join(f"<@{user}>" for user in circle.users[:_USERS_A_LINE])
    return blocks.section(f"*{_short(circle.name)}*\n`/invite @allybot` {who}\n`/allybot circle here`")


def _more(say: Say, number: int) -> list[str]:
    more = number - _MAX_SHOWN
    return [say.count("• And {number} more circle", "• And {number} more circles", more)] if more > 0 else []


def _how_to(say: Say, failed: bool) -> str:  # noqa: FBT001 - as `proposal`
    if failed:
        return say("Slack did not make these circles just now; the others are made. Please try once more.")
    return say("Nothing is made yet. Move people until it fits; then the circles get their private channels.")


def _edition(circles: Circles) -> str:
    """Changes with every move, so that both menus are empty again."""
    return f"{crc32(repr(circles).encode()):08x}"


def _modal(say: Say, page: Sequence[Block], callback: str, submit: str, metadata: str) -> View:
    return blocks.modal(say("Circles"), page, callback, submit=submit, close=say("Close"), metadata=metadata)


def _short(name: str) -> str:
    return blocks.escape(blocks.shortened(name, _MAX_NAME))
