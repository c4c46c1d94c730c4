"""The settings file: a line `NAME=value` for each setting, readable by its owner alone.

It holds tokens, so a file that other users can read is refused, and one that another user could have put
where a command is typed.
"""

import os
import re
import stat
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from allybot.errors import SettingsError

NAME = "allybot.env"
_LINE = re.compile(r"(?:export\s+)?(?P<name>[A-Z][A-Z0-9_]*)\s*=\s*(?P<value>.*)")
_OURS = ("SLACK_", "ALLYBOT_")
_NEEDS_NO_QUOTES = re.compile(r"[\w.:/@%+,=?&~-]*", re.ASCII)


def read(place: Path, known: Iterable[str]) -> dict[str, str]:
    """The values by name, as they are written; comments begin with `#`.

    Args:
        known: the names of all settings, which may also stand with `_FILE`. Other names are passed over, but
            not where they begin like one of allybot's.

    Raises:
        SettingsError: it is not there, not private, or has a line that cannot be meant. Values are never
            repeated.
    """
    try:
        _require_private(place)
        lines = place.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise SettingsError(f"{place} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError:
        raise SettingsError(f"{place} is not a text file.") from None
    names = {*known, *(f"{each}_FILE" for each in known)}
    found: dict[str, str] = {}
    for number, line in enumerate(map(str.strip, lines), 1):
        if not line or line.startswith("#"):
            continue
        pair = _LINE.fullmatch(line)
        if pair is None:
            raise SettingsError(f"{place}, line {number}: write it as NAME=value.")
        name = pair["name"]
        if name in found:
            raise SettingsError(f"{place}, line {number}: {name} stands there twice.")
        if name.startswith(_OURS) and name not in names:
            raise SettingsError(f"{place}, line {number}: there is no setting {name}.")
        found[name] = pair["value"]
    return found


def write(place: Path, values: Mapping[str, str]) -> None:
    """Set these values, and leave every other line. The file is replaced at once, never half written.

    Raises:
        SettingsError: it cannot be written.
    """
    try:
        lines = place.read_text(encoding="utf-8-sig").splitlines() if place.exists() else []
        left = dict(values)
        for number, line in enumerate(lines):
            pair = _LINE.fullmatch(line.strip())
            if pair and pair["name"] in left:
                lines[number] = _line(pair["name"], left.pop(pair["name"]))
        lines += [_line(name, value) for name, value in left.items()]
        # mkstemp makes a file that its owner alone can read and write.
        handle, new = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}-")
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write("\n".join((*lines, "")))
            out.flush()
            os.fsync(out.fileno())
        Path(new).replace(place)
    except OSError as error:
        raise SettingsError(f"{place} cannot be written: {error.strerror}.") from error


def _line(name: str, value: str) -> str:
    return f"{name}={value}" if _NEEDS_NO_QUOTES.fullmatch(value) else f'{name}="{value}"'


def _require_private(place: Path) -> None:
    found = place.stat()
    if found.st_uid not in (os.geteuid(), 0):
        raise SettingsError(
            f"{place} belongs to another user of this machine. Run allybot as that user, such as with "
            "`sudo -u`, or in another folder."
        )
    if stat.S_IMODE(found.st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingsError(f"Other users of this machine can read {place}. Run `chmod 600 {place}`.")
