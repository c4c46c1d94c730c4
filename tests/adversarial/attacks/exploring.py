"""Opens whatever the bot offers: commands, the Home tab, forms and what stands behind them, circles' life."""

from collections.abc import Callable, Sequence

from allybot.app import Allybot
from allybot.content.program_library import ProgramContent
from allybot.domain.people import Actor
from allybot.domain.plans import PlanKind
from allybot.errors import UserError
from allybot.prompts import ids
from allybot.prompts.circles import (
    circle_ids,
    facilitating_ids,
    own_ids,
    role_story_ids,
    scenario_ids,
    text_ids,
)
from allybot.prompts.plans import rehearsal_ids
from allybot.prompts.plans.notes import NOTE
from allybot.prompts.programs import suggestion_ids
from allybot.prompts.programs.suggestions import SUGGESTION
from allybot.services.programs import programs, suggestions
from tests.adversarial.attacks.acting import Hands, elements
from tests.adversarial.attacks.members import Member
from tests.adversarial.attacks.programs import CUE, RESPONSE
from tests.adversarial.attacks.quiet_slack import View

_COMMANDS = (
    *("", "plan", "plans", "why", "ask", "lines", "notes", "rehearse"),
    *("privacy", "my-data", "forget-me", "pause 2 weeks", "resume"),
)
_SHOWN = (
    *(ids.QUIET_DAYS_SHOW, ids.PRIVACY_SHOW, ids.MY_DATA_SHOW, ids.FORGET_ME_SHOW, ids.ASK_SHOW),
    *(ids.FREQUENCY_SHOW, ids.HOME_MORE, ids.HOME_AS_MESSAGE),
)
_SCENARIO = {
    "title": "The marker",
    "kind": PlanKind.BYSTANDER.value,
    "situation": "Wren draws the plan, and Ola takes the marker.",
    "question": "What would you say?",
    "option_a": "Hand her another",
    "option_b": "Ask her to finish",
}
_SAID = ("I did it", "hello", "what do I say?", "please pause until 20 March")


def explore_all(members: list[Member], moment: str) -> None:
    for member in members:
        if not member.gone:  # a new plan would end the silence
            _explore(member, moment)


def _explore(member: Member, moment: str) -> None:
    """Open whatever can be opened, and the pages behind it."""
    hands, slack = member.hands, member.hands.slack
    for text in _COMMANDS:
        view = slack.opened(hands.command(text))
        if view:
            _look_behind(hands, text, view, moment)
    for text in _SAID:
        hands.say(text)
    hands.open_home()
    for action in _SHOWN:
        hands.press_value(action)
    for action in (ids.CHECK_IN_CHANGE, ids.PLAN_EDIT, ids.PLAN_WORDINGS, facilitating_ids.SKIP):
        for handed in sorted(slack.handed_out.get(action, ()), key=lambda one: one.value):
            if handed.to == hands.user:
                hands.press_value(action, handed.value)
    _press_all(hands, text_ids.ANSWER_ADD, member.circle)
    _suggest(hands)


def _suggest(hands: Hands) -> None:
    """Send the leads a suggestion, seen once as they will read it."""
    trigger = hands.press_value(suggestion_ids.SHOW)
    try:
        suggestions.read(hands.allybot.context, Actor(hands.workspace, hands.user), hands.allybot.clock())
    except UserError:
        return  # answered in words: nobody leads, or no longer taking part
    view = hands.slack.opened(trigger)
    for _ in range(2):
        view = hands.submit(view, {SUGGESTION: "A room with a door."}) if view else None


def _look_behind(hands: Hands, command: str, view: View, moment: str) -> None:
    if command == "plan":
        _walk_through_plan(hands, view, moment)
    elif command == "why":
        hands.press_in(view, ids.WHY_REFLECT)
    elif command == "lines":
        hands.change_shown(view, ids.LINES_KIND, PlanKind.FEAR.value)
    elif command == "notes":
        hands.submit(view, {NOTE: "I asked, and it was easier than I thought."})
    elif command == "rehearse":
        _rehearse(hands, view)


def _rehearse(hands: Hands, view: View) -> None:
    view = hands.change_shown(view, rehearsal_ids.KIND, PlanKind.FEAR.value)
    offered = next(each for each in elements(view["blocks"]) if each["action_id"] == rehearsal_ids.ENTRY)
    view = hands.change_shown(view, rehearsal_ids.ENTRY, offered["options"][0]["value"])
    for _ in range(3):
        view = hands.press_shown(view, rehearsal_ids.SAY, {})


def _walk_through_plan(hands: Hands, view: View, moment: str) -> None:
    view = hands.choose(view, ids.PLAN_KIND, PlanKind.PRACTICE)
    following = hands.submit(view, {})
    for _ in range(2):
        if following is not None:
            following = hands.submit(following, {"cue": CUE, "response": RESPONSE, "next_moment_on": moment})


def explore_circle(bot: Allybot, members: Sequence[Member], lead: Hands, run: Callable[[], object]) -> None:
    """Pause, leave, ask to join and propose in a circle; then what its lead is offered for it.

    Args:
        members: of one circle of the program that the lead leads, at least three.
        run: lets the worker send what is due.
    """
    program = programs.list_programs(bot.context)[0].program.name
    library = bot.context.content.plan_library
    bot.context.content.programs[program] = ProgramContent(plan_library=library, join_circles=True)
    proposing, agreeing, leaving = members[:3]
    for member in (proposing, agreeing, leaving):
        member.hands.command("circle")
    for action in (circle_ids.LEAVE, circle_ids.PAUSES[0]):
        _press_all(proposing.hands, action)
    run()
    _press_all(agreeing.hands, circle_ids.PAUSE_AGREE, proposing.circle)
    agreeing.hands.command("circle")
    _press_all(leaving.hands, circle_ids.LEAVE)
    _press_all(leaving.hands, circle_ids.LEAVE_NOW)
    leaving.hands.command("circle")
    _press_all(leaving.hands, circle_ids.ASK_TO_JOIN)
    _press_all(leaving.hands, circle_ids.PROPOSE)
    run()
    lead.open_home()
    lead.command("circle")
    for action in (circle_ids.END, circle_ids.NEW):
        _press_all(lead, action)
    _press_all(agreeing.hands, circle_ids.RESUME)
    explore_programs(lead)
    _write_scenarios(lead)
    for member in (proposing, agreeing, leaving):
        _ask_for_story(lead, member.hands, run)


def explore_programs(lead: Hands) -> None:
    """Look through how programs run that somebody leads, their scenarios and the forms for their lists."""
    for form in ("", " add", " circles", " correct"):
        lead.command(f"program{form}")
    view = lead.slack.opened(lead.command("scenarios"))
    if view is not None:
        picks = next(each for each in elements(view["blocks"]) if each["action_id"] == scenario_ids.PICK)
        view = lead.change_shown(view, scenario_ids.PICK, picks["options"][0]["value"])
        view = lead.press_shown(view, scenario_ids.LEAVE_OUT, {})
        lead.press_shown(view, scenario_ids.TAKE_BACK, {})


def explore_suggestions(lead: Hands) -> None:
    """Open what a lead can do with each suggestion that arrived."""
    lead.press_value(suggestion_ids.LEADS_SHOW)
    for action in (suggestion_ids.ANSWER, suggestion_ids.HIDE):
        _press_all(lead, action)


def _write_scenarios(lead: Hands) -> None:
    """Begin a scenario of the program's own and keep it."""
    view = lead.slack.opened(lead.command("scenarios"))
    if view is None:
        return
    view = lead.submit(lead.press_shown(view, own_ids.WRITE, {}), _SCENARIO)
    if view is not None:
        view = lead.submit(lead.press_shown(view, own_ids.MORE, {}), {"note_1": "Ask for the moment."})
    if view is not None:
        lead.submit(view, {})


def _ask_for_story(lead: Hands, asked: Hands, run: Callable[[], object]) -> None:
    """A lead asks somebody for a story and looks at what was told; who was asked tells it."""
    view = lead.slack.opened(lead.command("scenarios"))
    if view is None:
        return
    view = lead.press_shown(lead.press_shown(view, role_story_ids.STORIES, {}), role_story_ids.ASK, {})
    lead.submit(view, {"person": [asked.user]})
    run()
    told = dict.fromkeys(("happened", "did", "learnt", "asks"), "I asked, and it was easy.")
    for value in _given(asked, role_story_ids.TELL):
        for _ in range(2):  # the second time it can be taken back
            form = asked.slack.opened(asked.press_value(role_story_ids.TELL, value))
            shown = asked.submit(form, told) if form else None
            if shown:
                asked.submit(shown, {})
    view = lead.slack.opened(lead.command("scenarios"))
    if view is not None:
        view = lead.press_shown(view, role_story_ids.STORIES, {})
        if any(each["action_id"] == role_story_ids.HIDE for each in elements(view["blocks"])):
            lead.press_shown(view, role_story_ids.HIDE, {})


def _given(hands: Hands, action: str) -> list[str]:
    """What the buttons of this kind carry that this person was given."""
    return sorted(each.value for each in hands.slack.handed_out.get(action, ()) if each.to == hands.user)


def _press_all(hands: Hands, action: str, shown_to: str = "") -> None:
    """Press every button of this kind that this person, or the channel they are in, was given."""
    given = hands.slack.handed_out.get(action, ())
    for value in sorted(each.value for each in given if each.to == (shown_to or hands.user)):
        hands.press_value(action, value)
