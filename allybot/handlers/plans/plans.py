"""Plans in Slack: the list and its buttons, mending one, and how it read before."""

from collections.abc import Callable

from slack_bolt import Ack

from allybot.errors import FieldError, NotFoundError, WrongStateError
from allybot.handlers.home import show_home
from allybot.handlers.not_enrolled import not_taking_part
from allybot.handlers.plans.form import example_form, new_plan_form
from allybot.message import Message
from allybot.prompts import ids
from allybot.prompts.help import stale_button
from allybot.prompts.plans import kept as kept_prompts
from allybot.prompts.plans import list as prompts
from allybot.prompts.plans.remarks import remarks_on
from allybot.prompts.plans.sentence import COPING, CUE, MOMENT, RESPONSE
from allybot.services.plans import plans
from allybot.slack_app.forms import form_errors
from allybot.slack_app.payloads import Press, Request, Submission
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes

routes = Routes()


@routes.command("plan")
def open_plan_form(
    bot: HandlerContext, request: Request, *, kind: str = "", cue: str = "", response: str = ""
) -> Message | None:
    """Open the plan modal, possibly prefilled; a message instead for who cannot write plans yet."""
    return bot.open_form(request, new_plan_form(bot, request, kind=kind, cue=cue, response=response))


@routes.action(ids.PLAN_NEW)
def new(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The button; in a modal, the plan modal takes its place."""
    ack()
    bot.show_form(press, new_plan_form(bot, press))


@routes.action(ids.PLAN_EXAMPLE)
def use_example(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Show the example as a plan that one more tap keeps."""
    ack()
    try:
        kind = press.value(ids.PlanKindValue).kind
    except NotFoundError:
        bot.answer(press, stale_button(bot.say(press)))
    else:
        bot.show_form(press, example_form(bot, press, kind))


@routes.action(ids.PLANS_SHOW)
def show(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """The button."""
    ack()
    bot.answer(press, plan_list(bot, press))


@routes.command("plans")
def plan_list(bot: HandlerContext, request: Request, news: Message | None = None) -> Message:
    """The plans of whoever asks, or why there are none; `news` stands above them."""
    say = bot.say(request)
    try:
        book = plans.book(bot.context, request.actor)
    except (NotFoundError, WrongStateError) as problem:
        return not_taking_part(bot, request, problem)
    return prompts.plan_list(
        say,
        book.plans,
        book.focus,
        bot.context.content.rules.plans.max_active,
        list(news.blocks) if news else None,
    )


@routes.action(ids.PLAN_EDIT)
def edit(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Open the modal that mends a plan."""
    ack()
    say = bot.say(press)
    try:
        plan_id, book = press.value(ids.PlanValue).plan, plans.book(bot.context, press.actor)
    except (NotFoundError, WrongStateError):
        bot.answer(press, stale_button(say))
        return
    plan = next((each for each in book.active if each.id == plan_id), None)
    if plan is None:
        bot.answer(press, stale_button(say))
    else:
        bot.show(press, kept_prompts.edit_form(say, plan, book.program.support_contact))


@routes.view(ids.PLAN_EDIT_FORM)
def keep_edited(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """Store a mended plan."""
    say, who, view = bot.say(submission), submission.actor, submission.view
    content = bot.context.content
    with form_errors(ack, view, say):
        plan = plans.edit(
            bot.context,
            who,
            view.value(ids.PlanValue).plan,
            view.text(CUE),
            view.text(RESPONSE),
            view.day(MOMENT),
            bot.now(),
            coping=view.text(COPING),
        )
        book = plans.book(bot.context, who)
        remarks = remarks_on(say, content.plan_library_of(book.program.name), plan.intention)
        most = content.rules.plans.max_active
        shown = kept_prompts.kept(say, plan, len(book.active), most, remarks=remarks)
        ack(response_action="update", view=shown.body)
        show_home(bot, who)


@routes.action(ids.PLAN_WORDINGS)
def show_wordings(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Show how a plan read before."""
    ack()
    say = bot.say(press)
    try:
        plan = plans.earlier(bot.context, press.actor, press.value(ids.PlanValue).plan)
    except NotFoundError:
        bot.answer(press, stale_button(say))
    else:
        bot.show(press, kept_prompts.earlier_wordings(say, plan, plan.earlier))


def _finish(bot: HandlerContext, press: Press, plan_id: str) -> Message:
    plan, book = plans.finish(bot.context, press.actor, plan_id), plans.book(bot.context, press.actor)
    room = len(book.active) < bot.context.content.rules.plans.max_active
    return prompts.done(bot.say(press), plan, book.focus, may_write=room)


def _put_aside(bot: HandlerContext, press: Press, plan_id: str) -> Message:
    plans.put_aside(bot.context, press.actor, plan_id)
    return prompts.put_aside(bot.say(press))


def _take_up(bot: HandlerContext, press: Press, plan_id: str) -> Message:
    try:
        plans.take_up(bot.context, press.actor, plan_id)
    except FieldError as problem:
        return prompts.not_taken_up(bot.say(press), problem.reason)
    return prompts.taken_up(bot.say(press))


def _focus(bot: HandlerContext, press: Press, plan_id: str) -> None:
    plans.focus(bot.context, press.actor, plan_id)


_CHANGES: dict[str, Callable[[HandlerContext, Press, str], Message | None]] = {
    ids.PLAN_FINISH: _finish,
    ids.PLAN_PUT_ASIDE: _put_aside,
    ids.PLAN_TAKE_UP: _take_up,
    ids.PLAN_FOCUS: _focus,
}


@routes.action(*_CHANGES)
def change(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Change one plan and show the list, with the news above it; the Home tab itself shows the change."""
    news, done = None, True
    try:
        news = _CHANGES[press.action_id](bot, press, press.value(ids.PlanValue).plan)
    except (NotFoundError, WrongStateError):
        done = False
    ack()
    if press.on_home:
        show_home(bot, press.actor)
        if done:
            bot.answer(press, news)
            return
    answer = plan_list(bot, press, news) if done else stale_button(bot.say(press))
    bot.answer(press, answer, replace=True)
