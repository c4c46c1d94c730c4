"""Overhead of queueing and delivery, against a minimal implementation of the same.

Ratios within one run, since machines differ and are noisy; every round measures both sides, and the median of
the rounds is reported.

- queueing: `check_ins.queue_due` against as many bare transactions that insert two rows and update one, the
  least that asks somebody once;
- delivery: a worker's pass over the outbox against as many bare `chat.postMessage` calls to the same
  emulator, as many at once. The worker also claims, looks whether the person is there, renders and settles.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from slack_sdk import WebClient
from sqlalchemy import text

from allybot.demo import workspace
from allybot.demo.cast import cast
from allybot.demo.options import DemoOptions
from allybot.demo.session import DELIVERY_RULES, START, DemoSession
from allybot.domain.people import Actor
from allybot.services.check_ins import asking
from allybot.services.plans import plans
from allybot.services.trainees import consent
from allybot.store.engine.database import Database

FLOOR = (
    "CREATE TABLE IF NOT EXISTS floor_check_in (id VARCHAR(64) PRIMARY KEY, person INTEGER, step INTEGER)",
    "CREATE TABLE IF NOT EXISTS floor_outbox (id VARCHAR(64) PRIMARY KEY, person INTEGER)",
    "CREATE TABLE IF NOT EXISTS floor_person (id INTEGER PRIMARY KEY, step INTEGER)",
)


def seconds(work: Callable[[], object]) -> float:
    """How long `work` took."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def bare_queueing(database: Database, people: int, name: str) -> None:
    """The floor: one transaction a person, two inserts and an update."""
    for person in range(people):
        values = {"id": f"{name}-{person}", "person": person}
        with database.transaction() as tx:
            tx.execute(text("INSERT INTO floor_check_in VALUES (:id, :person, 3)"), values)
            tx.execute(text("INSERT INTO floor_outbox VALUES (:id, :person)"), values)
            tx.execute(text("UPDATE floor_person SET step = 10 WHERE id = :person"), values)


def bare_posting(session: DemoSession, people: int) -> None:
    """The floor: the same number of posts, as many at once as one worker makes."""
    client = WebClient(token=workspace.BOT_TOKEN, base_url=session.emulator.api_url, retry_handlers=[])
    channels = list(workspace.direct_messages(session.remote))[:people]
    with ThreadPoolExecutor(DELIVERY_RULES.threads) as threads:
        list(threads.map(lambda channel: client.chat_postMessage(channel=channel, text="floor"), channels))


def one_round(people: int, number: int, database: str) -> dict[str, float]:
    """Both measures once, in a workspace of its own."""
    session = DemoSession(DemoOptions(people=people, database=database), cast(people, number), ticking=False)
    session.open(0)
    try:
        context, clock = session.allybot.context, session.clock
        session.run_worker()
        for who in session.people:
            actor = Actor(workspace.TEAM, who.user)
            consent.start(context, actor, clock())
            kind, words = who.plans[0]
            plans.write(context, actor, f"form-{who.user}", kind, words.cue, words.response, None, clock())
        session.run_worker()
        with context.database.transaction() as tx:
            for statement in FLOOR:
                tx.execute(text(statement))
        clock.move_to(START + timedelta(days=3, hours=3))
        queued = 0

        def queue() -> None:
            nonlocal queued
            while more := asking.queue_due(context, clock()):
                queued += more

        queueing = seconds(queue)
        floor_of_queueing = seconds(lambda: bare_queueing(context.database, queued, str(number)))
        delivery = seconds(session.run_worker)
        floor_of_delivery = seconds(lambda: bare_posting(session, queued))
    finally:
        session.close()
    return {
        "people": queued,
        "queueing": queueing / floor_of_queueing,
        "delivery": delivery / floor_of_delivery,
        "queued_per_second": queued / queueing,
        "delivered_per_second": queued / delivery,
    }


def main() -> None:
    """Measure, and print a table or one JSON object."""
    wanted = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    wanted.add_argument("--people", type=int, default=200)
    wanted.add_argument("--rounds", type=int, default=5)
    wanted.add_argument("--database", default="", help="database URL; a temporary SQLite file by default")
    wanted.add_argument("--json", action="store_true")
    options = wanted.parse_args()
    rounds = []
    for number in range(options.rounds):
        rounds.append(one_round(options.people, number, options.database))
        sys.stderr.write(f"round {number + 1} of {options.rounds}\n")
    median = {name: round(statistics.median(each[name] for each in rounds), 2) for name in rounds[0]}
    if options.json:
        print(json.dumps({"rounds": options.rounds, "median": median}))
        return
    print(f"{median['people']:.0f} people, median of {options.rounds} rounds")
    print(f"queueing a check-in costs {median['queueing']:.1f} times three bare statements")
    print(f"delivering one costs {median['delivery']:.1f} times a bare post")
    print(
        f"{median['queued_per_second']:.0f} queued, {median['delivered_per_second']:.0f} delivered a second"
    )


if __name__ == "__main__":
    main()
