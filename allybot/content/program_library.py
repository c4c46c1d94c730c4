"""One program's changes to the content: `programs/*.toml`, all optional."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import Field

from allybot.content.loading import read_model
from allybot.content.plan_library import KindOfPlan, Library, LibraryCue, LibraryResponse, Obstacle, WholePlan
from allybot.content.rules import Votes
from allybot.content.words import Frozen, Identifier, Label, Line, ShortTitle
from allybot.domain.plans import PlanKind

Entry = TypeVar("Entry", bound=LibraryCue | LibraryResponse | Obstacle)
MAX_HALVES, MAX_OBSTACLES = 100, 20
"""100: options in one menu (Slack, select menu); 20: our own choice."""


class ChangedKind(Frozen):
    """A program's changes to one kind of plan; what is not set stays as shipped.

    Attributes:
        leave_out: ids of shipped entries that are not offered.
        cues, responses, obstacles: further entries; one with a shipped id replaces that entry.
    """

    title: ShortTitle | None = None
    description: Line | None = None
    example: WholePlan | None = None
    practices: tuple[Label, ...] | None = None
    leave_out: tuple[Identifier, ...] = ()
    cues: tuple[LibraryCue, ...] = ()
    responses: tuple[LibraryResponse, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()


class ProgramFile(Frozen):
    """A program's file.

    Attributes:
        program: the program's name, as in `allybot program create`.
        kinds_off: kinds that are not offered.
        min_votes: the fewest votes with which a vote is opened; None for the shipped value.
        join_circles: whether people without a circle may ask those with room to let them in.
    """

    program: str = Field(min_length=1, max_length=200)
    kinds_off: tuple[PlanKind, ...] = ()
    min_votes: Votes | None = None
    join_circles: bool = False
    kinds: dict[PlanKind, ChangedKind] = Field(default_factory=dict)


class ProgramContent(Frozen):
    """The content of a program with a file; `min_votes` None means the shipped value."""

    plan_library: Library
    min_votes: int | None = None
    join_circles: bool = False


def read_programs(place: Path, library: Library, problems: list[str]) -> dict[str, ProgramContent]:
    """The content of each program with a file in `place`, by the program's name; hidden files are none."""
    found: dict[str, ProgramContent] = {}
    for file in sorted(place.glob("[!.]*.toml")):
        changes = read_model(ProgramFile, file, problems, whole=False)
        if changes is None:
            continue
        mistakes = list(_mistakes(changes, library))
        if changes.program in found:
            mistakes.append(f'program: "{changes.program}" has another file')
        problems.extend(f"{file.name}, {mistake}" for mistake in mistakes)
        if not mistakes:
            own = _changed(library, changes)
            found[changes.program] = ProgramContent(
                plan_library=own, min_votes=changes.min_votes, join_circles=changes.join_circles
            )
    return found


def _changed(library: Library, changes: ProgramFile) -> Library:
    kinds = {
        kind: _kind(parts, changes.kinds.get(kind, ChangedKind()))
        for kind, parts in library.kinds.items()
        if kind not in changes.kinds_off
    }
    return library.model_copy(update={"kinds": kinds})


def _kind(shipped: KindOfPlan, change: ChangedKind) -> KindOfPlan:
    changed = {
        name: value
        for name in ("title", "description", "example", "practices")
        if (value := getattr(change, name)) is not None
    }
    return shipped.model_copy(
        update={
            **changed,
            "cues": _merged(shipped.cues, change.cues, change.leave_out),
            "responses": _merged(shipped.responses, change.responses, change.leave_out),
            "obstacles": _merged(shipped.obstacles, change.obstacles, change.leave_out),
        }
    )


def _merged(
    shipped: tuple[Entry, ...], own: tuple[Entry, ...], leave_out: Iterable[str]
) -> tuple[Entry, ...]:
    """The program's own entries, then the shipped ones that are neither left out nor replaced."""
    dropped = {*leave_out, *(each.id for each in own)}
    return (*own, *(each for each in shipped if each.id not in dropped))


def _mistakes(changes: ProgramFile, library: Library) -> Iterator[str]:
    if not set(library.kinds) - set(changes.kinds_off):
        yield "kinds_off: at least one kind has to stay"
    for kind, change in changes.kinds.items():
        shipped, place = library.kinds[kind], f'kind "{kind}"'
        if kind in changes.kinds_off:
            yield f"{place}: is changed and switched off"
            continue
        known = {each.id for each in shipped.cues} | {each.id for each in shipped.responses}
        known |= {each.id for each in shipped.obstacles}
        yield from (
            f'{place}, leave_out: there is no entry "{name}" of this kind'
            for name in change.leave_out
            if name not in known
        )
        merged = _kind(shipped, change)
        for name, entries, least, most in (
            ("cues", merged.cues, 1, MAX_HALVES),
            ("responses", merged.responses, 1, MAX_HALVES),
            ("obstacles", merged.obstacles, 0, MAX_OBSTACLES),
        ):
            if not least <= len(entries) <= most:
                yield f"{place}, {name}: would have {len(entries)} entries; {least} to {most} are possible"
        yield from _used_elsewhere(place, kind, change, library)


def _used_elsewhere(place: str, kind: PlanKind, change: ChangedKind, library: Library) -> Iterator[str]:
    """Ids that belong to a shipped entry of another sort or kind, which cannot be replaced."""
    own: tuple[LibraryCue | LibraryResponse | Obstacle, ...]
    for name in ("cues", "responses", "obstacles"):
        own = getattr(change, name)
        others = {
            each.id
            for at, parts in library.kinds.items()
            for sort in ("cues", "responses", "obstacles")
            for each in getattr(parts, sort)
            if (at, sort) != (kind, name)
        }
        yield from (
            f'{place}, {name}: the id "{each.id}" belongs to another entry'
            for each in own
            if each.id in others
        )
