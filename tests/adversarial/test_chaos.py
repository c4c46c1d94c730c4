"""A short run of `make chaos` belongs to the suite; so does the proof that it can fail."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support import pgbouncer

ROOT = Path(__file__).parent.parent.parent


def chaos(*arguments: str) -> tuple[int, dict[str, Any]]:
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "tests.adversarial.chaos", "--json", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    assert len(done.stdout.splitlines()) == 1
    return done.returncode, told


@pytest.mark.trial
@pytest.mark.timeout(700)
@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_whoever_dies_every_message_is_seen_once(backend: str) -> None:
    code, told = chaos("--short", "--seed", "7", "--backend", backend)
    (figures,) = told["runs"]
    assert figures["delivered"] == figures["due"] == 198, figures
    assert figures["duplicated"] == figures["lost"] == 0, figures
    assert figures["kills"] == 12
    assert figures["uncertain"] > 0
    assert all(times > 0 for times in figures["faults"].values()), figures
    assert len(figures["faults"]) == 6
    assert figures["refusals"] > 0
    assert figures["clocks_unnoticed"] == [], "five minutes, an hour and a week"
    assert figures["presses"] > 50
    assert figures["unacknowledged"] == figures["unanswered"] == figures["votes_lost"] == 0, figures
    assert figures["asked_again"] > 0, "the outages met people who pressed"
    if backend == "postgresql":
        assert figures["pooled"] is (pgbouncer.PROGRAM is not None)
    assert figures["put_aside"] >= 10, "rows that were damaged before the run, and stop nobody else"
    assert code == 0
    assert told["holds"]


@pytest.mark.trial
@pytest.mark.timeout(700)
@pytest.mark.parametrize(
    ("mutation", "symptom"),
    [
        ("mark-sent-first", "lost"),
        ("send-again-unseen", "duplicated"),
        ("look-up-by-own-clock", "duplicated"),
        ("stop-at-a-bad-row", "lost"),
        ("wait-for-locks", "unacknowledged"),
        ("say-it-was-kept", "votes_lost"),
    ],
)
def test_a_worker_that_gets_it_wrong_is_found_out(mutation: str, symptom: str) -> None:
    code, told = chaos("--short", "--seed", "7", "--backend", "sqlite", "--mutation", mutation)
    assert told["runs"][0][symptom] > 0, told
    assert code == 1
    assert not told["holds"]


@pytest.mark.slow
@pytest.mark.timeout(700)
@pytest.mark.skipif(pgbouncer.PROGRAM is None, reason="PgBouncer is not installed")
def test_so_is_one_that_sends_what_a_pooler_refuses() -> None:
    code, told = chaos("--short", "--seed", "7", "--backend", "postgresql", "--mutation", "start-up-options")
    assert told["runs"][0]["lost"] > 0, told
    assert code == 1


@pytest.mark.slow
@pytest.mark.timeout(2400)
def test_the_whole_run_holds_on_both_databases() -> None:
    code, told = chaos("--seed", "7")
    assert [figures["backend"] for figures in told["runs"]] == ["postgresql", "sqlite"]
    for figures in told["runs"]:
        assert figures["check_ins"] == 2000
        assert figures["kills"] == 200
        assert figures["duplicated"] == figures["lost"] == 0, figures
        assert figures["unacknowledged"] == figures["unanswered"] == figures["votes_lost"] == 0, figures
    assert code == 0
