"""Babel extractor for the content's texts; used by `make words` only."""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

NO_WORDS = frozenset(
    {
        "id",
        "kind",
        "fits",
        "halves",
        "tags",
        "goes_with",
        "not_with",
        "suits",
        "needs",
        "unless",
        "for",
        "manner",
        "offer",
        "asked",
        "any",
        "people",
        "names",
    }
)
"""Keys whose values are not text."""

Found = tuple[int, str, str, list[str]]
"""Line, function, text and comments, as Babel expects; tomllib gives no line numbers."""


def sentences(
    file: IO[bytes],
    keywords: Collection[str],  # noqa: ARG001 - Babel's signature
    comment_tags: Collection[str],  # noqa: ARG001 - as above
    options: Mapping[str, Any],  # noqa: ARG001 - as above
) -> Iterator[Found]:
    """Every translatable text of a content file, with its entry as a comment."""
    return _within(tomllib.loads(file.read().decode("utf-8")), "")


def _within(part: Any, place: str) -> Iterator[Found]:
    if isinstance(part, str):
        # White space is collapsed, as when the content is read.
        yield 1, "", " ".join(part.split()), [place]
    elif isinstance(part, dict):
        inside = str(part.get("id") or place)
        for key, value in part.items():
            if key not in NO_WORDS:
                yield from _within(value, f"{inside}, {key}" if inside else key)
    elif isinstance(part, list):
        for value in part:
            yield from _within(value, place)
