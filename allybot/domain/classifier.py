"""A linear classifier (multinomial logistic regression) whose weights ship as data.

The data is one line of JSON (`meanings`; `step`, the value of one unit; `number` of features; `trained_on`, a
digest) and, compressed with zlib, the CRC-32 of each feature (four bytes, little-endian) followed by its
weights (one signed byte for each meaning). `python -m tests.typed_corpus --train` writes it.
"""

import json
import struct
import zlib
from collections.abc import Iterable
from math import exp, sqrt

_LANE = 4
"""Bytes of one meaning's weight in a row: room for the sum of 16 million weights."""
_SIGN = 128
"""Added to every weight, so that none is negative and no sum of one meaning borrows from the next."""


class Classifier:
    """Probabilities of meanings, by the features of a message.

    Raises:
        ValueError: the data is not such as described above.
    """

    def __init__(self, data: bytes) -> None:
        head, _, packed = data.partition(b"\n")
        described = json.loads(head)
        body = zlib.decompress(packed)
        self.meanings: list[str] = described["meanings"]
        self.trained_on: str = described["trained_on"]
        self._step: float = described["step"]
        number, width = described["number"], len(self.meanings)
        if len(body) != number * (4 + width):
            raise ValueError("the weights are not as many as their first line says")
        codes = struct.unpack_from(f"<{number}I", body)
        lanes = bytearray(_LANE * number * width)
        lanes[::_LANE] = body[4 * number :].translate(bytes((each + _SIGN) % 256 for each in range(256)))
        self._row = struct.Struct(f"<{width}I")
        size = self._row.size
        # A row is one large number: adding two of those adds the weights of all meanings at once.
        self._rows = {
            code: int.from_bytes(lanes[at * size : (at + 1) * size], "little")
            for at, code in enumerate(codes)
        }

    def probabilities(self, features: Iterable[str]) -> dict[str, float]:
        """By meaning; they sum to 1. Evenly spread where no feature is known."""
        known = [row for row in map(self._rows.get, map(code, features)) if row is not None]
        totals = self._row.unpack(sum(known).to_bytes(self._row.size, "little"))
        scale = self._step / sqrt(max(len(known), 1))
        highest = max(totals)
        raised = [exp(scale * (total - highest)) for total in totals]
        whole = sum(raised)
        return {meaning: each / whole for meaning, each in zip(self.meanings, raised, strict=True)}


def code(feature: str) -> int:
    """The number that stands for a feature in the data."""
    return zlib.crc32(feature.encode())
