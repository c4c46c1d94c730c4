"""Sentences as people type them on a phone, each with what it means, and how well they are understood.

Half of them, by the hash of the sentence, is for those who write the rules; the other half only counts.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from allybot.domain.typed import Listed, Meaning, understood

PLACE = Path(__file__).parent
FILES = ("en", "de", "emoji", "second_en", "second_de", "third_en", "third_de")
"""Half of these is held out."""
TRAINING = ("training_en", "training_de")
"""All of these is for writing rules."""
MARK = "# The sentences below"
"""Begins what `shipped` writes at the end of typed_words.toml."""


@dataclass(frozen=True)
class Sentence:
    """One line of a file: its language is the file's name."""

    text: str
    means: Meaning
    language: str

    @property
    def held_out(self) -> bool:
        """Whether it is of the half that is not looked at while rules are written."""
        return hashlib.sha256(self.text.encode()).digest()[0] % 2 == 1


def sentences(*files: str) -> list[Sentence]:
    """The sentences of the files, without ending; a line break is written as backslash and n."""
    return [sentence for file in files for sentence in _read(PLACE / f"{file}.tsv")]


def _read(path: Path) -> Iterator[Sentence]:
    for line in path.read_text(encoding="utf-8").splitlines():
        means, text = line.split("\t")
        yield Sentence(text.replace("\\n", "\n"), Meaning(means), path.stem.rsplit("_", 1)[-1])


def shipped() -> str:
    """The end of typed_words.toml: every sentence that is not held out and is more than emoji."""
    parts = [f"{MARK} are written by `python -m tests.typed_corpus --ship`; add yours there or here.\n"]
    every = [each for each in sentences(*FILES) if not each.held_out] + sentences(*TRAINING)
    for code, language in (("en", "english"), ("de", "german")):
        parts.append(f"[examples.{language}]\n")
        for means in Meaning:
            texts = [
                " ".join(each.text.split()) for each in every if (each.language, each.means) == (code, means)
            ]
            if texts:
                lines = "".join(f"  {json.dumps(text, ensure_ascii=False)},\n" for text in texts)
                parts.append(f"{means} = [\n{lines}]\n")
    return "".join(parts)


def confusion(tried: Sequence[Sentence], listed: Listed) -> Counter[tuple[Meaning, Meaning]]:
    """How often a meaning (first) was taken for another (second)."""
    return Counter((each.means, understood(each.text, listed).meaning) for each in tried)


def share_right(counted: Counter[tuple[Meaning, Meaning]]) -> float:
    """From 0 to 1."""
    return sum(times for (means, taken), times in counted.items() if means is taken) / counted.total()
