"""Types of text in the content, each with the limit of its place in Slack."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

MODAL_TITLE = 24
"""Characters of a modal's title (Slack, view objects)."""
OPTION_LABEL = 75
"""Characters of an option's label and of a button (Slack, option object)."""
MAX_IDENTIFIER_LENGTH = 60
"""Characters of an id; it is part of an option's value, at most 150 (Slack, option object)."""

NOT_AT_THE_START_OF_A_CUE = {"if", "when", "then"}
NOT_AT_THE_START_OF_A_RESPONSE = {"i", "will", "to", "then", "and", "if"}


class Frozen(BaseModel):
    """Base of the content's models: immutable, and unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def one_line(text: Any) -> Any:
    """The text with all white space, line breaks included, collapsed to single spaces."""
    return " ".join(text.split()) if isinstance(text, str) else text


def at_most(most: int, because: str) -> Callable[[str], str]:
    """A validator for text of at most so many characters that Slack reads as plain words."""

    def check(text: str) -> str:
        if not text:
            raise ValueError("is empty")
        if len(text) > most:
            raise ValueError(f"is {len(text)} characters long; {because} at most {most}")
        if "<" in text or ">" in text:
            raise ValueError("contains < or >, which Slack reads as a link or a mention")
        if "{" in text or "}" in text:
            raise ValueError("contains { or }, which are kept for values that allybot fills in")
        return text

    return check


def _identifier(text: str) -> str:
    if not text or not all(c.isascii() and (c.islower() or c.isdigit() or c == "-") for c in text):
        raise ValueError("may hold only small letters, digits and hyphens")
    return text


def _first_word(text: str) -> str:
    """The first word without a contraction: "I" for "I'm"."""
    return text.partition(" ")[0].partition("'")[0]


def _half(text: str, refused: set[str], before_it: str) -> str:
    """Check that a half reads well in the if-then sentence."""
    first = _first_word(text)
    if first.casefold() in refused:
        raise ValueError(f'starts with "{first}"; it is read after "{before_it}"')
    if not text[0].islower() and (first != "I" or before_it != "If"):
        raise ValueError(f'does not start with a small letter; it is read after "{before_it}"')
    if not text[-1].isalnum():
        raise ValueError(f'ends with "{text[-1]}"; the sentence sets its own full stop')
    return text


def _cue(text: str) -> str:
    return _half(text, NOT_AT_THE_START_OF_A_CUE, "If")


def _response(text: str) -> str:
    return _half(text, NOT_AT_THE_START_OF_A_RESPONSE, "then I will")


def _repairing(own: str, half: Callable[[str], str]) -> Callable[[str], str]:
    """A validator for a half in which `own` may stand once for the trainee's own words."""

    def check(text: str) -> str:
        if text.count(own) > 1:
            raise ValueError(f"holds {own} more than once")
        half(at_most(OPTION_LABEL, SLACK_LIMITS)(text.replace(own, "x")))
        return text

    return check


def _alternatives(text: str) -> str:
    if not all(each.strip() for each in text.split("/")):
        raise ValueError("has nothing between two strokes; alternatives are separated by /")
    return text


ALLYBOT_LIMITS = "allybot takes"
SLACK_LIMITS = "Slack shows"

Identifier = Annotated[
    str, AfterValidator(_identifier), AfterValidator(at_most(MAX_IDENTIFIER_LENGTH, ALLYBOT_LIMITS))
]
"""An id, unique within its file."""
ShortTitle = Annotated[str, BeforeValidator(one_line), AfterValidator(at_most(MODAL_TITLE, SLACK_LIMITS))]
"""The title of a modal."""
Label = Annotated[str, BeforeValidator(one_line), AfterValidator(at_most(OPTION_LABEL, SLACK_LIMITS))]
"""The label of a button or an option."""
Line = Annotated[str, BeforeValidator(one_line), AfterValidator(at_most(200, ALLYBOT_LIMITS))]
"""A sentence or two."""
Prose = Annotated[str, BeforeValidator(one_line), AfterValidator(at_most(600, ALLYBOT_LIMITS))]
"""A few sentences; a Slack section could hold 3000 characters, too many to read in a chat."""
Story = Annotated[str, BeforeValidator(one_line), AfterValidator(at_most(1200, ALLYBOT_LIMITS))]
"""A full account of a situation."""
Cue = Annotated[Label, AfterValidator(_cue)]
"""The cue of a plan, short enough for a menu."""
Response = Annotated[Label, AfterValidator(_response)]
"""The response of a plan, short enough for a menu."""
MendedCue = Annotated[str, BeforeValidator(one_line), AfterValidator(_repairing("{cue}", _cue))]
"""A cue that may contain the trainee's own as {cue}."""
MendedResponse = Annotated[
    str, BeforeValidator(one_line), AfterValidator(_repairing("{response}", _response))
]
"""A response that may contain the trainee's own as {response}."""
Alternatives = Annotated[
    str,
    BeforeValidator(one_line),
    AfterValidator(at_most(2000, ALLYBOT_LIMITS)),
    AfterValidator(_alternatives),
]
"""Search words separated by slashes; a translation may have more or fewer."""
