"""Corrects a program's list: what can be done with somebody, what would happen, and what was done.

No word here depends on whether somebody takes part, stopped, declined or was forgotten.
"""

from collections.abc import Sequence

from slack_sdk.models.blocks import StaticSelectElement, UserSelectElement

from allybot.i18n import Say
from allybot.message import Message, View
from allybot.prompts import blocks
from allybot.prompts.help import covered
from allybot.prompts.programs import enrol_ids
from allybot.prompts.programs.adding import CohortChoice

WHO, WHAT = "who", "what"
"""Block ids and action ids of the form."""
COHORT, OFF = "c", "x"
_MAX_OPTIONS = 100
_MAX_NAME = 60


def correct_form(
    say: Say,
    programs: Sequence[tuple[str, str]],
    cohorts: Sequence[CohortChoice],
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
                "In the wrong circle? Seats follow the channels: take them out of the one in Slack, and type "
                "`/invite` and their name in the other. A channel that is lost: make a private one with its "
                "people and `/invite @allybot`, and type `/allybot circle here` in it."
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
        target: the name of the cohort; empty to take somebody off the list.
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


def taken_off(say: Say, user: str, program: str) -> Message:
    """To the lead."""
    return covered(say, say("<@{user}> is off the list of *{program}*.", user=user, program=_short(program)))


def cannot_be_done(say: Say) -> Message:
    """To the lead: the cohort is gone, or the program is over."""
    return covered(
        say, say("That is not possible any more: something has changed meanwhile. Nothing was done.")
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
