"""What a program would be told and when, before it is created: nothing is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from allybot.domain.publishable import Forecast, forecast
from allybot.domain.windows import closing_moment
from allybot.services.context import Context
from allybot.services.outcomes import pooling, windows
from allybot.services.programs.programs import epsilon_of_each, fewest_respondents, shared_pool


@dataclass(frozen=True)
class Ahead:
    """What lies ahead of a program of so many people.

    Attributes:
        closing: name and closing day of each window, in the program's zone, in order.
        deleted_on: when its people are deleted, besides those who keep going.
        forecasts: by how many of them answer; the same for each window.
        pool: the name by which its pool is known; None without one.
        pool_minimum: the fewest people with whom its pool is counted; None without a pool.
        pool_months: how long answers wait in a pool.
    """

    people: int
    closing: tuple[tuple[str, date], ...]
    deleted_on: date
    minimum: int
    pool: str | None
    pool_minimum: int | None
    pool_months: int
    forecasts: tuple[Forecast, ...]


def ahead(
    context: Context,
    workspace_id: str,
    people: int,
    trained: Sequence[date],
    *,
    zone: ZoneInfo,
    minimum_respondents: int | None = None,
    key_holder: str = "vault",
    pool: str | None = None,
    counts_moments: bool = False,
) -> Ahead:
    """What such a program would be told.

    Args:
        people: how many will be asked, one or more.
        trained: the last training day of each cohort, at least one.
        minimum_respondents: None for the default.
        key_holder: as in `programs.create`.
        pool: the pool it would name, which may be a new one.
        counts_moments: as in `programs.create`.

    Raises:
        SettingsError: its counts would spend more than the privacy budget.
        UserError: a value is invalid, or they do not go together.
    """
    rules = context.content.rules
    minimum = fewest_respondents(context, minimum_respondents, key_holder=key_holder, pool=pool)
    windows.require_budget(context, epsilon_of_each(context), counts_moments=counts_moments)
    with context.database.reading() as tx:
        known = (
            None if pool is None else shared_pool(tx, None, workspace_id, pool, counts_moments=counts_moments)
        )
        pool_minimum = None if known is None else pooling.least_of(context, tx, workspace_id, known, minimum)
    hour, grace = rules.check_ins.local_time, rules.windows.grace_days
    ends = {part.name: part.ends_on_day for part in rules.windows.of(counts_moments=counts_moments)}
    closing = tuple(
        (name, closing_moment(max(trained), day, grace, hour, zone).astimezone(zone).date())
        for name, day in ends.items()
    )
    return Ahead(
        people=people,
        closing=closing,
        deleted_on=closing[-1][1] + timedelta(days=rules.retention.trainee_rows_days + 1),
        minimum=minimum,
        pool=known,
        pool_minimum=pool_minimum,
        pool_months=rules.publishing.pool_waits_months,
        forecasts=forecast(
            people,
            minimum,
            rules.publishing.reasons_from_respondents,
            pool_minimum,
            counts_moments=counts_moments,
        ),
    )
