"""One row of the table: what was measured, beside what, and whether its bar was met."""

import os
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

AT_MOST, AT_LEAST = "at most", "at least"


@dataclass(frozen=True)
class Row:
    """A ratio of medians.

    Attributes:
        name: what was measured; the same for every database and size.
        beside: what it was compared with.
        case: database, size or rate.
        unit: of both.
        ours: one value a round.
        theirs: one value a round, measured in turn with ours; one value where it is a fixed allowance.
        bar: of the ratio; None where nothing was promised.
        relation: `AT_MOST` or `AT_LEAST`.
        allowed: what the median of ours must not be above, in its unit; None where only the ratio counts.
        broken: what else went wrong, such as modals that were not opened.
        load: how many processes wanted the cores, by the kernel's average over the minute it ended.
    """

    name: str
    beside: str
    case: str
    unit: str
    ours: Sequence[float]
    theirs: Sequence[float]
    bar: float | None = None
    relation: str = AT_MOST
    allowed: float | None = None
    broken: str = ""
    load: float = field(default_factory=lambda: round(os.getloadavg()[0], 1))

    @property
    def our_median(self) -> float:
        """The median of ours."""
        return statistics.median(self.ours)

    @property
    def their_median(self) -> float:
        """The median of theirs."""
        return statistics.median(self.theirs)

    @property
    def ratio(self) -> float:
        """Of the medians."""
        return self.our_median / self.their_median if self.their_median else float("inf")

    @property
    def spread(self) -> tuple[float, float]:
        """The lowest and the highest ratio of a single round."""
        theirs = self.theirs if len(self.theirs) == len(self.ours) else [self.their_median] * len(self.ours)
        each = [one / other if other else float("inf") for one, other in zip(self.ours, theirs, strict=True)]
        return min(each), max(each)

    @property
    def missed(self) -> str:
        """By how much the bar was missed, in words; empty if it was met or there is none."""
        said = [self.broken] if self.broken else []
        if self.bar is not None:
            too_much = self.ratio > self.bar if self.relation == AT_MOST else self.ratio < self.bar
            if too_much:
                said.append(f"{self.relation} {self.bar:g} was wanted")
        if self.allowed is not None and self.our_median > self.allowed:
            said.append(f"{_figure(self.allowed)} {self.unit} was allowed")
        return "; ".join(said)

    def cells(self) -> list[str]:
        """As shown in tables; see `HEAD`."""
        low, high = self.spread
        bar = "-" if self.bar is None else f"{self.relation} {self.bar:g}"
        if self.allowed is not None:
            bar = f"{_figure(self.allowed)} {self.unit}" + ("" if self.bar is None else f", {bar}")
        verdict = f"missed: {self.missed}" if self.missed else "-" if bar == "-" else "met"
        figures = [f"{_figure(each)} {self.unit}" for each in (self.our_median, self.their_median)]
        ratio = f"{self.ratio:.2f} ({low:.2f}-{high:.2f})"
        return [
            self.name,
            self.case,
            figures[0],
            f"{self.beside}: {figures[1]}",
            ratio,
            bar,
            verdict,
            f"{self.load:g}",
        ]

    def as_json(self) -> dict[str, object]:
        """Everything."""
        return {
            **{name: getattr(self, name) for name in self.__dataclass_fields__},
            "ratio": round(self.ratio, 3),
            "spread": [round(each, 3) for each in self.spread],
            "missed": self.missed,
        }


HEAD = ["measured", "case", "allybot", "beside", "ratio (rounds)", "bar", "verdict", "load"]


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004 - three digits


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
