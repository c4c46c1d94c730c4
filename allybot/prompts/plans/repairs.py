"""Ways to repair a plan, built from the trainee's own words; applied only when picked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from allybot.content import Library, LibraryResponse, Suggestion
from allybot.domain.check_ins import rotated
from allybot.domain.plan_tags import tags_of, tags_of_cue
from allybot.domain.plans import MAX_HALF_LENGTH, Intention, Outcome, PlanKind
from allybot.i18n import Say

MAX_WAYS = 5
"""As many as can be read at a glance on a phone; our own choice."""
_OWN = "\0"
"""Placeholder for the trainee's own words in a half; cannot occur in a plan."""


@dataclass(frozen=True)
class Way:
    """One way to repair a plan: the whole plan as it would be.

    Attributes:
        label: what it changes, with an ellipsis for the trainee's own words.
        words: the repaired plan; the same plan when only a cue object is added.
        cue_object: a thing that reminds of the plan where the deed is due; None when there is none.
    """

    id: str
    label: str
    note: str
    words: Intention
    cue_object: str | None = None


@dataclass(frozen=True)
class _Pattern:
    """A way before it is applied to a plan; an empty half leaves that half unchanged."""

    id: str
    cue: str = ""
    response: str = ""
    note: str = ""
    cue_object: str | None = None


def ways(
    say: Say,
    library: Library,
    kind: PlanKind,
    words: Intention,
    outcome: Outcome,
    turn: int,
    *,
    lines: Sequence[str] = (),
    most: int = MAX_WAYS,
) -> tuple[Way, ...]:
    """The ways to repair a plan after this outcome, those made for such a plan first; at most `most`.

    Pure: the same arguments give the same ways, and nothing is looked up.

    Args:
        kind: the plan's kind; one that the program has switched off has no library halves.
        words: the plan, in the trainee's own words.
        turn: rotates the ways, so that different ones come first; any number.
        lines: ready lines that fit the plan; after UNSURE_HOW, saying one is the first way.
    """
    bare = _own_halves(say, library, kind, words)
    tags = tags_of(bare, library.compiled_tags)
    fitting = [each for each in _general(say, library, outcome) if each[1].reads_well_with(kind, tags)]
    special = [pattern for pattern, way in fitting if way.needs]
    general = [pattern for pattern, way in fitting if not way.needs]
    spoken = [_Pattern(f"line.{place}", response=_spoken(say, line)) for place, line in enumerate(lines)]
    own_kind, any_cue = _halves(say, library, kind, bare, outcome)
    patterns = [
        *(spoken if outcome is Outcome.UNSURE_HOW else ()),
        *_turned(special, turn),
        *_turned(own_kind, turn),
        *_turned([*general, *any_cue], turn),
    ]
    found: dict[tuple[Intention, str | None], Way] = {}
    for pattern in patterns:
        way = _apply(say, pattern, words, bare)
        if _changes(way, words):
            found.setdefault((way.words, way.cue_object), way)
    return tuple(found.values())[:most]


def _own_halves(say: Say, library: Library, kind: PlanKind, words: Intention) -> Intention:
    """A plan without the text that earlier picks put around its halves."""
    patterns = _all_patterns(say, library, kind)
    return Intention(
        _without_patterns(words.cue, [each.cue for each in patterns]),
        _without_patterns(words.response, [each.response for each in patterns]),
    )


def _all_patterns(say: Say, library: Library, kind: PlanKind) -> list[_Pattern]:
    """Every pattern that an earlier pick may have filled in."""
    offered = library.kinds.get(kind)
    halves = (
        [
            *(_or(say, cue.id, cue.text) for cue in offered.cues if cue.fits),
            *(
                _Pattern(response.id, response=say(response.text))
                for response in offered.responses
                if response.fits
            ),
        ]
        if offered
        else []
    )
    return [pattern for outcome in Outcome for pattern, _ in _general(say, library, outcome)] + halves


def _general(say: Say, library: Library, outcome: Outcome) -> Iterator[tuple[_Pattern, Suggestion]]:
    """The suggestions after this outcome, as patterns."""
    for place, each in enumerate(library.repair(outcome).suggestions):
        yield (
            _Pattern(
                f"any.{place}",
                say(each.cue, cue=_OWN) if each.cue else "",
                say(each.response, response=_OWN) if each.response else "",
                say(each.note),
                say(each.cue_object) if each.cue_object else None,
            ),
            each,
        )


def _halves(
    say: Say, library: Library, kind: PlanKind, words: Intention, outcome: Outcome
) -> tuple[list[_Pattern], list[_Pattern]]:
    """Ways from the library of the plan's kind: those made for such a cue, and those for any cue.

    A further cue has to go with the plan's response, another response with the plan's cue.
    """
    halves, offered, tags = library.repair(outcome).halves, library.kinds.get(kind), library.compiled_tags
    if offered is None or halves is None:
        return [], []
    if halves == "responses":
        present, responses = tags_of_cue(words.cue, tags), offered.responses_for(outcome)
        made = [each for each in responses if each.belongs_to(present)]
        other = [each for each in responses if each not in made and each.makes_sense_with(present)]
        return _responses(say, made), _responses(say, other)
    # A further cue is safe only with a response whose cues are known, that is one from the library.
    response = next((each for each in offered.responses if say(each.text) == words.response), None)
    cues = [
        each
        for each in offered.cues_for(outcome)
        if response
        and say(each.text) != words.cue
        and response.makes_sense_with(tags_of_cue(each.text, tags))
    ]
    return [], [_or(say, each.id, each.text) for each in cues]


def _spoken(say: Say, line: str) -> str:
    return say("say: “{line}”", line=say(line))


def _responses(say: Say, found: Iterable[LibraryResponse]) -> list[_Pattern]:
    return [_Pattern(each.id, response=say(each.text)) for each in found]


def _or(say: Say, identifier: str, cue: str) -> _Pattern:
    return _Pattern(identifier, cue=say("{cue}, or {another}", cue=_OWN, another=say(cue)))


def _turned(patterns: Sequence[_Pattern], turn: int) -> tuple[_Pattern, ...]:
    return rotated(patterns, turn) if patterns else ()


def _apply(say: Say, pattern: _Pattern, words: Intention, bare: Intention) -> Way:
    cue, response = pattern.cue.replace(_OWN, "…"), pattern.response.replace(_OWN, "…")
    label = (
        say("If {cue}, then I will {response}", cue=cue, response=response)
        if cue and response
        else say("If {cue}", cue=cue)
        if cue
        else say("My reminder: {thing}", thing=pattern.cue_object)
        if pattern.cue_object
        else response
    )
    repaired = Intention(
        pattern.cue.replace(_OWN, bare.cue) if cue else words.cue,
        pattern.response.replace(_OWN, bare.response) if response else words.response,
    )
    return Way(pattern.id, label, pattern.note, repaired, pattern.cue_object)


def _changes(way: Way, words: Intention) -> bool:
    """Whether it changes the plan or adds a cue object, and is not too long."""
    fits = max(len(way.words.cue), len(way.words.response)) <= MAX_HALF_LENGTH
    return fits and (way.cue_object is not None or way.words != words)


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
