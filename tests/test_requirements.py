"""Every install gets the versions that were tested, and nothing else."""

import re
import secrets
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.shell import ROOT, SCRIPT

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
GROUPS: dict[str, list[str]] = PROJECT["dependency-groups"]
ASKED = {
    "runtime": [*PROJECT["project"]["dependencies"], *GROUPS["build"]],
    "emulator": [*PROJECT["project"]["dependencies"], *GROUPS["build"], *EXTRAS["emulator"]],
    "dev": [
        *PROJECT["project"]["dependencies"],
        *GROUPS["build"],
        *EXTRAS["emulator"],
        *(each for each in EXTRAS["dev"] if not each.startswith("allybot[")),
    ],
    "attack": GROUPS["attack"],
    "release": GROUPS["release"],
    "site": GROUPS["site"],
    "bench": GROUPS["bench"],
}
"""What stands in pyproject.toml for each file."""


@cache
def pinned(name: str) -> dict[str, list[Requirement]]:
    """The requirements of a lock file by package; one that depends on the Python has several."""
    lines = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    found: dict[str, list[Requirement]] = {}
    for line in lines:
        if re.match(r"[A-Za-z0-9]", line):
            requirement = Requirement(line.removesuffix("\\"))
            found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


def version(requirement: Requirement) -> str:
    (only,) = requirement.specifier
    assert only.operator == "==", requirement
    return only.version


def test_there_is_a_lock_file_for_each_thing_that_is_installed() -> None:
    assert {path.stem for path in LOCKS} == set(ASKED)


@pytest.mark.parametrize("name", ASKED)
def test_every_dependency_is_locked_at_a_version_that_is_asked_for(name: str) -> None:
    """`make lock` brings the files up to date."""
    for asked in map(Requirement, ASKED[name]):
        locked = pinned(name).get(canonicalize_name(asked.name), [])
        assert locked, f"{asked.name} is not in requirements/{name}.txt"
        for each in locked:
            assert asked.specifier.contains(version(each)), f"{each} is not {asked}"


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_every_locked_version_is_exact_and_has_hashes(path: Path) -> None:
    entries = re.split(r"\n(?=[A-Za-z0-9])", path.read_text(encoding="utf-8"))[1:]
    assert len(entries) == sum(map(len, pinned(path.stem).values())) > 0
    for entry in entries:
        assert re.match(r"[\w.\[\]-]+==[\w.]+", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), entry.splitlines()[0]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_a_lock_file_names_no_host_and_no_folder_of_a_machine(path: Path) -> None:
    """Where packages come from is the business of whoever installs."""
    text = path.read_text(encoding="utf-8")
    assert (
        re.findall(r"\S*(?:://|index-url|find-links|trusted-host|file:| @ |/home/|/root/|/tmp/)\S*", text)
        == []
    )


@pytest.mark.parametrize("name", ["emulator", "dev", "attack", "bench"])
def test_what_is_tested_is_what_is_installed(name: str) -> None:
    """Development, attacks and measurements run on the same versions as the product."""
    for package, locked in pinned(name).items():
        if package in pinned("runtime"):
            assert {*map(version, locked)} <= {*map(version, pinned("runtime")[package])}, package
    if name == "dev":
        assert set(pinned("runtime")) <= set(pinned("dev"))


def test_the_build_is_locked_as_it_is_declared() -> None:
    assert PROJECT["build-system"]["requires"] == GROUPS["build"]


def test_commands_need_no_time_zones_of_the_machine(tmp_path: Path) -> None:
    """Slim containers have no zone files."""
    words = [str(SCRIPT), "migrate"]
    environment = {"ALLYBOT_SECRET_KEY": secrets.token_hex(32), "PYTHONTZPATH": ""}
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert "up to date" in done.stdout


def test_every_documented_install_takes_the_locked_versions() -> None:
    """All but `make newest`, which is there to try others."""
    documents = [ROOT / "Makefile", ROOT / ".ci/run", *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    documents += [ROOT / "Dockerfile", *(ROOT / ".github").rglob("*.yml")]
    installs = [
        line.strip()
        for path in documents
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"pip install |PIP_INSTALL\) ", line)
        and not re.search(r"\.venv-newest|^PIP_INSTALL :=", line)
    ]
    assert len(installs) >= 5
    for line in installs:
        assert re.search(
            r"--require-hashes -r requirements/(\w+|\$\*)\.txt|--no-build-isolation --no-deps ", line
        ), line


def test_the_demo_needs_no_tools_of_developers() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^demo: \$\(EMULATOR\)$", makefile, re.MULTILINE)
    for stamp in ("RUNTIME", "EMULATOR"):
        assert "dev" not in makefile.partition(f"$({stamp}): ")[2].partition("\n\n")[0]
    tools = {*map(_name, EXTRAS["dev"])} - {*map(_name, GROUPS["build"])} - {"allybot"}
    assert not tools & set(pinned("emulator"))


def _name(requirement: str) -> str:
    return canonicalize_name(Requirement(requirement).name)


def test_ci_runs_on_every_python_the_package_names() -> None:
    named = [
        found[1] for line in PROJECT["project"]["classifiers"] if (found := re.search(r":: (3\.\d+)$", line))
    ]
    workflow = (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    matrix = re.search(r"python: \[(.*)\]", workflow)
    assert matrix
    assert re.findall(r"[\d.]+", matrix[1]) == named
    assert Requirement(f"python{PROJECT['project']['requires-python']}").specifier.contains(named[0])
