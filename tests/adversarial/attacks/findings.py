"""What an attack measured, and whether that is within its bar."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Finding:
    """One row of the table.

    Attributes:
        attack: what the attacker has and does; controls begin with `control:`.
        backend: sqlite | postgresql | any, where no database takes part.
        relation: how `measured` must stand to `bar`: <= or >= or =.
        note: for readers: how many trials, how the attacker guesses.
        error: standard error of `measured`; 0 where it is a count or a bound.
    """

    attack: str
    backend: str
    measured: float
    bar: float
    relation: str = "<="
    note: str = field(default="", compare=False)
    error: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether the bar is met."""
        if self.relation == "=":
            return self.measured == self.bar
        return self.measured <= self.bar if self.relation == "<=" else self.measured >= self.bar

    def as_json(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "attack": self.attack,
            "backend": self.backend,
            "measured": round(self.measured, 4),
            "bar": round(self.bar, 4),
            "holds": self.holds,
        } | ({"standard_error": round(self.error, 4)} if self.error else {})

    def as_line(self) -> str:
        """As one line of text."""
        verdict = "holds" if self.holds else "MISSED"
        asked = f"{self.relation} {self.bar:.4g}"
        figures = f"{verdict:6}  {self.measured:>8.4g}  {asked:>10}"
        error = f" ± {self.error:.3f}" if self.error else ""
        return f"{figures}{error}  {self.backend:10}  {self.attack}  ({self.note})"
