"""Corrects a program's list: what can be done with somebody, what would happen, and what was done.

No word here depends on whether somebody takes part, stopped, declined or was forgotten.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import StaticSelectElement, UserSelectElement

from allybot.i18n import Say
from allybot.message import Message, View
from allybot.prompts import blocks
from allybot.prompts.help import covered
from allybot.prompts.programs import enrol_ids
from allybot.prompts.programs.adding import CohortChoice

WHO, WHAT = "who", "what"
"""Block ids and action ids of the form."""
COHORT, CIRCLE, OFF = "c", "o", "x"
_MAX_OPTIONS = 100
_MAX_NAME = 60


@dataclass(frozen=True)
class CircleChoice:
    """A circle somebody can be moved to."""

    program_id: str
    circle_id: str
    name: str


def correct_form(
    say: Say,
    programs: Sequence[tuple[str, str]],
    cohorts: Sequence[CohortChoice],
    circles: Sequence[CircleChoice],
) -> View:
    """Who, and what is to be done.

    Args:
        programs: id and name of each program that is led.
    """
    several = len(programs) > 1
    called = dict(programs)

    def label(program_id: str, what: str) -> str:
        return f"{called.get(program_id, '')}: {what}" if several else what

    options = [blocks.option(label(each, say("Take off the list")), f"{OFF}.{each}.") for each in called]
    options += [
        blocks.option(
            label(each.program_id, say("Move to cohort {name}", name=each.cohort)),
            f"{COHORT}.{each.program_id}.{each.cohort_id}",
        )
        for each in cohorts
    ]
    options += [
        blocks.option(
            label(each.program_id, say("Move to circle {name}", name=each.name)),
            f"{CIRCLE}.{each.program_id}.{each.circle_id}",
        )
        for each in circles
    ]
    page = [
        blocks.section(say("Nothing is changed yet: first you see what would happen.")),
        blocks.question(
            say("Who"), UserSelectElement(action_id=WHO, placeholder=say("Choose a person")), WHO
        ),
        blocks.question(
            say("What"),
            StaticSelectElement(action_id=WHAT, placeholder=say("Choose"), options=options[:_MAX_OPTIONS]),
            WHAT,
        ),
        blocks.small(
            say(
                "A circle whose channel is lost: make a private channel, type `/invite @allybot` in it, then "
                "`/allybot circle channel` and the circle's name."
            )
        ),
    ]
    return blocks.modal(
        say("Correct the list"), page, enrol_ids.CORRECT_FORM, submit=say("Go on"), close=say("Cancel")
    )


def not_on_list(say: Say, program: str) -> str:
    """Under the person, for somebody who is not on the list."""
    return say("This person is not on the list of {program}.", program=blocks.shortened(program, _MAX_NAME))


def confirm(say: Say, value: enrol_ids.CorrectionValue, program: str, target: str) -> View:
    """What would happen, before it does.

    Args:
        target: the name of the cohort or the circle; empty to take somebody off the list.
    """
    who = f"<@{value.user}>"
    words = {
        COHORT: say(
            "{who} goes to the cohort {target} of *{program}*. Check-ins that are still to come follow its "
            "dates.",
            who=who,
            target=_short(target),
            program=_short(program),
        ),
        CIRCLE: say(
            "{who} goes to the circle {target} of *{program}*, and leaves any other circle. I take nobody "
            "out of a channel: that stays with its members.",
            who=who,
            target=_short(target),
            program=_short(program),
        ),
        OFF: say(
            "{who} is taken off the list of *{program}*. Whatever allybot holds about them there is erased, "
            "such as plans and answers not yet counted, and cannot come back. Whoever has had a message from "
            "me is told. You can put them on a list again.",
            who=who,
            program=_short(program),
        ),
    }[value.what]
    return blocks.modal(
        say("Correct the list"),
        [blocks.section(words)],
        enrol_ids.CORRECT_NOW_FORM,
        submit=say("Do it"),
        close=say("Cancel"),
        metadata=value.pack(),
    )


def moved_to_cohort(say: Say, user: str, cohort: str) -> Message:
    """To the lead."""
    return covered(say, say("<@{user}> is in the cohort {cohort} now.", user=user, cohort=_short(cohort)))


def moved_to_circle(say: Say, user: str, circle: str, channel: str) -> Message:
    """To the lead."""
    done = say(
        "<@{user}> is in the circle {circle} now, if they take part. Into the channel <#{channel}> I may not "
        "be able to bring them: if they are missing, let a member type `/invite` and their name.",
        user=user,
        circle=_short(circle),
        channel=channel,
    )
    return covered(say, done)


def taken_off(say: Say, user: str, program: str) -> Message:
    """To the lead."""
    return covered(say, say("<@{user}> is off the list of *{program}*.", user=user, program=_short(program)))


def circle_is_full(say: Say, circle: str) -> Message:
    """To the lead: everybody could not speak any more."""
    return covered(say, say("The circle {circle} is full, so nothing was changed.", circle=_short(circle)))


def cannot_be_done(say: Say) -> Message:
    """To the lead: the cohort or circle is gone, or the program is over."""
    return covered(
        say, say("That is not possible any more: something has changed meanwhile. Nothing was done.")
    )


def channel_replaced(say: Say, circle: str, channel: str) -> Message:
    """To the lead, in the new channel."""
    return covered(
        say,
        say(
            "<#{channel}> is the channel of the circle *{circle}* now. Everybody keeps their place in the "
            "circle; whoever is missing here can be invited by any member. The next scenario comes on the "
            "next Monday.",
            channel=channel,
            circle=_short(circle),
        ),
    )


def cannot_replace(say: Say) -> Message:
    """To the lead: this channel cannot be the circle's."""
    return covered(
        say,
        say(
            "This cannot be the circle's channel. It has to be a private channel that is no circle's, and I "
            "have to be in it: type `/invite @allybot` here, then the command once more."
        ),
    )


def which_circle(say: Say, names: Sequence[str]) -> Message:
    """To the lead: the command names no circle of theirs."""
    listed = blocks.escape(blocks.shortened(", ".join(names), 500))
    return covered(
        say,
        say("Which circle? Type `/allybot circle channel NAME`. There are: {names}.", names=listed or "-"),
    )


def you_were_taken_off(say: Say, program: str, support_contact: str) -> Message:
    """To somebody whom a lead took off the list."""
    return covered(
        say,
        say(
            "You are off the list of *{program}*: a lead took you off, since you had been put on it by "
            "mistake. What allybot held about you there is erased, and I do not write to you any more. If "
            "that is a surprise, please turn to {contact}.",
            program=_short(program),
            contact=_short(support_contact),
        ),
    )


def _short(name: str) -> str:
    return blocks.escape(blocks.shortened(name, _MAX_NAME))
