"""What the strip says: one scene for every point of the story, also for those who go their own way."""

from datetime import datetime

from allybot.demo.cast import COLLEAGUES, LEAD_NAME, LEAD_USER
from allybot.demo.session import ZONE
from allybot.demo.sights import Sign
from allybot.demo.story import (
    CHECK_IN,
    END,
    MONDAY,
    THURSDAY,
    Scene,
    Story,
    as_lead,
    as_you,
    circle_of,
    day_name,
    first_name,
)
from allybot.demo.workspace import circle_name
from allybot.domain.home import HomeFacts
from allybot.domain.trainee import TraineeState
from allybot.prompts import ids

_LEAD = LEAD_NAME.partition(" ")[0]


def scene(story: Story) -> Scene:
    """The scene for the person at the keyboard."""
    facts = story.facts
    if facts is None:
        return Scene(
            "Forgotten",
            "allybot knows nothing about you any more. Your colleagues go on; end the demo and start it "
            "again to be back at the beginning.",
            END if story.closes_on else "",
            (as_lead(),),
        )
    found = _before_yes(story, facts.trainee.state) or _in_a_form(story) or _without_a_plan(story, facts)
    if found is None and story.sight.newest is not Sign.FIGURES:
        found = _out_of_touch(story, facts)
    return found or _newest(story, facts)


def watching(story: Story, name: str) -> Scene:
    """The scene for somebody who looks at the page of another person of this name."""
    back, user = as_you(story), story.watcher
    if user == LEAD_USER and story.windows_closed:
        more = (
            f"Then look as {first_name(story.you)} and type the same: he is refused."
            if story.closes_on
            else "All windows are closed; this is all that anyone will ever know."
        )
        return Scene(
            f"6 of 6 · What {_LEAD} sees",
            "Press “Show the outcomes”, or type /allybot transfers: figures of the program as a whole, "
            f"published once. {more}",
            END if story.closes_on else "",
            (back,),
        )
    if user == LEAD_USER:
        return Scene(
            f"You look as {name}, who leads the program",
            f"She sees nobody's plan and nobody's answer. Figures come on {day_name(story.closes_on)}, when "
            "the first window closes; until then /allybot transfers says just that.",
            END,
            (back,),
        )
    if user in {colleague for colleague, _, _ in COLLEAGUES}:
        return Scene(
            f"You look as {name}",
            "A colleague who is not in the program: allybot writes nothing to her and tells her nothing.",
            "",
            (back,),
        )
    return Scene(
        f"You look as {name}",
        "Another trainee, played by a script. What allybot writes to one person, no other sees: compare "
        "the messages.",
        "",
        (back,),
    )


def moving(until: datetime, people: int) -> Scene:
    """The scene while the clock moves to an aware moment."""
    return Scene(
        "Time passes …",
        f"{people} people live through the days up to {day_name(until.astimezone(ZONE).date())}: plans, "
        "check-ins, answers and votes, through the same Slack protocol as yours.",
    )


def _before_yes(story: Story, state: TraineeState) -> Scene | None:
    me = (as_you(story),)
    if state is TraineeState.INVITED:
        return Scene(
            "1 of 6 · Say yes, or not",
            f"You are {story.you.name}, back at work after an allyship training. allybot has written to "
            "you: what it keeps, and who sees what. Nothing starts before you press Start.",
            "",
            me,
        )
    if state is TraineeState.LATER:
        return Scene(
            "1 of 6 · Later, then",
            "You asked to be asked later: one reminder will come, and nothing else. Press Start whenever "
            "you like, or let time pass.",
            MONDAY,
            me,
        )
    if state is TraineeState.DECLINED:
        return Scene(
            "1 of 6 · No thanks",
            "Nothing more comes to you, and nobody is told. Press “Start after all” to see the rest, or "
            "let the others go on without you and see what their lead is told.",
            END if story.closes_on else "",
            (*me, as_lead()),
        )
    return None


def _in_a_form(story: Story) -> Scene | None:
    if story.sight.form == ids.PLAN_FORM:
        return Scene(
            "2 of 6 · Write an if-then plan",
            "Three short steps: a kind, two half-sentences from a library or in your own words, and the "
            "sentence said back. Only the kind and the two halves are needed.",
        )
    if story.sight.form == ids.CHECK_IN_HELP_FORM:
        return Scene(
            "4 of 6 · The help that fits",
            "Your answer is sealed already. Choose what comes closest, and the form offers ways to mend "
            "the plan; your choice is sealed along with the answer.",
        )
    if story.sight.form == ids.CHECK_IN_CHANGE_FORM:
        return Scene(
            "4 of 6 · Another answer",
            "Nothing is preselected, because nobody can look up what you answered before. The new answer "
            "takes its place.",
        )
    return None


def _without_a_plan(story: Story, facts: HomeFacts) -> Scene | None:
    if facts.focus is not None or facts.other_plans or facts.trainee.state is not TraineeState.ACTIVE:
        return None
    if story.sight.newest is Sign.FIGURES:
        return None
    return Scene(
        "2 of 6 · Write an if-then plan",
        "Press “Write a plan”, or type /allybot plan. Pick both halves from the library, or use your own "
        "words.",
        "",
        (as_you(story),),
    )


def _out_of_touch(story: Story, facts: HomeFacts) -> Scene | None:
    me, state = (as_you(story),), facts.trainee.state
    if state is TraineeState.PAUSED:
        until = facts.trainee.paused_until
        end = f"until {day_name(until.astimezone(ZONE).date())}" if until else "until you resume"
        return Scene(
            f"A pause, {end}",
            "No check-ins come to you meanwhile, and the ladder waits. /allybot resume ends the pause; "
            "your circle goes on.",
            MONDAY,
            me,
        )
    if state is TraineeState.STOPPED:
        return Scene(
            "You asked for silence",
            "No more check-ins; your plans stay. /allybot resume brings them back. Your circle goes on, "
            "and so does the program.",
            END if story.closes_on else "",
            me,
        )
    if state is TraineeState.FINISHED and story.closes_on is None:
        return _the_end(story)
    return None


def _newest(story: Story, facts: HomeFacts) -> Scene:
    newest = story.sight.newest
    if newest is Sign.FIGURES:
        return _what_leads_see(story)
    if newest in {Sign.CHECK_IN, Sign.ANSWERED, Sign.REPLAN, Sign.PACE}:
        return _in_messages(story)[newest]
    if newest in {Sign.KIT, Sign.SCENARIO, Sign.VOTED, Sign.VOTES}:
        return _in_the_circle(story)[newest]
    on = facts.next_check_in_at
    when = f"on {day_name(on.astimezone(facts.trainee.zone).date())}" if on else "in a few days"
    return Scene(
        "3 of 6 · Let time pass",
        f"Your plan stands on the Home tab. The first check-in comes {when}, the next ones at growing "
        "intervals. Press “Next check-in”: your colleagues live through the same days.",
        CHECK_IN if on else MONDAY,
        (as_you(story),),
    )


def _in_messages(story: Story) -> dict[Sign, Scene]:
    me, circle, vote = as_you(story), circle_of(story), story.sight.vote_of
    next_up = "the scenario in your ally circle." if vote else "the scenario your ally circle gets on Monday."
    return {
        Sign.CHECK_IN: Scene(
            "4 of 6 · Answer in one tap",
            "allybot quotes your plan and asks about it. Your tap is sealed at once, and help that fits "
            "it opens. Whatever you answer, the message afterwards looks the same.",
            "",
            (me,),
        ),
        Sign.ANSWERED: Scene(
            "4 of 6 · Sealed",
            "Your answer is opened only together with everybody's, after the window has closed. "
            f"Next: {next_up}",
            "" if vote else MONDAY,
            (circle if vote else me,),
        ),
        Sign.REPLAN: Scene(
            "Day 90 · A last look at the plan",
            "The end of the ladder: no answer is recorded here. Mend the plan, write a new one, or keep it.",
            END if story.closes_on else "",
            (me,),
        ),
        Sign.PACE: Scene(
            "Two check-ins without an answer",
            "allybot asks once whether the pace is right: keep it, slower, or stop. Until you answer, it "
            "stays silent.",
            "",
            (me,),
        ),
    }


def _in_the_circle(story: Story) -> dict[Sign, Scene]:
    name, circle = circle_name(story.you.circle), circle_of(story)
    waiting = " Your check-in still waits in allybot's messages." if story.sight.check_in_waits else ""
    if story.sight.vote_of:
        vote = "Vote for a first move: votes are sealed, and opened together on Thursday."
    else:
        vote = "The circle is too small for a vote in which nobody can be recognised, so it just talks."
    return {
        Sign.KIT: Scene(
            "5 of 6 · Your turn to facilitate",
            "The role goes round in the circle. The kit comes the working day before; swap or skip if it "
            f"does not suit.{waiting}",
            MONDAY,
            (as_you(story),),
        ),
        Sign.SCENARIO: Scene(
            "5 of 6 · Your ally circle",
            f"A scenario waits in {name}. {vote}{waiting}",
            THURSDAY if story.sight.vote_of else END,
            (circle,),
        ),
        Sign.VOTED: Scene(
            "5 of 6 · Your vote is sealed",
            f"So are those of the others. Move on to Thursday noon, when all are opened together.{waiting}",
            THURSDAY,
            (circle,),
        ),
        Sign.VOTES: Scene(
            "5 of 6 · Thursday in the circle",
            "The votes, if at least five came in; what each first move tends to bring; and “Make it my "
            f"plan”. Then move to the end of the window and see what the lead is told.{waiting}",
            END if story.closes_on else "",
            (circle,),
        ),
    }


def _what_leads_see(story: Story) -> Scene:
    if story.closes_on is None:
        return _the_end(story)
    if story.void:
        body = "Too few people answered in this window: their answers were deleted without being opened."
    else:
        body = "A window has closed: its answers were counted once, with noise, and deleted with their key."
    return Scene(
        "6 of 6 · What leads see",
        f"{body} A lead sees the program as a whole, never a person.",
        "",
        (as_lead(),),
    )


def _the_end(story: Story) -> Scene:
    return Scene(
        "The end",
        f"All windows are closed, and no sealed answer is left. Look as {LEAD_NAME} for all that stays. "
        f"End the demo with Ctrl-C in its terminal; {first_name(story.you)}'s world is deleted with it.",
        "",
        (as_lead(),),
    )
