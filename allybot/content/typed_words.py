"""Phrases that typed messages are searched for (`typed_words.toml`), by meaning and language."""

from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from allybot.content.words import Frozen, Line, one_line
from allybot.domain.examples import Examples
from allybot.domain.phrases import Phrases, checked, folded
from allybot.domain.typed import Listed, Meaning, Rule

Phrase = Annotated[str, BeforeValidator(one_line), AfterValidator(checked)]
"""Words in order, see `allybot.domain.phrases`."""
ByLanguage = Annotated[dict[str, Annotated[tuple[Phrase, ...], Field(min_length=1)]], Field(min_length=1)]
"""Phrases by language; every message is searched for all languages."""


class TypedWords(Frozen):
    """Everything in `typed_words.toml`.

    Attributes:
        serious: distress and misconduct, deliberately broad.
        clear: phrases by meaning. The first meaning with a match counts.
        likely: the same where nothing is clear; the examples may outweigh them.
        emoji: by meaning, what is said by an emoji alone.
        polite: words without a meaning of their own around a message.
        frequent: frequent words, by language.
        examples: whole sentences, by language and meaning.
    """

    serious: ByLanguage
    clear: dict[Meaning, ByLanguage]
    likely: dict[Meaning, ByLanguage]
    emoji: dict[Meaning, tuple[str, ...]]
    polite: tuple[str, ...]
    frequent: dict[str, tuple[str, ...]]
    examples: dict[str, dict[Meaning, tuple[Line, ...]]]

    @cached_property
    def listed(self) -> Listed:
        """All of it, compiled."""
        rules = tuple(
            Rule(meaning, language, Phrases(phrases), clear)
            for clear, meanings in ((True, self.clear), (False, self.likely))
            for meaning, languages in meanings.items()
            for language, phrases in languages.items()
        )
        return Listed(
            serious=Phrases(
                (phrase for phrases in self.serious.values() for phrase in phrases),
                known=[word for rule in rules for word, _ in rule.phrases.words],
            ),
            rules=rules,
            examples=Examples(
                (sentence, meaning)
                for by_meaning in self.examples.values()
                for meaning, sentences in by_meaning.items()
                for sentence in sentences
            ),
            emoji={sign: meaning for meaning, signs in self.emoji.items() for sign in signs},
            polite=_folded(self.polite),
            english=_folded(self.frequent.get("english", ())),
            german=_folded(self.frequent.get("german", ())),
        )


def _folded(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for each in words for word in folded(each))
