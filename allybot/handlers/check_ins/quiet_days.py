"""Quiet days and an hour of one's own: the modal behind a button, and what he chose in it."""

from typing import Any

from slack_bolt import Ack, App

from allybot.errors import FieldError, NotFoundError, WrongStateError
from allybot.handlers.home import show_home
from allybot.handlers.plans.form import not_started
from allybot.prompts import ids
from allybot.prompts.check_ins import quiet_days as prompts
from allybot.prompts.help import not_enrolled
from allybot.services.check_ins import quiet_days
from allybot.slack_app import fields
from allybot.slack_app.modals import show_view
from allybot.slack_app.replies import Desk, actor, answer, say_for


def register(bolt: App, desk: Desk) -> None:
    """The button and the modal."""

    @bolt.action(ids.QUIET_DAYS_SHOW)
    def show(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        say = say_for(desk, body)
        try:
            found = quiet_days.read(desk.context, actor(body))
        except NotFoundError:
            answer(desk, body, not_enrolled(say))
            return
        except WrongStateError:
            answer(desk, body, not_started(say))
            return
        view = prompts.quiet_form(
            say,
            found.trainee.quiet_days,
            found.working_days,
            found.trainee.check_in_hour,
            found.hours,
            found.usual,
            found.trainee.zone,
            found.support_contact,
        )
        show_view(desk, body, view)

    @bolt.view(ids.QUIET_DAYS_FORM)
    def keep(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        say, values = say_for(desk, body), view["state"]["values"]
        days = [int(each) for each in fields.checked(values, prompts.QUIET_DAYS) if each.isdecimal()]
        hour = fields.selected(values, prompts.HOUR)
        own = int(hour) if hour.isdecimal() else None
        try:
            kept = quiet_days.choose(desk.context, actor(body), days, own, desk.now())
        except FieldError:
            where = fields.block_of(values, prompts.QUIET_DAYS)
            ack(response_action="errors", errors={where: prompts.none_left(say)})
            return
        except (NotFoundError, WrongStateError):
            fields.keep_open(ack, view, say)
            return
        shown = prompts.quiet_kept(say, kept.trainee.quiet_days, kept.hour, kept.next_on)
        ack(response_action="update", view=shown.body)
        show_home(desk, actor(body))
