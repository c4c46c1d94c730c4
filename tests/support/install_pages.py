"""What the install pages and the image say: lines to type, and steps to build."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGES = tuple(sorted((ROOT / "docs/install").glob("*.md")))


def lines_of(page: Path) -> list[str]:
    """Every line of a page's blocks of shell, in order."""
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def steps_of_the_image() -> list[list[tuple[str, str]]]:
    """The stages of the Dockerfile, each as its instructions in order."""
    stages: list[list[tuple[str, str]]] = []
    for line in (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            word, _, rest = line.partition(" ")
            if word == "FROM":
                stages.append([])
            stages[-1].append((word, rest))
    return stages
