"""Check-ins in Slack: a tap, the help that follows it, and a change of mind."""

from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import Ack, App

from allybot.domain.check_ins import FromHere, Tap
from allybot.domain.plans import MAX_HALF_LENGTH, Intention
from allybot.errors import DecryptionError, FieldError, NotFoundError, WrongStateError
from allybot.i18n import Say
from allybot.message import Message, View
from allybot.prompts import ids
from allybot.prompts.check_ins import help as help_prompts
from allybot.prompts.check_ins import messages as prompts
from allybot.prompts.check_ins.reminders import REMIND
from allybot.prompts.help import stale_button
from allybot.prompts.plans.sentence import field_problem
from allybot.services.check_ins import answering, follow_ups
from allybot.services.check_ins.help import HelpFacts
from allybot.slack_app import fields
from allybot.slack_app.replies import (
    CommandHandler,
    Desk,
    actor,
    change_modal,
    open_modal,
    permit,
    reply,
    say_for,
)

COMMANDS: dict[str, CommandHandler] = {}
_TAPS = {
    ids.CHECK_IN_ACTED: Tap.ACTED,
    ids.CHECK_IN_MISSED: Tap.NOT_ACTED,
    ids.CHECK_IN_NO_MOMENT: Tap.NO_MOMENT,
}
_NOT_HIS = (NotFoundError, WrongStateError, DecryptionError)


def register(bolt: App, desk: Desk) -> None:
    """Everything a person can do about a check-in."""
    for action, tap in _TAPS.items():
        bolt.action(action)(_tapping(desk, tap))

    @bolt.action(ids.CHECK_IN_NOT_TODAY)
    def not_today(ack: Ack, body: dict[str, Any]) -> None:
        answer = _not_today(desk, body)
        ack()
        desk.nudge()
        reply(desk, body, answer)

    @bolt.action(ids.REPLAN_KEEP)
    def keep(ack: Ack, body: dict[str, Any]) -> None:
        answer = _keep_plans(desk, body)
        ack()
        desk.nudge()
        reply(desk, body, answer)

    @bolt.action(ids.CHECK_IN_CHANGE)
    def change(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        reply(desk, body, _open_change_form(desk, body))

    @bolt.view(ids.CHECK_IN_CHANGE_FORM)
    def changed(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        _change(desk, ack, body, view)

    @bolt.action(ids.CHECK_IN_BRANCH)
    @bolt.action(ids.CHECK_IN_WAY)
    def branch(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        view = _after_pick(desk, body)
        if view:
            change_modal(desk, body, view)

    @bolt.view(ids.CHECK_IN_HELP_FORM)
    def settle(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        _settle(desk, ack, body, view)


def _tapping(desk: Desk, tap: Tap) -> Callable[[Ack, dict[str, Any]], None]:
    def tapped(ack: Ack, body: dict[str, Any]) -> None:
        """Seal, acknowledge, open one modal: the same steps whichever button it was."""
        who, value = actor(body), _value(body)
        trainee = None
        if value:
            try:
                trainee = answering.take(desk.context, who, value.check_in, tap, desk.now(), _pressed(body))
            except _NOT_HIS:
                trainee = None
        ack()
        if trainee is None or value is None:
            reply(desk, body, stale_button(say_for(desk, body)))
            return
        desk.nudge()

        def page() -> View:
            return _help(desk, answering.read_facts(desk.context, who, value.check_in), tap)

        open_modal(desk, who, permit(body), page, Say(trainee.locale))

    return tapped


def _help(
    desk: Desk,
    facts: HelpFacts,
    tap: Tap,
    pick: str = "",
    way: str = "",
    typed: Intention | None = None,
    chosen: FromHere = FromHere.KEEP,
) -> View:
    return help_prompts.help_form(
        Say(facts.trainee.locale),
        desk.context.content.plan_library_of(facts.program.name),
        ids.HelpFormValue(check_in=facts.check_in.id, tap=tap.value),
        facts.plan,
        facts.program.support_contact,
        turn=facts.turn,
        pick=pick,
        way=way,
        typed=typed,
        chosen=chosen,
        counts=facts.counts,
        why=facts.why,
        has_circle=facts.has_circle,
    )


def _after_pick(desk: Desk, body: Mapping[str, Any]) -> View | None:
    """The help that fits what he picked; words he typed himself stay, and a way to mend them adds to them."""
    view = body["view"]
    value = ids.HelpFormValue.unpack(view["private_metadata"])
    if value is None:
        return None
    try:
        facts = answering.read_facts(desk.context, actor(body), value.check_in)
    except _NOT_HIS:
        return None
    values, by_pick = view["state"]["values"], body["actions"][0]["action_id"] == ids.CHECK_IN_BRANCH
    picked = str((body["actions"][0].get("selected_option") or {}).get("value") or "")
    pick = picked if by_pick else fields.selected(values, help_prompts.BRANCH)
    way = "" if by_pick else picked
    return _help(desk, facts, Tap(value.tap), pick, way, _typed(values), _from_here(values))


def _settle(desk: Desk, ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
    say, values = say_for(desk, body), view["state"]["values"]
    value = ids.HelpFormValue.unpack(view["private_metadata"])
    if value is None:
        fields.keep_open(ack, view, say)
        return
    words = _typed(values)
    choices = answering.Choices(
        words.cue,
        words.response,
        fields.day(values, help_prompts.MOMENT),
        _from_here(values),
        remind=bool(fields.checked(values, REMIND)),
    )
    pick = fields.selected(values, help_prompts.BRANCH)
    try:
        done = answering.help_form(
            desk.context, actor(body), value.check_in, Tap(value.tap), pick, choices, desk.now()
        )
    except FieldError as problem:
        typed = fields.text(values, problem.field)
        error = field_problem(say, problem.field, problem.reason, len(typed), MAX_HALF_LENGTH)
        ack(response_action="errors", errors={fields.block_of(values, problem.field): error})
        return
    except _NOT_HIS:
        fields.keep_open(ack, view, say)
        return
    shown = help_prompts.settled(
        say,
        done.plan,
        done.program.support_contact,
        from_here=choices.from_here,
        next_on=done.next_on,
        remind_on=done.remind_on,
    )
    ack(response_action="update", view=shown.body)


def _open_change_form(desk: Desk, body: Mapping[str, Any]) -> Message | None:
    who, value, say = actor(body), _value(body), say_for(desk, body)
    try:
        facts = answering.read_facts(desk.context, who, value.check_in if value else "")
    except _NOT_HIS:
        return stale_button(say)
    form = prompts.change_form(say, facts.check_in.id, facts.program.support_contact)
    open_modal(desk, who, permit(body), form, say)
    return None


def _change(desk: Desk, ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
    say, value = say_for(desk, body), ids.CheckInValue.unpack(view["private_metadata"])
    picked = fields.selected(view["state"]["values"], prompts.ANSWER)
    if value is None or picked not in set(Tap):
        fields.keep_open(ack, view, say)
        return
    tap = Tap(picked)
    try:
        facts = answering.tap(desk.context, actor(body), value.check_in, tap, desk.now(), None)
    except _NOT_HIS:
        fields.keep_open(ack, view, say)
        return
    ack(response_action="update", view=_help(desk, facts, tap).body)
    desk.nudge()


def _not_today(desk: Desk, body: Mapping[str, Any]) -> Message:
    say, value = say_for(desk, body), _value(body)
    try:
        found = follow_ups.not_today(desk.context, actor(body), value.check_in if value else "", desk.now())
    except (NotFoundError, WrongStateError):
        return stale_button(say)
    again = found.again_at
    return prompts.put_off(say, again.astimezone(found.trainee.zone).date() if again else None)


def _keep_plans(desk: Desk, body: Mapping[str, Any]) -> Message | None:
    value = _value(body)
    try:
        answering.keep_plans(
            desk.context, actor(body), value.check_in if value else "", desk.now(), _pressed(body)
        )
    except NotFoundError:
        return stale_button(say_for(desk, body))
    return None


def _value(body: Mapping[str, Any]) -> ids.CheckInValue | None:
    return ids.CheckInValue.unpack(body["actions"][0].get("value"))


def _pressed(body: Mapping[str, Any]) -> tuple[str, str] | None:
    """Where the message with the button stands; None for one that only he sees or for no message."""
    container = body.get("container") or {}
    channel, ts = container.get("channel_id"), container.get("message_ts")
    return (str(channel), str(ts)) if channel and ts and not container.get("is_ephemeral") else None


def _typed(values: Mapping[str, Any]) -> Intention:
    return Intention(fields.text(values, help_prompts.CUE), fields.text(values, help_prompts.RESPONSE))


def _from_here(values: Mapping[str, Any]) -> FromHere:
    picked = fields.selected(values, help_prompts.FROM_HERE)
    return FromHere(picked) if picked in set(FromHere) else FromHere.KEEP
