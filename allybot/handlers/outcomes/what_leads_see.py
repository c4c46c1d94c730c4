"""What leads see, shown to a trainee by a button."""

from typing import Any

from slack_bolt import Ack, App

from allybot.prompts import ids
from allybot.prompts.outcomes import what_leads_see as prompts
from allybot.services.outcomes.what_leads_see import what_leads_see
from allybot.slack_app.modals import show_view
from allybot.slack_app.replies import Desk, actor, say_for


def register(bolt: App, desk: Desk) -> None:
    """The button stands under "who sees what" and on the Home tab."""

    @bolt.action(ids.PRIVACY_LEADS)
    def show(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        show_view(desk, body, prompts.page(say_for(desk, body), what_leads_see(desk.context, actor(body))))
