"""The Home tab."""

from typing import Any

from slack_bolt import App

from allybot.domain.people import Actor
from allybot.i18n import Say
from allybot.message import View
from allybot.prompts.home import home
from allybot.services.home import facts
from allybot.slack_app.replies import Desk, publish_home


def register(bolt: App, desk: Desk) -> None:
    """Show the Home tab when it is opened."""

    @bolt.event("app_home_opened")
    def opened(event: dict[str, Any], body: dict[str, Any]) -> None:
        if event.get("tab", "home") == "home":
            show_home(desk, Actor(str(body["team_id"]), str(event["user"])))


def show_home(desk: Desk, who: Actor) -> None:
    """Publish the Home tab of a person as things stand now."""

    def page() -> View:
        found = facts(desk.context, who, desk.now())
        return home(Say(found.trainee.locale) if found else Say(), found)

    publish_home(desk, who, page)
