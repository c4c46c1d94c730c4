"""The noise itself: against the exact distribution, against opendp, and the ratio that is allowed.

No database takes part. opendp (https://opendp.org) is another team's implementation, used as an oracle
only; it is large, so `make attack` alone installs it, and without it that row is left out.
"""

import importlib
import math
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction

from allybot.domain.anonymity import CELL_ACTED, CELL_MOMENT, HISTOGRAM, Tier, published, scale_milli
from allybot.domain.noise import discrete_laplace
from allybot.domain.plans import Outcome
from tests.adversarial.attacks.databases import Effort, progress
from tests.adversarial.attacks.findings import Finding

SCALES = (1, 2)
EPSILON = 1.0
_BACKEND = "any"
_OTHERS, _ROUNDING = 17, 1e-9
_MIN_SEEN = 1 / 20
"""Share of releases; figures seen less often say nothing about a ratio."""
_QUANTILE = 4.5
"""Standard errors; among some hundred cells chance alone exceeds it once in a thousand audits."""


def attack(effort: Effort) -> list[Finding]:
    """Both comparisons of the sampler, and the ratio bound of whole releases of both tiers."""
    draws = effort.of(60_000, 4_000)
    rng = secrets.SystemRandom()
    ours = {scale: Counter(discrete_laplace(rng, Fraction(scale)) for _ in range(draws)) for scale in SCALES}
    found = [
        Finding(
            "noise audit: the sampler against the exact distribution",
            _BACKEND,
            max(_worst_against_theory(ours[scale], draws, scale) for scale in SCALES),
            _QUANTILE,
            note=f"largest |z| of any value, {draws} draws at scales 1 and 2",
        )
    ]
    oracle = _oracle()
    if oracle is None:
        progress(_BACKEND, "opendp is not installed; `make attack` installs it")
    else:
        theirs = {scale: Counter(oracle(scale, draws)) for scale in SCALES}
        found.append(
            Finding(
                "noise audit: the sampler against opendp",
                _BACKEND,
                max(_worst_between(ours[scale], theirs[scale], draws) for scale in SCALES),
                _QUANTILE,
                note=f"largest |z| of any value, {draws} draws of each",
            )
        )
    return [*found, *_ratios(effort), *_windows(effort)]


def _windows(effort: Effort) -> list[Finding]:
    """How sure, and how often right, is who knows all other answers, over one, two and four windows.

    The same people answer alike in every window; two programs after each other make four windows.
    """
    trials, rng = effort.of(20_000, 2_000), secrets.SystemRandom()
    found = []
    for windows in (1, 2, 4):
        acted = [rng.randrange(2) for _ in range(trials)]
        odds = [sum(_log_odds(rng, each) for _ in range(windows)) for each in acted]
        right = sum(
            1 / 2 if total == 0 else (total > 0) == bool(each)
            for each, total in zip(acted, odds, strict=True)
        )
        number = {1: "one window", 2: "two windows", 4: "four windows"}[windows]
        share = right / trials
        found += [
            Finding(
                f"knows everyone else's answer over {number}: how sure at most",
                _BACKEND,
                1 / (1 + math.exp(-max(abs(total) for total in odds))),
                1 / (1 + math.exp(-EPSILON * windows)) + _ROUNDING,
                note="belief that held both answers equally likely before; the bar is what epsilon proves",
            ),
            Finding(
                f"knows everyone else's answer over {number}: advantage",
                _BACKEND,
                2 * share - 1,
                max(0.50, math.tanh(EPSILON * windows / 2)),
                note=f"{trials} draws of the product's noise, {_OTHERS} other respondents",
                error=2 * math.sqrt(share * (1 - share) / trials),
            ),
        ]
    return found


def _log_odds(rng: secrets.SystemRandom, acted: int) -> float:
    """What one noisy count says for having acted, where half of the others did."""
    count = _OTHERS // 2 + acted
    shown = min(max(count + discrete_laplace(rng, Fraction(1)), 0), _OTHERS + 1)
    if_acted, if_not = (_chance_of(shown, _OTHERS // 2 + each) for each in (1, 0))
    return math.log(if_acted / if_not)


def _chance_of(shown: int, count: int) -> float:
    """That this true count is shown so: noise, then kept within 0 and the respondents."""
    low, high = (-200 if shown == 0 else shown), (200 if shown == _OTHERS + 1 else shown)
    return sum(_exact(each - count, 1) for each in range(low, high + 1))


def _exact(value: int, scale: int) -> float:
    step = math.exp(-1 / scale)
    return (1 - step) / (1 + step) * step ** abs(value)


def _worst_against_theory(seen: Counter[int], draws: int, scale: int) -> float:
    """The largest distance of any value's count from what is expected, in standard errors."""
    worst = 0.0
    for value in range(-20, 21):
        share = _exact(value, scale)
        if share * draws >= 25:
            worst = max(worst, abs(seen[value] - draws * share) / math.sqrt(draws * share * (1 - share)))
    return worst


def _worst_between(ours: Counter[int], theirs: Counter[int], draws: int) -> float:
    worst = 0.0
    for value in range(-20, 21):
        both = (ours[value] + theirs[value]) / (2 * draws)
        if both * draws >= 25:
            spread = math.sqrt(2 * draws * both * (1 - both))
            worst = max(worst, abs(ours[value] - theirs[value]) / spread)
    return worst


def _oracle() -> Callable[[int, int], list[int]] | None:
    try:
        dp = importlib.import_module("opendp.prelude")
    except ModuleNotFoundError:
        return None
    dp.enable_features("contrib")

    def draw(scale: int, draws: int) -> list[int]:
        space = dp.vector_domain(dp.atom_domain(T=int)), dp.l1_distance(T=int)
        return list(dp.m.make_laplace(*space, scale=float(scale))([0] * draws))

    return draw


def _ratios(effort: Effort) -> list[Finding]:
    """How much likelier any figure is when one person answers otherwise, against e to the epsilon."""
    releases = effort.of(20_000, 1_500)
    flat = dict.fromkeys((outcome.value for outcome in HISTOGRAM), 6)
    respondents = sum(flat.values())
    moved = {**flat, Outcome.ACTED.value: 7, Outcome.FORGOT.value: 5}
    pairs: list[tuple[Tier, int, dict[str, int], dict[str, int]]] = [
        (Tier.S, 10, {Outcome.ACTED.value: 5}, {Outcome.ACTED.value: 6}),
        (Tier.S, 10, {Outcome.ACTED.value: 9}, {Outcome.ACTED.value: 10}),
        (Tier.M, respondents, flat, moved),
        (Tier.MOMENTS, 10, {CELL_ACTED: 5, CELL_MOMENT: 7}, {CELL_ACTED: 6, CELL_MOMENT: 7}),
        (Tier.MOMENTS, 10, {CELL_ACTED: 7, CELL_MOMENT: 7}, {CELL_ACTED: 7, CELL_MOMENT: 8}),
    ]
    found = []
    for tier in Tier:
        ratio, allowed = 0.0, math.exp(EPSILON)
        for of, size, one, other in pairs:
            if of is tier:
                worst, error = _worst_ratio(tier, size, one, other, releases)
                ratio, allowed = max(ratio, worst), max(allowed, math.exp(EPSILON) * (1 + _QUANTILE * error))
        found.append(
            Finding(
                f"noise audit: ratio between neighbours, tier {tier}",
                _BACKEND,
                ratio,
                allowed,
                note=f"e = {math.exp(EPSILON):.3f}, with room for chance; {releases} releases of each",
            )
        )
    exact = _worst_ratio_of([5] * 1000, [6] * 1000)
    found.append(
        Finding(
            "control: no noise, ratio between neighbours",
            _BACKEND,
            exact,
            math.exp(EPSILON) * 2,
            ">=",
            "exact counts of neighbours never coincide",
        )
    )
    return found


def _worst_ratio(
    tier: Tier, respondents: int, one: dict[str, int], other: dict[str, int], releases: int
) -> tuple[float, float]:
    """The largest ratio of any published figure, and its standard error as a share of it."""
    rng = secrets.SystemRandom()
    scale = scale_milli(tier, round(EPSILON * 1000))
    seen: list[Counter[tuple[str, int]]] = []
    for counts in (one, other):
        figures: Counter[tuple[str, int]] = Counter()
        for _ in range(releases):
            figures.update(published(counts, respondents, scale, rng, invited=respondents + 2).items())
        seen.append(figures)
    worst, error = 0.0, 0.0
    for figure in seen[0].keys() | seen[1].keys():
        low, high = sorted((seen[0][figure], seen[1][figure]))
        if high >= _MIN_SEEN * releases:
            worst = max(worst, (high + 1) / (low + 1))
            error = max(error, math.sqrt(1 / high + 1 / (low + 1)))
    return worst, error


def _worst_ratio_of(one: Sequence[int], other: Sequence[int]) -> float:
    seen, beside = Counter(one), Counter(other)
    return max((seen[value] + 1) / (beside[value] + 1) for value in seen)
