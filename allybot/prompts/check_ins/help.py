"""The help after an answer, in two short steps and a third for who wants more; the same after every answer.

First what was in the way, then whole plans to choose from, the plan as it is among them and preselected.
Under "More" are the words, the day of the next moment, a reminder, and what happens from here. Only texts
differ between answers, never the choices.
"""

from collections.abc import Sequence
from datetime import date

from slack_sdk.models.blocks import (
    DatePickerElement,
    InteractiveElement,
    PlainTextInputElement,
    RadioButtonsElement,
)

from allybot.content import Library
from allybot.domain.check_ins import FromHere, Pick, Tap, outcome_of, picks_for
from allybot.domain.notes import Note
from allybot.domain.plans import BARRIERS, Intention, Outcome, Plan, PlanKind
from allybot.i18n import Say
from allybot.message import Block, View
from allybot.prompts import blocks, ids
from allybot.prompts.check_ins import reminders
from allybot.prompts.circles.questions import about_plan_button
from allybot.prompts.help import support_line
from allybot.prompts.plans.notes import note_question
from allybot.prompts.plans.rehearsals import rehearse_button
from allybot.prompts.plans.repairs import Way, ways
from allybot.prompts.plans.sentence import quoted
from allybot.prompts.programs.suggestions import suggest_button

BRANCH, WAY, CUE, RESPONSE = "branch", "way", "cue", "response"
MOMENT, FROM_HERE = "next_moment_on", "from_here"
"""Block ids. Blocks that a pick refills get the pick as a suffix, because Slack keeps the input of a block
whose id stays the same."""
AS_IT_IS = "as_it_is"
"""The value of the choice that changes nothing; no way has this id."""
_PLANS = 3
"""Whole plans offered beside the plan as it is: as many as fit on a phone's screen."""


def offered_ways(
    say: Say, library: Library, plan: Plan, value: ids.HelpFormValue, turn: int, lines: Sequence[str]
) -> tuple[Way, ...]:
    """The whole plans that the second step offers; the same for the same arguments."""
    outcome = outcome_of(Tap(value.tap), value.pick)
    return ways(say, library, plan.kind, plan.intention, outcome, turn, lines=lines, most=_PLANS)


def help_form(
    say: Say,
    library: Library,
    value: ids.HelpFormValue,
    plan: Plan,
    support_contact: str,
    *,
    turn: int,
    rehearsal: str,
    way: Way | None = None,
    counts: bool = True,
    why: str | None = None,
    has_circle: bool = False,
    lines: Sequence[str] = (),
    notes: Sequence[Note] = (),
    has_begun_note: bool = False,
) -> View:
    """The step of the help that `value` names.

    Args:
        value: the check-in, the tap, what was picked so far, and whether "More" is open.
        turn: rotates the list of barriers and the offered plans.
        rehearsal: the id of the one that comes closest to the plan; offered after every answer.
        way: the offered plan that was chosen, which "More" fills in; None for the plan as it is.
        counts: False when the window has closed.
        why: the personal why, shown when the motivation is low.
        has_circle: whether the plan can be shared with a circle; offered after every answer.
        lines: ready lines that fit the plan, offered to who was unsure how.
        notes: the trainee's notes. The field for another one stands in the first step and under "More",
            whatever the answer, and among the plans only for who has begun one: those fill a phone's screen.
        has_begun_note: whether something stands in that field.
    """
    tap, pick = Tap(value.tap), value.pick
    practise = rehearse_button(say, rehearsal, briefly=True)
    page: list[Block] = [] if counts else [blocks.section(_too_late(say))]
    if value.more:
        page += _more(say, library, value, plan, way)
    elif pick:
        page.append(blocks.section(say(_sentence_for(say, library, tap, pick)), practise))
        if pick == Outcome.LESS_MOTIVATED and why:
            page.append(blocks.section(say("Your own why:") + "\n> " + blocks.escape(why)[:2500]))
        page += _plan_choice(say, offered_ways(say, library, plan, value, turn, lines), pick)
    else:
        page.append(blocks.section(say(_sentence_for(say, library, tap, pick)), practise))
        page.append(_branch_question(say, library, tap, turn))
    if has_begun_note or value.more or not pick:
        page.append(note_question(say, notes))
    if not value.more:
        page.append(
            blocks.actions(_beside(say, plan, value, has_circle=has_circle), block_id="check_in.more")
        )
    page.append(support_line(say, support_contact))
    return blocks.modal(
        say("Your check-in"),
        page,
        ids.CHECK_IN_HELP_FORM,
        submit=say("Keep"),
        close=say("Close"),
        metadata=value.pack(),
    )


def settled(
    say: Say,
    plan: Plan,
    support_contact: str,
    *,
    from_here: FromHere,
    next_on: date | None,
    remind_on: date | None = None,
) -> View:
    """The modal after "More" is submitted; depends only on the choices, not on the answer."""
    after = {
        FromHere.KEEP: say("Say it to yourself once, and picture the moment."),
        FromHere.AS_BEFORE: say("It stays as it was."),
        FromHere.NEXT: say(
            "This one is done. The next check-in asks about another plan; `{command} plan` writes one.",
            command=ids.COMMAND,
        ),
        FromHere.SLOWER: say("You will be asked less often from here on."),
        FromHere.STOP: say(
            "No more check-ins. Your plans stay, and `{command} resume` brings the check-ins back.",
            command=ids.COMMAND,
        ),
    }
    page = [blocks.section(quoted(say, plan.intention)), blocks.section(after[from_here])]
    if remind_on:
        page.append(blocks.small(reminders.comes(say, remind_on)))
    if next_on:
        page.append(blocks.small(say("The next check-in comes on {day}.", day=say.day(next_on))))
    page.append(support_line(say, support_contact))
    return blocks.modal(say("Thank you"), page, ids.CHECK_IN_HELP_FORM, close=say("Done"))


def _too_late(say: Say) -> str:
    return say(
        "The figures for this stretch of the program take no answers now, so this one is too late to count. "
        "The help is yours all the same."
    )


def _sentence_for(say: Say, library: Library, tap: Tap, pick: str) -> str:
    words = {
        Pick.SAME: say("Then the same again. What is repeated tends to get easier."),
        Pick.BOLDER: say("A slightly harder place, or one thing more."),
        Pick.WIDEN: say("A wider “if” comes up more often."),
        Pick.WAIT: say("Rare moments are worth a plan too. Under “More” you can name the day."),
    }
    return words[Pick(pick)] if pick in set(Pick) else library.repair(outcome_of(tap, pick)).short


def _branch_question(say: Say, library: Library, tap: Tap, turn: int) -> Block:
    questions = {
        Tap.ACTED: say("What next with this plan?"),
        Tap.NOT_ACTED: say("What got in the way?"),
        Tap.NO_MOMENT: say("What could bring a moment?"),
    }
    labels = {
        Pick.SAME.value: say("Keep it for the next time"),
        Pick.BOLDER.value: say("Make it a bit bolder"),
        Pick.WIDEN.value: say("Widen the “if”"),
        Pick.WAIT.value: say("Keep it and wait"),
    } | {barrier.value: say(library.repair(barrier).label) for barrier in BARRIERS}
    options = [blocks.option(labels[each], each) for each in picks_for(tap, turn)]
    element = RadioButtonsElement(action_id=ids.CHECK_IN_BRANCH, options=options)
    return blocks.question(questions[tap], element, BRANCH, optional=True, dispatch=True)


def _plan_choice(say: Say, offered: Sequence[Way], pick: str) -> list[Block]:
    """Whole plans as options; what an option would cut stands in full below."""
    as_it_is = blocks.option(say("Keep it as it is"), AS_IT_IS, say("The plan you were asked about."))
    lines = [_option_lines(say, each) for each in offered]
    options = [
        as_it_is,
        *(blocks.option(two[0], way.id, two[1]) for way, two in zip(offered, lines, strict=True)),
    ]
    element = RadioButtonsElement(action_id=ids.CHECK_IN_WAY, options=options, initial_option=as_it_is)
    page = [blocks.question(say("Your plan from here"), element, f"{WAY}.{pick}", optional=True)]
    cut = [half for two in lines for half in two if len(half) > blocks.MAX_OPTION_LENGTH]
    below = map(blocks.escape, cut) if cut else [say("Say it to yourself once, and picture the moment.")]
    return [*page, blocks.small(*below)]


def _option_lines(say: Say, way: Way) -> tuple[str, str]:
    if way.cue_object:
        return way.label, say("Your plan itself stays as it is.")
    cue = say("If {cue}", cue=way.words.cue)
    return cue, say("then I will {response}", response=way.words.response)


def _beside(say: Say, plan: Plan, value: ids.HelpFormValue, *, has_circle: bool) -> list[InteractiveElement]:
    buttons: list[InteractiveElement] = [blocks.button(say("More"), ids.CHECK_IN_MORE, value.pack())]
    if has_circle:
        buttons.append(about_plan_button(say, plan))
    return buttons


def _more(say: Say, library: Library, value: ids.HelpFormValue, plan: Plan, way: Way | None) -> list[Block]:
    pick = value.pick
    page = [blocks.section(say(library.repair(outcome_of(Tap(value.tap), pick)).help))]
    if pick == Outcome.NOT_MY_PLACE and PlanKind.PRACTICE in library.kinds:
        page.append(blocks.section(_within_reach(say, library)))
    if way is not None:
        page.append(blocks.section(say("Your plan so far:") + "\n" + quoted(say, plan.intention)))
    return [
        *page,
        blocks.section(
            say("Not in your power, or something would help here? The leads can hear it without your name."),
            suggest_button(say),
        ),
        *_plan_questions(say, plan, way.words if way else plan.intention),
        _from_here_question(say),
    ]


def _within_reach(say: Say, library: Library) -> str:
    practices = [f"• {say(each)}" for each in library.kind(PlanKind.PRACTICE).practices]
    return "\n".join([say("Within reach of everyone, with or without a title:"), *practices])


def _plan_questions(say: Say, plan: Plan, words: Intention) -> list[Block]:
    def field(action: str, text: str) -> PlainTextInputElement:
        return PlainTextInputElement(action_id=action, multiline=True, initial_value=text)

    expected = plan.next_moment_on
    day = DatePickerElement(action_id=MOMENT, initial_date=expected.isoformat() if expected else None)
    return [
        blocks.question(say("Your plan: if …"), field(CUE, words.cue), CUE, optional=True),
        blocks.question(say("… then I will"), field(RESPONSE, words.response), RESPONSE, optional=True),
        blocks.question(
            say("When is the next likely moment?"),
            day,
            MOMENT,
            say("Leave it empty if you cannot tell."),
            optional=True,
        ),
        *reminders.remind_question(say, plan),
    ]


def _from_here_question(say: Say) -> Block:
    labels = {
        FromHere.KEEP: say("Go on with the plan as it reads above"),
        FromHere.NEXT: say("Done with this one; ask me about another"),
        FromHere.SLOWER: say("Go on, and ask me less often"),
        FromHere.STOP: say("No more check-ins"),
    }
    options = [blocks.option(text, each.value) for each, text in labels.items()]
    element = RadioButtonsElement(action_id=FROM_HERE, options=options, initial_option=options[0])
    return blocks.question(say("From here"), element, FROM_HERE)
