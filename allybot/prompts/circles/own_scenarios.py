"""A lead writes a scenario of the program's own: two steps of a form, and how circles will see it."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import ConfirmObject, PlainTextInputElement, StaticSelectElement

from allybot.content import Scenario
from allybot.content.own_scenarios import (
    BRINGS,
    CUE,
    HER_VIEW,
    HONEST,
    KIND,
    LETTERS,
    LINES,
    LONGEST,
    MAX_WORDS,
    NOTES,
    OPTION,
    QUESTION,
    RESEARCH,
    RESPONSE,
    SECOND,
    SITUATION,
    TITLE,
    WARNING,
    WHERE,
    Words,
)
from allybot.domain.circles import CircleWeek, WeekState
from allybot.domain.plans import PlanKind
from allybot.i18n import Say
from allybot.message import Block, View
from allybot.prompts import blocks
from allybot.prompts.circles import facilitator_kit, messages, own_ids, votes
from allybot.prompts.plans.sentence import kind_name

_HINT_LENGTH = 150
"""Characters of a label (Slack takes 2000) in which a first move is quoted."""


def monday_form(say: Say, value: own_ids.OwnScenarioValue, words: Words) -> View:
    """The first step: what a circle sees on Monday."""
    hint = say(
        "What happened, to whom, and where you stand in it. With the question at most {most} words. Invent "
        "the people, and leave out whatever would tell who it was.",
        most=MAX_WORDS,
    )
    page = [
        blocks.section(
            say(
                "A short situation of your own working life, as it could happen. Your program's circles and "
                "its leads can read it, nobody else. Nobody sees it before you have seen it as they will."
            )
        ),
        _field(say("Title"), TITLE, words),
        blocks.question(say("Which kind of plan does it feed?"), _kinds(say, words), KIND),
        _field(say("The situation"), SITUATION, words, hint, multiline=True),
        _field(
            say("The opening question"), QUESTION, words, say("One that a line can answer, in the thread.")
        ),
        *(_move(say, letter, words) for letter in LETTERS),
    ]
    return _modal(say, page, own_ids.MONDAY_FORM, value, submit=say("Show me"))


def thursday_form(say: Say, value: own_ids.OwnScenarioValue, words: Words) -> View:
    """The second step: what comes on Thursday and what helps who facilitates; all of it may stay empty."""
    offered = {letter: text for letter in LETTERS if (text := words.get(OPTION + letter, ""))}
    brings = [
        _field(
            blocks.shortened(say("{letter}: what does it tend to bring?", letter=letter.upper()), 75),
            BRINGS + letter,
            words,
            blocks.shortened(text, _HINT_LENGTH),
            optional=True,
        )
        for letter, text in offered.items()
    ]
    page = [
        blocks.section(
            say(
                "All of this can stay empty. Where nothing is known, the circle reads “No study known to "
                "us”, which is an honest answer."
            )
        ),
        *brings,
        _more(say("What might the person concerned say?"), HER_VIEW, words, multiline=True),
        _more(
            say("What is known about it"),
            RESEARCH,
            words,
            say("A finding with its source: authors and year."),
            multiline=True,
        ),
        _more(
            say("Words one could use"), LINES, words, say("At most three, one in each line."), multiline=True
        ),
        _more(say("A plan to take along: if ..."), CUE, words, say("Such as “a colleague is cut off”.")),
        _more(
            say("... then I will ..."),
            RESPONSE,
            words,
            say("Such as “say that I would like to hear the rest”. Left empty, a plan of its kind is shown."),
        ),
        _more(say("A second question, if the talk stalls"), SECOND, words),
        *(
            _more(label, field, words)
            for field, label in zip(
                NOTES,
                (say("A note for who facilitates: what may come up?"), say("And what is the likely detour?")),
                strict=True,
            )
        ),
        _more(say("A warning, where it may touch somebody"), WARNING, words),
        _more(say("Where to turn, where it is misconduct"), WHERE, words),
    ]
    return _modal(say, page, own_ids.THURSDAY_FORM, value, submit=say("Show me"))


def preview(
    say: Say,
    value: own_ids.OwnScenarioValue,
    story: Scenario,
    monday: date,
    opens_at: datetime,
    zone: ZoneInfo,
    support_contact: str,
    min_votes: int,
) -> View:
    """How circles will see it, by what posts it, with invented votes; sent, it is kept.

    Args:
        monday: of the circles' next week.
        opens_at: aware; when votes are opened then.
    """
    facts = messages.CircleFacts(
        facilitator=None,
        next_facilitator=None,
        zone=zone,
        support_contact=support_contact,
        min_votes=min_votes,
        votes=True,
    )
    week = CircleWeek(
        id=story.id,
        circle_id="",
        monday=monday,
        number=1,
        scenario_id=story.id,
        facilitator_id=None,
        public_key=b"",
        opens_at=opens_at,
        state=WeekState.OPEN,
        counts=None,
    )
    opened = replace(week, state=WeekState.OPENED, counts=(1,) * len(story.options))
    packed = value.pack()
    buttons = [
        blocks.button(say("Change what comes on Monday"), own_ids.CHANGE, packed),
        blocks.button(say("Thursday and the kit"), own_ids.MORE, packed),
    ]
    page = [
        blocks.section(
            say(
                "It is written down, and no circle has it yet. This is how they would see it, without the "
                "buttons and with invented votes. Keep it, or go on writing:"
            )
        ),
        blocks.actions(buttons, "own_scenario.steps"),
        blocks.section(say("*On Monday*")),
        *_to_read(messages.scenario(say, story, week, facts).blocks),
        blocks.rule(),
        blocks.section(say("*On Thursday*")),
        *_to_read(votes.vote_result(say, story, opened, facts).blocks),
        blocks.rule(),
        blocks.section(say("*For whoever facilitates*")),
        blocks.section(facilitator_kit.with_this_story(say, story)),
    ]
    return _modal(say, page, own_ids.KEEP_FORM, value, submit=say("Keep it"))


def delete_button_confirm(say: Say) -> ConfirmObject:
    """Slack's dialog before a scenario is deleted."""
    return ConfirmObject(
        title=say("Delete it?"),
        text=say("It is deleted for good. Circles that have had it keep the posts in their channels."),
        confirm=say("Delete it"),
        deny=say("Keep it"),
    )


def _to_read(page: tuple[Block, ...]) -> list[Block]:
    return [block for block in page if block["type"] != "actions"]


def _move(say: Say, letter: str, words: Words) -> Block:
    field, is_last = OPTION + letter, letter == LETTERS[-1]
    text = words.get(field, say(HONEST) if is_last and not words else "")
    label = say("Move {letter}", letter=letter.upper())
    hint = None
    if letter == LETTERS[0]:
        hint = say("What would somebody do first? None of them is marked right. At most 75 characters each.")
    elif is_last:
        hint = say("The honest one. Change or empty it as you like.")
    optional = letter not in LETTERS[:2]
    return _field(label, field, {field: text}, hint, optional=optional)


def _more(label: str, field: str, words: Words, hint: str | None = None, *, multiline: bool = False) -> Block:
    return _field(label, field, words, hint, optional=True, multiline=multiline)


def _field(
    label: str,
    field: str,
    words: Words,
    hint: str | None = None,
    *,
    optional: bool = False,
    multiline: bool = False,
) -> Block:
    element = PlainTextInputElement(
        action_id=field,
        multiline=multiline,
        initial_value=words.get(field) or None,
        max_length=LONGEST[field],
    )
    return blocks.question(label, element, field, hint, optional=optional)


def _kinds(say: Say, words: Words) -> StaticSelectElement:
    offered = {kind.value: blocks.option(kind_name(say, kind), kind.value) for kind in PlanKind}
    return StaticSelectElement(
        action_id=KIND, options=list(offered.values()), initial_option=offered.get(words.get(KIND, ""))
    )


def _modal(
    say: Say, page: list[Block], callback: str, value: own_ids.OwnScenarioValue, *, submit: str
) -> View:
    return blocks.modal(
        say("A scenario of ours"), page, callback, submit=submit, close=say("Close"), metadata=value.pack()
    )
