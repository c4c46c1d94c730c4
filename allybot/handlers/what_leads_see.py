"""What leads see, shown to a trainee by a button."""

from typing import Any

from slack_bolt import Ack, App

from allybot.handlers.desk import Desk, actor, say_for
from allybot.handlers.modals import show_view
from allybot.prompts import ids
from allybot.prompts import what_leads_see as prompts
from allybot.services.what_leads_see import what_leads_see


def register(bolt: App, desk: Desk) -> None:
    """The button stands under "who sees what" and on the Home tab."""

    @bolt.action(ids.PRIVACY_LEADS)
    def show(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        show_view(desk, body, prompts.page(say_for(desk, body), what_leads_see(desk.house, actor(body))))
