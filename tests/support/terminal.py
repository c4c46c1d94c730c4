"""Somebody at a real terminal: what they see, what they type, and what they paste unseen."""

import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

# The terminal becomes the process's own, so that what is asked for unseen is asked for there.
_LOGIN = "import os, sys; os.login_tty(0); os.execv(sys.argv[1], sys.argv[1:])"
_CONTROLS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


class Terminal:
    """A command at a terminal of its own; a context manager that ends it."""

    def __init__(self, words: Sequence[str], folder: Path, env: dict[str, str]) -> None:
        self._ours, theirs = os.openpty()
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-c", _LOGIN, *words],
            cwd=folder,
            env={**env, "TERM": "dumb", "COLUMNS": "300"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        self.screen = ""
        self._read_to = 0
        self.typed: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(10)
        os.close(self._ours)

    def reads(self, words: str, seconds: float = 60.0) -> None:
        """Wait until these words stand after what was read before."""
        end = time.monotonic() + seconds
        while words not in self.screen[self._read_to :]:
            assert time.monotonic() < end, f"“{words}” does not come:\n{self.screen}"
            assert self._more(), f"it ended before “{words}”:\n{self.screen}"
        self._read_to = self.screen.index(words, self._read_to) + len(words)

    def types(self, words: str) -> None:
        """Type or paste a line."""
        self.typed.append(words)
        os.write(self._ours, f"{words}\n".encode())

    def ends(self, seconds: float = 60.0) -> int:
        """Read to the end; the exit code."""
        end = time.monotonic() + seconds
        while self._more():
            assert time.monotonic() < end, f"it does not end:\n{self.screen}"
        return self._process.wait(10)

    def _more(self) -> bool:
        """Read what comes within a moment; False at the end."""
        if not select.select([self._ours], [], [], 0.2)[0]:
            return True
        try:
            part = os.read(self._ours, 65536)
        except OSError:  # Linux says so where nobody has the other side open
            return False
        self.screen += _CONTROLS.sub("", part.decode("utf-8", "replace"))
        return bool(part)
