"""Words that must not stand in any file, piece of log or log line."""

import logging

from allybot.domain.plans import Outcome

NEEDLES = (*(outcome.value.encode() for outcome in Outcome), b"zebra", b"xylophone")
"""Outcome codes, and words of the plans in `programs`."""


def count_words(written: bytes) -> int:
    """How often any of them occurs."""
    return sum(written.count(needle) for needle in NEEDLES)


class LoggedWords(logging.Handler):
    """Counts the words we look for in every log line, whoever wrote it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.words = self.lines = self.characters = 0

    def amount(self) -> tuple[int, int]:
        """Lines and characters so far."""
        return self.lines, self.characters

    def emit(self, record: logging.LogRecord) -> None:
        """Look at one line with all it carries."""
        self.lines += 1
        self.characters += len(record.getMessage())
        self.words += count_words(f"{record.getMessage()} {vars(record)}".encode())
