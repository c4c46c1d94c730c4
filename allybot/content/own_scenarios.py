"""A scenario that a program's lead writes: the fields of its form, held to the rules of the others.

The words are kept as they were typed, by the name of their field, so that a field left empty stays empty when
the scenario is changed later; what stands there instead is put in when it is shown.
"""

import re
from collections.abc import Mapping

from pydantic import ValidationError

from allybot.content.plan_library import WholePlan
from allybot.content.scenarios import Scenario
from allybot.domain.plans import one_line
from allybot.errors import UserError
from allybot.i18n import marked

Words = Mapping[str, str]
"""What stands in the fields of the form, by their names."""
Problems = dict[str, str]
"""The reason why a field cannot be kept, by its name: `empty`, `too_long`, `signs`, `words` or `half`."""

TITLE, KIND, SITUATION, QUESTION = "title", "kind", "situation", "question"
LETTERS = "abcde"
OPTION, BRINGS = "option_", "brings_"
"""Followed by a letter: a first move, and what it tends to bring."""
RESEARCH, HER_VIEW, SECOND, CUE, RESPONSE = "research", "her_view", "second", "cue", "response"
LINES, NOTES, WARNING, WHERE = "lines", ("note_1", "note_2"), "warning", "where_to_turn"

MONDAY = (TITLE, KIND, SITUATION, QUESTION, *(OPTION + letter for letter in LETTERS))
"""The fields of the first step: what the circle sees on Monday."""
THURSDAY = (
    *(BRINGS + letter for letter in LETTERS),
    *(HER_VIEW, RESEARCH, LINES, CUE, RESPONSE, SECOND, *NOTES, WARNING, WHERE),
)
"""The fields of the second step, all of which may stay empty."""
LONGEST = {
    TITLE: 75,
    SITUATION: 1200,
    QUESTION: 200,
    RESEARCH: 600,
    HER_VIEW: 600,
    CUE: 75,
    RESPONSE: 75,
    LINES: 602,
    **dict.fromkeys((SECOND, *NOTES, WARNING, WHERE, *(BRINGS + letter for letter in LETTERS)), 200),
    **dict.fromkeys((OPTION + letter for letter in LETTERS), 75),
}
"""Characters, as in `content.words`; of the lines three with their line breaks."""
MAX_WORDS = 140
"""Words of the situation with its question: what is read before anybody scrolls. Our own number."""
_MAX_MARKS = 40
"""Signs that become longer when they are escaped; more of them would not fit into Slack's section."""
_FEWEST_MOVES = 3
"""As `Scenario.options` asks for."""
_MARKS = "&*_~`"
_KEPT_FOR_US = "<>{}"

_OWN_ID = re.compile("own-[0-9a-f]{32}")

HONEST = marked("Probably nothing, this time")
NOT_KNOWN = marked("No study known to us. What would you expect it to bring?")
NO_STUDY = marked("No study known to us.")
NOT_ASKED = marked("Nobody has told us yet. Whom could you ask what would have helped?")
SECOND_QUESTION = marked("What would make the first step easier?")


class OwnScenarioError(UserError):
    """What was written cannot be kept as it is; `problems` says where and why."""

    def __init__(self, problems: Problems) -> None:
        super().__init__(", ".join(f"{field}: {reason}" for field, reason in problems.items()))
        self.problems = problems


def is_own(scenario_id: str) -> bool:
    """Whether a scenario was written by a lead, by its id: `own-` and 32 hexadecimal digits."""
    return _OWN_ID.fullmatch(scenario_id) is not None


def words_of(words: Words) -> int:
    """How many words the situation and its question have."""
    return len(f"{words.get(SITUATION, '')} {words.get(QUESTION, '')}".split())


def own_scenario(own_id: str, words: Words, example: WholePlan) -> Scenario:
    """The scenario.

    Args:
        own_id: its id, see `Scenario.id`.
        example: the plan to offer where none was written.

    Raises:
        OwnScenarioError: with every problem there is.
    """
    typed = {field: one_line(text) for field, text in words.items()}
    typed |= {LINES: words.get(LINES, "")}
    problems = _beyond_one_field(typed)
    offered = [letter for letter in LETTERS if typed.get(OPTION + letter)]
    notes = [field for field in NOTES if typed.get(field)]
    lines = [one_line(line) for line in typed[LINES].splitlines() if line.strip()]
    plan: object = example
    if typed.get(CUE) or typed.get(RESPONSE):
        plan = {CUE: typed.get(CUE, ""), RESPONSE: typed.get(RESPONSE, "")}
    values = {
        "id": own_id,
        "title": typed.get(TITLE, ""),
        "kind": typed.get(KIND, ""),
        "warning": typed.get(WARNING) or None,
        "situation": typed.get(SITUATION, ""),
        "questions": (typed.get(QUESTION, ""), typed.get(SECOND) or SECOND_QUESTION),
        "options": tuple(
            {"text": typed[OPTION + letter], "what_it_does": typed.get(BRINGS + letter) or NOT_KNOWN}
            for letter in offered
        ),
        "notes": tuple(typed[field] for field in notes),
        "research": typed.get(RESEARCH) or NO_STUDY,
        "her_view": typed.get(HER_VIEW) or NOT_ASKED,
        "where_to_turn": typed.get(WHERE) or None,
        "make_it_my_plan": plan,
        "lines": tuple(lines),
    }
    try:
        made = Scenario.model_validate(values)
    except ValidationError as refused:
        for error in refused.errors(include_input=False):
            if error["loc"] == ("options",) and len(offered) >= _FEWEST_MOVES:
                continue  # it counts moves without those that are wrong, which are told by themselves
            field = _field(error["loc"], offered, notes)
            problems.setdefault(field, _reason(field, typed.get(field, "")))
        raise OwnScenarioError(problems) from None
    if problems:
        raise OwnScenarioError(problems)
    return made


def _beyond_one_field(typed: Words) -> Problems:
    problems = {field: "signs" for field, text in typed.items() if sum(map(text.count, _MARKS)) > _MAX_MARKS}
    if words_of(typed) > MAX_WORDS:
        problems[SITUATION] = "words"
    return problems


def _field(loc: tuple[int | str, ...], offered: list[str], notes: list[str]) -> str:
    """The field in which something is wrong."""
    match loc:
        case ("questions", 0, *_):
            return QUESTION
        case ("questions", *_):
            return SECOND
        case ("options", int(place), "text", *_):
            return OPTION + offered[place]
        case ("options", int(place), *_):
            return BRINGS + offered[place]
        case ("options", *_):
            return OPTION + next((letter for letter in LETTERS if letter not in offered), LETTERS[0])
        case ("notes", int(place), *_):
            return notes[place]
        case ("make_it_my_plan", ("cue" | "response") as half, *_):
            return half
    return str(loc[0])


def _reason(field: str, text: str) -> str:
    if not text:
        return "empty"
    if any(sign in text for sign in _KEPT_FOR_US):
        return "signs"
    return "half" if field in {CUE, RESPONSE} and len(text) <= LONGEST[field] else "too_long"
