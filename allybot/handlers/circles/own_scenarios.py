"""A lead writes a scenario of the program's own, sees it as circles will, keeps, changes or deletes it."""

from slack_bolt import Ack

from allybot.content.own_scenarios import KIND, MONDAY, THURSDAY, OwnScenarioError, words_of
from allybot.errors import NotALeadError, NotFoundError
from allybot.handlers.circles.previews import fingerprint
from allybot.handlers.circles.scenarios import page_of
from allybot.i18n import Say
from allybot.message import View
from allybot.prompts.circles import own_ids
from allybot.prompts.circles import own_scenario_remarks as remarks
from allybot.prompts.circles import own_scenarios as prompts
from allybot.prompts.help import covered, not_a_lead, stale_button
from allybot.services.circles import own_scenarios, scenarios
from allybot.services.circles.own_scenarios import Begun, FullError, InUseError
from allybot.slack_app.forms import keep_open
from allybot.slack_app.payloads import Press, Submission
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


@routes.action(own_ids.WRITE, own_ids.CHANGE, own_ids.MORE)
def write(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Open a step of the form: empty, or with what was written so far."""
    ack()
    say = bot.say(press)
    try:
        value = press.value(own_ids.OwnScenarioValue)
        begun = own_scenarios.begun(bot.context, press.actor, value.program, value.scenario, bot.now())
    except NotALeadError:
        bot.answer(press, not_a_lead(say))
    except NotFoundError:
        bot.answer(press, stale_button(say))
    except InUseError:
        bot.answer(press, covered(say, remarks.in_use(say)))
    except FullError:
        bot.answer(press, covered(say, remarks.full(say)))
    else:
        step = prompts.thursday_form if press.action_id == own_ids.MORE else prompts.monday_form
        bot.show(press, step(say, _value(begun), begun.words))


@routes.view(own_ids.MONDAY_FORM)
def send_monday(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """The first step is sent: it is stored and shown as circles will see it."""
    _send(bot, submission, ack, MONDAY)


@routes.view(own_ids.THURSDAY_FORM)
def send_thursday(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """The second step, likewise."""
    _send(bot, submission, ack, THURSDAY)


@routes.view(own_ids.KEEP_FORM)
def keep(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """Let circles get it, and show it among the others."""
    say, actor = bot.say(submission), submission.actor
    try:
        value = submission.view.value(own_ids.OwnScenarioValue)
        begun = own_scenarios.begun(bot.context, actor, value.program, value.scenario, bot.now())
        if _seen(begun) != value.seen:  # another lead has changed it meanwhile
            ack(response_action="update", view=_preview(say, begun).body)
            return
        own_scenarios.keep(bot.context, actor, value.program, value.scenario, bot.now())
        seen = scenarios.of_program(bot.context, actor, value.program)
        view = page_of(bot, submission, seen, value.scenario, remarks.kept(say))
    except InUseError:
        seen = scenarios.of_program(bot.context, actor, value.program)
        view = page_of(bot, submission, seen, remark=remarks.in_use(say))
    except (NotALeadError, NotFoundError, FullError):
        keep_open(ack, submission.view, say)
        return
    ack(response_action="update", view=view.body)


@routes.action(own_ids.DELETE)
def delete(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Delete it, after Slack's dialog."""
    ack()
    say, remark = bot.say(press), ""
    try:
        value = press.value(own_ids.OwnScenarioValue)
        try:
            seen = scenarios.delete(bot.context, press.actor, value.program, value.scenario, bot.now())
        except InUseError:
            seen, remark = scenarios.of_program(bot.context, press.actor, value.program), remarks.in_use(say)
    except NotALeadError:
        bot.answer(press, not_a_lead(say))
    except NotFoundError:
        bot.answer(press, stale_button(say))
    else:
        bot.show(press, page_of(bot, press, seen, remark=remark))


def _send(bot: HandlerContext, submission: Submission, ack: Ack, fields: tuple[str, ...]) -> None:
    say, view = bot.say(submission), submission.view
    if not view.inputs:
        keep_open(ack, view, say)
        return
    shown = {block_id.partition(".")[0] for block_id in view.inputs}
    words = {
        field: view.selected(field) if field == KIND else view.text(field)
        for field in fields
        if field in shown
    }
    try:
        value = view.value(own_ids.OwnScenarioValue)
        begun = own_scenarios.write(
            bot.context, submission.actor, value.program, value.scenario, words, bot.now()
        )
    except OwnScenarioError as refused:
        said = remarks.problems(say, refused.problems, words_of(words))
        here = {view.block_of(field): text for field, text in said.items() if field in shown}
        ack(response_action="errors", errors=here or {view.inputs[0]: next(iter(said.values()))})
    except InUseError:
        ack(response_action="errors", errors={view.inputs[0]: remarks.in_use(say)})
    except FullError:
        ack(response_action="errors", errors={view.inputs[0]: remarks.full(say)})
    except (NotALeadError, NotFoundError):
        keep_open(ack, view, say)
    else:
        ack(response_action="update", view=_preview(say, begun).body)


def _preview(say: Say, begun: Begun) -> View:
    if begun.scenario is None:
        raise NotFoundError
    return prompts.preview(
        say,
        _value(begun).model_copy(update={"seen": _seen(begun)}),
        begun.scenario,
        begun.week.monday,
        begun.week.opens_at,
        begun.program.zone,
        begun.program.support_contact,
        begun.min_votes,
    )


def _seen(begun: Begun) -> str:
    return fingerprint(begun.id, repr(sorted(begun.words.items())))


def _value(begun: Begun) -> own_ids.OwnScenarioValue:
    return own_ids.OwnScenarioValue(program=begun.program.id, scenario=begun.id)
