"""The messages about consent, the invitation to write plans, and the goodbye."""

from dataclasses import dataclass
from datetime import date, time
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import ButtonElement

from allybot.domain.trainee import TraineeState, may_still_consent
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks, ids
from allybot.prompts.check_ins.quiet_days import clock
from allybot.prompts.data.privacy import Terms, who_sees_what
from allybot.prompts.help import support_line


@dataclass(frozen=True)
class Answer:
    """What a trainee chose, and the day of consent in their zone, if known."""

    state: TraineeState
    on: date | None = None


def welcome(say: Say, terms: Terms, answer: Answer | None = None) -> Message:
    """What allybot is, what it keeps and who sees it; with the consent buttons, or the answer instead."""
    hello = say(
        "Hello! You took part in the training of {program}, and plans made in a training tend to fade. "
        "allybot asks now and then whether your moment came, and helps to mend a plan that did not work. "
        "Nothing starts unless you say so.",
        program=blocks.escape(terms.program),
    )
    page = (
        blocks.section(hello),
        blocks.section(_how_often(say, terms)),
        blocks.section(_confidential(say, terms)),
        blocks.section("\n".join(f"• {line}" for line in _who(say, terms))),
        blocks.section(_until(say, terms)),
        *_ending(say, terms, answer),
        support_line(say, terms.support_contact),
    )
    return blocks.message(say, page)


def later_reminder(say: Say, terms: Terms, answer: Answer | None = None) -> Message:
    """The reminder of somebody who postponed."""
    text = say(
        "You asked to hear again about {program}. Would you like to start now? The message above says what "
        "allybot does and who sees what. This is the only reminder.",
        program=blocks.escape(terms.program),
    )
    if answer is None:
        ending: tuple[Block, ...] = (consent_buttons(say, TraineeState.LATER),)
    else:
        ending = _ending(say, terms, answer)
    page = (blocks.section(text), *ending, support_line(say, terms.support_contact))
    return blocks.message(say, page)


def first_plan(
    say: Say,
    kinds: tuple[tuple[str, str, str], ...],
    support_contact: str,
    zone: ZoneInfo,
    hour: time,
    *,
    again: bool = False,
) -> Message:
    """The invitation to write the plans of the training.

    Args:
        kinds: title, description and example of each kind of plan, from the content.
        zone: the trainee's.
        hour: local time of their check-ins.
        again: whether it replaces a check-in because there is no active plan.
    """
    if again:
        text = say(
            "Today a check-in would have come, and there is no plan to ask about. Two half-sentences make "
            "one: if this happens, then I will do that. One plan of any kind is enough."
        )
    else:
        text = say(
            "Good to have you here. Please write down the if-then plans of your training, as well as you "
            "remember them. A few minutes are enough, and one plan is a fine beginning."
        )
    listed = "\n".join(
        f"• *{say(title)}*: {say(description)}\n    _{say(example)}_" for title, description, example in kinds
    )
    page = (
        blocks.section(text),
        blocks.section(listed),
        blocks.actions([blocks.button(say("Write a plan"), ids.PLAN_NEW, style="primary")]),
        blocks.small(
            say(
                "Check-ins come at about {hour} in your own time zone, {zone}, as Slack tells it. "
                "Another hour and quiet days: “{button}” on the Home tab.",
                hour=clock(say, hour),
                zone=zone.key,
                button=say("Quiet days and hour"),
            )
        ),
        support_line(say, support_contact),
    )
    return blocks.message(say, page)


def goodbye(say: Say, terms: Terms) -> Message:
    """The last message: thanks, and what is deleted when."""
    thanks = say(
        "This was the last stretch of {program}, and no more check-ins will come. Thank you for the moments "
        "you gave it.",
        program=blocks.escape(terms.program),
    )
    deleted = say(
        "Your plans and your place on the list are deleted on {day}, and the key to your words with them. "
        "Until then they are on allybot's Home tab, should you want to copy them. Sealed answers are counted "
        "once, together with everybody's, and then deleted. `/allybot forget-me` deletes all that allybot "
        "keeps about you at once.",
        day=say.day_and_year(terms.deleted_on),
    )
    page = (blocks.section(thanks), blocks.section(deleted), support_line(say, terms.support_contact))
    return blocks.message(say, page)


def consent_buttons(say: Say, state: TraineeState) -> Block:
    """The buttons for somebody who has not consented."""
    if state is TraineeState.DECLINED:
        return blocks.actions([blocks.button(say("Start after all"), ids.CONSENT_START)])
    later = blocks.button(say("Ask me later"), ids.CONSENT_LATER)
    return blocks.actions([_start(say), *([later] if state is TraineeState.INVITED else []), _decline(say)])


def _how_often(say: Say, terms: Terms) -> str:
    return say(
        "*How often*: {check_ins} short check-ins in the {days} days after the training, in working hours. "
        "One tap answers, letting one pass is fine, and `/allybot stop` ends them.",
        check_ins=terms.check_ins,
        days=terms.days,
    )


def _confidential(say: Say, terms: Terms) -> str:
    held = (
        say("This server alone cannot open them: their key, or a part of it, is held outside.")
        if terms.custodian
        else say("The key to them is stored apart and deleted after the count.")
    )
    return say(
        "*Confidential*: your plans are encrypted. Your answers are sealed as you give them, and counted "
        "once, all together, or deleted unopened when fewer than {minimum} people answered. {held} The "
        "database shows that you answered, not what.",
        minimum=terms.minimum_respondents,
        held=held,
    )


def _who(say: Say, terms: Terms) -> tuple[str, ...]:
    control = (
        say("somebody who controls the server could change allybot and read along")
        if terms.custodian
        else say("somebody who controls the server could read along, or open what is sealed before the count")
    )
    return (
        *who_sees_what(say, terms.minimum_respondents, terms.counted_on),
        say(
            "*What cannot be ruled out*: {control}, and whoever may export your company's Slack messages "
            "could read these. `/allybot privacy` says more.",
            control=control,
        ),
    )


def _until(say: Say, terms: Terms) -> str:
    return say(
        "*Until when*: your plans and your place on the list are deleted on {day}, or at once with "
        "`/allybot forget-me`.",
        day=say.day_and_year(terms.deleted_on),
    )


def _ask(say: Say) -> str:
    return say("Would you like to start? Taking part is your own choice.")


def _ending(say: Say, terms: Terms, answer: Answer | None) -> tuple[Block, ...]:
    """The consent buttons, or the choice with the buttons that are still possible."""
    if answer is None:
        return (blocks.section(_ask(say)), consent_buttons(say, TraineeState.INVITED))
    chosen = blocks.section(f"*{_chosen(say, terms, answer)}*")
    if may_still_consent(answer.state):
        return (chosen, consent_buttons(say, answer.state))
    return (chosen,)


def _chosen(say: Say, terms: Terms, answer: Answer) -> str:
    if answer.state is TraineeState.LATER:
        return say("You asked to be asked later. One reminder will come, and nothing else.")
    if answer.state is TraineeState.DECLINED:
        return say(
            "You said no thanks. Nothing more will come, and your name is taken off the list on {day}.",
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
