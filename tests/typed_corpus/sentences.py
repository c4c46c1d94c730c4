"""Sentences as people type them on a phone, each with what it means, and how well they are understood.

Half of the sentences of MEASURED, by the hash of the sentence, is for training and for those who write the
rules; the other half only counts.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from allybot.domain.meanings import ACTS, ANSWERS, Meaning, Situation
from allybot.domain.typed import Listed, understood

PLACE = Path(__file__).parent
FIRST = ("en", "de", "emoji", "second_en", "second_de", "third_en", "third_de")
"""By those who wrote the first rules."""
FRESH = ("fresh_en", "fresh_de")
"""By somebody who had read neither rules nor other sentences; no mistake in the held-out half was seen."""
VOICES = ("voices_en", "voices_de", "other_en", "other_de")
"""In other voices: an older foreman, a very young developer, somebody who learns the language, a nurse, a
teacher. Measured once, then all mistakes were looked at."""
LAST = ("last_en", "last_de")
"""In plain words, as most people type. Written when all else was done, and never trained on."""
STRANGERS = ("strangers_en", "strangers_de")
"""In voices that nothing was written for: terse managers, engineers, learners, irony, anger, apologies,
dialect, two languages mixed, dictation, emoji, stories. None is trained on. Measured blind, then all
mistakes were looked at, and the last training sentences were written."""
OTHERS = ("others_en", "others_de")
"""The same by the same author, measured once; then sentences like some of them were trained on."""
UNSEEN = ("unseen_en", "unseen_de")
"""In voices that no training sentence has: a chef, a preacher, a lawyer, a night nurse, football, Cologne and
Low German. Written by the author of the last training sentences, after those and before any result; none
is trained on. Then all mistakes were looked at."""
PEOPLE = ("people_en", "people_de")
"""Ordinary people of many kinds, in every state of a trainee: short, long, tired, ironic, dialect, learners,
dictation, emoji. Written before the last changes and before any result; none is trained on. Measured blind,
then the distress that was missed was looked at."""
MEASURED = (*FIRST, *FRESH, *VOICES)
"""Half of these is held out."""
TRAINING = (
    "training_en",
    "training_de",
    "fourth_en",
    "fourth_de",
    "fifth_en",
    "fifth_de",
    "sixth_en",
    "sixth_de",
    "seventh_en",
    "seventh_de",
    "eighth_en",
    "eighth_de",
    "ninth_en",
    "ninth_de",
)
"""All of these is for training; none is like one that is held out."""


@dataclass(frozen=True)
class Sentence:
    """One line of a file: its language is the file's name.

    Attributes:
        accepted: every meaning that a thoughtful person would take it for, the best first.
        situation: of who types it; None where the sentence was written for none.
    """

    text: str
    accepted: tuple[Meaning, ...]
    language: str
    situation: Situation | None = None

    @property
    def means(self) -> Meaning:
        """The best of them."""
        return self.accepted[0]

    @property
    def held_out(self) -> bool:
        """Whether it is of the half that is not looked at while rules are written."""
        return hashlib.sha256(self.text.encode()).digest()[0] % 2 == 1


@dataclass(frozen=True)
class Result:
    """A sentence and what it was taken for."""

    sentence: Sentence
    taken: Meaning
    others: tuple[Meaning, ...] = ()

    @property
    def offered(self) -> bool:
        """Whether one of the accepted meanings is what it was taken for, or offered besides.

        Where nothing is understood while a check-in waits, its answers are offered.
        """
        wished = set(self.sentence.accepted)
        answers = self.taken is Meaning.UNKNOWN and self.sentence.situation is Situation.WAITING
        return (
            self.right or not wished.isdisjoint(self.others) or (answers and not wished.isdisjoint(ANSWERS))
        )

    @property
    def right(self) -> bool:
        """Whether it was taken for one of the accepted meanings."""
        return self.taken in self.sentence.accepted

    @property
    def wrong_act(self) -> bool:
        """Whether a step was offered that nobody wished."""
        return self.taken in ACTS and not self.right

    @property
    def missed(self) -> bool:
        """Whether it was distress or misconduct and nothing else, and was not recognised."""
        return self.sentence.accepted == (Meaning.SERIOUS,) and not self.right


def sentences(*files: str) -> list[Sentence]:
    """The sentences of the files, without ending; a line break is written as backslash and n."""
    return [sentence for file in files for sentence in _read(PLACE / f"{file}.tsv")]


def for_training() -> list[Sentence]:
    """Every sentence that is not held out."""
    return [each for each in sentences(*MEASURED) if not each.held_out] + sentences(*TRAINING)


def tried(every: Sequence[Sentence], listed: Listed) -> list[Result]:
    """What each is taken for."""
    found = [(each, understood(each.text, listed, each.situation)) for each in every]
    return [Result(each, taken.meaning, taken.others) for each, taken in found]


def confusion(results: Sequence[Result]) -> Counter[tuple[Meaning, Meaning]]:
    """How often a meaning (first) was taken for another (second); an accepted one counts as the meaning."""
    return Counter(
        (each.sentence.means, each.sentence.means if each.right else each.taken) for each in results
    )


def share_right(results: Sequence[Result]) -> float:
    """From 0 to 1."""
    return sum(each.right for each in results) / len(results)


def _read(path: Path) -> Iterator[Sentence]:
    for line in path.read_text(encoding="utf-8").splitlines():
        means, text, *situation = line.split("\t")
        accepted = tuple(Meaning(each) for each in means.split("|"))
        yield Sentence(
            text.replace("\\n", "\n"), accepted, path.stem.rsplit("_", 1)[-1], *map(Situation, situation)
        )
