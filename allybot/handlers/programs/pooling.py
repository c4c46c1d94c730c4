"""A lead names the pool of a program that runs, after seeing what would come of it."""

from slack_bolt import Ack

from allybot.errors import NotALeadError, NotFoundError
from allybot.handlers.programs.changing import carry_out
from allybot.i18n import Say
from allybot.prompts.help import as_modal, not_a_lead
from allybot.prompts.programs import creating, program_ids
from allybot.prompts.programs import pooling as prompts
from allybot.prompts.programs.refusals import said
from allybot.services.programs.refusals import ChangeRefusedError
from allybot.services.trainees import pool_consent
from allybot.slack_app.forms import keep_open
from allybot.slack_app.payloads import Submission
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


@routes.view(program_ids.POOL_FORM)
def look(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """The form is sent: show what would happen on top of it, or say under the field why it cannot be."""
    say, view, who = bot.say(submission), submission.view, submission.actor
    try:
        program, pool = view.value(program_ids.ProgramValue).program, view.text(creating.POOL)
        found = pool_consent.name_pool(bot.context, who, program, pool, bot.now(), confirmed=False)
        page = prompts.confirm(say, found.program, found.pool, found.least, found.months)
        ack(response_action="push", view=page.body)
    except NotFoundError:
        keep_open(ack, view, say)
    except NotALeadError:
        ack(response_action="update", view=as_modal(say, not_a_lead(say)).body)
    except ChangeRefusedError as refused:
        ack(response_action="errors", errors={creating.POOL: said(say, refused.reason, refused.name)})


@routes.view(program_ids.POOL_CONFIRM)
def confirm(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """It is confirmed: people are asked in their working hours."""

    def perform(_say: Say) -> str:
        value, who = submission.view.value(program_ids.PoolValue), submission.actor
        made = pool_consent.name_pool(bot.context, who, value.program, value.pool, bot.now(), confirmed=True)
        return made.program.name

    carry_out(bot, submission, ack, perform)
