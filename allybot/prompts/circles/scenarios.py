"""The scenarios of a program, for its leads: what comes next, each to be read, put first or left out."""

from dataclasses import dataclass

from slack_sdk.models.blocks import ButtonElement, StaticSelectElement

from allybot.content import Scenario
from allybot.content.own_scenarios import is_own
from allybot.domain.people import Program
from allybot.domain.scenario_order import ScenarioChoices
from allybot.i18n import Say
from allybot.message import Block, View
from allybot.prompts import blocks
from allybot.prompts.circles import own_ids, role_story_ids, scenario_ids
from allybot.prompts.circles.messages import options
from allybot.prompts.circles.own_scenarios import delete_button_confirm
from allybot.prompts.plans.sentence import kind_name

_SHOWN = 8
"""How many titles stand in the list of what comes next."""
_MENU = 100
"""Most options of a menu (Slack, select menu)."""
_BEGUN_SHOWN = 10
"""Scenarios that are only begun, of which each has a button."""


@dataclass(frozen=True)
class ScenarioPage:
    """A program's scenarios.

    Attributes:
        all: every scenario that circles may get.
        in_order: in the order in which they come; what is left out is missing.
        led: the programs that this lead can switch to, this one among them.
        begun: what leads have begun to write or to change, as titles by id.
        lost: ids of those whose words can be read no more.
    """

    program: Program
    all: tuple[Scenario, ...]
    in_order: tuple[Scenario, ...]
    choices: ScenarioChoices
    led: tuple[Program, ...]
    begun: dict[str, str]
    lost: tuple[str, ...] = ()


def scenarios_form(say: Say, page: ScenarioPage, picked: Scenario | None = None, *, remark: str = "") -> View:
    """What comes next, a menu of all, and the picked scenario with what can be done with it.

    Args:
        remark: what came of the last press, if it needs words.
    """
    rows: list[Block] = [blocks.section(say("*{program}*", program=blocks.escape(page.program.name)))]
    if len(page.led) > 1:
        rows.append(blocks.actions([_programs(say, page)], "scenarios.program"))
    titles = [f"{place}. {blocks.escape(say(each.title))}" for place, each in enumerate(page.in_order, 1)]
    rows += [
        blocks.section(
            say("A circle gets next what it has not had, in this order:") + "\n" + "\n".join(titles[:_SHOWN])
        ),
        blocks.actions([_menu(say, page, picked)], f"scenarios.pick.{page.program.id}"),
        *_writing(say, page),
    ]
    if remark:
        rows.insert(0, blocks.section(blocks.escape(remark)))
    if picked:
        rows += _picked(say, page, picked)
    rows.append(blocks.small(say("A week that somebody has said yes to facilitate keeps its scenario.")))
    return blocks.modal(say("Scenarios"), rows, scenario_ids.FORM, close=say("Close"))


def _picked(say: Say, page: ScenarioPage, story: Scenario) -> list[Block]:
    value = scenario_ids.ProgramScenarioValue(program=page.program.id, scenario=story.id).pack()
    first = blocks.button(say("Put it first"), scenario_ids.FIRST, value)
    leave_out = blocks.button(say("Leave it out"), scenario_ids.LEAVE_OUT, value)
    take_back = blocks.button(say("Back to its turn"), scenario_ids.TAKE_BACK, value)
    state, buttons = say("It comes when its turn is."), [first, leave_out]
    if story.id in page.choices.left_out:
        state, buttons = say("It is left out: no circle gets it."), [take_back, first]
    elif story.id in page.choices.next_ones:
        state, buttons = say("It was put first."), [take_back, leave_out]
    rows = [blocks.rule(), blocks.heading(say(story.title))]
    if story.warning:
        rows.append(blocks.section(blocks.escape(say(story.warning))))
    return [
        *rows,
        blocks.section(blocks.escape(say(story.situation))),
        blocks.section(say("*It asks:* {question}", question=blocks.escape(say(story.questions[0])))),
        blocks.section(options(say, story)),
        blocks.section(state),
        blocks.actions([*buttons, *_own_buttons(say, page, story.id)], "scenarios.choose"),
    ]


def _writing(say: Say, page: ScenarioPage) -> list[Block]:
    """Writing a scenario of the program's own, and going on with what was begun."""
    new = own_ids.OwnScenarioValue(program=page.program.id).pack()
    stories = role_story_ids.RoleStoryValue(program=page.program.id).pack()
    buttons = [
        blocks.button(say("Write one of your own"), own_ids.WRITE, new),
        blocks.button(say("Stories of people"), role_story_ids.STORIES, stories),
    ]
    rows = [blocks.actions(buttons, "scenarios.write")]
    for own_id, title in list(page.begun.items())[:_BEGUN_SHOWN]:
        line = say("Begun, and not kept yet: *{title}*", title=blocks.escape(title))
        rows.append(blocks.section(line))
        rows.append(blocks.actions(_own_buttons(say, page, own_id), f"scenarios.begun.{own_id}"))
    for own_id in page.lost[:_BEGUN_SHOWN]:
        lost = say(
            "The words of one scenario can no longer be read, so no circle gets it. All that is left is to "
            "delete it."
        )
        rows.append(blocks.section(lost))
        rows.append(blocks.actions(_own_buttons(say, page, own_id)[1:], f"scenarios.lost.{own_id}"))
    return rows


def _own_buttons(say: Say, page: ScenarioPage, scenario_id: str) -> list[ButtonElement]:
    if not is_own(scenario_id):
        return []
    value = own_ids.OwnScenarioValue(program=page.program.id, scenario=scenario_id).pack()
    return [
        blocks.button(say("Change it"), own_ids.CHANGE, value),
        blocks.button(say("Delete it"), own_ids.DELETE, value, confirm=delete_button_confirm(say)),
    ]


def _programs(say: Say, page: ScenarioPage) -> StaticSelectElement:
    by_id = {
        each.id: blocks.option(each.name, scenario_ids.ProgramScenarioValue(program=each.id).pack())
        for each in page.led
    }
    return StaticSelectElement(
        action_id=scenario_ids.PROGRAM,
        placeholder=say("Which program?"),
        options=list(by_id.values())[:_MENU],
        initial_option=by_id.get(page.program.id),
    )


def _menu(say: Say, page: ScenarioPage, picked: Scenario | None) -> StaticSelectElement:
    by_id = {
        each.id: blocks.option(
            say("{title} ({kind})", title=say(each.title), kind=kind_name(say, each.kind)),
            scenario_ids.ProgramScenarioValue(program=page.program.id, scenario=each.id).pack(),
        )
        for each in page.all
    }
    return StaticSelectElement(
        action_id=scenario_ids.PICK,
        placeholder=say("Read one"),
        options=list(by_id.values())[:_MENU],
        initial_option=by_id.get(picked.id) if picked else None,
    )
