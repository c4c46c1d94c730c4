"""`allybot demo --autoplay`: what it prints is a promise to whoever reads it."""

import json
import socket
import threading
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from allybot.demo import DemoOptions, autoplay
from allybot.demo.cast import LEAD_NAME, LEAD_USER, cast
from allybot.demo.workspace import APP_TOKEN, BOT_TOKEN, TEAM, circle_channel
from allybot.services.scheduled import SCHEDULED_JOBS
from tests.journeys.test_nothing_in_clear import ANSWERS, TAPPED, every_record, in_clear
from tests.shell import Done, Operator

__all__ = ["every_record"]


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Operator:
    return Operator(tmp_path, monkeypatch, capsys)


def lived(operator: Operator, words: str) -> dict[str, Any]:
    done = operator.types(f"allybot demo --autoplay --json --no-browser --port 0 {words}")
    assert done.code == 0, done.err
    (line,) = done.out.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def test_one_json_object_says_what_was_due_and_what_was_seen(operator: Operator, database_url: str) -> None:
    told = lived(operator, f"--people 3 --weeks 2 --database {database_url}")
    assert list(told) == [
        "people", "weeks", "plans", "check_ins", "scenarios", "answers", "releases", "seconds",
    ]  # fmt: skip
    assert (told["people"], told["weeks"], told["plans"]) == (3, 2, 9)
    assert told["check_ins"] == {"due": 6, "delivered": 6, "duplicated": 0, "lost": 0}
    assert told["scenarios"] == {"due": 2, "posted": 2, "duplicated": 0}
    assert told["answers"] > 0
    assert told["releases"] == []
    assert isinstance(told["seconds"], float)


LABELS = {"job", "kind", "le", "loop", "state", "what", "which"}
"""Of our metrics: jobs of the program, classes, limits of seconds. Nothing that somebody is known by."""


def test_no_log_line_and_no_metric_of_it_names_a_person_a_channel_a_word_or_an_answer(
    every_record: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    options = DemoOptions(port=0, browser=False, people=3, weeks=2, seed=3)
    report = autoplay(options)
    people = cast(options.people, options.seed)
    known = {LEAD_USER, LEAD_NAME, *(who.user for who in people), *(who.name for who in people)}
    known |= {circle_channel(who.circle) for who in people} | {BOT_TOKEN, APP_TOKEN, *TAPPED}
    known |= {words for who in people for _, plan in who.plans for words in (plan.cue, plan.response)}
    shown = capsys.readouterr()
    lines = shown.out + shown.err + "\n".join(every_record)
    assert report.answers > 0
    assert "the worker rests" in lines, "it is the log of `allybot run`"
    assert in_clear(lines.encode(), tuple(known)) == []
    assert [each for each in in_clear(lines.encode(), ANSWERS) if each != "acted"] == []
    metrics = generate_latest().decode()
    assert in_clear(metrics.encode(), (*known, TEAM)) == []
    samples = [
        sample
        for family in text_string_to_metric_families(metrics)
        for sample in family.samples
        if sample.name.startswith("allybot_")
    ]
    assert {name for sample in samples for name in sample.labels} <= LABELS
    jobs = {sample.labels["job"] for sample in samples if "job" in sample.labels}
    assert jobs <= {*(job.name for job in SCHEDULED_JOBS), "delivery"}


@pytest.mark.trial
@pytest.mark.timeout(600)  # a quiet machine needs a tenth of it
def test_two_runs_with_one_seed_differ_in_their_seconds_only(operator: Operator) -> None:
    first, again = (lived(operator, "--people 4 --weeks 3 --seed 9") for _ in range(2))
    assert first | {"seconds": 0} == again | {"seconds": 0}


@pytest.mark.trial
@pytest.mark.timeout(600)  # a quiet machine needs a tenth of it
def test_circles_rest_when_the_program_is_over_and_every_window_has_closed(operator: Operator) -> None:
    told = lived(operator, "--people 1 --weeks 20")
    assert told["scenarios"] == {"due": 13, "posted": 13, "duplicated": 0}
    assert told["check_ins"]["lost"] == told["check_ins"]["duplicated"] == 0
    assert [(each["window"], each["state"]) for each in told["releases"]] == [
        ("1-6", "void"),
        ("7-13", "void"),
    ]
    assert set(told["releases"][0]) == {
        "window", "state", "published_on", "invited", "respondents", "tier", "cells", "non_response_bounds",
        "noise", "headline", "silence", "waits_until", "pooled_from",
    }  # fmt: skip


@pytest.mark.trial
@pytest.mark.timeout(600)  # a quiet machine needs a tenth of it
def test_each_release_of_the_whole_demo_says_how_many_of_the_group_acted_within_seven_people(
    operator: Operator,
) -> None:
    told = lived(operator, "")
    assert [each["state"] for each in told["releases"]] == ["published", "published"]
    for release in told["releases"]:
        acted, not_acted = release["cells"]
        most = release["respondents"] or release["invited"]  # null where hardly anybody was silent
        for cell in (acted, not_acted):
            assert 0 <= cell["from"] <= cell["to"] <= most
            assert cell["to"] - cell["from"] + 1 <= 7
            coded = "at_most" in cell or "at_least" in cell
            assert coded == (cell["about"] is None) == ("share" not in cell)
            assert coded or cell["from"] <= cell["about"] <= cell["to"]
        assert acted["from"] + not_acted["to"] == most


def test_it_can_be_watched_while_it_runs(operator: Operator) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address, seen = f"http://127.0.0.1:{port}/", threading.Event()

    def watch() -> None:
        while not seen.wait(0.02):
            try:
                with urlopen(f"{address}_demo/clock", timeout=5) as answer:  # noqa: S310 - loopback
                    if json.load(answer)["now"].startswith("2026-01"):
                        seen.set()
            except OSError:
                continue

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    done = operator.types(f"allybot demo --autoplay --no-browser --people 2 --weeks 1 --port {port}")
    found = seen.is_set()
    seen.set()
    watcher.join(5)
    assert (done.code, found) == (0, True)
    assert address in done.err
    assert "week 1 of 1" in done.err
    assert "2 people wrote 6 plans and lived through 1 weeks" in done.out


def refused(operator: Operator, words: str) -> Done:
    done = operator.types(f"allybot demo --no-browser --port 0 {words}")
    assert done.out == ""
    return done


def test_a_database_in_use_is_refused(operator: Operator, tmp_path: Path) -> None:
    words = f"--people 1 --weeks 1 --database sqlite:///{tmp_path}/kept.db"
    lived(operator, words)
    done = refused(operator, f"--autoplay {words}")
    assert done.code == 1
    assert "That database holds a program already. Name an empty one for the demo." in done.err


def test_a_port_that_is_named_and_taken_is_refused(operator: Operator) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = operator.types(f"allybot demo --autoplay --weeks 1 --port {taken.getsockname()[1]}")
    assert done.code == 1
    assert "Address already in use. Choose another port with --port, or 0 for a free one." in done.err


@pytest.mark.parametrize("words", ["--people 0", "--people 201", "--weeks 0", "--weeks 53", "--json"])
def test_what_cannot_be_lived_is_wrong_use(operator: Operator, words: str) -> None:
    assert refused(operator, words).code == 2


def test_set_up_and_progress_stay_off_stdout(operator: Operator) -> None:
    done = operator.types("allybot demo --autoplay --json --people 1 --weeks 1 --no-browser --port 0")
    assert json.loads(done.out)["people"] == 1
    assert "week 1 of 1" in done.err
    assert "Traceback" not in done.err
