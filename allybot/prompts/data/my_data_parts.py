"""The parts of everything held about a person, shared by message, modal and file."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from allybot.domain.my_data import Held, HeldPlan, HeldTrainee, HeldWording
from allybot.domain.plans import PlanKind, PlanState
from allybot.domain.trainee import Trainee, TraineeState
from allybot.i18n import Say
from allybot.prompts.check_ins.quiet_days import quiet_line
from allybot.prompts.data.my_data_circles import Quote, circles, stories
from allybot.prompts.data.my_data_programs import in_programs
from allybot.prompts.plans.sentence import kind_name


@dataclass(frozen=True)
class Part:
    """A heading with its lines, escaped."""

    title: str
    lines: tuple[str, ...]


def parts(say: Say, held: Held, quote: Quote, *, in_full: bool) -> list[Part]:
    """All parts; `in_full` lists every check-in and message."""
    found = [Part(say("Who you are to allybot"), _who(say, held, quote))]
    zone = ZoneInfo("UTC")
    if held.trainee:
        zone = held.trainee.row.zone
        found += [
            Part(say("Your plans"), _plans(say, held.trainee, quote)),
            Part(say("Your notes to yourself"), _notes(say, held.trainee, quote)),
            Part(say("Your check-ins"), _check_ins(say, held.trainee, in_full=in_full)),
            Part(say("Sealed answers"), _sealed(say, held.trainee, quote)),
            Part(say("Your ally circle"), tuple(circles(say, held.trainee, quote))),
        ]
    if held.waiting:
        found.append(Part(say("Sealed answers that wait for later groups"), _waiting(say, held, quote)))
    if held.stories:
        found.append(Part(say("A story for circles"), tuple(stories(say, held.stories, quote))))
    found.append(Part(say("Messages"), _messages(say, held, zone, in_full=in_full)))
    return found


def _who(say: Say, held: Held, quote: Quote) -> tuple[str, ...]:
    lines = [
        say("Slack id {user} in the workspace {workspace}", user=held.slack_user, workspace=held.workspace_id)
    ]
    lines += [say("You lead the program {program}.", program=quote(name)) for name in held.leads]
    lines += in_programs(say, held, quote)
    if held.suppressed:
        lines.append(
            say(
                "You asked to be forgotten, or said no thanks: numbers made from your Slack id with a secret "
                "key, without your name, keep lists from bringing you a message. They stay after forget-me. "
                "To have them deleted, type “start” to allybot and press “Invite me again”."
            )
        )
    if held.trainee is None:
        return (*lines, say("You are on no program's list."))
    row = held.trainee.row
    lines += [
        say(
            "Program {program}, cohort {cohort}",
            program=quote(held.trainee.program),
            cohort=quote(held.trainee.cohort),
        ),
        say("Where you stand: {state}", state=_state(say, row.state)),
        say(
            "Time zone {zone}, language {locale}, both as Slack tells them",
            zone=row.zone.key,
            locale=row.locale,
        ),
        say("A random id of your own in allybot's tables: {id}", id=row.id),
    ]
    if row.dm_channel:
        lines.append(say("Your direct message with allybot: {channel}", channel=row.dm_channel))
    if row.consented_at:
        lines.append(say("You said yes on {day}.", day=_day(say, row.consented_at, row.zone)))
    if row.next_check_in_at:
        lines.append(say("Next check-in: {moment}", moment=_moment(say, row.next_check_in_at, row.zone)))
    if row.paused_until:
        lines.append(say("Paused until {day}", day=_day(say, row.paused_until, row.zone)))
    lines += [
        say(
            "Pace: {pace}",
            pace=say("every other check-in") if row.pace.value == "slower" else say("every check-in"),
        ),
        quiet_line(say, row.quiet_days) or say("No quiet days."),
        say("Check-ins in a row without a tap: {number}", number=row.silent_steps),
        say.count(
            "Pauses have moved your check-ins by {number} day.",
            "Pauses have moved your check-ins by {number} days.",
            row.moved_days,
        ),
    ]
    return (*lines, *_days_of(say, row))


def _days_of(say: Say, row: Trainee) -> Iterator[str]:
    if row.check_in_hour is not None:
        yield say("Your own hour for check-ins: {hour} o'clock", hour=row.check_in_hour)
    if row.away_until:
        away = _day(say, row.away_until, row.zone)
        yield say("Away until {day}, as your status in Slack says; the day is deleted after it.", day=away)
    if row.may_wait:
        yield say("If too few answer, your sealed answers may wait for later groups: you agreed to that.")
    if row.goodbye_at:
        yield say("The goodbye is due on {day}.", day=_day(say, row.goodbye_at, row.zone))
    if row.delete_after:
        yield say("All of this is deleted on {day}.", day=_day(say, row.delete_after, row.zone))


def _state(say: Say, state: TraineeState) -> str:
    return {
        TraineeState.INVITED: say("you were invited and have not answered"),
        TraineeState.LATER: say("you asked to be asked again"),
        TraineeState.DECLINED: say("you said no thanks"),
        TraineeState.ACTIVE: say("you take part"),
        TraineeState.PAUSED: say("you are on a pause"),
        TraineeState.STOPPED: say("you asked for no more check-ins"),
        TraineeState.GONE: say("Slack says that your account is deactivated"),
        TraineeState.FINISHED: say("you are through all check-ins"),
    }[state]


def _plans(say: Say, of: HeldTrainee, quote: Quote) -> tuple[str, ...]:
    lines = [
        line
        for plan in of.plans
        for line in (_plan(say, plan, of, quote), *(_wording(say, each, quote) for each in plan.earlier))
    ]
    if of.why:
        lines.append(say("Your why: “{why}”", why=quote(of.why)))
    if of.suggestion:
        lines.append(
            say(
                "What waits to go to the leads: “{text}”; its row does not name you.",
                text=quote(of.suggestion),
            )
        )
    if not of.words_readable:
        lines.append(say("The key to your words is gone, so nobody can read them any more."))
    return tuple(lines) or (say("None."),)


def _plan(say: Say, plan: HeldPlan, of: HeldTrainee, quote: Quote) -> str:
    states = {
        PlanState.ACTIVE: say("active"),
        PlanState.FINISHED: say("finished"),
        PlanState.RETIRED: say("put aside"),
    }
    parts = [
        say(
            "{kind}, {state}, written on {day}",
            kind=kind_name(say, PlanKind(plan.kind)),
            state=states[PlanState(plan.state)],
            day=_day(say, plan.created_at, of.row.zone),
        )
    ]
    if plan.cue is not None and plan.response is not None:
        parts.append(say("if “{cue}”, then “{response}”", cue=quote(plan.cue), response=quote(plan.response)))
    if plan.coping is not None:
        parts.append(say("if it goes badly, then “{deed}”", deed=quote(plan.coping)))
    if plan.cue_object is not None:
        parts.append(say("reminded by “{thing}”", thing=quote(plan.cue_object)))
    if plan.times_asked and plan.last_asked_at:
        day = _day(say, plan.last_asked_at, of.row.zone)
        parts.append(
            say.count(
                "asked about once, on {day}",
                "asked about {number} times, last on {day}",
                plan.times_asked,
                day=day,
            )
        )
    if plan.next_moment_on:
        parts.append(say("you expect the moment on {day}", day=say.day_and_year(plan.next_moment_on)))
    if plan.remind:
        parts.append(say("you want a reminder of its moment"))
    return "; ".join(parts)


def _wording(say: Say, before: HeldWording, quote: Quote) -> str:
    return say(
        "Until {day} it read: if “{cue}”, then “{response}”",
        day=say.day_and_year(before.replaced_on),
        cue=quote(before.cue),
        response=quote(before.response),
    )


def _notes(say: Say, of: HeldTrainee, quote: Quote) -> tuple[str, ...]:
    lines = (
        say("{day}: “{note}”", day=say.day_and_year(each.written_on), note=quote(each.text))
        for each in of.notes
    )
    return tuple(lines) or (say("None."),)


def _check_ins(say: Say, of: HeldTrainee, *, in_full: bool) -> tuple[str, ...]:
    words = {
        "asked": say("asked"),
        "answered": say("answered"),
        "silent": say("not answered"),
        "cancelled": say("never reached you"),
    }
    if in_full:
        lines = [
            say(
                "Day {step}: {state}; due {moment}",
                step=each.step,
                state=words[each.state],
                moment=_moment(say, each.due_at, of.row.zone),
            )
            for each in of.check_ins
        ]
        return tuple(lines) or (say("None."),)
    counted = Counter(each.state for each in of.check_ins)
    return tuple(f"{words[state]}: {number}" for state, number in counted.items()) or (say("None."),)


def _sealed(say: Say, of: HeldTrainee, quote: Quote) -> tuple[str, ...]:
    lines = [
        say.count(
            "Weeks {window}: one sealed answer",
            "Weeks {window}: {number} sealed answers",
            number,
            window=window.replace("-", "\u2013"),
        )
        for window, number in of.sealed
    ]
    lines += [
        say("A sealed vote in {circle}, opened or deleted this week", circle="#" + quote(seat.name))
        for seat in of.circles
        if seat.sealed_votes
    ]
    return tuple(lines) or (say("None."),)


def _waiting(say: Say, held: Held, quote: Quote) -> tuple[str, ...]:
    return tuple(
        say.count(
            "Weeks {window} of {program}: one sealed answer, under a random number in place of you; it waits "
            "for later groups of {pool} until {day} at the latest",
            "Weeks {window} of {program}: {number} sealed answers, under a random number in place of you; "
            "they wait for later groups of {pool} until {day} at the latest",
            each.answers,
            window=each.window.replace("-", "\u2013"),
            program=quote(each.program),
            pool=quote(each.pool),
            day=say.day_and_year(each.until),
        )
        for each in held.waiting
    )


def _messages(say: Say, held: Held, zone: ZoneInfo, *, in_full: bool) -> tuple[str, ...]:
    if not held.messages:
        return (say("No entry for any message."),)
    if in_full:
        return tuple(
            f"{each.kind}, {each.state}, {_moment(say, each.due_at, zone)}" for each in held.messages
        )
    return (
        say.count(
            "An entry for one message, as ids and times; its words are kept by Slack, not by allybot",
            "Entries for {number} messages, as ids and times; their words are kept by Slack, not by allybot",
            len(held.messages),
        ),
    )


def _day(say: Say, moment: datetime, zone: ZoneInfo) -> str:
    return say.day_and_year(moment.astimezone(zone).date())


def _moment(say: Say, moment: datetime, zone: ZoneInfo) -> str:
    return say("{day}, {hour}", day=_day(say, moment, zone), hour=say.hour(moment, zone))
