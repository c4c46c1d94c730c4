"""The figures of a release, and the bounds that non-response leaves open.

Computed from releases alone, so it costs no privacy.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from allybot.domain.anonymity import (
    CELL_ACTED,
    CELL_MOMENT,
    Tier,
    epsilon_of,
    nearly_all_answered,
    onto_total,
)
from allybot.domain.cells import CODED_ABOVE, Cell, Interval, Noise, People, interval, rounded_up
from allybot.domain.plans import BARRIERS, Outcome
from allybot.domain.windows import WindowState

NO_ACT = "no_act_reported"
"""The second cell of a small release, everybody who did not act at least once. It is no outcome and has a
name of its own: `not_acted` is the answer of somebody who gave no reason."""
MIN_WITH_A_MOMENT = 10
"""With fewer people who had a moment no barriers are shown; ten as for a release. Our own choice."""


@dataclass(frozen=True)
class Waits:
    """A window that waits or waited for later groups of a pool, because too few had answered.

    Attributes:
        until: when its answers are deleted unopened if they are not counted by then, in the program's zone.
        least: the fewest people with whom the pool is counted.
        pooled_from: once it is counted, the programs counted together, with their cohorts.
    """

    pool: str
    until: date
    least: int
    pooled_from: tuple[str, ...] = ()


@dataclass(frozen=True)
class Release:
    """The published result of a window.

    Attributes:
        window: its name, such as `1-6`.
        published_on: in the program's zone; of a window that waits, the day on which it began to.
        invited: trainees asked; 0 unless published, see `told_invited`.
        respondents: distinct trainees who answered; None when void or waiting, like all that follows, and
            None of a published window where nearly all of those asked answered: then all its figures are the
            same whether everybody answered or one person was silent.
        if_silent: how many of all invited acted, if none or all of those who did not answer did; without
            the noise.
        moments_if_silent: the same of how many had a moment; None where that was not counted.
        epsilon: what the release spent of the privacy budget.
        barriers: shares among those who had a moment, tier M only; `cells` are shares of all respondents.
        waits: how a window that waits or waited in a pool does so; None when it never did.
        noise_scale: scale of the noise on each count; 0 when void.
    """

    window: str
    state: WindowState
    published_on: date
    invited: int
    respondents: int | None = None
    tier: Tier | None = None
    cells: tuple[Cell, ...] = ()
    if_silent: People | None = None
    moments_if_silent: People | None = None
    epsilon: float | None = None
    barriers: tuple[Cell, ...] = ()
    waits: Waits | None = None
    noise_scale: Fraction = Fraction(0)

    @property
    def acted(self) -> Cell | None:
        """The figure for those who acted; None when void."""
        return next((cell for cell in self.cells if cell.name == CELL_ACTED), None)

    @property
    def had_a_moment(self) -> Cell | None:
        """The figure for those who had a moment at all; None where that was not counted."""
        return next((cell for cell in self.cells if cell.name == CELL_MOMENT), None)

    @property
    def nearly_all(self) -> bool:
        """Whether it is published, and fewer than two of those asked were silent."""
        return self.state is WindowState.PUBLISHED and self.respondents is None

    @property
    def told_invited(self) -> int | None:
        """How many were asked; None without figures, as it alone is an exact number of people.

        Of a window that waits it could also be subtracted from what is counted together later.
        """
        return self.invited if self.state is WindowState.PUBLISHED else None

    @property
    def everybody(self) -> int:
        """How many people the shares are of: who answered, or all asked where nearly all of them did."""
        return self.invited if self.respondents is None else self.respondents

    @property
    def silent(self) -> int:
        """How many of those asked did not answer; 0 when that is not published."""
        return 0 if self.respondents is None else self.invited - self.respondents

    @property
    def bounds(self) -> Interval | None:
        """`if_silent` as shares of all invited; None when void."""
        return self.if_silent.as_shares(self.invited) if self.if_silent else None


@dataclass(frozen=True)
class Summary:
    """Everything a lead may see of a program.

    Attributes:
        releases: in the order of the windows.
        next_window: the name of the window that closes next, None when all are closed.
        next_closes_on: in the program's zone; None while the program has no cohort.
        waiting: closed windows that wait for their custodian's key.
        contact: whom people of the program turn to.
        program_id: for the buttons under the figures.
        key_holder: `vault` or `custodian`: who could open ballots while a window was open.
    """

    program: str
    minimum_respondents: int
    key_holder: str
    releases: tuple[Release, ...]
    next_window: str | None
    next_closes_on: date | None
    waiting: tuple[str, ...] = ()
    contact: str = ""
    program_id: str = ""


def non_response_bounds(cell: Cell, respondents: int, invited: int, *, nearly_all: bool = False) -> People:
    """How many of all invited acted, or had a moment, if none or all of those who did not answer did.

    Noise and sampling are left out: the range shows non-response alone.

    Args:
        nearly_all: whether one of the `respondents`, who are all invited then, may have been silent.
    """
    counts = cell.counts(respondents)
    highest = counts.high + invited - respondents + (1 if nearly_all else 0)
    return People(counts.low, min(highest, invited))


def among_those_with_a_moment(cells: Mapping[str, Cell], respondents: int, noise: Noise) -> tuple[Cell, ...]:
    """Acted and each barrier as shares of those who had a moment; empty when too few had one.

    Having no moment is not a failed transfer, so it is not in the denominator. Only coded figures are used,
    so that no ratio undoes the coding. The denominator is noisy too: the delta method adds its variance.
    """
    no_moment = cells[Outcome.NO_MOMENT]
    had_a_moment = respondents - no_moment.counts(respondents).high
    if had_a_moment < MIN_WITH_A_MOMENT:
        return ()
    return tuple(
        _among(cells[name], respondents, had_a_moment, noise.variance)
        for name in (Outcome.ACTED, *BARRIERS, Outcome.NOT_ACTED)
    )


def _among(cell: Cell, respondents: int, had_a_moment: int, noise_variance: float) -> Cell:
    """The figure as a share of `had_a_moment` people; its number of people does not change."""
    counts = cell.counts(respondents)
    about = min(counts.low if cell.at_least is not None else counts.high, had_a_moment)
    share = about / had_a_moment
    beyond = interval(about, had_a_moment, noise_variance * (1 + share**2))
    if cell.at_most is not None:
        return replace(cell, at_most=rounded_up(share), beyond=Interval(0.0, beyond.high))
    if cell.at_least is not None or share >= CODED_ABOVE:
        lowest = math.ceil(CODED_ABOVE * had_a_moment)
        bottom = interval(lowest, had_a_moment, noise_variance * (1 + share**2)).low
        return replace(
            cell, about=None, share=None, at_least=float(CODED_ABOVE), beyond=Interval(bottom, 1.0)
        )
    return replace(cell, share=round(share, 2), beyond=beyond)


def release_of(
    window: str,
    published_on: date,
    invited: int,
    respondents: int,
    tier: Tier,
    scale_in_milli: int,
    noisy: Mapping[str, int],
) -> Release:
    """The figures of a published window.

    Args:
        window: its name.
        published_on: in the program's zone.
        invited: trainees asked, at least `respondents`.
        respondents: above zero.
        tier: what was counted.
        scale_in_milli: scale of the noise in thousandths.
        noisy: counts by cell as they were published.
    """
    scale = Fraction(scale_in_milli, 1000)
    noise = Noise.of(tier, scale)
    nearly_all = nearly_all_answered(respondents, invited)
    everybody = invited if nearly_all else respondents
    counts = _as_if_one_was_silent(noisy, invited, tier) if nearly_all else dict(noisy)
    if tier is Tier.S:  # one noisy count was drawn; the rest of everybody is its remainder
        counts[NO_ACT] = everybody - counts[CELL_ACTED]
    cells = {name: Cell.of(name, count, everybody, noise) for name, count in counts.items()}
    if_silent = {
        name: non_response_bounds(cells[name], everybody, invited, nearly_all=nearly_all)
        for name in (CELL_ACTED, CELL_MOMENT)
        if name in cells
    }
    return Release(
        window=window,
        state=WindowState.PUBLISHED,
        published_on=published_on,
        invited=invited,
        respondents=None if nearly_all else respondents,
        tier=tier,
        cells=tuple(cells.values()),
        if_silent=if_silent[CELL_ACTED],
        moments_if_silent=if_silent.get(CELL_MOMENT),
        epsilon=round(float(epsilon_of(tier, scale_in_milli)), 3),
        barriers=among_those_with_a_moment(cells, everybody, noise) if tier is Tier.M else (),
        noise_scale=scale,
    )


def _as_if_one_was_silent(noisy: Mapping[str, int], invited: int, tier: Tier) -> dict[str, int]:
    """Counts within what they can be where one person was silent, so that they do not say that nobody was."""
    if tier is not Tier.M:
        return {name: min(count, invited - 1) for name, count in noisy.items()}
    return dict(zip(noisy, onto_total(list(noisy.values()), invited - 1), strict=True))
