"""What the buttons and modals of answers and recaps hand back to us: a part of `ids`."""

from pydantic import Field

from allybot.prompts.ids import ID, Value

ANSWER_ADD = "ask.add"
ANSWER_FORM = "ask.add_form"
QUESTION_ANSWERED = "ask.answered"
RECAP_WRITE = "recap.write"
RECAP_FORM = "recap.form"


class QuestionValue(Value):
    """About one posted question; `named` where it carries its author's name."""

    question: str = ID
    named: bool = False


class AnswerFormValue(Value):
    """The modal that adds something to a question, with `form` and `seen` as in `AskFormValue`.

    Attributes:
        thread: ts of the post with the button.
    """

    form: str = ID
    question: str = ID
    thread: str = Field(default="", pattern=r"^[0-9.]{0,33}$")
    seen: str = Field(default="", pattern=r"^[0-9a-f]{0,64}$")


class RecapFormValue(Value):
    """The modal for a week's recap, with `form` and `seen` as in `AskFormValue`."""

    form: str = ID
    week: str = ID
    seen: str = Field(default="", pattern=r"^[0-9a-f]{0,64}$")
