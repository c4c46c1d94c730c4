"""Suggestions as leads see them: Monday's message, their page with its log, and the modals to settle one."""

from collections.abc import Sequence
from datetime import date

from slack_sdk.models.blocks import ButtonElement, PlainTextInputElement, RadioButtonsElement

from allybot.domain.suggestions import MAX_ANSWER_LENGTH, TOGETHER, Reply, Suggestion, SuggestionState
from allybot.i18n import Say
from allybot.message import Block, Message, View
from allybot.prompts import blocks
from allybot.prompts.help import covered
from allybot.prompts.programs import suggestion_ids
from allybot.prompts.programs.suggestion_answers import answered, label
from allybot.prompts.programs.suggestions import quoted

REPLY, ANSWER = "reply", "answer"
"""Block ids of the modal; the text's stays, so that Slack keeps what was typed."""


def new_suggestions(say: Say, program: str, unanswered: Sequence[Suggestion]) -> Message:
    """Monday's message to a lead: what waits for an answer."""
    opening = say("What people of *{program}* suggest, each without a name:", program=blocks.escape(program))
    page: list[Block] = [blocks.section(opening, block_id="suggestions")]
    rows = [_to_answer(say, each) for each in unanswered]
    return blocks.message(say, _with_room(say, page, rows, _how(say)))


def page(say: Say, led: Sequence[tuple[str, Sequence[Suggestion]]]) -> Message:
    """All suggestions of a lead's programs, by the program's name: to be answered first, then the log."""
    rows: list[list[Block]] = []
    for program, found in led:
        title = blocks.section(f"*{blocks.escape(blocks.shortened(program, 60))}*")
        waiting = [_to_answer(say, each) for each in found if each.can_be_answered]
        log = [_settled(say, each) for each in found if each.settled_on is not None]
        nothing = [] if waiting or log else [[blocks.section(say("No suggestion has come yet."))]]
        rows += [[title], *nothing, *waiting, *log]
    return blocks.message(say, _with_room(say, [], rows, _how(say)))


def answer_form(
    say: Say,
    value: suggestion_ids.SuggestionAnswerValue,
    suggestion: str,
    told_on: date,
    reply: Reply | None,
    text: str,
    *,
    shown: bool,
) -> View:
    """The modal; after the first submit it shows the answer as everybody will read it.

    Args:
        told_on: when everybody is told, in the program's zone.
        reply: what was chosen; None at first.
        text: what stands in the field.
        shown: whether to show it as everybody will read it; there is a reply then.
    """
    first: list[Block] = [quoted(suggestion)]
    if shown and reply is not None:
        first = [
            blocks.section(say("This is what everybody will read:")),
            *answered(say, suggestion, reply, text),
            blocks.rule(),
        ]
    options = {each: blocks.option(label(say, each), each.value) for each in Reply}
    choice = RadioButtonsElement(
        action_id=REPLY, options=list(options.values()), initial_option=options[reply] if reply else None
    )
    field = PlainTextInputElement(action_id=ANSWER, multiline=True, initial_value=text or None)
    hint = say("Up to {longest} characters.", longest=MAX_ANSWER_LENGTH)
    told = say(
        "Everybody who takes part, all leads and each circle get this answer, in the same words, from {day} "
        "at noon on, without your name. Whoever suggested it may be among them.",
        day=say.day(told_on),
    )
    return blocks.modal(
        say("Answer a suggestion"),
        [
            *first,
            blocks.question(say("Your answer"), choice, REPLY),
            blocks.question(say("What, or why"), field, ANSWER, hint),
            blocks.section(told),
        ],
        suggestion_ids.ANSWER_FORM,
        submit=say("Send it to everybody") if shown else say("Show me first"),
        close=say("Cancel"),
        metadata=value.pack(),
    )


def hide_form(say: Say, value: suggestion_ids.SuggestionValue, suggestion: str) -> View:
    """The modal that asks once more."""
    what = say(
        "Hide this where it would hurt somebody. Its words are deleted here at once, nobody is told, and it "
        "cannot be undone. Leads see that you hid one, and on which day. A message that is in Slack already "
        "stays there."
    )
    return blocks.modal(
        say("Hide a suggestion"),
        [quoted(suggestion), blocks.section(what)],
        suggestion_ids.HIDE_FORM,
        submit=say("Hide it"),
        close=say("Cancel"),
        metadata=value.pack(),
    )


def done(say: Say, told_on: date | None) -> View:
    """The modal afterwards; `told_on` None: it was hidden."""
    text = (
        say("Thank you. Everybody is told from {day} at noon on.", day=say.day(told_on))
        if told_on
        else say("It is hidden. Nobody is told.")
    )
    return blocks.modal(
        say("Suggestions"), [blocks.section(text)], suggestion_ids.HIDE_FORM, close=say("Done")
    )


def settled_already(say: Say, suggestion: Suggestion) -> Message:
    """A lead, the same or another, was first."""
    if suggestion.settled_on is None or suggestion.settled_by is None:
        return covered(say, say("That suggestion is settled already, or cannot be read any more."))
    return blocks.message(say, _settled(say, suggestion))


def gone(say: Say) -> Message:
    """The suggestion is not there any more, or never was; the same words for somebody who leads nothing."""
    return covered(say, say("That suggestion is not there any more."))


def missing_reply(say: Say) -> str:
    """Nothing was chosen."""
    return say("Please choose one.")


def page_button(say: Say) -> ButtonElement:
    """Opens the page."""
    return blocks.button(say("Suggestions"), suggestion_ids.LEADS_SHOW)


def _how(say: Say) -> list[Block]:
    text = say(
        "They come on Mondays, {together} or twice or three times as many; what is over waits, so their "
        "number is not how many people wrote. Nobody can tell you who did. Please do not ask.",
        together=TOGETHER,
    )
    return [blocks.small(text)]


def _to_answer(say: Say, one: Suggestion) -> list[Block]:
    value = suggestion_ids.SuggestionValue(suggestion=one.id).pack()
    buttons = [blocks.button(say("Answer it"), suggestion_ids.ANSWER, value)]
    if one.state is SuggestionState.WITH_LEADS:
        buttons.append(blocks.button(say("Hide it"), suggestion_ids.HIDE, value))
    return [quoted(one.text or ""), blocks.actions(buttons)]


def _settled(say: Say, one: Suggestion) -> list[Block]:
    day = say.day_and_year(one.settled_on) if one.settled_on else ""
    if one.state is SuggestionState.HIDDEN or one.reply is None:
        text = say("One was hidden by <@{lead}> on {day}.", lead=one.settled_by, day=day)
        return [blocks.small(text)]
    by = say("Answered by <@{lead}> on {day}.", lead=one.settled_by, day=day)
    return [*answered(say, one.text or "", one.reply, one.answer), blocks.small(by)]


def _with_room(say: Say, page: list[Block], rows: Sequence[list[Block]], end: Sequence[Block]) -> list[Block]:
    """As many of the rows as Slack takes; what does not fit comes up once others are settled or old."""
    for row in rows:
        if not blocks.has_room([*page, *row, *end]):
            more = say("There are more than fit here. Answer these first: the others move up.")
            return [*page, blocks.small(more), *end]
        page = [*page, *row]
    return [*page, *end]
