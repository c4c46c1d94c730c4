"""One run on one backend."""

import random
import secrets
import shutil
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from allybot.clock import real_now
from allybot.content import default_directory, load_content
from allybot.demo.workspace import Remote
from allybot.services.delivery.clock_agreement import Reason
from allybot.store.delivery.outbox import MessageState
from allybot.store.engine.database import Database
from allybot.store.tables import outbox, parked_row
from slack_emulator import Emulator
from tests.adversarial.chaos.databases import Backend, backend_named
from tests.adversarial.chaos.facilitators import Facilitators
from tests.adversarial.chaos.message_counter import MessageCounter
from tests.adversarial.chaos.plan import (
    MODES,
    Due,
    Scale,
    Tuesday,
    emulator_config,
    faults,
    is_victim,
    tuesdays,
)
from tests.adversarial.chaos.seeding import seed
from tests.adversarial.chaos.workers import Job, WorkerPool

Say = Callable[[str], None]


@dataclass
class Result:
    """Result of a run, from the emulator's log and what was due.

    Attributes:
        uncertain: posts whose fate the bot had to look up.
        asked: of these, circle posts about which a facilitator was asked.
        refusals: how often a worker stopped acting because its host's clock was not Slack's.
        put_aside: rows and messages that were damaged before the run and are parked after it.
        drained: exit codes of workers that got SIGTERM.
    """

    backend: str
    due: int = 0
    check_ins: int = 0
    circle_posts: int = 0
    delivered: int = 0
    duplicated: int = 0
    lost: int = 0
    uncertain: int = 0
    asked: int = 0
    kills: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    refusals: int = 0
    put_aside: int = 0
    drained: list[int | None] = field(default_factory=list)
    seconds: float = 0.0

    def missed(self, scale: Scale) -> list[str]:
        """The bars that were missed, in words."""
        found = [f"{self.lost} lost"] if self.lost else []
        found += [f"{self.duplicated} seen twice"] if self.duplicated else []
        found += [f"only {self.kills} kills"] if self.kills < scale.kills else []
        found += [f"no call failed with {mode}" for mode in MODES if not self.faults.get(mode)]
        found += [] if self.put_aside else ["no damaged row was noticed"]
        found += [] if self.refusals else ["no worker noticed that its clock was wrong"]
        # A worker that got SIGTERM before its handler was set had claimed nothing.
        if any(code not in {0, -signal.SIGTERM} for code in self.drained):
            found.append(f"told to leave, workers left with {self.drained}")
        return found


def run(name: str, scale: Scale, seed_number: int, mutation: str, say: Say) -> Result:
    """Seed, inject faults, and count."""
    began = time.monotonic()
    with backend_named(name) as (backend, folder):
        config = _config(folder)
        secret = secrets.token_hex(32)
        seed(backend.urls, config, secret, scale)
        days = tuesdays(scale, load_content(config).rules)
        emulator = Emulator(emulator_config(scale))
        emulator.start()
        try:
            environment = {
                "SLACK_API_URL": emulator.api_url,
                "DATABASE_URL": backend.urls[0],
                "ALLYBOT_VAULT_URL": backend.urls[1],
                "ALLYBOT_SECRET_KEY": secret,
                "ALLYBOT_CONFIG": str(config),
            }
            rng = random.Random(f"{seed_number}/{name}")  # noqa: S311 - a script, not a secret
            job = Job(environment, scale.rules, folder / "workers.log", mutation)
            pool = WorkerPool(job, backend.workers, rng)
            result = _run_days(Remote(emulator.url), backend, pool, scale, days, seed_number, rng, say)
        finally:
            emulator.stop()
        result.put_aside = _put_aside(backend.urls[0])
        result.refusals = job.log.read_text(errors="replace").count(f'"reason": "{Reason.SLACK_CLOCK}"')
        if result.missed(scale):
            kept = Path(f"{folder}.log")
            shutil.copyfile(folder / "workers.log", kept)
            say(f"what the workers said: {kept}")
    result.seconds = round(time.monotonic() - began, 1)
    return result


def _run_days(
    remote: Remote,
    backend: Backend,
    pool: WorkerPool,
    scale: Scale,
    days: list[Tuesday],
    seed_number: int,
    rng: random.Random,
    say: Say,
) -> Result:
    for order in faults(scale, seed_number):
        remote.post("faults", **order)
    counter, finished = MessageCounter(remote), days
    with Facilitators(remote, counter) as facilitators:
        for number, day in enumerate(days):
            events = _events(backend, scale, number, len(days))
            _one_day(pool, scale, day, events, counter, facilitators, rng, number, len(days))
            if day is days[-1]:
                # Whatever may still be sent twice is sent before the last lease and look-up have passed.
                _keep_running(pool, scale.lease + 2 * scale.look_up_after)
            pool.drain()
            say(f"{backend.name}: day {number + 1} of {len(days)}, {counter.posts} posts, {pool.kills} kills")
            finished = days[: number + 1]
            if not counter.all_seen(day.due):
                break  # it has failed; nothing that comes later can mend it
        asked = facilitators.answers
    counter.read()
    return _result(backend.name, finished, counter, pool, asked)


def _one_day(
    pool: WorkerPool,
    scale: Scale,
    day: Tuesday,
    events: list[tuple[float, Callable[[], None]]],
    counter: MessageCounter,
    facilitators: Facilitators,
    rng: random.Random,
    number: int,
    days: int,
) -> None:
    pool.start(_offset(day.moment))
    began = changed = time.monotonic()
    kills, posts = scale.kills * (number + 1) // days, counter.posts
    killed_at, next_kill = began, posts + rng.expovariate(1 / scale.posts_a_kill)
    timers = [threading.Timer(after, event) for after, event in events]
    for event in timers:
        event.daemon = True  # a run that is broken off does not wait for the database to come back
        event.start()
    while (now := time.monotonic()) < began + scale.at_most:
        pool.restart_dead()
        if pool.kills < kills and (counter.posts >= next_kill or now > killed_at + scale.kill_after):
            pool.kill_one()
            killed_at, next_kill = now, counter.posts + rng.expovariate(1 / scale.posts_a_kill)
        if posts != counter.posts:
            changed, posts = now, counter.posts
        over = pool.kills >= kills and not any(event.is_alive() for event in timers)
        if over and not facilitators.open_questions() and counter.all_seen(day.due):
            break
        if over and now - changed > scale.quiet:
            break
        time.sleep(0.05)
    for event in timers:
        event.join()


def _events(backend: Backend, scale: Scale, number: int, days: int) -> list[tuple[float, Callable[[], None]]]:
    """What happens to the database on this day, with the seconds after its start."""
    found: list[tuple[float, Callable[[], None]]] = []
    if number == min(1, days - 2):
        found.append((scale.restart_after, backend.restart))
    if number == days - 1:
        found.append((scale.away_after, lambda: backend.make_unavailable(scale.away)))
    return found


def _keep_running(pool: WorkerPool, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pool.restart_dead()
        time.sleep(0.05)


def _result(name: str, days: list[Tuesday], counter: MessageCounter, pool: WorkerPool, asked: int) -> Result:
    due = Due(
        frozenset().union(*(day.due.check_ins for day in days)),
        frozenset().union(*(day.due.circle_posts for day in days)),
    )
    seen = counter.seen()
    unwanted = sum(times for item, times in seen.items() if item not in due.all and not is_victim(item[0]))
    return Result(
        backend=name,
        due=len(due.all),
        check_ins=len(due.check_ins),
        circle_posts=len(due.circle_posts),
        delivered=len(due.all & set(seen)),
        duplicated=sum(times - 1 for times in seen.values()) + unwanted + counter.other_duplicates(),
        lost=len(due.all - set(seen)),
        uncertain=counter.uncertain,
        asked=asked,
        kills=pool.kills,
        faults={mode: counter.faults[mode] for mode in MODES},
        drained=pool.drained,
    )


def _put_aside(url: str) -> int:
    database = Database(url)
    try:
        with database.reading() as tx:
            rows = tx.execute(select(func.count()).select_from(parked_row)).scalar_one()
            parked = select(func.count()).where(outbox.c.state == MessageState.PARKED)
            return int(rows + tx.execute(parked).scalar_one())
    finally:
        database.close()


def _config(folder: Path) -> Path:
    """The shipped content without the slower pace after silence, since nobody answers here."""
    config = folder / "config"
    shutil.copytree(default_directory(), config)
    rules = config / "allybot.toml"
    text = rules.read_text(encoding="utf-8")
    before, after = "silent_steps_before_slower = 2", "silent_steps_before_slower = 5"
    if before not in text:
        raise ValueError(f"{rules.name} no longer says {before!r}")
    rules.write_text(text.replace(before, after), encoding="utf-8")
    return config


def _offset(moment: datetime) -> str:
    """ALLYBOT_CLOCK_OFFSET that makes it this moment now."""
    seconds = round((moment - real_now()).total_seconds())
    return f"{'-' if seconds < 0 else ''}PT{abs(seconds)}S"
