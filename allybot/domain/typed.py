"""Tells what a typed message means, so that fitting buttons can be offered; nothing is done on a guess."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from allybot.domain.classifier import Classifier
from allybot.domain.features import Classes, Groups, features
from allybot.domain.likely_meanings import likeliest, offered_besides, weighed
from allybot.domain.meanings import ACTS, Language, Meaning, Situation
from allybot.domain.phrases import Phrases, Spelling, folded

MIN_CORRECTED = 5
"""Letters from which a listed word is matched with one typo, in everything but SERIOUS."""
MAX_WORDS = 400
"""Words at the beginning of a message in which the rules are looked for; SERIOUS is looked for in all."""
LEAST_SERIOUS = 0.15
"""Probability from which a message is taken for SERIOUS; tried out on the sentences."""
LEAST_SERIOUS_FEW = 0.5
"""The same for FEW_WORDS words or fewer: without a context they rather name a thing ("a desk")."""
SERIOUS_IN_SPITE = 0.05
"""The same where a phrase of distress occurs in a short message."""
SHORT = 20
"""Words up to which a message is so short that what the classifier says of a phrase of distress counts."""
SERIOUS_ALONE = 0.8
"""Probability from which one sentence of several makes the message SERIOUS; tried out on the sentences."""
MAX_SENTENCES = 12
"""Sentences at the beginning of a message, and at its end, that are looked at one by one."""
FEW_WORDS = 3
"""Words up to which a rule tells more; tried out on the sentences."""


@dataclass(frozen=True)
class Understood:
    """What a message was taken for.

    Attributes:
        language: None where no language shows.
        others: what else it may mean, the likeliest first, where that is not sure; distress before anything.
    """

    meaning: Meaning
    language: Language | None
    others: tuple[Meaning, ...] = ()


@dataclass(frozen=True)
class Heard:
    """What a message tells by itself, whoever typed it.

    Attributes:
        language: None where no language shows.
        is_serious: whether it is distress or misconduct.
        emoji: the meaning of its emoji, UNKNOWN without.
        probable: by meaning; empty where it has no words.
        said: meanings of which a listed phrase occurs.
    """

    language: Language | None
    is_serious: bool
    emoji: Meaning
    probable: Mapping[Meaning, float]
    said: frozenset[Meaning] = frozenset()

    def understood(self, situation: Situation | None = None) -> Understood:
        """What it means where somebody stands in a situation; None: nothing is known of it."""
        if self.is_serious:
            return Understood(Meaning.SERIOUS, self.language)
        if not self.probable:
            return Understood(self.emoji, self.language)
        probable = weighed(self.probable, situation)
        meaning = likeliest(probable, self.said)
        if meaning is Meaning.UNKNOWN:
            meaning = self.emoji
        return Understood(meaning, self.language, offered_besides(meaning, probable))


@dataclass(frozen=True)
class Rule:
    """The phrases of one meaning in one language."""

    meaning: Meaning
    language: str
    phrases: Phrases


@dataclass(frozen=True)
class Listed:
    """Everything that typed messages are compared with.

    Attributes:
        serious: of every language.
        rules: phrases by meaning; each that matches is a feature for the classifier.
        negated: phrases with which a meaning is not meant, such as "don't delete".
        groups: words that count alike.
        classes: frequent words by what they are about.
        classifier: weighs words, groups and rules.
        emoji: the meaning of a message of nothing but emoji, by emoji or by its code between colons.
        polite: words that mean nothing at the beginning or end of a message, folded.
        german: frequent words of German, folded; and `english`.
    """

    serious: Phrases
    rules: Sequence[Rule]
    negated: Mapping[Meaning, Phrases]
    groups: Groups
    classes: Classes
    classifier: Classifier
    emoji: Mapping[str, Meaning]
    polite: frozenset[str]
    english: frozenset[str]
    german: frozenset[str]

    @cached_property
    def spelling(self) -> Spelling:
        """Corrects words by those of all rules."""
        words = [word for rule in self.rules for word in rule.phrases.words]
        return Spelling([*words, *((word, False) for word in self.polite)], MIN_CORRECTED)


_CODE = re.compile(r":([a-z0-9_+-]+):")
_LOOK = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]|:skin-tone-[2-6]:|\u200d[\u2640\u2642]\ufe0f?")
"""Variants of an emoji: its skin tone, its gender, text or picture."""
_MARKS = re.compile(r"[.?…]")
_SENTENCE = re.compile(r"[.!?;\n]+")


def understood(text: str, listed: Listed, situation: Situation | None = None) -> Understood:
    """What a typed message means, see `heard` and `Heard.understood`."""
    return heard(text, listed).understood(situation)


def heard(text: str, listed: Listed) -> Heard:
    """What a typed message tells.

    SERIOUS comes first, in the whole message or in one sentence of it; then emoji alone; then what is
    likeliest by the classifier, to which the rules that match are evidence.
    """
    words = folded(_CODE.sub(" ", text))
    language = _language(words, text, listed)
    phrase = listed.serious.occur_among(words)
    if not words:
        return Heard(None, is_serious=False, emoji=_emoji(text, listed), probable={})
    said = _corrected(words, listed)
    matching = _matching(said, listed)
    if language is None and matching and matching[0].language == "german":
        language = "de"
    probable = _probable(words, text, matching, listed, has_phrase=phrase)
    serious = _is_serious(text, words, probable, listed, has_phrase=phrase)
    for meaning, phrases in listed.negated.items():
        if phrases.occur_exactly(said):
            probable[meaning] = 0.0
    meanings = frozenset(rule.meaning for rule in matching)
    return Heard(language, serious, _emoji(_MARKS.sub("", text), listed), probable, meanings)


def evidence(text: str, listed: Listed) -> set[str]:
    """The features of a message, rules that match among them; what the classifier is trained with."""
    words = folded(_CODE.sub(" ", text))
    said = _corrected(words, listed)
    matching = _matching(said, listed)
    return _features(words, text, matching, listed, has_phrase=listed.serious.occur_among(words))


def _matching(said: str, listed: Listed) -> list[Rule]:
    words = set(said.split())
    return [rule for rule in listed.rules if rule.phrases.occur_exactly(said, words)]


def _corrected(words: Sequence[str], listed: Listed) -> str:
    """A line of the words with typos of listed ones corrected; a second one without polite ones around."""
    meant = [listed.spelling.corrected(word) for word in words[:MAX_WORDS]]
    lines = (" ".join(each) for each in (meant, _without_politeness(meant, listed.polite)))
    return "\n".join(dict.fromkeys(lines))


def _features(
    words: list[str], text: str, matching: Sequence[Rule], listed: Listed, *, has_phrase: bool
) -> set[str]:
    matched = [rule.meaning.value for rule in matching]
    matched += [f"first {rule.meaning} {len(words) <= FEW_WORDS}" for rule in matching[:1]]
    matched += ["phrase of distress"] if has_phrase else []
    return features(words, listed.groups, listed.classes, asks="?" in text, matched=matched)


def _probable(
    words: list[str], text: str, matching: Sequence[Rule], listed: Listed, *, has_phrase: bool
) -> dict[Meaning, float]:
    found = _features(words, text, matching, listed, has_phrase=has_phrase)
    return {Meaning(name): share for name, share in listed.classifier.probabilities(found).items()}


def _is_serious(
    text: str, words: list[str], probable: Mapping[Meaning, float], listed: Listed, *, has_phrase: bool
) -> bool:
    """Whether it is distress or misconduct; `has_phrase`: a phrase of it occurs."""
    likeliest = max(probable, key=probable.__getitem__)
    if has_phrase and (
        len(words) > SHORT or probable[Meaning.SERIOUS] >= SERIOUS_IN_SPITE or likeliest in ACTS
    ):
        return True
    if probable[Meaning.SERIOUS] >= (LEAST_SERIOUS if len(words) > FEW_WORDS else LEAST_SERIOUS_FEW):
        return True
    every = [each for each in _SENTENCE.split(text) if each.strip()]
    if len(every) > 2 * MAX_SENTENCES:
        every = [*every[:MAX_SENTENCES], *every[-MAX_SENTENCES:]]
    sentences = [folded(each) for each in every]
    return len(sentences) > 1 and any(
        _probable(each, "", (), listed, has_phrase=False)[Meaning.SERIOUS] >= SERIOUS_ALONE
        for each in sentences
        if len(each) > 1
    )


def _emoji(text: str, listed: Listed) -> Meaning:
    """The meaning of the emoji in it; of several the one listed first counts. UNKNOWN without."""
    looked = _LOOK.sub("", text)
    return next((meaning for sign, meaning in listed.emoji.items() if sign in looked), Meaning.UNKNOWN)


def _without_politeness(words: list[str], polite: frozenset[str]) -> list[str]:
    """The words without polite ones at the beginning and the end; all of them where nothing would remain."""
    begin, end = 0, len(words)
    while begin < end and words[begin] in polite:
        begin += 1
    while end > begin and words[end - 1] in polite:
        end -= 1
    return words[begin:end] or list(words)


def _language(words: Sequence[str], text: str, listed: Listed) -> Language | None:
    """The language whose frequent words are more; None where they are equally many."""
    german = sum(word in listed.german for word in words) + sum(letter in "äöüßÄÖÜ" for letter in text)
    english = sum(word in listed.english for word in words)
    return "de" if german > english else "en" if english > german else None
