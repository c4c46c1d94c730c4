"""A linear classifier (multinomial logistic regression) whose weights ship as data.

The data is one line of JSON (`meanings`; `step`, the value of one unit; `number` of features; `trained_on`, a
digest) and, compressed with zlib, the CRC-32 of each feature (four bytes, little-endian; ascending) followed
by its weights (one signed byte for each meaning). `python -m tests.typed_corpus --train` writes it.
"""

import json
import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from math import exp, sqrt

_RAISED = bytes((each + 128) % 256 for each in range(256))
"""Adds 128 to a signed byte, so that bytes can be summed as they are: all meanings rise alike, which changes
no probability."""


class Classifier:
    """Probabilities of meanings, by the features of a message.

    Raises:
        ValueError: the data is not such as described above.
    """

    def __init__(self, data: bytes) -> None:
        head = data[: data.index(b"\n")]
        described = json.loads(head)
        self._body = zlib.decompress(memoryview(data)[len(head) + 1 :])
        self.meanings: list[str] = described["meanings"]
        self.trained_on: str = described["trained_on"]
        self._step: float = described["step"]
        number, self._width = described["number"], len(self.meanings)
        if len(self._body) != number * (4 + self._width):
            raise ValueError("the weights are not as many as their first line says")
        # Searched as they are: a dictionary of rows would take ten times as much memory.
        self._codes = array("I", self._body[: 4 * number])
        if sys.byteorder == "big":
            self._codes.byteswap()

    def probabilities(self, features: Iterable[str]) -> dict[str, float]:
        """By meaning; they sum to 1. Evenly spread where no feature is known."""
        known = list(self._rows(features))
        totals = [sum(each) for each in zip(*known, strict=True)] or [0] * self._width
        scale = self._step / sqrt(max(len(known), 1))
        highest = max(totals)
        raised = [exp(scale * (total - highest)) for total in totals]
        whole = sum(raised)
        return {meaning: each / whole for meaning, each in zip(self.meanings, raised, strict=True)}

    def _rows(self, features: Iterable[str]) -> Iterator[bytes]:
        """The weights of each feature that is known."""
        for wanted in map(code, features):
            at = bisect_left(self._codes, wanted)
            if at < len(self._codes) and self._codes[at] == wanted:
                begin = 4 * len(self._codes) + at * self._width
                yield self._body[begin : begin + self._width].translate(_RAISED)


def code(feature: str) -> int:
    """The number that stands for a feature in the data."""
    return zlib.crc32(feature.encode())
