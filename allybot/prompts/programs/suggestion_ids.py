"""What the buttons and modals of suggestions to leads hand back to us: a part of `ids`."""

from pydantic import Field

from allybot.prompts.ids import ID, Value

SHOW = "suggestion.show"
FORM = "suggestion.form"
LEADS_SHOW = "suggestions.show"
ANSWER = "suggestion.answer"
ANSWER_FORM = "suggestion.answer_form"
HIDE = "suggestion.hide"
HIDE_FORM = "suggestion.hide_form"
_SEEN = Field(default="", pattern=r"^[0-9a-f]{0,64}$")


class SuggestionFormValue(Value):
    """The modal that sends a suggestion.

    `form` is random; `seen` tells, without its words, which text its sender has seen as leads will.
    """

    form: str = ID
    seen: str = _SEEN


class SuggestionValue(Value):
    """One suggestion that leads have."""

    suggestion: str = ID


class SuggestionAnswerValue(Value):
    """The modal that answers one; `seen` tells which answer the lead has seen as everybody will."""

    suggestion: str = ID
    seen: str = _SEEN
