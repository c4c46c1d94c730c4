"""Options and report of a demo session."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

PORT = 8765
OTHER_PORT = "Choose another port with --port, or 0 for a free one."


@dataclass(frozen=True)
class DemoOptions:
    """Arguments of `allybot demo`.

    Attributes:
        port: where the page is; None for 8765, and for any free one when an autoplay finds that taken.
        people: how many trainees.
        weeks: how many weeks; 13 are the whole program, and only then are windows published.
        seed: drives habits and jitter, never the noise.
        database: database URL, or empty for a temporary SQLite file.
        vault: vault URL, or empty for a temporary SQLite file.
    """

    port: int | None = None
    browser: bool = True
    people: int = 18
    weeks: int = 13
    seed: int = 1
    database: str = ""
    vault: str = ""


@dataclass(frozen=True)
class CheckInCount:
    """Check-ins due, and posted by the emulator's log."""

    due: int
    delivered: int
    duplicated: int
    lost: int


@dataclass(frozen=True)
class ScenarioCount:
    """Scenario posts due, and posted by the emulator's log."""

    due: int
    posted: int
    duplicated: int


@dataclass(frozen=True)
class Report:
    """Result of an autoplay; `releases` as in `allybot transfers --format json`."""

    people: int
    weeks: int
    plans: int
    check_ins: CheckInCount
    scenarios: ScenarioCount
    answers: int
    releases: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether everything due was posted exactly once."""
        return (
            self.check_ins.lost == self.check_ins.duplicated == self.scenarios.duplicated == 0
            and self.scenarios.due == self.scenarios.posted
        )

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return asdict(self)

    def in_words(self) -> str:
        """As text."""
        lines = [
            (
                f"{self.people} people wrote {self.plans} plans and lived through {self.weeks} weeks "
                f"in {self.seconds:.0f} seconds."
            ),
            (
                f"Check-ins: {self.check_ins.due} due, {self.check_ins.delivered} seen, "
                f"{self.check_ins.duplicated} twice, {self.check_ins.lost} lost; {self.answers} answered."
            ),
            f"Scenarios: {self.scenarios.due} due, {self.scenarios.posted} posted.",
        ]
        lines += [f"Published: {json.dumps(release)}" for release in self.releases]
        return "\n".join(lines)
