"""The plan modal in Slack: its steps, its library, the way back, and keeping the plan.

Nothing is stored before the last step: the modal itself carries what was said so far, so a restart in between
changes nothing.
"""

from collections.abc import Sequence

from slack_bolt import Ack

from allybot.content import Library
from allybot.domain.people import Actor
from allybot.domain.plans import MAX_HALF_LENGTH, Intention, Plan, PlanKind, PlanState, intention, one_line
from allybot.errors import FieldError, NotFoundError, WrongStateError
from allybot.handlers.home import show_home
from allybot.handlers.not_enrolled import not_taking_part
from allybot.i18n import Say
from allybot.message import Message, View
from allybot.prompts import ids
from allybot.prompts.help import as_modal, stale_button
from allybot.prompts.ids import PlanFormValue, PlanStep
from allybot.prompts.plans import form as prompts
from allybot.prompts.plans.kept import kept
from allybot.prompts.plans.remarks import remarks_on
from allybot.prompts.plans.sentence import COPING, CUE, KIND, MOMENT, RESPONSE
from allybot.prompts.plans.swap import ASIDE, swap_form
from allybot.services.context import new_id
from allybot.services.plans import plans
from allybot.services.plans.plans import PlanBook
from allybot.slack_app.forms import form_errors
from allybot.slack_app.payloads import Press, Request, Submission
from allybot.slack_app.replies import HandlerContext
from allybot.slack_app.routing import Routes
from allybot.slack_app.sent_view import SentView

routes = Routes()
_CHOICES = (ids.PLAN_KIND, ids.PLAN_OBSTACLE, ids.PLAN_PICK_CUE, ids.PLAN_PICK_RESPONSE, ids.PLAN_BACK)
_MARKS = {PlanStep.KIND: KIND, PlanStep.SWAP: ASIDE, PlanStep.WORDS: CUE, PlanStep.KEEP: COPING}
"""In each step, a block whose id ends with the suffix of all of them."""


@routes.action(*_CHOICES)
def choose(bot: HandlerContext, press: Press, ack: Ack) -> None:
    """Show the step that follows a choice, a pick from the library or a step back."""
    ack()
    try:
        view = _after_choice(bot, press)
    except (NotFoundError, WrongStateError):
        return
    bot.change_modal(press, view)


@routes.view(ids.PLAN_FORM)
def go_on(bot: HandlerContext, submission: Submission, ack: Ack) -> None:
    """Show the next step; the last one keeps the plan."""
    say, who, view = bot.say(submission), submission.actor, submission.view
    with form_errors(ack, view, say):
        value = _filled_in(view)
        try:
            shown = _next_step(bot, say, who, value)
        except (FieldError, NotFoundError, WrongStateError) as problem:
            if value.step is not PlanStep.SWAP:
                raise
            # This step has no field under which it could be said.
            is_field = isinstance(problem, FieldError)
            page = _first_step(bot, say, who, value) if is_field else as_modal(say, stale_button(say))
            ack(response_action="update", view=page.body)
            return
        ack(response_action="update", view=shown.body)
        if value.step in {PlanStep.KEEP, PlanStep.SWAP}:
            show_home(bot, who)


def new_plan_form(
    bot: HandlerContext,
    request: Request,
    *,
    kind: str = "",
    cue: str = "",
    response: str = "",
    step: PlanStep = PlanStep.WORDS,
) -> View | Message:
    """The plan modal, possibly prefilled; a message instead when the trainee cannot write plans yet.

    Where another plan has to make room for the prefilled one, it opens with that.

    Args:
        step: where it opens if the kind is known.
    """
    say, who = bot.say(request), request.actor
    try:
        program = plans.book(bot.context, who).program
    except (NotFoundError, WrongStateError) as problem:
        return not_taking_part(bot, request, problem)
    library = bot.context.content.plan_library_of(program.name)
    known = kind in library.kinds
    value = PlanFormValue(
        form=new_id(),
        step=step if known else PlanStep.KIND,
        kind=kind if known else "",
        cue=cue,
        response=response,
    )
    held = plans.to_put_aside(bot.context, who, kind) if known else ()
    if held:
        return _swap(say, value, held, program.support_contact)
    return prompts.plan_form(say, library, value, program.support_contact)


def example_form(bot: HandlerContext, request: Request, kind: PlanKind) -> View | Message:
    """The plan modal at its last step, with the example of this kind; if that is kept already, its page."""
    say = bot.say(request)
    try:
        book = plans.book(bot.context, request.actor)
    except (NotFoundError, WrongStateError) as problem:
        return not_taking_part(bot, request, problem)
    offered = bot.context.content.plan_library_of(book.program.name).kinds.get(kind)
    if offered is None:  # switched off since the message was sent
        return new_plan_form(bot, request)
    words = intention(say(offered.example.cue), say(offered.example.response))
    held = next((plan for plan in book.active if plan.kind is kind and plan.intention == words), None)
    if held:
        return kept(say, held, len(book.active), bot.context.content.rules.plans.max_active)
    return new_plan_form(bot, request, kind=kind, cue=words.cue, response=words.response, step=PlanStep.KEEP)


def _after_choice(bot: HandlerContext, press: Press) -> View:
    """The modal after a choice; what was typed stays."""
    say, value = bot.say(press), _filled_in(press.view)
    program = plans.book(bot.context, press.actor).program
    library, contact = bot.context.content.plan_library_of(program.name), program.support_contact
    anew = f".{new_id()[:8]}"
    if press.action_id == ids.PLAN_BACK:
        too_long = max(map(len, (value.cue, value.response, value.coping)))
        if too_long > MAX_HALF_LENGTH:
            suffix = _suffix(press.view, value)
            return prompts.plan_form(say, library, value, contact, filled=suffix, too_long=too_long)
        step = PlanStep.WORDS if _is_written(value) and value.step is not PlanStep.WORDS else PlanStep.KIND
        return prompts.plan_form(say, library, _at(value, step), contact, filled=anew)
    if press.action_id in {ids.PLAN_PICK_CUE, ids.PLAN_PICK_RESPONSE}:
        picked = _with_pick(say, library, value, press.selected)
        return prompts.plan_form(say, library, picked, contact, filled=anew)
    # Such a choice fills nothing in: with the same block ids, Slack keeps what was typed since.
    return prompts.plan_form(say, library, value, contact, filled=_suffix(press.view, value))


def _with_pick(say: Say, library: Library, value: PlanFormValue, picked: str) -> PlanFormValue:
    kind = next((parts for kind, parts in library.kinds.items() if kind == value.kind), None)
    cue = next((say(each.text) for each in kind.cues if each.id == picked), value.cue) if kind else value.cue
    responses = kind.responses if kind else ()
    response = next((say(each.text) for each in responses if each.id == picked), value.response)
    return value.model_copy(update={"cue": cue, "response": response})


def _next_step(bot: HandlerContext, say: Say, who: Actor, value: PlanFormValue) -> View:
    """What follows a step that was sent; the last one keeps the plan.

    Raises:
        FieldError, NotFoundError, WrongStateError: as `plans.write`; a plan that has to make room is none.
    """
    book = plans.book(bot.context, who)
    library, contact = bot.context.content.plan_library_of(book.program.name), book.program.support_contact
    anew = f".{new_id()[:8]}"
    if value.step is PlanStep.KIND:
        value = _at(value, PlanStep.WORDS, aside="")  # what was chosen for another kind
        held = plans.to_put_aside(bot.context, who, value.kind)
        return (
            _swap(say, value, held, contact)
            if held
            else prompts.plan_form(say, library, value, contact, filled=anew)
        )
    if value.step is PlanStep.SWAP and not _is_written(value):
        return prompts.plan_form(say, library, _at(value, PlanStep.WORDS), contact, filled=anew)
    if value.step is PlanStep.WORDS:
        words = intention(value.cue, value.response)
        return prompts.plan_form(
            say,
            library,
            _at(value, PlanStep.KEEP, cue=words.cue, response=words.response),
            contact,
            remarks=remarks_on(say, library, words),
            filled=anew,
            instead_of=next((plan.intention for plan in book.active if plan.id == value.aside), None),
        )
    try:
        return _keep(bot, say, who, value)
    except FieldError as problem:
        if problem.reason not in {"taken", "full"}:
            raise
        return _swap(say, value, plans.to_put_aside(bot.context, who, value.kind), contact)


def _first_step(bot: HandlerContext, say: Say, who: Actor, value: PlanFormValue) -> View:
    program = plans.book(bot.context, who).program
    library = bot.context.content.plan_library_of(program.name)
    return prompts.plan_form(say, library, _at(value, PlanStep.KIND), program.support_contact)


def _swap(say: Say, value: PlanFormValue, held: Sequence[Plan], contact: str) -> View:
    aside = held[0].id if len(held) == 1 else ""
    return swap_form(say, _at(value, PlanStep.SWAP, aside=aside), held, contact)


def _is_written(value: PlanFormValue) -> bool:
    return bool(value.cue and value.response)


def _keep(bot: HandlerContext, say: Say, who: Actor, value: PlanFormValue) -> View:
    plan = plans.write(
        bot.context,
        who,
        value.form,
        value.kind,
        value.cue,
        value.response,
        value.moment,
        bot.now(),
        coping=value.coping,
        aside=value.aside,
    )
    book = plans.book(bot.context, who)
    most = bot.context.content.rules.plans.max_active
    return kept(say, plan, len(book.active), most, aside=_put_aside(book, value.aside))


def _put_aside(book: PlanBook, plan_id: str) -> Plan | None:
    return next((plan for plan in book.plans if plan.id == plan_id and plan.state is PlanState.RETIRED), None)


def _at(value: PlanFormValue, step: PlanStep, **changes: str) -> PlanFormValue:
    return value.model_copy(update={"step": step, **changes})


def _filled_in(view: SentView) -> PlanFormValue:
    """All that was said so far, with what stands on the screen; lines of this step may be of any length.

    Raises:
        NotFoundError: the modal is of another version.
    """
    value = view.value(PlanFormValue)
    if value.step is PlanStep.SWAP:
        return _at(value, PlanStep.SWAP, aside=view.selected(ASIDE) or value.aside)
    if value.step is PlanStep.KEEP:
        typed = {"coping": view.text(COPING), "moment": view.day(MOMENT)}
        return value.model_copy(update=typed)
    if value.step is PlanStep.WORDS:
        words = Intention(view.text(CUE), view.text(RESPONSE))
        return value.model_copy(update={"cue": one_line(words.cue), "response": one_line(words.response)})
    return value.model_copy(
        update={
            "kind": view.selected(KIND) or value.kind,
            "obstacle": view.selected(prompts.OBSTACLE),
            "wish": one_line(view.text(prompts.WISH))[: ids.MAX_THOUGHT_LENGTH],
            "own_obstacle": one_line(view.text(prompts.OWN_WORDS) or value.own_obstacle)[
                : ids.MAX_THOUGHT_LENGTH
            ],
        }
    )


def _suffix(view: SentView, value: PlanFormValue) -> str:
    """What the block ids of a step end with at the moment."""
    mark = _MARKS[value.step]
    return view.block_of(mark).removeprefix(mark)
