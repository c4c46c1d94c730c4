"""The help form after an answer. Its blocks are the same after every answer; only the texts differ.

The answer to its first question offers ways to revise the plan; then come the plan itself, the day of the
next expected moment, and what happens next. The plan changes only when a way is picked or text is typed.
"""

from datetime import date
from typing import Any

from slack_sdk.models.blocks import DatePickerElement, PlainTextInputElement, RadioButtonsElement

from allybot.content import Library
from allybot.domain.check_ins import FromHere, Pick, Tap, outcome_of, picks_for
from allybot.domain.plans import BARRIERS, Intention, Outcome, Plan, PlanKind
from allybot.i18n import Say
from allybot.message import Block, View
from allybot.prompts import blocks, ids
from allybot.prompts.check_ins import reminders
from allybot.prompts.circles.questions import about_plan_button
from allybot.prompts.help import support_line
from allybot.prompts.plans.repairs import Way, own_words, ways
from allybot.prompts.plans.sentence import quoted

BRANCH, WAY, CUE, RESPONSE = "branch", "way", "cue", "response"
MOMENT, FROM_HERE = "next_moment_on", "from_here"
"""Block ids. Blocks that a pick refills get the pick as a suffix, because Slack keeps the input of a block
whose id stays the same."""


def help_form(
    say: Say,
    library: Library,
    value: ids.HelpFormValue,
    plan: Plan,
    support_contact: str,
    *,
    turn: int,
    pick: str = "",
    way: str = "",
    typed: Intention | None = None,
    chosen: FromHere = FromHere.KEEP,
    counts: bool = True,
    why: str | None = None,
    has_circle: bool = False,
) -> View:
    """The help for one tap.

    Args:
        value: the check-in and the tap.
        turn: rotates the list of barriers and the offered ways to revise the plan.
        pick: the answer to the first question, empty until there is one.
        way: the picked way to revise the plan, empty before one is picked.
        typed: the input of the two text fields, None before the first.
        chosen: what was chosen to happen next, KEEP by default.
        counts: False when the window has closed.
        why: the personal why, shown when the motivation is low.
        has_circle: whether the plan can be shared with a circle; offered after every answer.
    """
    tap = Tap(value.tap)
    repair = library.repair(outcome_of(tap, pick))
    words = own_words(say, library, plan, typed) if typed else plan.intention
    offered = ways(say, library, plan, words, tap, pick, turn)
    mended = next((each.words for each in offered if each.id == way), words)
    page: list[Block] = [blocks.heading(say(repair.heading))]
    if not counts:
        page.append(blocks.section(_too_late(say)))
    page += [
        blocks.section(say(_help_of(say, library, tap, pick))),
        _branch_question(say, library, tap, pick, turn),
    ]
    if pick == Outcome.LESS_MOTIVATED:
        page.append(blocks.section(_own_why(say, why)))
    if offered:
        page.append(_ways_question(say, offered, way, pick))
    if mended != plan.intention:
        page.append(blocks.section(say("Your plan so far:") + "\n" + quoted(say, plan.intention)))
    page += _plan_questions(say, plan, mended, f".{pick}.{way}" if way else f".{pick}" if pick else "")
    if has_circle:
        page.append(blocks.actions([about_plan_button(say, plan)], block_id="check_in.circle"))
    page.append(_from_here_question(say, pick, chosen))
    if pick == Outcome.NOT_MY_PLACE and PlanKind.PRACTICE in library.kinds:
        page.append(blocks.section(_within_reach(say, library)))
    page.append(support_line(say, support_contact))
    return blocks.modal(
        say("Your check-in"),
        page,
        ids.CHECK_IN_HELP_FORM,
        submit=say("Keep it like this"),
        close=say("Close"),
        metadata=value.pack(),
        padded=True,
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
    """The modal after it is submitted; depends only on the choices, not on the answer."""
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
    return blocks.modal(say("Thank you"), page, ids.CHECK_IN_HELP_FORM, close=say("Done"), padded=True)


def _too_late(say: Say) -> str:
    return say(
        "The figures for this stretch of the program take no answers now, so this one is too late to count. "
        "The help is yours all the same."
    )


def _help_of(say: Say, library: Library, tap: Tap, pick: str) -> str:
    words = {
        Pick.SAME: say(
            "Good: the same plan for the next time the moment comes. What is repeated tends to get easier."
        ),
        Pick.BOLDER: say(
            "A slightly harder place, or one thing more. Pick one below, or change the words yourself."
        ),
        Pick.DONE: say("Then it has done its work. Choose below to be asked about another plan."),
        Pick.WIDEN: say(
            "A wider “if” meets you in an ordinary week. Pick one below, or put it in your own words."
        ),
        Pick.DATE: say("Name the day on which the moment is likely, and allybot asks after that."),
        Pick.WAIT: say("Rare moments are worth a plan too. It stays as it is."),
    }
    return words[Pick(pick)] if pick in set(Pick) else library.repair(outcome_of(tap, pick)).help


def _own_why(say: Say, why: str | None) -> str:
    if why:
        return say("Your own why:") + "\n> " + blocks.escape(why)[:2500]
    return say("You have not written down a why yet: `{command} why` takes two minutes.", command=ids.COMMAND)


def _within_reach(say: Say, library: Library) -> str:
    practices = [f"• {say(each)}" for each in library.kind(PlanKind.PRACTICE).practices]
    heading = say(
        "Within reach of everyone, with or without a title. `{command} plan` makes one of them a plan:",
        command=ids.COMMAND,
    )
    return "\n".join([heading, *practices])


def _branch_question(say: Say, library: Library, tap: Tap, pick: str, turn: int) -> Block:
    questions = {
        Tap.ACTED: say("What next with this plan?"),
        Tap.NOT_ACTED: say("What came closest to being in the way?"),
        Tap.NO_MOMENT: say("What could bring a moment?"),
    }
    labels = {
        Pick.SAME.value: say("Keep it for the next time"),
        Pick.BOLDER.value: say("Make it a bit bolder"),
        Pick.DONE.value: say("It is done"),
        Pick.WIDEN.value: say("Widen the “if”"),
        Pick.DATE.value: say("Name the day of the next likely moment"),
        Pick.WAIT.value: say("Keep it and wait"),
    } | {barrier.value: say(library.repair(barrier).label) for barrier in BARRIERS}
    options = [blocks.option(labels[each], each) for each in picks_for(tap, turn)]
    chosen = next((option for option in options if option.value == pick), None)
    element = RadioButtonsElement(action_id=ids.CHECK_IN_BRANCH, options=options, initial_option=chosen)
    return blocks.question(questions[tap], element, BRANCH, optional=True, dispatch=True)


def _ways_question(say: Say, offered: tuple[Way, ...], way: str, pick: str) -> Block:
    options = [blocks.option(each.label, each.id, each.note) for each in offered]
    chosen = next((option for option in options if option.value == way), None)
    return blocks.question(
        say("Ways to mend it"),
        RadioButtonsElement(action_id=ids.CHECK_IN_WAY, options=options, initial_option=chosen),
        f"{WAY}.{pick}",
        say("A pick fills the fields below. Change every word you like."),
        optional=True,
        dispatch=True,
    )


def _plan_questions(say: Say, plan: Plan, words: Intention, suffix: str) -> list[Block]:
    def field(action: str, text: str) -> PlainTextInputElement:
        extra: dict[str, Any] = {"initial_value": text} if text else {}
        return PlainTextInputElement(action_id=action, multiline=True, **extra)

    expected = plan.next_moment_on
    day = DatePickerElement(action_id=MOMENT, initial_date=expected.isoformat() if expected else None)
    return [
        blocks.question(say("Your plan: if …"), field(CUE, words.cue), CUE + suffix, optional=True),
        blocks.question(
            say("… then I will"), field(RESPONSE, words.response), RESPONSE + suffix, optional=True
        ),
        blocks.question(
            say("When is the next likely moment?"),
            day,
            MOMENT,
            say("Leave it empty if you cannot tell."),
            optional=True,
        ),
        *reminders.remind_question(say, plan),
    ]


def _from_here_question(say: Say, pick: str, chosen: FromHere) -> Block:
    labels = {
        FromHere.KEEP: say("Go on with the plan as it reads above"),
        FromHere.AS_BEFORE: say("Go on with the plan as it was before"),
        FromHere.NEXT: say("Call this plan done; ask me about another"),
        FromHere.SLOWER: say("Go on, and ask me less often"),
        FromHere.STOP: say("No more check-ins"),
    }
    options = [blocks.option(text, each.value) for each, text in labels.items()]
    # A pick may preselect or undo "done", but never overrides the choices slower, stop or as before.
    standing = chosen in {FromHere.AS_BEFORE, FromHere.SLOWER, FromHere.STOP}
    preselected = chosen if standing else FromHere.NEXT if pick == Pick.DONE else FromHere.KEEP
    element = RadioButtonsElement(
        action_id=FROM_HERE,
        options=options,
        initial_option=next(option for option in options if option.value == preselected),
    )
    return blocks.question(say("From here"), element, f"{FROM_HERE}.{pick}" if pick else FROM_HERE)
