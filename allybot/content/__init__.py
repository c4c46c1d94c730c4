"""The content: rules, scenarios and plan library, read from `config/` once at start.

The directory named in `ALLYBOT_CONFIG` replaces all of it: `allybot.toml`, `scenarios.toml`,
`plan_library.toml`, `programs/*.toml` with changes for one program, `typed_words.toml`, `lines.toml` and
`rehearsals.toml` (if missing, the shipped ones are used). All problems are reported together.
"""

from functools import cache
from pathlib import Path

from pydantic import Field

from allybot.content.lines import Lines, Manner, Said, Topic
from allybot.content.loading import read_model
from allybot.content.manifest import Addresses, bot_scopes, manifest_of
from allybot.content.plan_library import (
    Checks,
    KindOfPlan,
    Library,
    LibraryCue,
    LibraryResponse,
    Obstacle,
    Repair,
    Suggestion,
    Tag,
    WholePlan,
)
from allybot.content.program_library import ProgramContent, read_programs
from allybot.content.rehearsals import Rehearsal, Rehearsals
from allybot.content.rules import Rules, Weekday, Window
from allybot.content.scenarios import Option, Scenario, Scenarios
from allybot.content.typed_words import TypedWords
from allybot.content.words import Frozen
from allybot.errors import ContentError, NotFoundError

__all__ = [
    "Addresses",
    "Checks",
    "Content",
    "KindOfPlan",
    "Library",
    "LibraryCue",
    "LibraryResponse",
    "Lines",
    "Manner",
    "Obstacle",
    "Option",
    "Rehearsal",
    "Rehearsals",
    "Repair",
    "Rules",
    "Said",
    "Scenario",
    "Suggestion",
    "Tag",
    "Topic",
    "TypedWords",
    "Weekday",
    "WholePlan",
    "Window",
    "bot_scopes",
    "default_directory",
    "load_content",
    "manifest_of",
]

TYPED_WORDS, LINES, REHEARSALS = "typed_words.toml", "lines.toml", "rehearsals.toml"
"""Files that a directory of one's own may leave out."""


class Content(Frozen):
    """Everything read from a content directory.

    Attributes:
        story_names: other names for the stories' invented people, by the name of their list.
        programs: the content of programs with a file of their own, by the program's name.
    """

    rules: Rules
    scenarios: tuple[Scenario, ...]
    plan_library: Library
    typed_words: TypedWords
    lines: Lines
    rehearsals: Rehearsals
    story_names: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    programs: dict[str, ProgramContent] = Field(default_factory=dict)

    def plan_library_of(self, program: str) -> Library:
        """The plan library of the program of this name."""
        own = self.programs.get(program)
        return own.plan_library if own else self.plan_library

    def min_votes_of(self, program: str) -> int:
        """The fewest votes with which a vote is opened, in the program of this name."""
        own = self.programs.get(program)
        return own.min_votes if own and own.min_votes else self.rules.circles.min_votes

    def may_ask_to_join(self, program: str) -> bool:
        """Whether people without a circle may ask to join one, in the program of this name."""
        own = self.programs.get(program)
        return own is not None and own.join_circles

    def scenario(self, identifier: str) -> Scenario:
        """The scenario of this id.

        Raises:
            NotFoundError: there is none; the file may have changed since it was posted.
        """
        for scenario in self.scenarios:
            if scenario.id == identifier:
                return scenario
        raise NotFoundError(f"There is no scenario {identifier!r}.")


def default_directory() -> Path:
    """The content that ships with allybot: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    packaged = package / "config"
    return packaged if packaged.is_dir() else package.parent / "config"


def load_content(directory: Path | None = None) -> Content:
    """The content of `directory`, or of `default_directory()`.

    Raises:
        ContentError: one line for every problem in any of the files, naming file, entry and reason.
    """
    return _read(directory) if directory else _shipped()


@cache
def _shipped() -> Content:
    """Cached, because reading takes 40 ms."""
    return _read(default_directory())


def _read(place: Path) -> Content:
    problems: list[str] = []
    rules = read_model(Rules, place / "allybot.toml", problems)
    scenarios = read_model(Scenarios, place / "scenarios.toml", problems)
    library = read_model(Library, place / "plan_library.toml", problems)
    programs = read_programs(place / "programs", library, problems) if library else {}
    typed_words = read_model(TypedWords, _own_or_shipped(place / TYPED_WORDS), problems)
    lines = read_model(Lines, _own_or_shipped(place / LINES), problems)
    rehearsals = read_model(Rehearsals, _own_or_shipped(place / REHEARSALS), problems)
    if (
        rules is None
        or scenarios is None
        or library is None
        or typed_words is None
        or lines is None
        or rehearsals is None
        or problems
    ):
        raise ContentError("\n".join(problems))
    return Content(
        rules=rules,
        scenarios=scenarios.scenarios,
        plan_library=library,
        typed_words=typed_words,
        lines=lines,
        rehearsals=rehearsals,
        story_names=scenarios.names,
        programs=programs,
    )


def _own_or_shipped(file: Path) -> Path:
    """The file, or the shipped one: a directory without its own still recognises distress, and has words."""
    return file if file.exists() else default_directory() / file.name
