"""Runs a program in variants that differ only in what people answer.

The people, the clock, the seed and everything they choose after an answer are the same in all; the bot runs
over the real sockets of the emulator. Threads are reduced to one, so that two runs can be compared
call by call.
"""

# ruff: noqa: S311 - seeded chance drives a script

import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import allybot.demo.session as demo_session
from allybot.demo.cast import LEAD_USER, Habit, cast
from allybot.demo.options import DemoOptions
from allybot.demo.scripted_people import ScriptedPeople
from allybot.demo.scripted_person import MODAL_SECONDS
from allybot.demo.session import START, DemoSession
from allybot.demo.workspace import TEAM
from allybot.domain.people import Actor
from allybot.domain.plans import Outcome
from allybot.domain.suggestions import Reply, SuggestionState
from allybot.domain.windows import WindowState
from allybot.errors import UserError
from allybot.services.context import Context
from allybot.services.outcomes import summaries
from allybot.services.programs import suggestion_answers, suggestions
from allybot.store.programs import programs
from tests.adversarial.attacks.answerers import Answerer
from tests.adversarial.attacks.normalise import Recording, rows_of
from tests.adversarial.attacks.probes import SEED, captured_logs, counted_writes, deterministic

PEOPLE = 6
MIN_RESPONDENTS = 5
AfterAnswer = Callable[[Context, str, Outcome], None]
"""What the control does with an answer, by Slack user."""


class VariantPeople(ScriptedPeople):
    """All people of one variant."""

    def __init__(self, session: DemoSession, variant: int, then: AfterAnswer | None) -> None:
        super().__init__(session, random.Random(SEED))
        context = session.allybot.context
        self.people = [
            Answerer(
                who,
                session.remote,
                random.Random(f"{SEED}/{index}"),
                variant=variant,
                index=index,
                today=lambda: session.clock().astimezone(demo_session.ZONE).date(),
                replied=self._replied,
                then=(lambda user, outcome: then(context, user, outcome)) if then else None,
            )
            for index, who in enumerate(session.people)
        ]

    def act(self) -> None:
        """Respond to messages and change some answers; on Fridays also open Home and list the plans."""
        for person in self.people:
            if isinstance(person, Answerer) and person.who.user not in self._deactivated:
                person.change_answers()
        super().act()
        now = self._session.clock().astimezone(demo_session.ZONE)
        if now.weekday() == 4 and now.hour < 13:
            for person in self.people:
                self._session.remote.post("open-home", user=person.who.user)
                self.settle()
                person.command("plans")
                if isinstance(person, Answerer):
                    person.ask_circle(now.isocalendar().week)
                    person.tell_deed(now.isocalendar().week)
            self._suggest(now.isocalendar().week)
        self.settle()

    def _suggest(self, week: int) -> None:
        """Three people send the leads something every fourth week, and all is answered that leads have.

        All say the same, as the order in which leads read it is left to chance.
        """
        context, now = self._session.allybot.context, self._session.clock()
        for person in self.people:
            if week % 4 == 0 and isinstance(person, Answerer) and person.index < 3:
                with suppress(UserError):
                    who = Actor(TEAM, person.who.user)
                    suggestions.send(context, who, "A room with a door", now)
        lead = Actor(TEAM, LEAD_USER)
        for each in suggestion_answers.of_lead(context, lead)[0].suggestions:
            if each.state is SuggestionState.WITH_LEADS:
                suggestion_answers.answer(context, lead, each.id, Reply.NOT_NOW, "No room is left", now)

    def _replied(self) -> None:
        self.settle()
        self._session.run_worker()

    def settle(self) -> None:
        """Wait until events are delivered and the listener's background work is done."""
        deadline = time.monotonic() + MODAL_SECONDS
        while self._session.remote.get("state")["waiting_deliveries"] and time.monotonic() < deadline:
            time.sleep(0.005)
        running = self._session.allybot
        running.bolt.listener_runner.listener_executor.submit(int).result(MODAL_SECONDS)
        done = threading.Event()
        running.answers("", done.set)
        done.wait(MODAL_SECONDS)


def run_program(
    variant: int, weeks: float, urls: tuple[str, str], then: AfterAnswer | None = None, people: int = PEOPLE
) -> Recording:
    """Run a program in one variant and record everything observable but the answers.

    Args:
        weeks: 13 or more run until the last window has closed.
        urls: an empty database and an empty vault.
    """
    characters = [
        replace(who, habit=Habit.ON_LEAVE if index == PEOPLE - 1 else Habit.ACTS)
        for index, who in enumerate(cast(PEOPLE, SEED)[:people])
    ]
    options = DemoOptions(people=people, seed=SEED, database=urls[0], vault=urls[1])
    recording = Recording()
    with deterministic(), captured_logs(recording):
        session = DemoSession(options, characters, ticking=False)
        session.open(0)
        try:
            session.allybot.warm_up()  # else the first typed message may be delivered twice
            context = session.allybot.context
            with context.database.transaction() as tx:
                (program,) = programs.programs(tx)
                programs.change_program(tx, program.id, minimum_respondents=MIN_RESPONDENTS)
            everyone = VariantPeople(session, variant, then)
            with counted_writes(context, recording):
                _pass_time(session, everyone, recording, weeks)
            recording.outcomes = {
                outcome
                for person in everyone.people
                if isinstance(person, Answerer)
                for outcome in person.given
            }
            recording.published = sum(
                release.state is WindowState.PUBLISHED
                for shown in summaries.summaries(context)
                for release in shown.releases
            )
            recording.calls(session.remote.get("log")["log"])
        finally:
            session.close()
    return recording


def _pass_time(session: DemoSession, people: VariantPeople, recording: Recording, weeks: float) -> None:
    def halt() -> None:
        people.act()
        session.run_worker()
        recording.record_halt(session.clock(), rows_of(session.allybot.context))

    session.run_worker()
    halt()
    end = START + timedelta(weeks=weeks)
    session.move_to(end, halt)
    closing = next((shown.next_closes_on for shown in summaries.summaries(session.allybot.context)), None)
    if weeks >= 13 and closing is not None:
        session.move_to(datetime.combine(closing + timedelta(days=1), START.timetz()), halt)
    halt()
