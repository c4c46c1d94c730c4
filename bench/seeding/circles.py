"""Rows of circles, their weeks and votes."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from allybot.domain.circle_weeks import first_after
from allybot.services.circles.facilitators import rhythm_of
from allybot.services.context import Context
from allybot.services.working_hours import working_hours
from allybot.store.programs import programs
from bench.seeding.bulk import Values
from bench.seeding.people import NOT_ACTIVE
from bench.seeding.scale import NOW, PEOPLE_A_CIRCLE, Layout, Scale, Shared

_VOTES = 3


def next_monday(context: Context, layout: Layout) -> datetime:
    """When circles post next; all programs have the same zone and country."""
    rhythm = rhythm_of(context)
    with context.database.reading() as tx:
        program = programs.program_by_id(tx, layout.program(0))
    assert program is not None
    return first_after(NOW, rhythm, working_hours(context, program, program.zone)).post_at


def circles_rows(circles: list[str], layout: Layout, scale: Scale, following: datetime) -> Iterator[Values]:
    """Circles of eight; `following` is when each posts next."""
    for number, circle_id in enumerate(circles):
        person = number * PEOPLE_A_CIRCLE
        yield {
            "id": circle_id,
            "program_id": layout.program(person),
            "workspace_id": layout.workspace(person),
            "name": f"Circle {number}",
            "channel": f"C{number}",
            "state": "active",
            "next_post_at": following,
            "weeks_posted": scale.weeks,
            "last_week": 13,
            "nightly_at": following,
        }


def members_rows(ids: list[str], circles: list[str]) -> Iterator[Values]:
    """Everybody's seat."""
    for number, trainee_id in enumerate(ids):
        yield {
            "circle_id": circles[number // PEOPLE_A_CIRCLE],
            "trainee_id": trainee_id,
            "place": number % PEOPLE_A_CIRCLE + 1,
            "turns": 1,
        }


def weeks_rows(
    ids: list[str], circles: list[str], open_weeks: list[str], scale: Scale, shared: Shared
) -> Iterator[Values]:
    """The weeks of each circle: the last one, `open_weeks`, is open, the others are done."""
    monday = NOW.date() - timedelta(days=NOW.weekday())
    for number, circle_id in enumerate(circles):
        first = number * PEOPLE_A_CIRCLE
        able = [
            each
            for each in range(first, min(first + PEOPLE_A_CIRCLE, len(ids)))
            if each % 20 not in NOT_ACTIVE
        ]
        for week in range(1, scale.weeks + 1):
            day = monday - timedelta(weeks=scale.weeks - week)
            is_open = week == scale.weeks
            yield {
                "id": open_weeks[number] if is_open else secrets.token_hex(16),
                "circle_id": circle_id,
                "monday": day,
                "number": week,
                "scenario_id": "talked-over",
                "facilitator_id": ids[able[week % len(able)]] if able else None,
                "public_key": shared.public_key,
                "opens_at": datetime.combine(day + timedelta(days=3), time(12), UTC),
                "state": "open" if is_open else "opened",
                "counts": None if is_open else "[3, 2, 0, 1, 0]",
            }


def votes_rows(ids: list[str], open_weeks: list[str], shared: Shared) -> Iterator[Values]:
    """Three sealed votes in each open week."""
    for number, week_id in enumerate(open_weeks):
        first = number * PEOPLE_A_CIRCLE
        for person in ids[first : first + _VOTES]:
            yield {"circle_week_id": week_id, "trainee_id": person, "sealed": shared.vote}
