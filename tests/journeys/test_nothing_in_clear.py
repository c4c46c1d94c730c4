"""Plans, answers and tokens stand in clear in no file, no table and no log line."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from allybot import telemetry
from allybot.demo.workspace import APP_TOKEN, BOT_TOKEN
from allybot.domain.plans import Outcome
from allybot.prompts import ids
from tests.journeys.conftest import CIRCLE, Journey, StartJourney
from tests.journeys.people import options
from tests.journeys.test_check_ins import QUESTION, TAPS, taps

WORDS = ("zebra", "marmalade", "periwinkle", "flamingo")
SECRETS = (*WORDS, BOT_TOKEN, APP_TOKEN, "xoxb-", "xapp-")
ANSWERS = (*(outcome.value for outcome in Outcome), "I did it", "A moment came", "No moment")
TAPPED = (ids.CHECK_IN_ACTED, ids.CHECK_IN_MISSED, ids.CHECK_IN_NO_MOMENT)


@pytest.fixture
def every_record(capsys: pytest.CaptureFixture[str]) -> Iterator[list[str]]:
    """All logs at DEBUG, as `allybot run` sets them up, and beside them each record as it was made."""
    root, factory = logging.getLogger(), logging.getLogRecordFactory()
    before, level = list(root.handlers), root.level
    records: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(f"{record.name} {record.getMessage()} {record.exc_text or record.exc_info or ''}")

    telemetry.configure("DEBUG")
    root.addHandler(Keeper(logging.DEBUG))
    yield records
    root.handlers, root.level = before, level
    logging.setLogRecordFactory(factory)
    capsys.readouterr()


def a_short_program(start_journey: StartJourney) -> Journey:
    """Two people write plans, type messages, answer, change their minds and mend what they wrote."""
    journey = start_journey(2)
    for person in journey.people:
        person.begins()
        person.writes_plan("I meet a zebra", "offer it marmalade")
    journey.go_to(1, 15)
    for number, person in enumerate(journey.people):
        journey.answer_to(person, "yes I did, said the flamingo")
        view = taps(person, TAPS[number], person.reads(QUESTION))
        for choice in options(view, ids.CHECK_IN_BRANCH):
            person.closes()
            view = person.chooses(
                taps(person, TAPS[number], person.reads(QUESTION)), ids.CHECK_IN_BRANCH, choice
            )
        person.presses_in_modal("More")
        before = view["hash"]
        view = person.modal("Your check-in", lambda now, before=before: now["hash"] != before)
        assert person.submits(view, cue="I see periwinkle")["response_action"] == "update"
        person.closes()
        journey.run_worker()
        person.presses("Change my answer")
        form = person.modal("Change my answer")
        assert person.submits(form, answer="No moment yet")["response_action"] == "update"
        person.closes()
        journey.run_worker()
        assert "periwinkle" in person.asks("/allybot plans")
    first = journey.people[0]
    first.types("/allybot ask")
    for _ in range(2):  # seen first, then posted
        form = first.modal("Ask your circle", lambda view: bool(view.get("submit")))
        first.submits(form, question="Who likes marmalade?")
    first.modal("Ask your circle", lambda view: not view.get("submit"))
    first.closes()
    journey.pass_hours(3)
    assert first.reads("Who likes marmalade?", CIRCLE)
    return journey


def rows(journey: Journey) -> bytes:
    """Every value of every table of both databases."""
    found: list[bytes] = []
    for database in (journey.context.database, journey.context.vault):
        with database.reading() as tx:
            listed = (
                "SELECT name FROM sqlite_master WHERE type = 'table'"
                if database.is_sqlite
                else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            )
            for (table,) in tx.exec_driver_sql(listed).all():
                for row in tx.exec_driver_sql(f'SELECT * FROM "{table}"').all():  # noqa: S608 - ours
                    found += [
                        bytes(each) if isinstance(each, bytes | memoryview) else str(each).encode()
                        for each in row
                    ]
    return b"\n".join(found)


def in_clear(haystack: bytes, needles: tuple[str, ...]) -> list[str]:
    """Which of these words stand there, in any case, UTF-8 or UTF-16, or as hexadecimal text."""
    held = haystack.lower()
    return [
        needle
        for needle in needles
        if any(
            form.lower() in held
            for form in (needle.encode(), needle.encode("utf-16-le"), needle.encode().hex().encode())
        )
    ]


def test_no_word_answer_or_token_stands_in_clear_anywhere(
    start_journey: StartJourney,
    every_record: list[str],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    journey = a_short_program(start_journey)
    assert journey.people[0].home()
    held = rows(journey)
    assert b"answered" in held  # that they answered may be seen, as the privacy page says
    assert in_clear(held, SECRETS) == []
    assert [each for each in in_clear(held, ANSWERS) if each != "acted"] == []
    for file in tmp_path.glob("*.db*"):
        content = file.read_bytes()
        assert in_clear(content, SECRETS) == [], file
        assert [each for each in in_clear(content, ANSWERS) if each != "acted"] == [], file
        assert b"acted" not in content.replace(b"redacted", b""), file
    shown = capsys.readouterr()
    lines = shown.out + shown.err + "\n".join(every_record)
    assert {"slack_bolt", "slack_sdk"} <= {each.partition(" ")[0].partition(".")[0] for each in every_record}
    assert '"level"' in shown.err
    assert in_clear(lines.encode(), (*SECRETS, *TAPPED)) == []
    assert [each for each in in_clear(lines.encode(), ANSWERS) if each != "acted"] == []


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes("a ZEBRA".encode("utf-16-le") + b" 6d61726d616c616465")
    assert in_clear((tmp_path / "x").read_bytes(), WORDS) == ["zebra", "marmalade"]
