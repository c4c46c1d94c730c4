"""Phrases that typed messages are searched for (`typed_words.toml`), by meaning and language."""

import tomllib
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from allybot.content.words import Frozen, one_line
from allybot.domain.classifier import Classifier
from allybot.domain.features import Classes, Groups
from allybot.domain.meanings import Meaning
from allybot.domain.phrases import Phrases, checked, folded
from allybot.domain.typed import Listed, Rule

Phrase = Annotated[str, BeforeValidator(one_line), AfterValidator(checked)]
"""Words in order, see `allybot.domain.phrases`."""
ByLanguage = Annotated[dict[str, Annotated[tuple[Phrase, ...], Field(min_length=1)]], Field(min_length=1)]
"""Phrases by language; every message is searched for all languages."""


ALIKE = Path(__file__).parent / "alike_words.toml"
CLASSES = Path(__file__).parent / "word_classes.bin"
WEIGHTS = Path(__file__).parent / "weights.bin"
"""Trained with ALIKE, CLASSES and the shipped phrases, so all stay here and in no directory of one's own."""


class TypedWords(Frozen):
    """Everything in `typed_words.toml`.

    Attributes:
        serious: distress and misconduct, deliberately broad.
        clear: phrases by meaning. The first meaning with a match tells most.
        likely: the same, looked for after `clear`.
        negated: phrases with which a meaning is not meant.
        emoji: by meaning, what is said by an emoji alone.
        polite: words without a meaning of their own around a message.
        frequent: frequent words, by language.
    """

    serious: ByLanguage
    clear: dict[Meaning, ByLanguage]
    likely: dict[Meaning, ByLanguage]
    negated: dict[Meaning, ByLanguage] = Field(default_factory=dict)
    emoji: dict[Meaning, tuple[str, ...]]
    polite: tuple[str, ...]
    frequent: dict[str, tuple[str, ...]]

    @cached_property
    def listed(self) -> Listed:
        """All of it, compiled."""
        rules = tuple(
            Rule(meaning, language, Phrases(phrases))
            for meanings in (self.clear, self.likely)
            for meaning, languages in meanings.items()
            for language, phrases in languages.items()
        )
        return Listed(
            serious=Phrases(
                (phrase for phrases in self.serious.values() for phrase in phrases),
                known=[word for rule in rules for word, _ in rule.phrases.words],
            ),
            rules=rules,
            negated={
                meaning: Phrases(phrase for phrases in languages.values() for phrase in phrases)
                for meaning, languages in self.negated.items()
            },
            groups=Groups(tomllib.loads(ALIKE.read_text(encoding="utf-8"))["alike"]),
            classes=Classes(CLASSES.read_bytes()),
            classifier=Classifier(WEIGHTS.read_bytes()),
            emoji={sign: meaning for meaning, signs in self.emoji.items() for sign in signs},
            polite=_folded(self.polite),
            english=_folded(self.frequent.get("english", ())),
            german=_folded(self.frequent.get("german", ())),
        )


def _folded(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for each in words for word in folded(each))
