"""One run on one backend."""

import random
import secrets
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from allybot.clock import real_now
from allybot.content import default_directory, load_content
from allybot.demo.workspace import Remote
from allybot.slack_app.socket_mode import CONNECTIONS
from allybot.store.delivery.outbox import MessageState
from allybot.store.engine.database import Database
from allybot.store.tables import outbox, parked_row
from slack_emulator import Emulator
from tests.adversarial.chaos.databases import Backend, backend_named
from tests.adversarial.chaos.facilitators import Facilitators
from tests.adversarial.chaos.message_counter import MessageCounter
from tests.adversarial.chaos.outages import Outages, outages_of
from tests.adversarial.chaos.plan import (
    MODES,
    Due,
    Scale,
    Tuesday,
    emulator_config,
    faults,
    is_victim,
    tuesdays,
    workspace_plans,
)
from tests.adversarial.chaos.result import Result, clocks_unnoticed, refusals
from tests.adversarial.chaos.seeding import seed
from tests.adversarial.chaos.voters import Presses, Voters
from tests.adversarial.chaos.workers import Job, WorkerPool

Say = Callable[[str], None]


@dataclass
class _Run:
    """What the days of a run share."""

    emulator: Emulator
    remote: Remote
    backend: Backend
    pool: WorkerPool
    scale: Scale
    days: list[Tuesday]
    rng: random.Random
    say: Say
    counter: MessageCounter
    presses: Presses = field(default_factory=Presses)


def run(name: str, scale: Scale, seed_number: int, mutation: str, say: Say) -> Result:
    """Seed, inject faults, and count."""
    began = time.monotonic()
    with backend_named(name) as (backend, folder):
        _say_what_is_missing(backend, say)
        config = _config(folder)
        secret = secrets.token_hex(32)
        seed(backend.urls, config, secret, scale)
        days = tuesdays(scale, load_content(config).rules)
        emulator = Emulator(emulator_config(scale))
        emulator.start()
        try:
            environment = {
                "SLACK_API_URL": emulator.api_url,
                "ALLYBOT_SECRET_KEY": secret,
                "ALLYBOT_CONFIG": str(config),
            }
            rng = random.Random(f"{seed_number}/{name}")  # noqa: S311 - a script, not a secret
            job = Job(environment, scale.rules, folder / "workers.log", mutation)
            pool = WorkerPool(job, backend.workers, rng)
            remote = Remote(emulator.url)
            for order in faults(scale, seed_number):
                remote.post("faults", **order)
            counter = MessageCounter(remote)
            result = _live(_Run(emulator, remote, backend, pool, scale, days, rng, say, counter))
        finally:
            emulator.stop()
        result.put_aside = _put_aside(backend.urls[0])
        noticed = refusals(job.log.read_text(errors="replace"))
        result.refusals, result.clocks_unnoticed = len(noticed), clocks_unnoticed(noticed)
        if result.missed(scale):
            kept = Path(f"{folder}.log")
            shutil.copyfile(folder / "workers.log", kept)
            say(f"what the workers said: {kept}")
    result.seconds = round(time.monotonic() - began, 1)
    return result


def _live(run: _Run) -> Result:
    finished = run.days
    with Facilitators(run.remote, run.counter) as facilitators:
        for number, day in enumerate(run.days):
            _one_day(run, day, number, facilitators)
            if day is run.days[-1]:
                # Whatever may still be sent twice is sent before the last lease and look-up have passed.
                _keep_running(run.pool, run.scale.lease + 2 * run.scale.look_up_after)
            run.pool.drain()
            run.presses.look_for_votes(run.backend.urls[0])
            done = f"day {number + 1} of {len(run.days)}"
            run.say(f"{run.backend.name}: {done}, {run.counter.posts} posts, {run.pool.kills} kills")
            finished = run.days[: number + 1]
            if not run.counter.all_seen(day.due):
                break  # it has failed; nothing that comes later can mend it
        asked = facilitators.answers
    run.counter.read()
    return _result(run, finished, asked)


def _one_day(run: _Run, day: Tuesday, number: int, facilitators: Facilitators) -> None:
    pool, scale, counter, days = run.pool, run.scale, run.counter, len(run.days)
    pooled = run.backend.pooled_urls if number >= days // 2 else None
    pool.start(_offset(day.moment), pooled or run.backend.urls)
    began = changed = time.monotonic()
    kills, posts = scale.kills * (number + 1) // days, counter.posts
    killed_at, next_kill = began, posts + run.rng.expovariate(1 / scale.posts_a_kill)
    outages = Outages(outages_of(run.backend, scale, number, days), scale.outage_after)
    with _voters(run):
        while (now := time.monotonic()) < began + scale.at_most:
            pool.restart_dead()
            if pool.kills < kills and (counter.posts >= next_kill or now > killed_at + scale.kill_after):
                pool.kill_one()
                killed_at, next_kill = now, counter.posts + run.rng.expovariate(1 / scale.posts_a_kill)
            over = pool.kills >= kills and outages.are_over
            if posts != counter.posts or not over:
                changed, posts = now, counter.posts
            if over and not facilitators.open_questions() and counter.all_seen(day.due):
                break
            if over and now - changed > scale.quiet:
                break
            time.sleep(0.05)
        outages.wait()


def _voters(run: _Run) -> Voters:
    members = {channel: users for each in workspace_plans(run.scale) for channel, users in each.circles}
    sockets = run.emulator.slack.delivery.sockets
    return Voters(
        run.remote, run.presses, members, run.counter, lambda: sockets.count >= CONNECTIONS, run.rng
    )


def _say_what_is_missing(backend: Backend, say: Say) -> None:
    if not backend.disk.is_small:
        say(f"{backend.name}: no file system can be mounted here, so no disk will be full")
    if backend.can_be_pooled and backend.pooled_urls is None:
        say(f"{backend.name}: PgBouncer is not installed, so no day will go through it")


def _keep_running(pool: WorkerPool, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pool.restart_dead()
        time.sleep(0.05)


def _result(run: _Run, days: list[Tuesday], asked: int) -> Result:
    due = Due(
        frozenset().union(*(day.due.check_ins for day in days)),
        frozenset().union(*(day.due.circle_posts for day in days)),
    )
    counter, presses, seen = run.counter, run.presses, run.counter.seen()
    unwanted = sum(times for item, times in seen.items() if item not in due.all and not is_victim(item[0]))
    return Result(
        backend=run.backend.name,
        due=len(due.all),
        check_ins=len(due.check_ins),
        circle_posts=len(due.circle_posts),
        delivered=len(due.all & set(seen)),
        duplicated=sum(times - 1 for times in seen.values()) + unwanted + counter.other_duplicates(),
        lost=len(due.all - set(seen)),
        uncertain=counter.uncertain,
        asked=asked,
        kills=run.pool.kills,
        faults={mode: counter.faults[mode] for mode in MODES},
        presses=presses.number,
        unacknowledged=presses.unacknowledged,
        unanswered=presses.unanswered,
        asked_again=presses.asked_again,
        slowest=presses.slowest,
        votes_lost=presses.votes_lost,
        pooled=run.backend.pooled_urls is not None,
        disk_filled=run.backend.disk.is_small,
        drained=run.pool.drained,
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
