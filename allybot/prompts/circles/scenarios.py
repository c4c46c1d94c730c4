"""The scenarios of a program, for its leads: what comes next, each to be read, put first or left out."""

from dataclasses import dataclass

from slack_sdk.models.blocks import StaticSelectElement

from allybot.content import Scenario
from allybot.domain.scenario_order import ScenarioChoices
from allybot.i18n import Say
from allybot.message import Block, View
from allybot.prompts import blocks, ids
from allybot.prompts.circles.messages import options
from allybot.prompts.plans.sentence import kind_name

_SHOWN = 8
"""How many titles stand in the list of what comes next."""
_MENU = 100
"""Most options of a menu (Slack, select menu)."""


@dataclass(frozen=True)
class ScenarioPage:
    """A program's scenarios.

    Attributes:
        program: id and name.
        in_order: in the order in which they come; what is left out is missing.
        every: all scenarios, in the order that ships.
        led: ids and names of the programs that this lead can switch to.
    """

    program: tuple[str, str]
    in_order: tuple[Scenario, ...]
    every: tuple[Scenario, ...]
    choices: ScenarioChoices
    led: tuple[tuple[str, str], ...]


def scenarios_form(say: Say, page: ScenarioPage, picked: Scenario | None = None) -> View:
    """What comes next, a menu of all, and the picked scenario with what can be done with it."""
    rows: list[Block] = [blocks.section(say("*{program}*", program=blocks.escape(page.program[1])))]
    if len(page.led) > 1:
        rows.append(blocks.actions([_programs(say, page)], "scenarios.program"))
    titles = [f"{place}. {blocks.escape(say(each.title))}" for place, each in enumerate(page.in_order, 1)]
    rows += [
        blocks.section(
            say("A circle gets next what it has not had, in this order:") + "\n" + "\n".join(titles[:_SHOWN])
        ),
        blocks.actions([_menu(say, page, picked)], f"scenarios.pick.{page.program[0]}"),
    ]
    if picked:
        rows += _picked(say, page, picked)
    rows.append(
        blocks.small(
            say("Circles that have been asked who facilitates the coming week keep that week's scenario.")
        )
    )
    return blocks.modal(say("Scenarios"), rows, ids.SCENARIOS_FORM, close=say("Close"))


def _picked(say: Say, page: ScenarioPage, story: Scenario) -> list[Block]:
    value = ids.ProgramScenarioValue(program=page.program[0], scenario=story.id).pack()
    first = blocks.button(say("Put it first"), ids.SCENARIO_FIRST, value)
    leave_out = blocks.button(say("Leave it out"), ids.SCENARIO_LEAVE_OUT, value)
    take_back = blocks.button(say("Back to its turn"), ids.SCENARIO_TAKE_BACK, value)
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
        blocks.actions(buttons, "scenarios.choose"),
    ]


def _programs(say: Say, page: ScenarioPage) -> StaticSelectElement:
    by_id = {
        program_id: blocks.option(name, ids.ProgramScenarioValue(program=program_id).pack())
        for program_id, name in page.led
    }
    return StaticSelectElement(
        action_id=ids.SCENARIOS_PROGRAM,
        placeholder=say("Which program?"),
        options=list(by_id.values())[:_MENU],
        initial_option=by_id[page.program[0]],
    )


def _menu(say: Say, page: ScenarioPage, picked: Scenario | None) -> StaticSelectElement:
    by_id = {
        each.id: blocks.option(
            say("{title} ({kind})", title=say(each.title), kind=kind_name(say, each.kind)),
            ids.ProgramScenarioValue(program=page.program[0], scenario=each.id).pack(),
        )
        for each in page.every
    }
    return StaticSelectElement(
        action_id=ids.SCENARIOS_PICK,
        placeholder=say("Read one"),
        options=list(by_id.values())[:_MENU],
        initial_option=by_id.get(picked.id) if picked else None,
    )
