"""Phrases that typed messages are searched for (`typed_words.toml`), by meaning and language."""

from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from allybot.content.words import Frozen, one_line
from allybot.domain.phrases import Phrases, checked
from allybot.domain.typed import Listed, Meaning

Phrase = Annotated[str, BeforeValidator(one_line), AfterValidator(checked)]
"""Words in order, see `allybot.domain.phrases`."""
ByLanguage = Annotated[dict[str, Annotated[tuple[Phrase, ...], Field(min_length=1)]], Field(min_length=1)]
"""Phrases by language; every message is searched for all languages."""


class TypedWords(Frozen):
    """Everything in `typed_words.toml`.

    Attributes:
        serious: distress and misconduct, deliberately broad.
        forget: delete my data.
        who_sees: who sees what is written here.
    """

    serious: ByLanguage
    forget: ByLanguage
    who_sees: ByLanguage

    @cached_property
    def listed(self) -> Listed:
        """The compiled phrases of each meaning."""
        lists = {
            Meaning.SERIOUS: self.serious,
            Meaning.FORGET: self.forget,
            Meaning.WHO_SEES: self.who_sees,
        }
        return {
            meaning: Phrases(phrase for phrases in languages.values() for phrase in phrases)
            for meaning, languages in lists.items()
        }
