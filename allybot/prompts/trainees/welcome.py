"""The messages about consent, the invitation to write plans, and the goodbye."""

from dataclasses import dataclass
from datetime import date, time
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import ButtonElement

from allybot.domain.plans import Intention, PlanKind
from allybot.domain.trainee import TraineeState, may_still_consent
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks, ids
from allybot.prompts.check_ins.quiet_days import clock, quiet_button
from allybot.prompts.data.privacy import Terms, privacy_button, what_is_counted
from allybot.prompts.help import covered, support_line
from allybot.prompts.plans.sentence import kind_name, quoted


@dataclass(frozen=True)
class Answer:
    """What a trainee chose, and the day of consent in their zone, if known."""

    state: TraineeState
    on: date | None = None


def welcome(say: Say, terms: Terms, answer: Answer | None = None) -> Message:
    """What allybot does, what happens to the words and until when; the rest is in "Who sees what".

    Ends with the consent buttons, or with the answer.
    """
    hello = say(
        "Hello! You made if-then plans in {program}. Such plans fade; I help you keep yours.",
        program=blocks.escape(terms.program),
    )
    promise = [blocks.section(_promise(say, terms))]
    if terms.counts_moments:
        promise.append(blocks.section(what_is_counted(say, terms.counted_on)))
    if terms.pool:
        promise.append(blocks.section(_pool(say, terms)))
    page = (blocks.section(hello), *promise, *_ending(say, terms, answer))
    return blocks.message(say, (*page, support_line(say, terms.support_contact)))


def later_reminder(say: Say, terms: Terms, answer: Answer | None = None) -> Message:
    """The reminder of somebody who postponed."""
    text = say(
        "You asked to hear again about {program}: short check-ins about your if-then plans. "
        "Would you like to start now? I ask only this once more.",
        program=blocks.escape(terms.program),
    )
    if terms.counts_moments:
        text += " " + what_is_counted(say, terms.counted_on)
    if answer is None:
        ending: tuple[Block, ...] = (consent_buttons(say, TraineeState.LATER),)
    else:
        ending = _ending(say, terms, answer)
    page = (blocks.section(text), *ending, support_line(say, terms.support_contact))
    return blocks.message(say, page)


@dataclass(frozen=True)
class Example:
    """A plan that is kept by one button; both halves in the trainee's language."""

    kind: PlanKind
    words: Intention


def first_plan(
    say: Say, examples: tuple[Example, ...], zone: ZoneInfo, hour: time, *, again: bool = False
) -> Message:
    """The invitation to write the plans of the training, with plans to start from.

    Args:
        examples: one for each kind of plan.
        zone: the trainee's.
        hour: local time of their check-ins.
        again: whether it replaces a check-in because there is no active plan.
    """
    if again:
        text = say(
            "A check-in would have come today, and there is no plan to ask about. One of these, perhaps?"
        )
    else:
        text = say(
            "Good to have you here. Which plan of your training do you remember best? Start with that one, "
            "or take one of these; you can change the words."
        )
    page = (
        blocks.section(text),
        *(_example(say, each) for each in examples),
        blocks.actions(
            [blocks.button(say("Write a plan"), ids.PLAN_NEW, style="primary"), quiet_button(say)],
            block_id="first_plan.choices",
        ),
        blocks.small(
            say("Check-ins come at about {hour}, {zone} time.", hour=clock(say, hour), zone=zone.key)
        ),
    )
    return blocks.message(say, page)


def _example(say: Say, example: Example) -> Block:
    kind = kind_name(say, example.kind)
    button = blocks.button(
        say("Use this"),
        ids.PLAN_EXAMPLE,
        ids.PlanKindValue(kind=example.kind).pack(),
        read_aloud=say("Use this plan: {kind}", kind=kind),
    )
    text = f"*{kind}*\n{quoted(say, example.words)}"
    return blocks.section(text, accessory=button)


def goodbye(say: Say, terms: Terms) -> Message:
    """The last message: thanks, and what is deleted when."""
    thanks = say(
        "That was the last of {program}; no more check-ins will come. Thank you for taking part.",
        program=blocks.escape(terms.program),
    )
    deleted = say(
        "Your plans and your place on the list are deleted on {day}, and the key to your words with them. "
        "A week before, your plans and your notes come to you as a file. Sealed answers are counted "
        "once, together with everybody's, and then deleted. Sooner, if you like: `/allybot forget-me` says "
        "what goes and what stays, and deletes at once.",
        day=say.day_and_year(terms.deleted_on),
    )
    if terms.pool:
        deleted += " " + say(
            "Where too few answered, the sealed answers wait for later groups of {pool}. Once you are "
            "deleted you cannot be told what comes of them; `/allybot forget-me` still finds yours.",
            pool=blocks.escape(terms.pool),
        )
    page = (blocks.section(thanks), blocks.section(deleted), support_line(say, terms.support_contact))
    return blocks.message(say, page)


def choice(say: Say, terms: Terms, answer: Answer) -> Message:
    """What was chosen, without the welcome; in place of a reply that only the trainee sees."""
    return covered(say, _chosen(say, terms, answer))


def consent_buttons(say: Say, state: TraineeState) -> Block:
    """The buttons for somebody who has not consented."""
    if state is TraineeState.DECLINED:
        return blocks.actions([blocks.button(say("Start after all"), ids.CONSENT_START), privacy_button(say)])
    later = blocks.button(say("Ask me later"), ids.CONSENT_LATER)
    choices = [_start(say), *([later] if state is TraineeState.INVITED else []), _decline(say)]
    return blocks.actions([*choices, privacy_button(say)])


def _promise(say: Say, terms: Terms) -> str:
    return say(
        "{check_ins} check-ins in {days} days, one tap each. Confidential: sealed answers; leads see only "
        "counts of {minimum} people or more, slightly blurred. Plans are encrypted, and deleted on {day} "
        "unless you choose longer. Whoever runs the server or exports Slack could read along.",
        check_ins=terms.check_ins,
        days=terms.days,
        minimum=terms.minimum_respondents,
        day=say.day_and_year(terms.deleted_on),
    )


def _pool(say: Say, terms: Terms) -> str:
    return say(
        "If too few answer, the sealed answers wait up to {months} months and are counted once, with later "
        "groups of {pool}. Who has been deleted by then cannot be told the result.",
        months=terms.pool_months,
        pool=blocks.escape(terms.pool),
    )


def _ending(say: Say, terms: Terms, answer: Answer | None) -> tuple[Block, ...]:
    """The consent buttons, or the choice with the buttons that are still possible."""
    if answer is None:
        ask = say("Nothing starts unless you say so. Stop whenever you like.")
        return (blocks.section(ask), consent_buttons(say, TraineeState.INVITED))
    chosen = blocks.section(f"*{_chosen(say, terms, answer)}*")
    if may_still_consent(answer.state):
        return (chosen, consent_buttons(say, answer.state))
    return (chosen, blocks.actions([privacy_button(say)]))


def _chosen(say: Say, terms: Terms, answer: Answer) -> str:
    if answer.state is TraineeState.LATER:
        return say("You will be asked once more, in a few days.")
    if answer.state is TraineeState.DECLINED:
        return say(
            "You said no thanks. Nothing more will come, and your name is taken off the list on {day}. "
            "What stays are numbers made from your Slack id with a secret key, without your name, so that no "
            "later list asks you again.",
            day=say.day_and_year(terms.deleted_on),
        )
    if answer.on is not None:
        return say(
            "You said yes on {day}. `/allybot stop` ends it at any time.", day=say.day_and_year(answer.on)
        )
    return say("You have answered this.")


def _start(say: Say) -> ButtonElement:
    return blocks.button(say("Start"), ids.CONSENT_START, style="primary")


def _decline(say: Say) -> ButtonElement:
    return blocks.button(say("No thanks"), ids.CONSENT_DECLINE)
