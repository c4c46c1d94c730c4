"""Ways to repair a plan, built from the trainee's own words; applied only when picked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from allybot.content import Library
from allybot.domain.check_ins import Pick, Tap, outcome_of
from allybot.domain.plans import MAX_HALF_LENGTH, Intention, Outcome, Plan, PlanKind
from allybot.i18n import Say

MAX_WAYS = 5
"""As many as can be read at a glance on a phone; our own choice."""
_OWN = "\0"
"""Placeholder for the trainee's own words in a half; cannot occur in a plan."""


@dataclass(frozen=True)
class Way:
    """One way to repair a plan.

    Attributes:
        label: what it changes, with an ellipsis for the trainee's own words.
        words: the repaired plan.
    """

    id: str
    label: str
    note: str
    words: Intention


@dataclass(frozen=True)
class _Pattern:
    """A way before it is applied to a plan; an empty half leaves that half unchanged."""

    id: str
    cue: str
    response: str
    note: str


def ways(
    say: Say, library: Library, plan: Plan, words: Intention, tap: Tap, pick: str, turn: int
) -> tuple[Way, ...]:
    """The ways offered after a pick; empty before one, and when the plan stays as it is.

    Args:
        words: the current plan, in the trainee's own words.
        turn: rotates the ways from the library, so that different ones are offered.
    """
    if pick in {"", Pick.SAME, Pick.DONE, Pick.DATE, Pick.WAIT}:
        return ()
    outcome = outcome_of(tap, pick)
    general = list(_general(say, library, outcome))
    fitting = list(_fitting(say, library, plan.kind, outcome))
    start = turn % len(fitting) if fitting else 0
    patterns = [*general, *fitting[start:], *fitting[:start]]
    bare = Intention(
        _without_patterns(words.cue, [each.cue for each in patterns]),
        _without_patterns(words.response, [each.response for each in patterns]),
    )
    found = (_apply(say, pattern, words, bare) for pattern in patterns)
    return tuple(way for way in found if _changes(way, words))[:MAX_WAYS]


def own_words(say: Say, library: Library, plan: Plan, typed: Intention) -> Intention:
    """The typed plan without what earlier picks filled in; a half without own words comes from the plan."""
    patterns = [
        pattern
        for outcome in Outcome
        for pattern in (
            *_general(say, library, outcome),
            *_fitting(say, library, plan.kind, outcome),
        )
    ]
    return Intention(
        _own_half(typed.cue, plan.intention.cue, {each.cue for each in patterns}),
        _own_half(typed.response, plan.intention.response, {each.response for each in patterns}),
    )


def _general(say: Say, library: Library, outcome: Outcome) -> Iterator[_Pattern]:
    """Ways that suit any plan."""
    for place, each in enumerate(library.repair(outcome).suggestions):
        yield _Pattern(
            f"any.{place}",
            say(each.cue, cue=_OWN) if each.cue else "",
            say(each.response, response=_OWN) if each.response else "",
            say(each.note),
        )


def _fitting(say: Say, library: Library, kind: PlanKind, outcome: Outcome) -> Iterator[_Pattern]:
    """Ways from the library of the plan's kind: an additional cue, or another response.

    Empty when the program has switched the kind off since the plan was written.
    """
    halves, offered = library.repair(outcome).halves, library.kinds.get(kind)
    if offered is None:
        return
    if halves == "cues":
        for cue in offered.cues_for(outcome):
            yield _Pattern(cue.id, say("{cue}, or {another}", cue=_OWN, another=say(cue.text)), "", "")
    elif halves == "responses":
        for response in offered.responses_for(outcome):
            yield _Pattern(response.id, "", say(response.text), "")


def _apply(say: Say, pattern: _Pattern, words: Intention, bare: Intention) -> Way:
    cue, response = pattern.cue.replace(_OWN, "…"), pattern.response.replace(_OWN, "…")
    label = (
        say("If {cue}, then I will {response}", cue=cue, response=response)
        if cue and response
        else say("If {cue}", cue=cue)
        if cue
        else response
    )
    repaired = Intention(
        pattern.cue.replace(_OWN, bare.cue) if cue else words.cue,
        pattern.response.replace(_OWN, bare.response) if response else words.response,
    )
    return Way(pattern.id, label, pattern.note, repaired)


def _changes(way: Way, words: Intention) -> bool:
    """Whether it changes the plan and is not too long."""
    fits = max(len(way.words.cue), len(way.words.response)) <= MAX_HALF_LENGTH
    return fits and way.words != words


def _own_half(typed: str, kept: str, patterns: Iterable[str]) -> str:
    known = [each for each in patterns if each]
    written = " ".join(typed.split()).rstrip(" .")
    if not written or written in known:
        return kept
    bare = _without_patterns(written, known)
    return kept if bare == _without_patterns(kept, known) else bare


def _without_patterns(half: str, patterns: Iterable[str]) -> str:
    """A half without the text that earlier picks put around it."""
    around = [(before, after) for before, own, after in (each.partition(_OWN) for each in patterns) if own]
    while True:
        inside = next(
            (
                half[len(before) : len(half) - len(after)]
                for before, after in around
                if len(half) > len(before) + len(after)
                and half.startswith(before)
                and half.endswith(after)
                and before + after
            ),
            half,
        )
        if inside == half:
            return half
        half = inside
