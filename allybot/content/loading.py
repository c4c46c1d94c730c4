"""Reads the content's files and collects every problem, with file, entry and reason."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from allybot.domain.plans import Outcome, PlanKind

M = TypeVar("M", bound=BaseModel)

ENTRY = {
    "courses": "course",
    "cues": "cue",
    "kinds": "kind",
    "manners": "manner",
    "obstacles": "obstacle",
    "options": "option",
    "parts": "window",
    "practices": "practice",
    "questions": "question",
    "rehearsals": "rehearsal",
    "repairs": "repair",
    "responses": "response",
    "said": "entry",
    "scenarios": "scenario",
    "suggestions": "suggestion",
    "topics": "topic",
}
"""What error messages call one entry of each list or table."""


def read_toml(file: Path, problems: list[str]) -> dict[str, Any]:
    """The file's tables; empty, with a line in `problems`, when it cannot be read."""
    try:
        # Windows puts an invisible mark at the beginning, which TOML does not know.
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        problems.append(f"{file.name}: the file is missing in {file.parent}")
    except (OSError, UnicodeDecodeError) as problem:
        problems.append(f"{file.name}: cannot be read ({problem})")
    except tomllib.TOMLDecodeError as problem:
        problems.append(f"{file.name}: is not valid TOML: {problem}")
    return {}


def read_model(model: type[M], file: Path, problems: list[str], *, whole: bool = True) -> M | None:
    """The validated file; None when it is invalid, with a line in `problems` for each mistake.

    Args:
        whole: whether every kind and every answer must be present.
    """
    before = len(problems)
    tables = read_toml(file, problems)
    if len(problems) > before:
        return None
    problems.extend(f"{file.name}, {problem}" for problem in _beyond_one_entry(tables, whole=whole))
    try:
        content = model.model_validate(tables)
    except ValidationError as refused:
        problems.extend(f"{file.name}, {_in_words(error, tables)}" for error in refused.errors())
        return None
    return content if len(problems) == before else None


def _beyond_one_entry(tables: dict[str, Any], *, whole: bool) -> Iterator[str]:
    """Mistakes across entries: repeated ids, missing kinds or answers."""
    repeated = [name for name, times in Counter(_identifiers(tables)).items() if times > 1]
    yield from (f'id "{name}": is used more than once' for name in repeated)
    for table, expected in (("kinds", PlanKind), ("repairs", Outcome)) if whole else ():
        if isinstance(given := tables.get(table), dict):
            yield from (f'{ENTRY[table]} "{name}": is missing' for name in expected if name not in given)


def _identifiers(part: Any) -> Iterator[str]:
    """Every id in the tables, at any depth."""
    if isinstance(part, dict):
        if isinstance(part.get("id"), str):
            yield part["id"]
        for value in part.values():
            yield from _identifiers(value)
    elif isinstance(part, list):
        for value in part:
            yield from _identifiers(value)


def _in_words(error: ErrorDetails, tables: dict[str, Any]) -> str:
    """Place and reason of a mistake, such as `scenario "talked-over", option 2, text: is missing`."""
    place: list[str] = []
    here: Any = tables
    for step in error["loc"]:
        if step == "[key]":
            continue
        here = _inside(here, step)
        if place and (entry := ENTRY.get(place[-1])):
            name = here.get("id") or here.get("name") if isinstance(here, dict) else None
            number = step + 1 if isinstance(step, int) else f'"{step}"'
            place[-1] = f'{entry} "{name}"' if isinstance(name, str) else f"{entry} {number}"
        else:
            place.append(str(step + 1) if isinstance(step, int) else step)
    return f"{', '.join(place)}: {_reason(error)}" if place else _reason(error)


def _inside(part: Any, step: int | str) -> Any:
    try:
        return part[step]
    except (KeyError, IndexError, TypeError):
        return None  # missing, or not a table


def _reason(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return "is not a key that allybot knows"
        case "too_short":
            return f"has {context['actual_length']} entries; at least {context['min_length']} are needed"
        case "too_long":
            return f"has {context['actual_length']} entries; at most {context['max_length']} are allowed"
        case "value_error":
            return str(context["error"])
        case _:
            return error["msg"].removeprefix("Input ")
