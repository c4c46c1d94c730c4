"""Finds the words of the content for translators: called by `make words`, never while allybot runs."""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

NO_WORDS = frozenset({"id", "kind", "fits", "halves"})
"""Keys whose values are names for machines."""

Found = tuple[int, str, str, list[str]]
"""Line, function, sentence and comments, as Babel's extractors yield them; TOML tells no lines."""


def sentences(
    file: IO[bytes],
    keywords: Collection[str],  # noqa: ARG001 - Babel calls every extractor alike
    comment_tags: Collection[str],  # noqa: ARG001 - as above
    options: Mapping[str, Any],  # noqa: ARG001 - as above
) -> Iterator[Found]:
    """Every text a person may read in a content file, with the entry it stands in as a comment."""
    return _within(tomllib.loads(file.read().decode("utf-8")), "")


def _within(part: Any, place: str) -> Iterator[Found]:
    if isinstance(part, str):
        # As the content itself is read: white space of any length is one space.
        yield 1, "", " ".join(part.split()), [place]
    elif isinstance(part, dict):
        inside = str(part.get("id") or place)
        for key, value in part.items():
            if key not in NO_WORDS:
                yield from _within(value, f"{inside}, {key}" if inside else key)
    elif isinstance(part, list):
        for value in part:
            yield from _within(value, place)
