"""What one program changes: `programs/*.toml` in the content directory, all optional."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import Field

from allybot.content.loading import read_model
from allybot.content.plan_library import KindOfPlan, Library, LibraryCue, LibraryResponse, Obstacle
from allybot.content.rules import Votes
from allybot.content.words import Frozen, Identifier, Label, Line, ShortTitle
from allybot.domain.plans import PlanKind

Entry = TypeVar("Entry", bound=LibraryCue | LibraryResponse | Obstacle)
MAX_HALVES, MAX_OBSTACLES = 100, 20
"""Options in one menu (Slack, select menu), and what can be read through at a glance."""


class ChangedKind(Frozen):
    """One kind of plan in a program: what is named takes the place of what ships, the rest stays.

    Attributes:
        leave_out: ids of entries that ship and are not offered.
        cues, responses, obstacles: further entries; one with an id that ships takes its place.
    """

    title: ShortTitle | None = None
    description: Line | None = None
    example: Line | None = None
    practices: tuple[Label, ...] | None = None
    leave_out: tuple[Identifier, ...] = ()
    cues: tuple[LibraryCue, ...] = ()
    responses: tuple[LibraryResponse, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()


class ProgramFile(Frozen):
    """One file.

    Attributes:
        program: the program's name, as `allybot program create` was given it.
        kinds_off: kinds that it does not offer.
        min_votes: so many votes its circles need before they are opened; None is what ships.
    """

    program: str = Field(min_length=1, max_length=200)
    kinds_off: tuple[PlanKind, ...] = ()
    min_votes: Votes | None = None
    kinds: dict[PlanKind, ChangedKind] = Field(default_factory=dict)


class ProgramContent(Frozen):
    """What a program with a file has in place of what ships; `min_votes` None is what ships."""

    library: Library
    min_votes: int | None = None


def read_programs(place: Path, library: Library, problems: list[str]) -> dict[str, ProgramContent]:
    """What each program that has a file in `place` has of its own, by the program's name."""
    found: dict[str, ProgramContent] = {}
    for file in sorted(place.glob("*.toml")):
        changes = read_model(ProgramFile, file, problems, whole=False)
        if changes is None:
            continue
        mistakes = list(_mistakes(changes, library))
        if changes.program in found:
            mistakes.append(f'program: "{changes.program}" has another file')
        problems.extend(f"{file.name}, {mistake}" for mistake in mistakes)
        if not mistakes:
            own = _changed(library, changes)
            found[changes.program] = ProgramContent(library=own, min_votes=changes.min_votes)
    return found


def _changed(library: Library, changes: ProgramFile) -> Library:
    kinds = {
        kind: _kind(parts, changes.kinds.get(kind, ChangedKind()))
        for kind, parts in library.kinds.items()
        if kind not in changes.kinds_off
    }
    return library.model_copy(update={"kinds": kinds})


def _kind(ships: KindOfPlan, change: ChangedKind) -> KindOfPlan:
    said = {
        name: value
        for name in ("title", "description", "example", "practices")
        if (value := getattr(change, name)) is not None
    }
    return ships.model_copy(
        update={
            **said,
            "cues": _merged(ships.cues, change.cues, change.leave_out),
            "responses": _merged(ships.responses, change.responses, change.leave_out),
            "obstacles": _merged(ships.obstacles, change.obstacles, change.leave_out),
        }
    )


def _merged(ships: tuple[Entry, ...], own: tuple[Entry, ...], leave_out: Iterable[str]) -> tuple[Entry, ...]:
    """The program's own first, then what ships and is neither left out nor replaced."""
    gone = {*leave_out, *(each.id for each in own)}
    return (*own, *(each for each in ships if each.id not in gone))


def _mistakes(changes: ProgramFile, library: Library) -> Iterator[str]:
    if not set(library.kinds) - set(changes.kinds_off):
        yield "kinds_off: at least one kind has to stay"
    for kind, change in changes.kinds.items():
        ships, place = library.kinds[kind], f'kind "{kind}"'
        if kind in changes.kinds_off:
            yield f"{place}: is changed and switched off"
            continue
        known = {each.id for each in ships.cues} | {each.id for each in ships.responses}
        known |= {each.id for each in ships.obstacles}
        yield from (
            f'{place}, leave_out: there is no entry "{name}" of this kind'
            for name in change.leave_out
            if name not in known
        )
        merged = _kind(ships, change)
        for name, entries, least, most in (
            ("cues", merged.cues, 1, MAX_HALVES),
            ("responses", merged.responses, 1, MAX_HALVES),
            ("obstacles", merged.obstacles, 0, MAX_OBSTACLES),
        ):
            if not least <= len(entries) <= most:
                yield f"{place}, {name}: would have {len(entries)} entries; {least} to {most} are possible"
        yield from _used_elsewhere(place, kind, change, library)


def _used_elsewhere(place: str, kind: PlanKind, change: ChangedKind, library: Library) -> Iterator[str]:
    """An entry may take the place of one of its own sort and kind only: an id means one thing."""
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
