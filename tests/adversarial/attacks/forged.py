"""Everything the bot gives people to send back, sent back by everybody else.

People use all there is for some weeks; every value of a button and every modal's private metadata that the
bot hands out is noted. Then others press and submit them: somebody of the same circle, of another program, on
no list. Nobody's rows may change but the presser's own, and no answer tells an id from a made-up one.
"""

# ruff: noqa: S311 - seeded chance selects what is pressed

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

import allybot.app
from allybot.app import Allybot
from allybot.prompts import ids
from allybot.prompts.circles import circle_ids, text_ids
from allybot.prompts.outcomes import file_ids
from allybot.prompts.programs import enrol_ids, program_ids, sample_ids
from allybot.prompts.trainees import pool_ids
from allybot.services.context import new_id
from allybot.services.data import forget_me
from allybot.services.programs import leading, programs
from allybot.slack_app import background
from tests.adversarial.attacks.acting import Hands, unseen
from tests.adversarial.attacks.app_harness import assembled_app
from tests.adversarial.attacks.copies import HEX, Copies
from tests.adversarial.attacks.databases import DatabaseFactory, Effort
from tests.adversarial.attacks.exploring import (
    explore_all,
    explore_circle,
    explore_programs,
    explore_suggestions,
)
from tests.adversarial.attacks.findings import Finding
from tests.adversarial.attacks.habits import CIRCLE, FIRST_DAY, at
from tests.adversarial.attacks.members import Member
from tests.adversarial.attacks.population import Population
from tests.adversarial.attacks.programs import WORKSPACE, connect
from tests.adversarial.attacks.quiet_slack import Handed, QuietSlack, quiet_slack
from tests.support.action_ids import action_ids

PEOPLE, WEEKS, SHORT_WEEKS = 2 * CIRCLE, 14, 3
"""A short run does not meet every kind of button."""
NEVER_HANDED_OUT = frozenset(
    {
        *(ids.IT_APPEARED, ids.IT_DID_NOT_APPEAR, ids.TRANSFERS_SHOW, circle_ids.MERGE, pool_ids.AGREE),
        *(program_ids.NEW, program_ids.NEW_FORM, program_ids.NEW_CONFIRM),
        *(program_ids.CHANGE_FORM, program_ids.CHANGE_CONFIRM, program_ids.CLOSURE_REMOVE),
        *(program_ids.POOL_FORM, program_ids.POOL_CONFIRM),
        *(enrol_ids.REVIEW_FORM, enrol_ids.LEAVE_OUT, enrol_ids.PROPOSAL_FORM, enrol_ids.MOVE),
        *(enrol_ids.CORRECT_NOW_FORM, sample_ids.PRESSED),
        *(file_ids.FIGURES_PAGE, file_ids.FIGURES_CSV, file_ids.FIGURES_JSON),
    }
)
"""Only after a post that may be lost, after a release (see `refusals`) or once a pool was named (without a
value), where two circles shrank, to who may set up programs, behind the menu in which a lead changes one,
after a lead filled in a form about a list (see `tests/services/programs/test_corrections.py`), or in a test
message, where they do nothing."""
_NO_BUTTONS = frozenset(
    {
        ids.VOTE,
        ids.VOTE_SEALED,
        ids.RELEASE_NOTICE,
        ids.RESULT,
        ids.PLAN_ASIDE,
        ids.CHECK_IN_WAY,
        circle_ids.PAUSE,
        program_ids.CHANGE_OPEN,
    }
)
_ABOUT_A_POST = frozenset({text_ids.ANSWER_FORM, text_ids.RECAP_FORM})
_LEAD, _LEADS_ALL, _OF_A_CIRCLE = "ULEAD", "UBOTH", "circle."
_SILENT_FROM, _HALF_WAY = 14, 45
_BOOKKEEPING = frozenset({"channel_budget", "workspace", "worker_sign"})
_TYPED = {
    name: {name: {"type": "plain_text_input", "value": "something else"}}
    for name in ("cue", "response", "question", "why", "coping", "note", "deed", "suggestion")
}


def attack(databases: DatabaseFactory, effort: Effort) -> list[Finding]:
    """Rows that changed, answers that differ, and a build whose button obeys anybody."""
    each = effort.of(8, 1)
    with _lived(databases, effort) as (bot, slack, members):
        rng = random.Random(effort.seed)
        copies = Copies(bot.context, [member.hands.user for member in members])
        pressed = touched = differing = 0
        for name in sorted(slack.handed_out.keys() - {ids.FORGET_ME}):  # which forgets whoever presses it
            handed = sorted(slack.handed_out[name], key=lambda one: (one.to, one.value))
            for one in rng.sample(handed, min(each, len(handed))):
                for other in islice(_others(bot, slack, members, one), effort.of(4, 2)):
                    if _names_only_its_owner(one) and not _is_the_circles(name, one, other, members):
                        differing += _is_told_apart(bot, other, name, one)
                    else:
                        _send(bot, other, name, one)
                    touched += _touched(copies, other)
                    pressed += 1
        control = _control(bot, copies, members)
        kinds = len(slack.handed_out)
    return [
        Finding(
            "everything handed out, sent back by others: rows of other people that changed",
            databases.backend,
            touched,
            0,
            "=",
            f"{pressed} presses and submissions of {kinds} kinds that the bot handed out",
        ),
        Finding(
            "everything handed out, sent back by others: answers unlike those to a made-up value",
            databases.backend,
            differing,
            0,
            "=",
            "bytes of every reply and modal, ids apart",
        ),
        Finding(
            "control: a button that obeys whoever presses it: rows of other people that changed",
            databases.backend,
            control,
            1,
            ">=",
            "the same comparison where somebody is forgotten at a stranger's request",
        ),
    ]


def unexplored(slack: QuietSlack) -> list[str]:
    """Kinds of buttons that exist and were never handed out."""
    return sorted(action_ids() - _NO_BUTTONS - NEVER_HANDED_OUT - slack.handed_out.keys())


@contextmanager
def _lived(databases: DatabaseFactory, effort: Effort) -> Iterator[tuple[Allybot, QuietSlack, list[Member]]]:
    clock = [at(FIRST_DAY, 9)]
    before = background.THREADS, allybot.app.LISTENER_THREADS
    background.THREADS = allybot.app.LISTENER_THREADS = 1
    try:
        with quiet_slack() as slack, assembled_app(databases, lambda: clock[0], slack.url) as bot:
            connect(bot.context, WORKSPACE)
            lead = Hands(bot, slack, _LEAD, WORKSPACE)
            people = Population(
                bot,
                slack,
                PEOPLE,
                f"{effort.seed}/forged",
                lambda: clock[0],
                lambda _member: None,
                lambda *_: None,
            )
            for number in range(7 * effort.of(WEEKS, SHORT_WEEKS)):
                day = FIRST_DAY + timedelta(days=number)
                for hour in (9, 12):
                    clock[0] = at(day, hour, 30)
                    people.enrol_due()
                    bot.worker.run_once()
                if number == 0:
                    program = programs.list_programs(bot.context)[0].program.name
                    leading.appoint_lead(bot.context, program, WORKSPACE, _LEAD, clock[0])
                if number == _SILENT_FROM:
                    people.members[1].gone = True  # gets a fresh start in the end
                people.act(people.members)
                if number > _SILENT_FROM:
                    people.members[1].hands.say("I did it")  # and does not press what that brings
                if number == _HALF_WAY:
                    explore_all(people.members, (day + timedelta(days=20)).isoformat())
                    explore_circle(bot, _first_circle(people.members), lead, bot.worker.run_once)
                    explore_programs(_leads_all(bot, slack, clock[0]))
            explore_all(people.members, clock[0].date().isoformat())
            people.members[-1].forget()
            people.members[-1].hands.command("")  # offers to invite them again
            for text in ("transfers", "program"):
                lead.command(text)
            explore_suggestions(lead)
            bot.worker.run_once()
            _settle(bot)
            left = unexplored(slack)
            if left and not effort.short:
                raise AssertionError(f"never handed out: {left}")
            slack.listening = True
            yield bot, slack, people.members
    finally:
        background.THREADS, allybot.app.LISTENER_THREADS = before


def _first_circle(members: list[Member]) -> list[Member]:
    return [each for each in members if each.circle == members[0].circle and not each.gone]


def _leads_all(bot: Allybot, slack: QuietSlack, now: datetime) -> Hands:
    for each in programs.list_programs(bot.context):
        leading.appoint_lead(bot.context, each.program.name, WORKSPACE, _LEADS_ALL, now)
    return Hands(bot, slack, _LEADS_ALL, WORKSPACE)


def _others(bot: Allybot, slack: QuietSlack, members: list[Member], handed: Handed) -> Iterator[Hands]:
    """One of the same circle, one of another program, one on no list, a lead; never the owner.

    What a lead of the same program was given is the lead's, too.
    """
    owner = next((each for each in members if each.hands.user == handed.to), members[0])
    mates = [each for each in members if each.circle == owner.circle and each is not owner and not each.gone]
    strangers = [each for each in members if each.circle != owner.circle and not each.gone]
    in_circle = handed.to == owner.circle
    yield from (each.hands for each in (*(mates[:1] if not in_circle else ()), *strangers[:1]))
    for user in ("UNOBODY", _LEAD):
        if user != handed.to and (user, handed.to) != (_LEAD, _LEADS_ALL):
            yield Hands(bot, slack, user, WORKSPACE)


def _is_told_apart(bot: Allybot, other: Hands, name: str, handed: Handed) -> bool:
    """Whether the answer is unlike that to a made-up value, sent before it and, where they differ, after it.

    What is sent first may change what its sender has (a form that keeps a plan of theirs), and with it the
    answer to what follows, whatever id that carries.
    """
    before = _send(bot, other, name, _made_up(handed))
    said = _send(bot, other, name, handed)
    return said != before and said != _send(bot, other, name, _made_up(handed))


def _made_up(handed: Handed) -> Handed:
    return replace(handed, value=HEX.sub(lambda _: new_id(), handed.value))


def _send(bot: Allybot, other: Hands, name: str, handed: Handed) -> list[str]:
    """What the bot said to it, ids apart."""
    other.slack.said.clear()
    if handed.place == "modal":
        other.submit_value(name, handed.value, _TYPED)
    elif handed.place == "in modal":
        other.press_in(unseen(name, handed.value, _TYPED), name, handed.option, handed.option)
    else:
        other.press_value(name, handed.value)
    _settle(bot)
    return sorted(other.slack.said)


def _settle(bot: Allybot) -> None:
    """Wait for what is said after the acknowledgement, by one thread of each kind."""
    bot.bolt.listener_runner.listener_executor.submit(int).result(20)
    done = threading.Event()
    bot.answers("", done.set)
    if not done.wait(20):
        raise AssertionError("an answer took too long")


def _touched(copies: Copies, presser: Hands) -> int:
    """Rows that differ since the last copy and are not the presser's."""
    newest = copies.take()
    return sum(
        change.copy == newest and change.table not in _BOOKKEEPING
        for person, changes in copies.changes.items()
        if person != presser.user
        for change in changes[-50:]
    )


def _names_only_its_owner(handed: Handed) -> bool:
    """Whether it carries an id of something of one person's; what a circle sees is meant for all in it."""
    return bool(HEX.search(handed.value)) and handed.to.startswith("U")


def _is_the_circles(name: str, handed: Handed, other: Hands, members: list[Member]) -> bool:
    """Whether it is about something that the other sees in their own circle or leads, too."""
    circles = {each.hands.user: each.circle for each in members} | {_LEAD: members[0].circle}
    about_circle = name in _ABOUT_A_POST or name.startswith(_OF_A_CIRCLE)
    return about_circle and circles.get(handed.to) == circles.get(other.user)


def _control(bot: Allybot, copies: Copies, members: list[Member]) -> int:
    owner = next(each for each in members if not each.gone)
    forget_me.forget(bot.context, owner.actor)
    return _touched(copies, Hands(bot, owner.hands.slack, "UNOBODY", WORKSPACE))
