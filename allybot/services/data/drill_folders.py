"""The temporary places of restore drills, in which database and keys lie together for a moment."""

import os
import shutil
import stat
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from allybot.errors import UserError

_PREFIX = "allybot-drill-"
_LEFT_OVER_AFTER = timedelta(hours=1)
"""A drill in which nothing was written for so long was killed; it takes minutes at most. Our own choice."""


def new() -> tempfile.TemporaryDirectory[str]:
    """A new one, for its owner alone; deleted when its `with` block is left, also by an error."""
    return tempfile.TemporaryDirectory(prefix=_PREFIX)


def delete_left_over(real: datetime) -> None:
    """Delete this user's that drills left when they were killed.

    Args:
        real: real time, aware UTC.

    Raises:
        UserError: one cannot be deleted; names it.
    """
    before = (real - _LEFT_OVER_AFTER).timestamp()
    for place in sorted(Path(tempfile.gettempdir()).glob(f"{_PREFIX}*")):
        try:
            if _is_ours(place) and _written_at(place) < before:
                shutil.rmtree(place)
        except FileNotFoundError:  # another drill deleted it, or ended
            continue
        except OSError as error:
            raise UserError(
                f"{place} is left of a drill that was killed, holds a backup with its keys and cannot be "
                f"deleted: {error.strerror}."
            ) from error


def _is_ours(place: Path) -> bool:
    found = place.lstat()  # a link that somebody else put there is not followed
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()


def _written_at(place: Path) -> float:
    return max(each.lstat().st_mtime for each in (place, *place.iterdir()))
