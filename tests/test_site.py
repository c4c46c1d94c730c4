"""The documentation: every page is in the site, every command and picture in it is real."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from allybot.cli import app
from allybot.handlers.programs import programs as program_command
from bench import pictures, site_links
from tests.shell import ROOT, commands_of
from tests.support.install_pages import lines_of

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
ROLES = ("trainees", "circle-members", "facilitators", "leads", "operators", "works-councils", "engineers")
SITE: dict[str, Any] = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))


def in_the_menu(entries: list[Any]) -> list[str]:
    """The pages of the menu, in order."""
    found = []
    for entry in entries:
        (value,) = entry.values()
        found += in_the_menu(value) if isinstance(value, list) else [value]
    return found


def named(path: Path) -> str:
    return path.relative_to(DOCS).as_posix()


def test_every_page_is_in_the_menu_once() -> None:
    assert sorted(in_the_menu(SITE["nav"])) == [*map(named, PAGES)]


def test_every_reader_has_a_page_that_is_linked_from_the_start() -> None:
    start = (DOCS / "index.md").read_text(encoding="utf-8")
    for role in ROLES:
        assert f"](for-{role}.md)" in start


def commands() -> dict[str, str]:
    """Every command that a page names, and one of the pages."""
    found = {}
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        lines = [f"allybot {line.partition('allybot ')[2]}" for line in lines_of(path) if "allybot " in line]
        for command in [*commands_of(text), *lines]:
            if re.match(r"allybot [a-z]", command) and "/" not in command.split()[1]:
                found[command.partition(";")[0].partition(" --volume")[0]] = named(path)
    return found


@pytest.mark.parametrize(("command", "page"), sorted(commands().items()))
def test_every_command_named_exists_with_its_options(command: str, page: str) -> None:
    found: Any = typer.main.get_command(app)
    for word in shlex.split(command.replace("'", ""))[1:]:
        if not hasattr(found, "commands"):
            break
        assert word in found.commands, f"{page}: {command}"
        found = found.commands[word]
    there = {name for each in found.params for name in (*each.opts, *each.secondary_opts)}
    assert set(re.findall(r"(?<=\s)--[a-z-]+", command)) <= there, f"{page}: {command}"


def test_every_command_in_slack_that_is_named_exists() -> None:
    handlers = "\n".join(path.read_text("utf-8") for path in (ROOT / "allybot" / "handlers").rglob("*.py"))
    words = set(re.findall(r'routes\.command\("([a-z-]+)"\)', handlers))
    words |= set(re.findall(r'^    "([a-z-]+)": \w', handlers, re.MULTILINE)) | {"help"}
    prompts = (ROOT / "allybot/prompts/trainees/commands.py").read_text(encoding="utf-8")
    words |= set(re.findall(r'\("([a-z-]+)", say', prompts))
    missing = {
        f"{named(path)}: {command}"
        for path in PAGES
        if path.name.startswith("for-")
        for command in re.findall(r"`/allybot ([a-z-]+)", path.read_text(encoding="utf-8"))
        if command not in words
    }
    assert missing == set()


def test_every_command_for_programs_that_is_named_exists() -> None:
    source = Path(program_command.__file__).read_text(encoding="utf-8")
    page = (DOCS / "for-leads.md").read_text(encoding="utf-8")
    for word in re.findall(r"`/allybot program ([a-z-]+)", page):
        assert f'"{word}"' in source, word


def test_every_make_target_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for path in PAGES:
        named_here = set(re.findall(r"`make ([a-z]+)", path.read_text(encoding="utf-8")))
        assert named_here <= targets, named(path)


def test_every_picture_exists_is_shown_and_is_described() -> None:
    shown = set()
    for path in PAGES:
        for words, target in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", path.read_text(encoding="utf-8")):
            assert len(words) > 40, f"{named(path)}: {target} needs words for those who do not see it"
            shown.add((path.parent / target).resolve())
    made = {DOCS / "pictures" / f"{name}.png" for name in pictures.NAMES}
    assert shown == made == set((DOCS / "pictures").iterdir())


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://cdn.example/x.js">',
        '<link href="//fonts.example/css" rel="stylesheet">',
        "@import url('https://fonts.example/css')",
    ],
)
def test_what_a_page_would_load_from_elsewhere_ends_the_build(text: str) -> None:
    assert site_links.loaded_from_elsewhere(text)
    assert not site_links.loaded_from_elsewhere('<a href="https://www.example.org/">a link</a>')
