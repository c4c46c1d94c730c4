"""A lead corrects the list: `/allybot program correct`, and the button."""

from slack_bolt import Ack

from allybot.errors import NotALeadError, NotFoundError, UserError, WrongStateError
from allybot.handlers.programs.list_forms import choices_of
from allybot.message import Message
from allybot.prompts.help import as_modal, covered, not_a_lead
from allybot.prompts.programs import corrections as prompts
from allybot.prompts.programs import enrol_ids
from allybot.prompts.programs.adding import cannot
from allybot.services.data import erasure
from allybot.services.programs import corrections
from allybot.services.programs.corrections import NotOnTheListError
from allybot.slack_app.forms import keep_open
from allybot.slack_app.payloads import Press, Request, Submission
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


def open_form(bot: HandlerContext, request: Request) -> Message | None:
    """Open the form; a message instead for who leads no program."""
    say, actor = bot.say(request), request.actor
    try:
        cohorts = choices_of(bot, actor)
        programs = list(dict.fromkeys((each.program_id, each.program) for each in cohorts))
    except NotALeadError:
        return not_a_lead(say)
    bot.open_modal(request, prompts.correct_form(say, programs, cohorts))
    return None


@routes.action(enrol_ids.CORRECT)
def correct(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The button."""
    ack()
    bot.answer(press, open_form(bot, press))


@routes.view(enrol_ids.CORRECT_FORM)
def confirm(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """Say what would happen; under the person, if they are not on the list."""
    say, view, actor = bot.say(submission), submission.view, submission.actor
    what, _, rest = view.selected(prompts.WHAT).partition(".")
    user, (program_id, _, to) = view.user(prompts.WHO), rest.partition(".")
    try:
        value = enrol_ids.CorrectionValue(program=program_id, what=what, to=to, user=user)
        program, target = corrections.target_of(bot.context, actor, program_id, what, to)
    except (NotALeadError, NotFoundError, ValueError):
        keep_open(ack, view, say)
        return
    try:
        corrections.require_on_list(bot.context, actor, program.id, user, bot.now())
    except NotOnTheListError:
        under = view.block_of(prompts.WHO)
        ack(response_action="errors", errors={under: prompts.not_on_list(say, program.name)})
        return
    except WrongStateError:
        ack(response_action="update", view=as_modal(say, prompts.cannot_be_done(say)).body)
        return
    except UserError:
        ack(response_action="update", view=as_modal(say, covered(say, cannot(say))).body)
        return
    ack(response_action="update", view=prompts.confirm(say, value, program.name, target).body)


@routes.view(enrol_ids.CORRECT_NOW_FORM)
def correct_now(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """Do it."""
    say, view = bot.say(submission), submission.view
    try:
        answer = _corrected(bot, submission, view.value(enrol_ids.CorrectionValue))
    except NotALeadError:
        answer = not_a_lead(say)
    except (NotFoundError, WrongStateError):
        answer = prompts.cannot_be_done(say)
    except UserError:
        answer = covered(say, cannot(say))
    ack(response_action="update", view=as_modal(say, answer).body)


def _corrected(bot: HandlerContext, submission: Submission, value: enrol_ids.CorrectionValue) -> Message:
    say, context, now = bot.say(submission), bot.context, bot.now()
    asked = (context, submission.actor, value.program, value.user)
    if value.what == prompts.COHORT:
        cohort = corrections.move_to_cohort(*asked, value.to, now)
        return prompts.moved_to_cohort(say, value.user, cohort.name)
    program, _ = corrections.target_of(context, submission.actor, value.program, value.what, value.to)
    corrections.take_off(*asked, now)
    bot.wake_worker()
    bot.background("", lambda: _wipe(bot))
    return prompts.taken_off(say, value.user, program.name)


def _wipe(bot: HandlerContext) -> None:
    erasure.wipe(bot.context)
