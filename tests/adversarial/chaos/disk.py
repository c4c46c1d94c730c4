"""A small file system of a run's own for its databases, which fills up and is freed again."""

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MEGABYTES = 300
"""Three times what a whole run takes; it lies in memory, and is used only as far as it is filled."""
_AGAIN_AFTER = 0.05
_ROOM = 64 * 1024
_PAGE = bytes(4096)


class Disk:
    """A folder on a tmpfs of its own where this user may mount one, which root may; otherwise any folder.

    Attributes:
        folder: where the databases lie; other users may enter it.
        is_small: whether it can be filled up without filling the disk of this machine.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir()
        self.folder.chmod(0o755)
        options = f"size={MEGABYTES}m,mode=755"
        self.is_small = _done("mount", "-t", "tmpfs", "-o", options, "allybot-chaos", str(folder))

    @contextmanager
    def full(self) -> Iterator[None]:
        """Leave no byte free inside the block, whatever is deleted meanwhile."""
        stop = threading.Event()
        filler = self.folder / "filler"
        _fill(filler)

        def keep_full() -> None:
            while not stop.wait(_AGAIN_AFTER):
                _fill(filler)

        keeper = threading.Thread(target=keep_full, daemon=True)
        keeper.start()
        try:
            yield
        finally:
            stop.set()
            keeper.join()
            filler.unlink()

    def close(self) -> None:
        """Let go of it; whatever still has a file open there keeps only that."""
        if self.is_small:
            _done("umount", "--lazy", str(self.folder))


def _fill(filler: Path) -> None:
    with suppress(OSError), filler.open("ab", buffering=0) as file:
        free = shutil.disk_usage(filler.parent).free
        if free > _ROOM:  # in one go, without writing it
            os.posix_fallocate(file.fileno(), filler.stat().st_size, free - _ROOM)
        while True:
            file.write(_PAGE)


def _done(*command: str) -> bool:
    program = shutil.which(command[0])
    if program is None:
        return False
    return subprocess.run([program, *command[1:]], capture_output=True, check=False).returncode == 0  # noqa: S603
