"""Forms whose words a circle reads: shown as it will read them before they are sent, with errors in place."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from slack_bolt import Ack

from allybot.errors import DecryptionError, FieldError, NotFoundError
from allybot.prompts.circles import text_forms
from allybot.services.circles.texts import CannotAskError
from allybot.slack_app.forms import form_errors
from allybot.slack_app.payloads import Submission
from allybot.slack_app.replies import HandlerContext


def fingerprint(form_id: str, text: str, *, named: bool = False) -> str:
    """What tells, without the words, which of them their author has seen."""
    return hashlib.sha256(f"{form_id}/{named}/{text}".encode()).hexdigest()


@contextmanager
def text_errors(bot: HandlerContext, submission: Submission, ack: Ack) -> Iterator[None]:
    """Say under the text of a question, an answer or a recap why it cannot be sent; what was typed stays."""
    say, view = bot.say(submission), submission.view
    longest = bot.context.content.rules.plans.max_question_characters

    def explain(error: FieldError, length: int) -> str:
        return text_forms.problem(say, error.reason, length, longest)

    with form_errors(ack, view, say, explain, refusals=(NotFoundError, DecryptionError)):
        try:
            yield
        except CannotAskError as problem:
            under = view.block_of(text_forms.QUESTION)
            ack(response_action="errors", errors={under: text_forms.why_not(say, problem.refusal)})
