"""What an installation brings along: `python -m bench.parts` writes docs/parts.md.

Weights and licences are read from the installed distributions, reasons from pyproject.toml.
"""

import re
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "parts.md"
MOST_MB = 150
"""What the runtime may weigh, installed. It was 355 MB while a chart needed matplotlib."""
ALLOWED = frozenset(
    {
        "MIT", "MIT-0", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "PSF-2.0", "ZPL-2.1",
        "LGPL-3.0-only",  # psycopg: used as it is published, imported and not copied into ours
        "MPL-2.0",  # pathspec, of the build only, as it is published
    }
)  # fmt: skip
"""Licences, by SPDX, under which a part may come without asking anybody."""
_BY_OTHER_NAMES = {
    "ISC License": "ISC",
    "ZPL 2.1": "ZPL-2.1",
    "Dual License": "Apache-2.0 OR BSD-3-Clause",  # python-dateutil, by its LICENSE file
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
_BUILD_ONLY = frozenset({"hatchling", "pathspec", "pluggy", "tomlkit", "trove-classifiers"})


_ABOUT = (
    "Written by `python -m bench.parts` from what is installed; a test holds it. Weights are megabytes,",
    "without compiled Python files. A new part needs a reason, and a licence of the list in",
    "`bench/parts.py`. The exact versions and their hashes are in `requirements/runtime.txt`.",
)


@dataclass(frozen=True)
class Part:
    """One installed distribution; `megabytes` by the sizes in its RECORD, `licence` as an SPDX expression."""

    name: str
    megabytes: float
    licence: str


def locked() -> list[str]:
    """The names in requirements/runtime.txt, normalised, in their order."""
    text = (ROOT / "requirements" / "runtime.txt").read_text(encoding="utf-8")
    return [
        canonicalize_name(Requirement(line.removesuffix("\\")).name)
        for line in text.splitlines()
        if re.match(r"[A-Za-z0-9]", line)
    ]


def parts() -> list[Part]:
    """What is locked for the runtime and installed here; some parts are for other systems only."""
    found = []
    for name in locked():
        try:
            each = distribution(name)
        except PackageNotFoundError:
            continue
        size = sum(file.size or 0 for file in each.files or ())
        found.append(Part(name, size / 10**6, _licence(each)))
    return found


def reasons() -> dict[str, str]:
    """Why each package that pyproject.toml asks for is there, by its comments."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = text.partition("\ndependencies = [\n")[2].partition("\n]\n")[0]
    lines = re.findall(r'"([A-Za-z0-9-]+)[^"]*",\s+# (.+)', block)
    return {canonicalize_name(name): reason for name, reason in lines}


def is_allowed(licence: str) -> bool:
    """Whether an SPDX expression of AND or OR alone can be taken under licences of the list."""
    one_of = licence.split(" OR ")
    return any(all(each in ALLOWED for each in part.strip("()").split(" AND ")) for part in one_of)


def page() -> str:
    """docs/parts.md."""
    found, why = parts(), reasons()
    asked = [
        f"| {each.name} | {why[each.name]} | {_weight(each)} | {each.licence} |"
        for each in found
        if each.name in why
    ]
    others = [
        f"| {each.name}{_build_only(each)} | {_weight(each)} | {each.licence} |"
        for each in found
        if each.name not in why
    ]
    total = sum(each.megabytes for each in found)
    return "\n".join(
        [
            "# What an installation brings along",
            "",
            *_ABOUT,
            "",
            f"Together: {total:.0f} MB, and never more than {MOST_MB}.",
            "",
            "| Asked for | Reason | MB | Licence |",
            "|---|---|---|---|",
            *asked,
            "",
            "| Brought along by these | MB | Licence |",
            "|---|---|---|",
            *others,
            "",
        ]
    )


def _build_only(part: Part) -> str:
    return " (build only)" if part.name in _BUILD_ONLY else ""


def _weight(part: Part) -> str:
    return f"{part.megabytes:.1f}"


def _licence(each: Distribution) -> str:
    given = each.metadata["License-Expression"] or each.metadata["License"]
    if not given:
        named = [line for line in each.metadata.get_all("Classifier") or [] if line.startswith("License ::")]
        given = named[0] if named else "unknown"
    return _BY_OTHER_NAMES.get(given, given)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
