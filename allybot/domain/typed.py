"""Tells what a typed message means, so that fitting buttons can be offered; nothing is done on a guess."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Literal

from allybot.domain.classifier import Classifier
from allybot.domain.features import Groups, features
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
LEAST = 0.12
"""Probability below which a meaning does not count; ours, tried out on the sentences."""
LEAST_ACT = 0.55
"""The same for a meaning of ACTS: to offer a step that nobody wished is worse than to ask."""
SURE = 0.85
"""Probability from which nothing else is offered besides."""
LEAST_SECOND = 0.06
"""Probability from which something else is offered besides; where it is distress, a person to talk to."""
LEAST_SECOND_ACT = 0.15
"""The same for a meaning of ACTS."""
Language = Literal["en", "de"]


class Meaning(StrEnum):
    """What a typed message seems to say or to ask for."""

    SERIOUS = "serious"
    """Distress, misconduct, somebody in danger; in a message of any length."""
    FORGET = "forget"
    WHO_SEES = "who_sees"
    MY_DATA = "my_data"
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
    """A thumb or a tick alone: an answer while a check-in is open."""
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
    HELP = "help"
    BOT = "bot"
    PERSON = "person"
    LINES = "lines"
    """What to say in a situation."""
    ANGRY = "angry"
    THANKS = "thanks"
    GREETING = "greeting"
    UNKNOWN = "unknown"
    TELL_LEADS = "tell_leads"
    """To tell the leads something: by its beginning alone, the classifier does not know it."""
    REHEARSE = "rehearse"
    """This and the following by their command alone, see `typed_commands`."""
    NOTES = "notes"
    WHY = "why"
    ASK_CIRCLE = "ask_circle"
    CIRCLE = "circle"
    LEADING = "leading"


ANSWERS = frozenset({
    Meaning.ACTED, Meaning.NOT_ACTED, Meaning.FORGOT, Meaning.NO_TIME, Meaning.NOT_MY_PLACE,
    Meaning.UNSURE_HOW, Meaning.FEARED_REACTION, Meaning.LESS_MOTIVATED, Meaning.NO_MOMENT,
})  # fmt: skip
"""What answers a check-in."""
ACTS = frozenset(
    {Meaning.FORGET, Meaning.START, Meaning.DECLINE, Meaning.RESUME, Meaning.PAUSE, Meaning.STOP}
)
"""What begins, ends or deletes something once its button is pressed."""
WORDS_ALONE = frozenset({Meaning.BOT, Meaning.ANGRY, Meaning.THANKS, Meaning.GREETING, Meaning.UNKNOWN})
"""What has no button of its own, so that it is no use as a second meaning."""


@dataclass(frozen=True)
class Understood:
    """What a message was taken for.

    Attributes:
        language: None where no language shows.
        second: what else it may mean, where that is not sure. Beside an answer it is no other answer:
            a check-in offers all of them.
    """

    meaning: Meaning
    language: Language | None
    second: Meaning | None = None


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
        classifier: weighs words, groups and rules.
        emoji: the meaning of a message of nothing but emoji, by emoji or by its code between colons.
        polite: words that mean nothing at the beginning or end of a message, folded.
        german: frequent words of German, folded; and `english`.
    """

    serious: Phrases
    rules: Sequence[Rule]
    negated: Mapping[Meaning, Phrases]
    groups: Groups
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
_SENTENCE = re.compile(r"[.!?;\n]+")


def understood(text: str, listed: Listed) -> Understood:
    """What a typed message means.

    SERIOUS comes first, in the whole message or in one sentence of it; then emoji alone; then what is
    likeliest by the classifier, to which the rules that match are evidence.
    """
    words = folded(_CODE.sub(" ", text))
    language = _language(words, text, listed)
    phrase = listed.serious.occur_among(words)
    if not words:
        return Understood(_emoji(text, listed), None)
    said = _corrected(words, listed)
    matching = _matching(said, listed)
    if language is None and matching and matching[0].language == "german":
        language = "de"
    probable = _probable(words, text, matching, listed, has_phrase=phrase)
    if _is_serious(text, words, probable, listed, has_phrase=phrase):
        return Understood(Meaning.SERIOUS, language)
    for meaning, phrases in listed.negated.items():
        if phrases.occur_exactly(said):
            probable[meaning] = 0.0
    meaning = max(probable, key=probable.__getitem__)
    if probable[meaning] < (LEAST_ACT if meaning in ACTS else LEAST):
        meaning = Meaning.UNKNOWN
    if meaning is Meaning.UNKNOWN:
        meaning = _emoji(text.replace("?", ""), listed)
    return Understood(meaning, language, _second(meaning, probable))


def _second(meaning: Meaning, probable: Mapping[Meaning, float]) -> Meaning | None:
    """What else is likely; distress before anything."""
    if probable[Meaning.SERIOUS] >= LEAST_SECOND:
        return Meaning.SERIOUS
    if probable[meaning] >= SURE and meaning is not Meaning.UNKNOWN:
        return None
    said = ANSWERS if meaning in ANSWERS else {meaning}
    others = [
        other
        for other, share in probable.items()
        if share >= (LEAST_SECOND_ACT if other in ACTS else LEAST_SECOND)
        and other not in said
        and other not in WORDS_ALONE
    ]
    return max(others, key=probable.__getitem__, default=None)


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
    return features(words, listed.groups, asks="?" in text, matched=matched)


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
