"""A language that does not exist: longer than English, and without a Latin letter of its own."""

import math
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from allybot.i18n import Say

ROOT = Path(__file__).parent.parent.parent
PSEUDO = "el-GR"
"""A real locale with another alphabet, so that its dates are recognised too."""
LONGER = 0.4
ACCENTED = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "áƀćđéƒǵĥíĵķłɱñóþɋřšťúṽŵẋýžÁɃĆĐÉƑǴĤÍĴĶŁṀÑÓÞɊŘŠŤÚṼŴẊÝŽ",
)
KEPT = re.compile(r"(\{[^}]*\}|`[^`]*`|<[^>]*>)")
"""Values that are filled in, commands and mentions: the same in every language."""


def pseudo(text: str) -> str:
    """The text with every letter accented, in brackets, and two fifths longer."""
    parts = KEPT.split(text)
    accented = "".join(part if place % 2 else part.translate(ACCENTED) for place, part in enumerate(parts))
    return f"[{accented}{'·' * max(math.ceil(len(text) * LONGER) - 2, 1)}]"


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Every sentence as `make words` finds it now."""
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\nwords:")[2].partition("\n\n")[0]
    command = shlex.split(
        recipe.partition("\n")[2].replace("\\\n", " ").replace("$(BIN)", str(Path(sys.executable).parent))
    )
    found = tmp_path_factory.mktemp("words") / "allybot.pot"
    command[command.index("-o") + 1] = str(found)
    subprocess.run(command, cwd=ROOT, check=True, timeout=60)  # noqa: S603 - our own recipe
    with found.open("rb") as file:
        return read_po(file)


@pytest.fixture(scope="session")
def longer(template: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Say:
    """Speaks the pseudo-language."""
    translated = Catalog(locale="el")
    for message in template:
        if isinstance(message.id, tuple):
            translated.add(message.id, tuple(map(pseudo, message.id)))
        elif message.id:
            translated.add(message.id, pseudo(message.id))
    catalogues = tmp_path_factory.mktemp("locale")
    with (catalogues / "el.po").open("wb") as file:
        write_po(file, translated)
    return Say(PSEUDO, catalogues)
