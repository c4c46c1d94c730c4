"""Tells what a typed message means, so that fitting buttons can be offered; nothing is done on a guess."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Literal

from allybot.domain.examples import Examples
from allybot.domain.phrases import Phrases, Spelling, folded

MIN_CORRECTED = 5
"""Letters from which a listed word is matched with one typo, in everything but SERIOUS."""
MAX_WORDS = 400
"""Words at the beginning of a message in which the rules are looked for; SERIOUS is looked for in all."""
LEAST_SERIOUS = 0.35
"""Probability, by the examples, from which a message is taken for SERIOUS; tried out on the sentences."""
FEW_WORDS = 3
"""Words up to which any rule is taken for clear; tried out on the sentences."""
SERIOUS_IN_SPITE = 0.95
"""The same where a rule tells another meaning."""
LIKELIER = 50.0
"""How much likelier than by the examples a meaning is whose rule matches but is not clear; tried out."""
LEAST = 0.4
"""Probability below which a meaning does not count; ours, tried out on the sentences."""
Language = Literal["en", "de"]


class Meaning(StrEnum):
    """What a typed message seems to say or to ask for."""

    SERIOUS = "serious"
    """Distress, misconduct, somebody in danger; in a message of any length."""
    FORGET = "forget"
    """Delete my data."""
    WHO_SEES = "who_sees"
    MY_DATA = "my_data"
    """What is kept about me."""
    ACTED = "acted"
    """It came up and I did it; also a bare "yes"."""
    NOT_ACTED = "not_acted"
    """It came up and I did not; also a bare "no"."""
    FORGOT = "forgot"
    NO_TIME = "no_time"
    NOT_MY_PLACE = "not_my_place"
    UNSURE_HOW = "unsure_how"
    FEARED_REACTION = "feared_reaction"
    LESS_MOTIVATED = "less_motivated"
    NO_MOMENT = "no_moment"
    """It did not come up."""
    NOD = "nod"
    """A thumb or a tick alone: an answer while a check-in is open, else thanks."""
    LATER = "later"
    START = "start"
    DECLINE = "decline"
    RESUME = "resume"
    PAUSE = "pause"
    SLOWER = "slower"
    STOP = "stop"
    QUIET_DAYS = "quiet_days"
    CHANGE_ANSWER = "change_answer"
    NEXT = "next"
    """When the next check-in comes, or how many are left."""
    PLANS = "plans"
    WRITE_PLAN = "write_plan"
    DONE = "done"
    """Done with this plan."""
    HELP = "help"
    BOT = "bot"
    """Is this a bot?"""
    PERSON = "person"
    """To talk to a person."""
    LINES = "lines"
    """What to say in a situation."""
    ANGRY = "angry"
    THANKS = "thanks"
    GREETING = "greeting"
    UNKNOWN = "unknown"


ANSWERS = frozenset(
    {
        Meaning.ACTED,
        Meaning.NOT_ACTED,
        Meaning.FORGOT,
        Meaning.NO_TIME,
        Meaning.NOT_MY_PLACE,
        Meaning.UNSURE_HOW,
        Meaning.FEARED_REACTION,
        Meaning.LESS_MOTIVATED,
        Meaning.NO_MOMENT,
    }
)
"""What answers a check-in."""


@dataclass(frozen=True)
class Understood:
    """The meaning of a message, and its language; "en" where neither shows."""

    meaning: Meaning
    language: Language


@dataclass(frozen=True)
class Rule:
    """The phrases of one meaning in one language; where they are `clear`, no example is asked."""

    meaning: Meaning
    language: str
    phrases: Phrases
    clear: bool


@dataclass(frozen=True)
class Listed:
    """Everything that typed messages are compared with.

    Attributes:
        serious: of every language, looked for before all else.
        rules: the first that matches counts.
        examples: sentences by meaning, asked where no clear rule matches.
        emoji: the meaning of a message of nothing but emoji, by emoji or by its code between colons.
        polite: words that mean nothing at the beginning or end of a message, folded.
        german: frequent words of German, folded; and `english`.
    """

    serious: Phrases
    rules: Sequence[Rule]
    examples: Examples[Meaning]
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


def understood(text: str, listed: Listed) -> Understood:
    """What a typed message means.

    SERIOUS comes first, by its phrases or by the examples; then emoji alone, the first rule that matches if
    it is clear, and else what is likeliest by that rule and the examples.
    """
    plain = _CODE.sub(" ", text)
    words = folded(plain)
    language = _language(words, text, listed)
    if listed.serious.occur_among(words):
        return Understood(Meaning.SERIOUS, language or "en")
    if not words:
        return Understood(_emoji(text, listed), "en")
    meant = [listed.spelling.corrected(word) for word in words[:MAX_WORDS]]
    said = "\n".join(" ".join(each) for each in (meant, _without_politeness(meant, listed.polite)))
    rule = next((rule for rule in listed.rules if rule.phrases.occur_exactly(said)), None)
    probable = listed.examples.probabilities(plain)
    certain = rule and (rule.clear or len(words) <= FEW_WORDS)
    if probable.get(Meaning.SERIOUS, 0.0) >= (SERIOUS_IN_SPITE if certain else LEAST_SERIOUS):
        return Understood(Meaning.SERIOUS, language or "en")
    meaning = rule.meaning if rule and certain else _likeliest(probable, rule)
    if meaning is Meaning.UNKNOWN:
        meaning = _emoji(text.replace("?", ""), listed)
    return Understood(meaning, language or ("de" if rule and rule.language == "german" else "en"))


def _likeliest(probable: Mapping[Meaning, float], rule: Rule | None) -> Meaning:
    weights = dict(probable)
    if rule:
        weights[rule.meaning] = LIKELIER * (weights.get(rule.meaning, 0.0) + 0.01)
    best = max(weights, key=weights.__getitem__, default=Meaning.UNKNOWN)
    return best if weights.get(best, 0.0) >= LEAST else Meaning.UNKNOWN


def _emoji(text: str, listed: Listed) -> Meaning:
    """The meaning of the first emoji with one; UNKNOWN without."""
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
