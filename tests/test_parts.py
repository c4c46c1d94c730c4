"""What an installation brings along has a reason, a licence that may be taken, and a bound on its weight."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bench import parts, release
from tests.shell import ROOT
from tests.test_requirements import PROJECT, _name

COPIED = ("allybot", "slack_emulator", "config", "pyproject.toml", "README.md", "LICENSE")


def test_every_part_has_a_licence_of_the_list() -> None:
    found = parts.parts()
    assert len(found) >= 30
    assert {each.name: each.licence for each in found if not parts.is_allowed(each.licence)} == {}


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("MIT OR GPL-3.0-only", True),
        ("MIT AND GPL-3.0-only", False),
        ("AGPL-3.0-only", False),
        ("unknown", False),
    ],
)
def test_a_licence_that_is_not_on_the_list_is_refused(licence: str, *, allowed: bool) -> None:
    assert parts.is_allowed(licence) is allowed


def test_the_runtime_weighs_less_than_it_may() -> None:
    assert 50 < sum(each.megabytes for each in parts.parts()) < parts.MOST_MB


def test_every_package_that_is_asked_for_has_its_reason() -> None:
    assert set(parts.reasons()) == {_name(each) for each in PROJECT["project"]["dependencies"]}


def without_weights(page: str) -> str:
    """Wheels of one version differ in weight from system to system."""
    return re.sub(r"\b\d+(\.\d)?( MB)?\b", "n", page)


def test_the_page_is_what_is_installed() -> None:
    """`python -m bench.parts` writes it."""
    written = (ROOT / "docs" / "parts.md").read_text(encoding="utf-8")
    only_elsewhere = {"colorama", "async-timeout"}  # for other systems
    assert set(parts.locked()) - {each.name for each in parts.parts()} <= only_elsewhere
    assert without_weights(written) == without_weights(parts.page())


def test_the_wheel_is_the_same_from_another_folder_on_another_day(tmp_path: Path) -> None:
    wheels = []
    for name in ("one", "other"):
        copy = tmp_path / name
        copy.mkdir()
        for each in COPIED:
            source = ROOT / each
            if source.is_file():
                shutil.copy(source, copy)
            else:
                # `copyfile` keeps no times: the files of the two are of different moments.
                shutil.copytree(
                    source,
                    copy / each,
                    copy_function=shutil.copyfile,
                    ignore=shutil.ignore_patterns("__pycache__"),
                )
        words = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(copy / "dist")]
        subprocess.run(words, cwd=copy, check=True, capture_output=True)  # noqa: S603 - our own words
        (wheel,) = (copy / "dist").iterdir()
        wheels.append(wheel.read_bytes())
    assert wheels[0] == wheels[1]


def test_the_changelog_closes_the_version_that_is_built() -> None:
    version = PROJECT["project"]["version"]
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## {re.escape(version)} \(\d{{4}}-\d\d-\d\d\)$", text, re.MULTILINE)


def test_an_audit_that_could_look_nothing_up_does_not_call_it_sound() -> None:
    sound = {"name": "a", "version": "1", "vulns": []}
    weak = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1"}]}
    skipped = {"name": "c", "skip_reason": "not found"}
    assert release.verdict([sound])[0] == 0
    assert release.verdict([sound, weak]) == (
        1,
        ["b 2: PYSEC-1", "2 packages looked up, 1 known weaknesses."],
    )
    assert release.verdict([sound, skipped])[0] == 1
    for out_of_reach in ([], [skipped, skipped]):
        code, lines = release.verdict(out_of_reach)
        assert code == release.UNREACHABLE
        assert "nothing was audited" in lines[0]
