"""An attacker who reads every hour, and one who subtracts yesterday's figures from today's.

The second knows who answered on which day (one sees colleagues press buttons) and states an answer whenever
the change since the last read is all acted or none: that is the answer of everybody who answered in between.
Of a live counter this is certain. Of a noisy figure it is a guess, right now and then when a window is small;
so wrong statements are taken off the right ones.
"""

# ruff: noqa: S311 - seeded chance decides who answers when

import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from rich.console import Console

from allybot.app import Allybot
from allybot.domain.people import Actor
from allybot.domain.plans import BARRIERS, Outcome
from allybot.reports import as_csv, as_html, as_json, as_table
from allybot.services.context import Context
from allybot.services.outcomes import summaries, windows
from allybot.services.programs import programs
from allybot.store.outcomes import ballots
from tests.adversarial.attacks.app_harness import assembled_app, command
from tests.adversarial.attacks.databases import DatabaseFactory, Effort, progress
from tests.adversarial.attacks.findings import Finding
from tests.adversarial.attacks.programs import NOW, WORKSPACE, Enrolled, Person, answer, connect, enrol

Pull = tuple[int, int] | None
"""Respondents and how many of them acted, where a view stands for one count only; else None."""
WEEKS = 13
GRACE = timedelta(weeks=3)
PEOPLE = 12
MIN_SHOWN = 5
"""The naive dashboard's threshold, the usual one of survey vendors."""
NAIVE_BAR, SUBTRACTING_BAR = 0.20, 0.05
_ALL_STEPS = (3, 10, 17, 28, 42, 56, 70)
_DAYS, _EAGER_DAYS, _EAGER, _ANSWERING = 20, 5, 0.5, 0.8


@dataclass
class Watched:
    """Distinct contents of each view, by how many windows were published."""

    seen: dict[tuple[str, int], set[str]] = field(default_factory=dict)

    def note(self, view: str, published: int, answer_of_view: str) -> None:
        """One pull of one view."""
        self.seen.setdefault((view, published), set()).add(answer_of_view)

    @property
    def most(self) -> int:
        """The most answers any view gave while the same windows were published."""
        return max(len(answers) for answers in self.seen.values())


def attack(databases: DatabaseFactory, effort: Effort) -> list[Finding]:
    """Both attackers, and both against controls that show live counts."""
    every = timedelta(hours=effort.of(1, 36))
    pulls, watched, live = _watch(databases, effort, every)
    rounds = effort.of(80, 5)
    disclosed, naive = _subtract(databases, effort, rounds)
    return [
        Finding(
            "pulls every view every hour for 13 weeks",
            databases.backend,
            watched.most,
            1,
            "=",
            f"most distinct answers of a view per window; {pulls} pulls of {len(watched.seen) // 3} views",
        ),
        Finding(
            "control: live pull, pulls every hour for 13 weeks",
            databases.backend,
            live.most,
            2,
            ">=",
            "the same puller where a view counts ballots live",
        ),
        Finding(
            "pulls daily and subtracts, knows who answered when",
            databases.backend,
            disclosed,
            SUBTRACTING_BAR,
            note=f"share of respondents stated rightly less wrongly, k = 5; {rounds} programs of {PEOPLE}",
        ),
        Finding(
            "control: naive live counter with k = 5, pulls daily and subtracts",
            databases.backend,
            naive,
            NAIVE_BAR,
            ">=",
            "the same attacker, the same answers, a counter that shows itself from five respondents on",
        ),
    ]


def views(allybot: Allybot, lead: Actor, name: str) -> dict[str, str]:
    """Everything a lead or an operator can pull about a program, as text."""
    context, now = allybot.context, allybot.clock()
    found = summaries.summary(context, lead, now)
    console = Console(file=io.StringIO(), width=120)
    as_table.print_to(console, found)
    return {
        "summary": repr(found),
        "slack transfers": repr(command(allybot, lead, "transfers")),
        "slack program": repr(command(allybot, lead, "program")),
        "command line json": as_json.write(summaries.summaries(context)),
        "command line csv": as_csv.write(found),
        "command line html": as_html.write(found, date(2026, 1, 1)),  # it says on which day it was made
        "command line table": console.file.getvalue() if isinstance(console.file, io.StringIO) else "",
        "one program": repr(summaries.summary_for_program(context, name, None, now)),
        "windows": repr(windows.show(context, name)),
        "program": repr(programs.show(context, name)),
    }


def _watch(databases: DatabaseFactory, effort: Effort, every: timedelta) -> tuple[int, Watched, Watched]:
    """Pull from the first day until both windows are published, while people answer at their own times.

    Beside the product's views, the last of the three pulls the control's.
    """
    rng = random.Random(f"{effort.seed}/watching")
    watched, live, pulls, now = Watched(), Watched(), 0, NOW
    clock = [now]
    with assembled_app(databases, lambda: clock[0]) as allybot:
        context = allybot.context
        connect(context, WORKSPACE)
        enrolled = enrol(context, "Watched", PEOPLE, steps=_ALL_STEPS)
        coming = _answers(enrolled, rng)
        while now < NOW + timedelta(weeks=WEEKS) + GRACE:
            clock[0] = now
            while coming and coming[0][0] <= now:
                at, person, step, outcome = coming.pop(0)
                answer(context, person, step, outcome, at)
            summaries.close_due(context, now)
            published = len(summaries.summary(context, enrolled.lead, now)[0].releases)
            for view, text in views(allybot, enrolled.lead, enrolled.name).items():
                watched.note(view, published, text)
            live.note("live", published, _live_view(context, enrolled))
            pulls += 1
            now += every
            if pulls % 500 == 0:
                progress(databases.backend, f"watching: {(now - NOW).days} of {7 * WEEKS + GRACE.days} days")
        if published != len(enrolled.windows):
            raise AssertionError("a window was not published")
    return pulls, watched, live


def _answers(enrolled: Enrolled, rng: random.Random) -> list[tuple[datetime, Person, int, Outcome]]:
    """Who answers which step when; everybody within four days of being asked."""
    found = [
        (
            NOW + timedelta(days=step - 3, hours=rng.uniform(0, 96)),
            person,
            step,
            rng.choice([Outcome.ACTED, *BARRIERS]),
        )
        for step in _ALL_STEPS
        for person in enrolled.people
    ]
    return sorted(found, key=lambda each: each[0])


def _live_view(context: Context, enrolled: Enrolled) -> str:
    """The control: a page that counts who has answered so far."""
    with context.database.reading() as tx:
        return str({name: ballots.count_respondents(tx, each) for name, each in enrolled.windows.items()})


def _subtract(databases: DatabaseFactory, effort: Effort, rounds: int) -> tuple[float, float]:
    """The share of respondents stated rightly, less wrongly: from our views, and from the naive counter's."""
    rng = random.Random(f"{effort.seed}/subtracting")
    respondents = by_product = by_counter = 0
    with databases.context() as context:
        connect(context, WORKSPACE)
        for number in range(rounds):
            enrolled = enrol(context, f"S{number}", PEOPLE, steps=(3,), minimum=MIN_SHOWN)
            days = _days(enrolled, rng)
            respondents += sum(len(day) for day in days)
            pulls, counter = list(_live(context, enrolled, days)), list(_naive(days))
            by_product += _stated_rightly(pulls, days)
            by_counter += _stated_rightly(counter, days)
    return by_product / respondents, by_counter / respondents


def _days(enrolled: Enrolled, rng: random.Random) -> list[list[tuple[Person, Outcome]]]:
    """Who answers what on which of twenty days: four in five answer, half of them in the first week."""
    days: list[list[tuple[Person, Outcome]]] = [[] for _ in range(_DAYS)]
    for person in enrolled.people:
        if rng.random() < _ANSWERING:
            day = rng.randrange(_EAGER_DAYS if rng.random() < _EAGER else _DAYS)
            outcome = Outcome.ACTED if rng.random() < 1 / 2 else rng.choice(BARRIERS)
            days[day].append((person, outcome))
    return days


def _live(
    context: Context, enrolled: Enrolled, days: Sequence[list[tuple[Person, Outcome]]]
) -> Iterator[Pull]:
    """What the product shows every evening, and the evening after the window was published."""
    for number, day in enumerate(days):
        for person, outcome in day:
            answer(context, person, 3, outcome, NOW + timedelta(days=number))
        yield _stated(context, enrolled, NOW + timedelta(days=number))
    summaries.close_due(context, NOW + timedelta(days=80))
    yield _stated(context, enrolled, NOW + timedelta(days=80))


def _stated(context: Context, enrolled: Enrolled, now: datetime) -> Pull:
    """What the summary says, where it stands for one count only."""
    (shown,) = summaries.summary(context, enrolled.lead, now)
    made = shown.releases[0] if shown.releases else None
    if made is None or made.acted is None:
        return None
    counts = made.acted.counts(made.everybody)
    return (made.everybody, counts.low) if counts.low == counts.high else None


def _naive(days: Sequence[list[tuple[Person, Outcome]]]) -> Iterator[Pull]:
    """The control: an exact counter that shows itself as soon as five have answered."""
    respondents = acted = 0
    for day in days:
        respondents += len(day)
        acted += sum(outcome is Outcome.ACTED for _, outcome in day)
        yield (respondents, acted) if respondents >= MIN_SHOWN else None


def _stated_rightly(pulls: Sequence[Pull], days: Sequence[list[tuple[Person, Outcome]]]) -> int:
    """Number of answers stated correctly minus those stated wrongly."""
    found = 0
    since: list[tuple[Person, Outcome]] = []
    before = (0, 0)
    for number, pull in enumerate(pulls):
        since += days[number] if number < len(days) else []
        if pull is None:
            continue
        more, acted = pull[0] - before[0], pull[1] - before[1]
        if more == len(since) > 0 and acted in {0, more}:
            found += sum(1 if (outcome is Outcome.ACTED) == (acted == more) else -1 for _, outcome in since)
        since, before = [], pull
    return found
