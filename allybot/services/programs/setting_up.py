"""A new program from a form: every field is checked, all dates are worked out, and then it is made."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from allybot.domain.people import Actor, Cohort, Program, same_name
from allybot.domain.program_dates import ProgramCalendar, rate_needed
from allybot.domain.publishable import Forecast, forecast
from allybot.errors import DoubtfulDatesError, FormError, UserError
from allybot.services.context import Context
from allybot.services.outcomes import pooling
from allybot.services.outcomes.windows import require_budget
from allybot.services.programs import programs
from allybot.services.programs.dates import check_day, dates_with
from allybot.services.programs.places import (
    check_emergency_number,
    country_code,
    country_of_zone,
    zone_named,
)
from allybot.services.programs.program_calendar import calendar_ahead
from allybot.services.programs.refusals import ChangeRefusedError
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs as rows

T = TypeVar("T")
MOST_PEOPLE = 100_000
"""People of a program that a look ahead reckons with; the largest this was measured with."""


@dataclass(frozen=True)
class Draft:
    """A program as somebody typed it: names, contact and numbers as they stand in the form.

    Attributes:
        trained_on: the last day of its first cohort's training; None where none was picked.
        country: its name or two letters; empty for no public holidays.
        people: how many are expected, for the look ahead only.
        pool: the pool it is to share; empty for none.
        counts_moments: whether it counts once, and also how many had a moment.
    """

    name: str
    cohort: str
    trained_on: date | None
    contact: str
    country: str
    zone: str
    emergency_number: str
    minimum: str
    people: str
    pool: str = ""
    counts_moments: bool = False


@dataclass(frozen=True)
class LookAhead:
    """What a draft would become.

    Attributes:
        is_doubtful: whether its dates are hardly meant.
        rate_needed: per cent of people who have to answer; None where they are too few.
        pool_least: the fewest people with whom its pool is counted; None without one.
        pool_months: how long answers wait in a pool.
    """

    draft: Draft
    calendar: ProgramCalendar
    minimum: int
    people: int
    forecasts: tuple[Forecast, ...]
    rate_needed: int | None
    is_doubtful: bool
    today: date
    pool_least: int | None
    pool_months: int


def suggested(context: Context, zone: str, now: datetime) -> Draft:
    """What stands in an empty form, for somebody in this zone; `now` is aware UTC."""
    rules = context.content.rules
    here = zone or "Europe/London"
    return Draft(
        name="",
        cohort="",
        trained_on=now.astimezone(zone_named(here)).date(),
        contact="",
        country=country_of_zone(here),
        zone=here,
        emergency_number=rules.support.emergency_number,
        minimum=str(rules.publishing.default_respondents),
        people="",
    )


def look_ahead(context: Context, by: Actor, draft: Draft, now: datetime, language: str = "en") -> LookAhead:
    """Check a draft and work out everything that follows from it; nothing is written.

    Args:
        by: who sets it up.
        now: the program's time, aware UTC.
        language: in which a country may be named, besides English.

    Raises:
        FormError: fields cannot be kept; all of them are named at once.
    """
    checks = _Checks()
    clean = replace(
        draft,
        name=checks.of("name", lambda: programs.checked_name("", draft.name), ""),
        cohort=checks.of("cohort", lambda: programs.checked_name("", draft.cohort), ""),
        contact=checks.of("contact", lambda: programs.checked_name("", draft.contact), ""),
        country=checks.of("country", lambda: country_code(draft.country, language), ""),
        zone=checks.of("zone", lambda: zone_named(draft.zone).key, "UTC"),
    )
    checks.of("emergency_number", lambda: check_emergency_number(draft.emergency_number.strip()), None)
    each = programs.epsilon_of_each(context)
    moments = draft.counts_moments
    checks.of("counting", lambda: require_budget(context, each, counts_moments=moments), None)
    publishing = context.content.rules.publishing
    limits = publishing.min_respondents, publishing.max_respondents
    minimum = checks.of("minimum", lambda: _number(draft.minimum, *limits), 0)
    people = checks.of("people", lambda: _number(draft.people, 1, MOST_PEOPLE), 0)
    zone = zone_named(clean.zone)
    today = now.astimezone(zone).date()
    if draft.trained_on is None:
        checks.problems["trained_on"] = "missing"
    else:
        trained = draft.trained_on
        checks.of("trained_on", lambda: check_day(clean.cohort, trained, today), None)
    with context.database.reading() as tx:
        taken = [each.name for each in rows.programs(tx, by.workspace_id)]
        pool, pool_least = _pool(context, tx, by, draft, minimum, checks)
    if any(same_name(each, clean.name) for each in taken):
        checks.problems["name"] = "taken"
    clean = replace(clean, pool=pool)
    if checks.problems or draft.trained_on is None:
        raise FormError(checks.problems)
    program = Program(
        id="", workspace_id=by.workspace_id, name=clean.name, support_contact=clean.contact, zone=zone,
        country=clean.country, minimum_respondents=minimum, epsilon_milli=0, key_holder="vault",
        created_at=now, frozen_at=None, counts_moments=clean.counts_moments,
    )  # fmt: skip
    cohort = Cohort("", "", clean.cohort, draft.trained_on)
    ahead = calendar_ahead(context, program, [cohort], now)
    return LookAhead(
        draft=clean,
        calendar=ahead,
        minimum=minimum,
        people=people,
        forecasts=forecast(
            people,
            minimum,
            publishing.reasons_from_respondents,
            pool_least,
            counts_moments=clean.counts_moments,
        ),
        rate_needed=rate_needed(people, minimum),
        is_doubtful=dates_with(
            context, program, cohort, ahead.windows[-1][1], ahead.deleted_on, now
        ).doubtful,
        today=today,
        pool_least=pool_least,
        pool_months=publishing.pool_waits_months,
    )


def set_up(context: Context, by: Actor, draft: Draft, now: datetime, *, dates_confirmed: bool) -> Program:
    """Make the program; who made it leads it and is told so. `now` is aware UTC.

    Raises:
        FormError: a field cannot be kept any more, such as a name that was taken meanwhile.
    """
    ahead = look_ahead(context, by, draft, now)
    clean = ahead.draft
    if clean.trained_on is None:
        raise FormError({"trained_on": "missing"})
    try:
        return programs.create(
            context,
            by.workspace_id,
            clean.name,
            clean.contact,
            [(clean.cohort, clean.trained_on)],
            zone=clean.zone,
            country=clean.country,
            minimum_respondents=ahead.minimum,
            emergency_number=clean.emergency_number.strip(),
            by=by,
            pool=clean.pool or None,
            counts_moments=clean.counts_moments,
            dates_confirmed=dates_confirmed,
            now=now,
        )
    except DoubtfulDatesError as doubtful:
        raise FormError({"trained_on": "doubtful"}) from doubtful


def _pool(
    context: Context, tx: Transaction, by: Actor, draft: Draft, minimum: int, checks: "_Checks"
) -> tuple[str, int | None]:
    """The pool's name and the fewest people with whom it is counted; an empty one and None without a pool."""
    if not draft.pool.strip():
        return "", None
    try:
        known = programs.shared_pool(tx, by, by.workspace_id, draft.pool, counts_moments=draft.counts_moments)
    except ChangeRefusedError as refused:
        checks.problems["pool"] = refused.reason
        return "", None
    return known, pooling.least_of(context, tx, by.workspace_id, known, minimum)


class _Checks:
    """Collects what cannot be kept, so that all of it is said at once."""

    def __init__(self) -> None:
        self.problems: dict[str, str] = {}

    def of(self, field: str, check: Callable[[], T], otherwise: T) -> T:
        try:
            return check()
        except UserError:
            self.problems[field] = "not_understood"
            return otherwise


def _number(given: str, least: int, most: int) -> int:
    words = given.strip()
    if not words.isdecimal() or not least <= int(words) <= most:
        raise UserError
    return int(words)
