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

from allybot.clock import real_now
from allybot.content import default_directory, load_content
from allybot.demo.workspace import Remote
from allybot.services.delivery.clock_agreement import Reason
from slack_emulator import Emulator
from tests.adversarial.chaos.databases import Backend, backend_named
from tests.adversarial.chaos.onlooker import Onlooker
from tests.adversarial.chaos.plan import MODES, Due, Scale, Tuesday, emulator_config, faults, tuesdays
from tests.adversarial.chaos.processes import Crew, Job
from tests.adversarial.chaos.seeding import seed
from tests.adversarial.chaos.tally import Tally

Say = Callable[[str], None]


@dataclass
class Result:
    """What a run showed, from the emulator's log and the plan of what was due.

    Attributes:
        uncertain: posts of which the bot was not told whether they arrived, and found out.
        asked: of these, circle posts about which a facilitator was asked.
        refusals: how often a worker stopped acting because its host's clock was not Slack's.
        drained: exit codes of workers that were told to leave.
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
    drained: list[int | None] = field(default_factory=list)
    seconds: float = 0.0

    def missed(self, scale: Scale) -> list[str]:
        """The bars that were missed, in words."""
        found = [f"{self.lost} lost"] if self.lost else []
        found += [f"{self.duplicated} seen twice"] if self.duplicated else []
        found += [f"only {self.kills} kills"] if self.kills < scale.kills else []
        found += [f"no call failed with {mode}" for mode in MODES if not self.faults.get(mode)]
        found += [] if self.refusals else ["no worker noticed that its clock was wrong"]
        # One that was told before it could listen had nothing in hand.
        if any(code not in {0, -signal.SIGTERM} for code in self.drained):
            found.append(f"told to leave, workers left with {self.drained}")
        return found


def run(name: str, scale: Scale, seed_number: int, mutation: str, say: Say) -> Result:
    """Seed, let everything go wrong, and count."""
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
            chance = random.Random(f"{seed_number}/{name}")  # noqa: S311 - a script, not a secret
            job = Job(environment, scale.rules, folder / "workers.log", mutation)
            crew = Crew(job, backend.workers, chance)
            result = _live(Remote(emulator.url), backend, crew, scale, days, seed_number, chance, say)
        finally:
            emulator.stop()
        result.refusals = job.log.read_text(errors="replace").count(f'"reason": "{Reason.SLACK_CLOCK}"')
        if result.missed(scale):
            kept = Path(f"{folder}.log")
            shutil.copyfile(folder / "workers.log", kept)
            say(f"what the workers said: {kept}")
    result.seconds = round(time.monotonic() - began, 1)
    return result


def _live(
    remote: Remote,
    backend: Backend,
    crew: Crew,
    scale: Scale,
    days: list[Tuesday],
    seed_number: int,
    chance: random.Random,
    say: Say,
) -> Result:
    for order in faults(scale, seed_number):
        remote.post("faults", **order)
    tally, lived = Tally(remote), days
    with Onlooker(remote, tally) as onlooker:
        for number, day in enumerate(days):
            events = _events(backend, scale, number, len(days))
            _one_day(crew, scale, day, events, tally, onlooker, chance, number, len(days))
            if day is days[-1]:
                # Whatever may still be sent twice is sent before the last lease and look-up have passed.
                _tend_for(crew, scale.lease + 2 * scale.look_up_after)
            crew.drain()
            say(f"{backend.name}: day {number + 1} of {len(days)}, {tally.posts} posts, {crew.kills} kills")
            lived = days[: number + 1]
            if not tally.all_seen(day.due):
                break  # it has failed; nothing that comes later can mend it
        asked = onlooker.answers
    tally.read()
    return _counted(backend.name, lived, tally, crew, asked)


def _one_day(
    crew: Crew,
    scale: Scale,
    day: Tuesday,
    events: list[tuple[float, Callable[[], None]]],
    tally: Tally,
    onlooker: Onlooker,
    chance: random.Random,
    number: int,
    days: int,
) -> None:
    crew.start(_offset(day.moment))
    began = changed = time.monotonic()
    kills, posts = scale.kills * (number + 1) // days, tally.posts
    killed_at, next_kill = began, posts + chance.expovariate(1 / scale.posts_a_kill)
    happening = [threading.Timer(after, event) for after, event in events]
    for event in happening:
        event.daemon = True  # a run that is broken off does not wait for the database to come back
        event.start()
    while (now := time.monotonic()) < began + scale.at_most:
        crew.tend()
        if crew.kills < kills and (tally.posts >= next_kill or now > killed_at + scale.kill_after):
            crew.kill_one()
            killed_at, next_kill = now, tally.posts + chance.expovariate(1 / scale.posts_a_kill)
        if posts != tally.posts:
            changed, posts = now, tally.posts
        over = crew.kills >= kills and not any(event.is_alive() for event in happening)
        if over and not onlooker.open_questions() and tally.all_seen(day.due):
            break
        if over and now - changed > scale.quiet:
            break
        time.sleep(0.05)
    for event in happening:
        event.join()


def _events(backend: Backend, scale: Scale, number: int, days: int) -> list[tuple[float, Callable[[], None]]]:
    """What happens to the database on this day, and how many seconds after its begin."""
    found: list[tuple[float, Callable[[], None]]] = []
    if number == min(1, days - 2):
        found.append((scale.restart_after, backend.restart))
    if number == days - 1:
        found.append((scale.away_after, lambda: backend.go_away(scale.away)))
    return found


def _tend_for(crew: Crew, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        crew.tend()
        time.sleep(0.05)


def _counted(name: str, days: list[Tuesday], tally: Tally, crew: Crew, asked: int) -> Result:
    due = Due(
        frozenset().union(*(day.due.check_ins for day in days)),
        frozenset().union(*(day.due.circle_posts for day in days)),
    )
    seen = tally.seen()
    unwanted = sum(times for sight, times in seen.items() if sight not in due.all)
    return Result(
        backend=name,
        due=len(due.all),
        check_ins=len(due.check_ins),
        circle_posts=len(due.circle_posts),
        delivered=len(due.all & set(seen)),
        duplicated=sum(times - 1 for times in seen.values()) + unwanted + tally.others_twice(),
        lost=len(due.all - set(seen)),
        uncertain=tally.uncertain,
        asked=asked,
        kills=crew.kills,
        faults={mode: tally.faults[mode] for mode in MODES},
        drained=crew.drained,
    )


def _config(folder: Path) -> Path:
    """The content that ships, but nobody is asked whether he wants to hear less: nobody answers here."""
    config = folder / "config"
    shutil.copytree(default_directory(), config)
    rules = config / "allybot.toml"
    text = rules.read_text(encoding="utf-8")
    before, after = "silent_steps_before_question = 2", "silent_steps_before_question = 5"
    if before not in text:
        raise ValueError(f"{rules.name} no longer says {before!r}")
    rules.write_text(text.replace(before, after), encoding="utf-8")
    return config


def _offset(moment: datetime) -> str:
    """ALLYBOT_CLOCK_OFFSET that makes it this moment now."""
    seconds = round((moment - real_now()).total_seconds())
    return f"{'-' if seconds < 0 else ''}PT{abs(seconds)}S"
