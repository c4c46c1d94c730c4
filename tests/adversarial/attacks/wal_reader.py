"""Reads a database's write-ahead log piece by piece, as somebody who copies the files."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import psycopg
from numpy.typing import NDArray

from allybot.services.context import Context

_WAL_HEADER, _FRAME_HEADER = 32, 24
BINS = 256


class WriteAheadLog(Protocol):
    """The pieces of a log since the last read."""

    def cut(self) -> tuple[NDArray[np.float64], bytes]:
        """Features of the newest piece (sizes, then how often each byte value was written), and its bytes."""
        ...

    def files(self) -> bytes:
        """Every byte the database has on disk now, logs apart."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


class SqliteLog:
    """Frames of SQLite's -wal file: which pages were written, and which of their bytes changed."""

    def __init__(self, context: Context) -> None:
        self._file = Path(str(context.database.engine.url.database))
        self._log = self._file.with_name(self._file.name + "-wal")
        self._salt, self._offset = b"", _WAL_HEADER
        self._pages: dict[int, NDArray[np.uint8]] = {}
        self.cut()

    def cut(self) -> tuple[NDArray[np.float64], bytes]:
        """As in `WriteAheadLog`: frames, changed bytes, and what they became."""
        frames, changed, became, pieces = 0, 0, np.zeros(BINS), []
        for number, piece in self._fresh_frames():
            page = np.frombuffer(piece, np.uint8)
            before = self._pages.get(number)
            new = page if before is None else page[page != before]
            frames, changed = frames + 1, changed + len(new)
            became += np.bincount(new, minlength=BINS)
            self._pages[number] = page
            pieces.append(piece)
        return np.concatenate(([frames, changed], became)), b"".join(pieces)

    def _fresh_frames(self) -> Iterator[tuple[int, bytes]]:
        """Number and bytes of each page written since the last read."""
        if not self._log.exists():
            return
        with self._log.open("rb") as log:
            start = log.read(_WAL_HEADER)
            if len(start) < _WAL_HEADER:
                return
            page_size, salt = struct.unpack(">I", start[8:12])[0], start[16:24]
            if salt != self._salt:  # the log was started anew after a checkpoint
                self._salt, self._offset = salt, _WAL_HEADER
            log.seek(self._offset)
            while len(frame := log.read(_FRAME_HEADER + page_size)) == _FRAME_HEADER + page_size:
                if frame[8:16] != salt:
                    return
                self._offset += len(frame)
                yield struct.unpack(">I", frame[:4])[0], frame[_FRAME_HEADER:]

    def files(self) -> bytes:
        """As in `WriteAheadLog`."""
        found = self._file.parent.glob(f"{self._file.name}*")
        return b"".join(each.read_bytes() for each in sorted(found))

    def close(self) -> None:
        """As in `WriteAheadLog`: no connection is held."""


class PostgresLog:
    """Bytes of PostgreSQL's log between two positions, read as a backup tool would."""

    def __init__(self, context: Context) -> None:
        url = context.database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection = psycopg.connect(url, autocommit=True)
        self._position = self._now()
        self._segment = int(
            self._one("SELECT setting::bigint FROM pg_settings WHERE name = 'wal_segment_size'")
        )

    def cut(self) -> tuple[NDArray[np.float64], bytes]:
        """As in `WriteAheadLog`: bytes, pieces, and how often each value stands in them."""
        until, pieces = self._now(), []
        while self._position < until:
            offset = self._position % self._segment
            length = min(self._segment - offset, until - self._position)
            lsn = f"{self._position >> 32:X}/{self._position & 0xFFFFFFFF:X}"
            pieces.append(
                bytes(
                    self._one(
                        "SELECT pg_read_binary_file('pg_wal/' || "
                        f"(pg_walfile_name_offset('{lsn}'::pg_lsn + 1)).file_name, {offset}, {length})"
                    )
                )
            )
            self._position += length
        written = b"".join(pieces)
        counted = np.bincount(np.frombuffer(written, np.uint8), minlength=BINS).astype(float)
        return np.concatenate(([len(written), len(pieces)], counted)), written

    def files(self) -> bytes:
        """As in `WriteAheadLog`: the files of our tables and indexes, not of the catalogue."""
        self._connection.execute("CHECKPOINT")
        rows = self._connection.execute(
            "SELECT pg_read_binary_file(pg_relation_filepath(c.oid)) FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'i')"
        )
        return b"".join(bytes(row[0]) for row in rows)

    def close(self) -> None:
        """As in `WriteAheadLog`."""
        self._connection.close()

    def _now(self) -> int:
        high, low = str(self._one("SELECT pg_current_wal_flush_lsn()::text")).split("/")
        return (int(high, 16) << 32) + int(low, 16)

    def _one(self, query: str) -> Any:
        row = self._connection.execute(query).fetchone()  # built from numbers
        if row is None:
            raise AssertionError(query)
        return row[0]


def open_log(context: Context) -> WriteAheadLog:
    """The log of a context's database."""
    return SqliteLog(context) if context.database.is_sqlite else PostgresLog(context)
