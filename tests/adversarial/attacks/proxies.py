"""Attackers on the wire: whoever keeps a proxy's log in front of the bot or behind it, or reads its metrics.

TLS hides words, not lengths and times. Of each answer they have the bytes of the acknowledgement and the
seconds until it, the bytes of the calls to Slack that followed, by how much each counter of the metrics went
up, and how much was logged. How often somebody presses in the help is for them to choose and not used.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from prometheus_client import REGISTRY

from tests.adversarial.attacks import learner
from tests.adversarial.attacks.acting import Hands
from tests.adversarial.attacks.findings import Finding
from tests.adversarial.attacks.quiet_slack import QuietSlack

BAR, CHANGED_BAR = 0.05, 0.25
SHORT_BAR, SHORT_CHANGED_BAR = 0.3, 1.0
"""A changed answer is one of thirteen, so chance needs more room; a length of its own shows as 0.9."""
_TIMES = ("_bucket", "_sum", "_created")
Features = NDArray[np.float64]


@dataclass(frozen=True)
class Wire:
    """What was seen of one answer.

    Attributes:
        acks: bytes of the first, the second and the last acknowledgement.
        seconds: until the first and the last, as logarithms.
        calls: bytes of the call that opened the help.
        counters: by how much each of the bot's counters went up.
        logged: lines that were logged, and their characters.
    """

    acks: Features
    seconds: Features
    calls: Features
    counters: Features
    logged: Features


class Proxy:
    """Notes what passes from the moment before an answer until the help is closed."""

    def __init__(self, slack: QuietSlack, logged: Callable[[], tuple[int, int]]) -> None:
        self._slack, self._logged = slack, logged
        self._lines = (0, 0)
        self._before: dict[str, float] = {}
        self._names: dict[str, int] = {}

    def start(self, hands: Hands) -> None:
        """Right before the press."""
        hands.acks.clear()
        self._slack.sizes.clear()
        self._before, self._lines = _counters(), self._logged()

    def stop(self, hands: Hands) -> Wire:
        """Right after the help was submitted."""
        seconds, sizes = zip(*hands.acks, strict=True)
        counted = np.zeros(_PLACES)
        for name, value in _counters().items():
            moved = value - self._before.get(name, 0.0)
            place = self._names.setdefault(name, len(self._names) % _PLACES)
            counted[place] += moved
        opened = [size for method, size in self._slack.sizes if method == "views.open"]
        return Wire(
            np.array([sizes[0], sizes[min(1, len(sizes) - 1)], sizes[-1]], float),
            np.log([seconds[0], seconds[-1]]),
            np.array([opened[0] if opened else 0], float),
            counted,
            np.array(self._logged(), float) - np.array(self._lines, float),
        )


Observed = tuple[bool, bool, bool, Wire]
"""Whether the person is known, whether they acted, whether the answer replaced another, what was seen."""
_PLACES = 256


def findings(backend: str, seen: Sequence[Observed], *, short: bool) -> list[Finding]:
    """One attacker for each thing that proxies see."""
    bar, changed_bar = (SHORT_BAR, SHORT_CHANGED_BAR) if short else (BAR, CHANGED_BAR)
    first = [each for each in seen if not each[2]]
    changed = [each for each in seen if each[2]]
    return [
        _finding(backend, "a proxy's log: bytes of the acknowledgements of an answer", first, _acks, bar),
        _finding(
            backend,
            "a proxy's log: bytes of the acknowledgements of a changed answer",
            changed,
            _acks,
            changed_bar,
        ),
        _finding(backend, "a proxy's log: seconds until the acknowledgements", first, _seconds, bar),
        _finding(
            backend,
            "a proxy's log: seconds until the acknowledgements of a changed answer",
            changed,
            _seconds,
            changed_bar,
        ),
        _finding(backend, "a proxy's log: bytes of the call that opens the help", first, _calls, bar),
        _finding(backend, "the bot's metrics, read before and after each answer", first, _metrics, bar),
        _finding(backend, "the bot's log: lines and characters an answer leaves", first, _log, bar),
        Finding(
            "control: a build that acknowledges each answer in its own words, bytes of the acknowledgement",
            backend,
            abs(learner.advantage_of([(known, acted, _worded(acted)) for known, acted, _, _ in first])),
            0.5,
            ">=",
            "the same learner over the same answers",
        ),
    ]


def _finding(
    backend: str, name: str, seen: Sequence[Observed], of: Callable[[Wire], Features], bar: float
) -> Finding:
    trials = [(known, acted, of(wire)) for known, acted, _, wire in seen]
    return Finding(
        name,
        backend,
        abs(learner.advantage_of(trials)) if trials else 0.0,
        bar,
        note=f"|advantage| of a learner over {len(trials)} answers",
        error=learner.standard_error(max(1, len(trials))),
    )


def _acks(wire: Wire) -> Features:
    return wire.acks


def _seconds(wire: Wire) -> Features:
    return wire.seconds


def _calls(wire: Wire) -> Features:
    return wire.calls


def _metrics(wire: Wire) -> Features:
    return wire.counters


def _log(wire: Wire) -> Features:
    return wire.logged


def _worded(acted: bool) -> Features:  # noqa: FBT001 - an answer is a yes or a no
    return np.array([len("Great, you acted!" if acted else "Thank you.")], float)


def _counters() -> dict[str, float]:
    """Every counter and gauge of this process but those that measure time."""
    return {
        f"{sample.name}{sorted(sample.labels.items())}": sample.value
        for metric in REGISTRY.collect()
        for sample in metric.samples
        if not sample.name.endswith(_TIMES) and sample.name.startswith("allybot")
    }
