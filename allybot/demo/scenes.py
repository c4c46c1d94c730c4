"""The strip's text for every state of the demo."""

from datetime import datetime

from allybot.demo.cast import COLLEAGUES, LEAD_NAME, LEAD_USER
from allybot.demo.screen import Item
from allybot.demo.session import ZONE
from allybot.demo.state import (
    CHECK_IN,
    END,
    MONDAY,
    THURSDAY,
    DemoState,
    Scene,
    day_name,
    first_name,
    link_to_circle,
    link_to_lead,
    link_to_you,
)
from allybot.demo.workspace import circle_name
from allybot.domain.home import HomeFacts
from allybot.domain.trainee import TraineeState
from allybot.prompts import ids

_LEAD = LEAD_NAME.partition(" ")[0]


def scene(state: DemoState) -> Scene:
    """The scene on the page of the user's trainee."""
    facts = state.facts
    if facts is None:
        return Scene(
            "Forgotten",
            "allybot has forgotten you, and no list brings you back. Your colleagues go on; end the demo and "
            "start it again to be back at the beginning.",
            END if state.closes_on else "",
            (link_to_lead(),),
        )
    found = _before_consent(state, facts.trainee.state) or _form_open(state) or _no_plan(state, facts)
    if found is None and state.screen.newest is not Item.FIGURES:
        found = _paused_or_stopped(state, facts)
    return found or _newest(state, facts)


def scene_of_another(state: DemoState, name: str) -> Scene:
    """The scene on the page of another person of this name."""
    back, user = link_to_you(state), state.viewer
    if user == LEAD_USER and state.windows_closed:
        more = (
            f"Then look as {first_name(state.you)} and type the same: that person is refused."
            if state.closes_on
            else "All windows are closed; this is all that anyone will ever know."
        )
        return Scene(
            f"6 of 6 · What {_LEAD} sees",
            "Press “Show the outcomes”, or type /allybot transfers: figures of the program as a whole, "
            f"published once. {more}",
            END if state.closes_on else "",
            (back,),
        )
    if user == LEAD_USER:
        return Scene(
            f"You look as {name}, who leads the program",
            f"She sees nobody's plan and nobody's answer. Figures come on {day_name(state.closes_on)}, when "
            "the first window closes; until then /allybot transfers says just that.",
            END,
            (back,),
        )
    if user in {colleague for colleague, _, _ in COLLEAGUES}:
        return Scene(
            f"You look as {name}",
            "A colleague who is not in this program: allybot sends her nothing of it and tells her nothing.",
            "",
            (back,),
        )
    return Scene(
        f"You look as {name}",
        "Another trainee, played by a script. Compare the messages: each sees only their own.",
        "",
        (back,),
    )


def scene_while_moving(until: datetime, people: int) -> Scene:
    """The scene while the clock moves to an aware moment."""
    return Scene(
        "Time passes …",
        f"{people} people live through the days up to {day_name(until.astimezone(ZONE).date())}: plans, "
        "check-ins, answers and votes, through the same Slack protocol as yours.",
    )


def _before_consent(state: DemoState, trainee: TraineeState) -> Scene | None:
    me = (link_to_you(state),)
    if trainee is TraineeState.INVITED:
        return Scene(
            "1 of 6 · Say yes, or not",
            f"You are {state.you.name}, back at work after an allyship training. allybot has written to "
            "you: what it keeps, and who sees what. Nothing starts before you press Start.",
            "",
            me,
        )
    if trainee is TraineeState.LATER:
        return Scene(
            "1 of 6 · Later, then",
            "You asked to be asked later: one reminder will come. Press Start, or let time pass.",
            MONDAY,
            me,
        )
    if trainee is TraineeState.DECLINED:
        return Scene(
            "1 of 6 · No thanks",
            "Nothing more comes to you, and nobody is told. Press “Start after all” to see the rest, or "
            "let the others go on without you and see what their lead is told.",
            END if state.closes_on else "",
            (*me, link_to_lead()),
        )
    return None


def _form_open(state: DemoState) -> Scene | None:
    if state.screen.form == ids.PLAN_FORM:
        return Scene(
            "2 of 6 · Write an if-then plan",
            "Three short steps: a kind, two half-sentences from a library or in your own words, and the "
            "sentence said back. Only the kind and the two halves are needed.",
        )
    if state.screen.form == ids.CHECK_IN_HELP_FORM:
        return Scene(
            "4 of 6 · The help that fits",
            "Your answer is sealed already. Choose what comes closest, and the form offers ways to mend "
            "the plan; your choice is sealed along with the answer.",
        )
    if state.screen.form == ids.CHECK_IN_CHANGE_FORM:
        return Scene(
            "4 of 6 · Another answer",
            "Nothing is preselected, because nobody can look up what you answered before. The new answer "
            "takes its place.",
        )
    return None


def _no_plan(state: DemoState, facts: HomeFacts) -> Scene | None:
    if facts.focus is not None or facts.other_plans or facts.trainee.state is not TraineeState.ACTIVE:
        return None
    if state.screen.newest is Item.FIGURES:
        return None
    return Scene(
        "2 of 6 · Write an if-then plan",
        "Press “Use this” under an example, or “Write a plan” for your own words.",
        "",
        (link_to_you(state),),
    )


def _paused_or_stopped(state: DemoState, facts: HomeFacts) -> Scene | None:
    me, trainee = (link_to_you(state),), facts.trainee.state
    if trainee is TraineeState.PAUSED:
        until = facts.trainee.paused_until
        end = f"until {day_name(until.astimezone(ZONE).date())}" if until else "until you resume"
        return Scene(
            f"A pause, {end}",
            "No check-ins come to you meanwhile, and the ladder waits. /allybot resume ends the pause; "
            "your circle goes on.",
            MONDAY,
            me,
        )
    if trainee is TraineeState.STOPPED:
        return Scene(
            "You asked for silence",
            "No more check-ins; your plans stay. /allybot resume brings them back. Your circle goes on, "
            "and so does the program.",
            END if state.closes_on else "",
            me,
        )
    if trainee is TraineeState.FINISHED and state.closes_on is None:
        return _the_end(state)
    return None


def _newest(state: DemoState, facts: HomeFacts) -> Scene:
    newest = state.screen.newest
    if newest is Item.FIGURES:
        return _what_leads_see(state)
    if newest in {Item.CHECK_IN, Item.ANSWERED, Item.REPLAN, Item.PACE}:
        return _scenes_in_messages(state)[newest]
    if newest in {Item.ASKED, Item.KIT, Item.SCENARIO, Item.VOTED, Item.VOTES}:
        return _scenes_in_circle(state)[newest]
    on = facts.next_check_in_at
    when = f"on {day_name(on.astimezone(facts.trainee.zone).date())}" if on else "in a few days"
    return Scene(
        "3 of 6 · Let time pass",
        f"Your plan stands on the Home tab. The first check-in comes {when}, the next ones at growing "
        "intervals. Press “Next check-in”: your colleagues live through the same days.",
        CHECK_IN if on else MONDAY,
        (link_to_you(state),),
    )


def _scenes_in_messages(state: DemoState) -> dict[Item, Scene]:
    me, circle, vote = link_to_you(state), link_to_circle(state), state.screen.vote_of
    next_up = "the scenario in your ally circle." if vote else "the scenario your ally circle gets on Monday."
    return {
        Item.CHECK_IN: Scene(
            "4 of 6 · Answer in one tap",
            "allybot quotes your plan and asks about it. Your tap is sealed at once, and help that fits "
            "it opens. Whatever you answer, the message afterwards looks the same.",
            "",
            (me,),
        ),
        Item.ANSWERED: Scene(
            "4 of 6 · Sealed",
            "Your answer is opened only together with everybody's, after the window has closed. "
            f"Next: {next_up}",
            "" if vote else MONDAY,
            (circle if vote else me,),
        ),
        Item.REPLAN: Scene(
            "Day 90 · A last look at the plan",
            "The end of the ladder: no answer is recorded here. Mend the plan, write a new one, keep it, or "
            "keep going until day 180.",
            END if state.closes_on else "",
            (me,),
        ),
        Item.PACE: Scene(
            "Two check-ins without an answer",
            "allybot goes on, only less often, and says so once; one tap brings the usual rhythm back. On "
            "day 56 there is one fresh start.",
            CHECK_IN,
            (me,),
        ),
    }


def _scenes_in_circle(state: DemoState) -> dict[Item, Scene]:
    name, circle = circle_name(state.you.circle), link_to_circle(state)
    waiting = " Your check-in still waits in allybot's messages." if state.screen.check_in_waits else ""
    if state.screen.vote_of:
        vote = "Vote for a first move: votes are sealed, and opened together on Thursday."
    else:
        vote = "The circle is too small for a vote in which nobody can be recognised, so it just talks."
    return {
        Item.ASKED: Scene(
            "5 of 6 · Could you facilitate?",
            f"The role goes round, and only a yes counts. After a no the next one is asked.{waiting}",
            MONDAY,
            (link_to_you(state),),
        ),
        Item.KIT: Scene(
            "5 of 6 · Your kit for the circle",
            f"It comes the working day before: three openers to paste, and who is next.{waiting}",
            MONDAY,
            (link_to_you(state),),
        ),
        Item.SCENARIO: Scene(
            "5 of 6 · Your ally circle",
            f"A scenario waits in {name}. {vote}{waiting}",
            THURSDAY if state.screen.vote_of else END,
            (circle,),
        ),
        Item.VOTED: Scene(
            "5 of 6 · Your vote is sealed",
            f"So are those of the others. Move on to Thursday noon, when all are opened together.{waiting}",
            THURSDAY,
            (circle,),
        ),
        Item.VOTES: Scene(
            "5 of 6 · Thursday in the circle",
            "The votes, what each first move tends to bring, and “Make it my plan”. Then move to the end of "
            f"the window and see what the lead is told.{waiting}",
            END if state.closes_on else "",
            (circle,),
        ),
    }


def _what_leads_see(state: DemoState) -> Scene:
    if state.closes_on is None:
        return _the_end(state)
    if state.void:
        body = "Too few people answered in this window: their answers were deleted without being opened."
    else:
        body = "A window has closed: its answers were counted once, with noise, and deleted with their key."
    return Scene(
        "6 of 6 · What leads see",
        f"{body} A lead sees the program as a whole, never a person.",
        "",
        (link_to_lead(),),
    )


def _the_end(state: DemoState) -> Scene:
    return Scene(
        "The end",
        f"All windows are closed, and no sealed answer is left. Look as {LEAD_NAME} for all that stays. "
        f"End the demo with Ctrl-C in its terminal; {first_name(state.you)}'s world is deleted with it.",
        "",
        (link_to_lead(),),
    )
