"""The result of a week's votes, and the replies to voters."""

from datetime import datetime
from zoneinfo import ZoneInfo

from allybot.content import Scenario
from allybot.domain.circles import CircleWeek
from allybot.domain.plans import Intention
from allybot.i18n import Say
from allybot.message import Block, Message
from allybot.prompts import blocks, ids
from allybot.prompts.circles.messages import LETTERS, CircleFacts
from allybot.prompts.circles.recaps import recap_button
from allybot.prompts.help import plain, support_line
from allybot.prompts.plans import rehearsal_ids
from allybot.prompts.plans.sentence import sentence


def vote_result(
    say: Say, story: Scenario, week: CircleWeek, facts: CircleFacts, *, rehearsal: str = ""
) -> Message:
    """Thursday's post: the counts if there were enough, and what each first move tends to bring.

    Args:
        rehearsal: of this scenario, or else of its kind of plan, by its id; empty for none.
    """
    rows: list[Block] = [
        {
            **blocks.heading(_title(say, story, week, facts)),
            "block_id": f"votes.{week.monday.isoformat()}",
        },
        blocks.section(_outcome(say, week, facts)),
    ]
    counts = dict(enumerate(week.counts or ()))  # of a story that had fewer options when it was opened, fewer
    for place, option in enumerate(story.options):
        counted = f" · {_votes(say, counts[place])}" if place in counts else ""
        rows.append(
            blocks.section(
                f"*{LETTERS[place]}*  {blocks.escape(say(option.text))}{counted}\n"
                f"{blocks.escape(say(option.what_it_does))}"
            )
        )
    plan = story.make_it_my_plan
    value = ids.ScenarioValue(scenario=story.id, names=week.names or 0).pack()
    buttons = [blocks.button(say("Make it my plan"), ids.MAKE_IT_MY_PLAN, value, style="primary")]
    if rehearsal:
        entry = rehearsal_ids.RehearsalValue(entry=rehearsal).pack()
        buttons.append(blocks.button(say("Try it yourself"), rehearsal_ids.OPEN, entry))
    rows += [
        blocks.rule(),
        blocks.section(say("*What research says*") + "\n" + blocks.escape(say(story.research))),
        blocks.section(
            say("*What the person concerned might say*") + "\n> " + blocks.escape(say(story.her_view))
        ),
        *([blocks.section(_where_to_turn(say, story.where_to_turn))] if story.where_to_turn else []),
        *([blocks.section(lines_to_say(say, story))] if story.lines else []),
        blocks.section(
            say("*A plan to take along*")
            + "\n"
            + blocks.escape(sentence(say, Intention(say(plan.cue), say(plan.response))))
        ),
        blocks.actions([*buttons, recap_button(say, week.id)], "plan"),
        blocks.small(
            say("What a button opens, only you see. Change every word if you like; nothing is posted.")
        ),
    ]
    if facts.next_facilitator:
        rows.append(
            blocks.small(say("Probably facilitating next week: <@{user}>.", user=facts.next_facilitator))
        )
    rows.append(support_line(say, facts.support_contact))
    return blocks.message(say, rows, blocks.to_the_channel(say))


def lines_to_say(say: Say, story: Scenario) -> str:
    """Ready words that came with a scenario."""
    return say("*Words one could use*") + "".join(f"\n> {blocks.escape(say(line))}" for line in story.lines)


def vote_sealed(say: Say, opens_at: datetime, zone: ZoneInfo, *, was_last: bool = False) -> Message:
    """The reply to a voter, the same for every option.

    Args:
        opens_at: aware.
        was_last: everyone has voted now.
    """
    text = say(
        "Your vote is sealed. All votes are opened together on {day} at {hour}, and only if enough "
        "came in. Until then you can change yours by pressing another button.",
        day=say.day(opens_at.astimezone(zone).date()),
        hour=say.hour(opens_at, zone),
    )
    if was_last:
        text = say(
            "Your vote is sealed, and now everyone has voted. All votes are opened in a moment, or when the "
            "next working day begins."
        )
    return blocks.message(say, (blocks.section(text, block_id=ids.VOTE_SEALED),))


def vote_too_late(say: Say) -> Message:
    """The reply to a vote after the opening."""
    return plain(
        say("The votes of this scenario were opened already, so this one is not counted. Do tell the circle.")
    )


def not_in_circle(say: Say) -> Message:
    """The reply to a vote of somebody in the channel who is no member of the circle."""
    return plain(say("Only the members of this circle vote here. Nothing was recorded."))


def _title(say: Say, story: Scenario, week: CircleWeek, facts: CircleFacts) -> str:
    if week.counts is None and not facts.votes:
        return say("First steps: {title}", title=say(story.title))
    return say("The votes: {title}", title=say(story.title))


def _outcome(say: Say, week: CircleWeek, facts: CircleFacts) -> str:
    if week.counts is None and not facts.votes:
        return say(
            "A circle of your size talks without figures, because a vote could be traced to its voter. "
            "What would you have done first, and why?"
        )
    if week.counts is None:
        return say(
            "This week's votes stay closed. They open from {least} votes on; fewer are deleted without being "
            "opened. What would you have done first, and why?",
            least=facts.min_votes,
        )
    return say(
        "{voted} voted. Where you differ is where the talk gets interesting: what speaks for each?",
        voted=sum(week.counts),
    )


def _where_to_turn(say: Say, where: str) -> str:
    return say("*Where to turn*") + "\n" + blocks.escape(say(where))


def _votes(say: Say, number: int) -> str:
    return say.count("{number} vote", "{number} votes", number)
