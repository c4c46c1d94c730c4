"""Two menus that lead to a moment: what kind of plan it is about, then which moment of that kind."""

from collections.abc import Mapping

from slack_sdk.models.blocks import StaticSelectElement

from allybot.content import Content
from allybot.domain.plans import PlanKind
from allybot.i18n import Say
from allybot.prompts import blocks
from allybot.prompts.plans.sentence import kind_name


def kind_menu(say: Say, action_id: str, kind: str) -> StaticSelectElement:
    """The kinds of plans; `kind` is the picked one, empty before one is picked."""
    kinds = {each.value: kind_name(say, each) for each in PlanKind}
    return _menu(action_id, say("What is it about?"), kinds, kind)


def moment_menu(
    say: Say, action_id: str, moments: Mapping[str, str], picked: str = ""
) -> StaticSelectElement:
    """Moments by the value that stands for each, with their titles; `picked` is such a value."""
    return _menu(action_id, say("Which moment?"), moments, picked)


def story_titles(say: Say, content: Content, kind: PlanKind) -> dict[str, str]:
    """The scenarios of a kind of plan: their titles by id."""
    return {
        each.id: say("Story: {title}", title=say(each.title))
        for each in content.scenarios
        if each.kind is kind
    }


def _menu(action_id: str, placeholder: str, titles: Mapping[str, str], picked: str) -> StaticSelectElement:
    options = {value: blocks.option(title, value) for value, title in titles.items()}
    return StaticSelectElement(
        action_id=action_id,
        placeholder=placeholder,
        options=list(options.values()),
        initial_option=options.get(picked),
    )
