"""Questions to the circle: the modal with its preview, the post, and replies to trainees who cannot ask."""

from datetime import datetime
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import ButtonElement, PlainTextInputElement, RadioButtonsElement

from allybot.domain.circle_questions import PostingWindow, Refusal
from allybot.domain.circles import Circle, CircleState
from allybot.domain.plans import Plan
from allybot.i18n import Say
from allybot.message import Block, Message, View
from allybot.prompts import blocks, ids
from allybot.prompts.help import covered, support_line
from allybot.prompts.plans.sentence import sentence

QUESTION, NAME = "question", "name"
"""Block ids of the modal; the text's stays, so that Slack keeps what was typed."""
WITHOUT, WITH = "without", "with"
_PIECE = 500
"""Characters of a person's words in one section, which takes 3000: escaping makes five of an ampersand."""


def ask_form(
    say: Say,
    value: ids.AskFormValue,
    circle_name: str,
    text: str,
    longest: int,
    support_contact: str,
    *,
    named: bool,
    shown: bool,
) -> View:
    """The modal; after the first submit it shows the text as the circle will read it.

    Args:
        value: the form's id and the plan it is about, if any; only a plan may carry a name.
        text: what stands in the field.
        longest: how many characters a question may have.
        named: whether the trainee wants their name shown.
        shown: whether to show the words as the circle will read them, so that sending posts them.
    """
    page: list[Block] = []
    if shown:
        page.append(blocks.section(say("This is what your circle will read:")))
        page += _words(say, text, say("You, by name, ask:") if named else None)
        page.append(blocks.rule())
    page.append(blocks.section(_promise(say, circle_name, may_be_named=bool(value.plan))))
    field = PlainTextInputElement(action_id=QUESTION, multiline=True, initial_value=text or None)
    hint = say(
        "Up to {longest} characters. Leave out names and whatever would tell who it was.", longest=longest
    )
    page.append(blocks.question(say("Your question"), field, QUESTION, hint))
    if value.plan:
        page.append(_name_question(say, named=named))
    page.append(support_line(say, support_contact))
    return blocks.modal(
        say("Ask your circle"),
        page,
        ids.ASK_FORM,
        submit=say("Post it to the circle") if shown else say("Show me first"),
        close=say("Cancel"),
        metadata=value.pack(),
    )


def on_its_way(say: Say, circle_name: str, window: PostingWindow, zone: ZoneInfo, now: datetime) -> View:
    """The modal after it is submitted: roughly when it appears.

    Args:
        window: when it is posted.
        zone: the trainee's.
        now: aware UTC.
    """
    circle = blocks.escape(circle_name)
    begins, ends = (each.astimezone(zone).date() for each in (window.opens_at, window.closes_at))
    if begins != ends:
        text = say(
            "It appears in {circle} during working hours, by {hour} on {day} at the latest.",
            circle=circle,
            day=say.day(ends),
            hour=say.hour(window.closes_at, zone),
        )
    elif window.opens_at > now:
        text = say(
            "It appears in {circle} on {day} between {begins} and {ends}, when people are at work.",
            circle=circle,
            day=say.day(begins),
            begins=say.hour(window.opens_at, zone),
            ends=say.hour(window.closes_at, zone),
        )
    else:
        text = say("It appears in {circle} within the next three hours.", circle=circle)
    chance = say("The exact moment is left to chance, so that it does not show who asked.")
    more = say("allybot deletes the text once it is posted. What the circle answers stands in the channel.")
    return blocks.modal(
        say("Ask your circle"),
        [blocks.section(f"{text} {chance}"), blocks.small(more)],
        ids.ASK_FORM,
        close=say("Done"),
    )


def not_posted(say: Say, circle: Circle | None, support_contact: str) -> Message:
    """To the author of a question that did not reach the circle.

    Args:
        circle: their circle as it is now; None for none.
    """
    sorry = say("Your question to your circle could not be posted. Nobody there has read it.")
    again = say("You can ask it again: this one does not count.")
    return _to_author(say, sorry, again, circle, support_contact)


def unknown_whether_posted(say: Say, circle: Circle | None, support_contact: str) -> Message:
    """To the author of a question of which nobody could say whether it reached the circle.

    Args:
        circle: their circle as it is now; None for none.
    """
    doubt = say("allybot could not find out whether your question appeared in your circle.")
    again = say("Please have a look there. If it is missing, ask it once more: this one does not count.")
    return _to_author(say, doubt, again, circle, support_contact)


def _to_author(say: Say, what: str, again: str, circle: Circle | None, support_contact: str) -> Message:
    is_open = circle is not None and circle.state is CircleState.ACTIVE
    if circle is None:
        again = say(
            "You are in no ally circle just now. Whoever ran your training can add you to one, and your "
            "question is welcome there."
        )
    elif circle.rests_because is not None:
        again = say(
            "Your circle rests, because its channel was opened to others. Whoever ran your training can "
            "start it again, and then your question is welcome."
        )
    elif not is_open:
        again = say(
            "The channel of {circle} is closed to allybot: it may be archived, or allybot was taken out. "
            "Whoever ran your training can open it again, and then your question is welcome. Until then "
            "you can ask somebody you trust.",
            circle=blocks.escape(circle.name),
        )
    page: list[Block] = [
        blocks.section(f"{what} {again}"),
        blocks.small(say("allybot has deleted the text, and has told nobody that it was yours.")),
    ]
    if is_open:
        page.append(blocks.actions([ask_button(say)], block_id="circle_question.again"))
    page.append(support_line(say, support_contact))
    return blocks.message(say, page)


def circle_question(say: Say, text: str, author: str | None, support_contact: str) -> Message:
    """The post in the circle's channel.

    Args:
        text: the words, unescaped.
        author: the trainee's Slack user, if they chose to show their name.
    """
    by_name = say("<@{user}> asks the circle:", user=author) if author else None
    page = _words(say, text, by_name)
    page[0]["block_id"] = "circle_question"
    unnamed = say("allybot passed this on without the author's name. Please do not guess whose it is.")
    page.append(
        blocks.small(
            *([] if author else [unnamed]),
            say("Answer in the thread, if you like. allybot cannot read it."),
        )
    )
    page.append(support_line(say, support_contact))
    return blocks.message(say, page, blocks.to_the_channel(say))


def about_plan(say: Say, plan: Plan) -> str:
    """The initial text of the field when a plan is shared, in plain text."""
    return (
        say("My plan: {plan}", plan=sentence(say, plan.intention)) + "\n" + say("How would you go about it?")
    )


def refused(say: Say, refusal: Refusal) -> Message:
    """The reply to a trainee who cannot ask now."""
    return covered(say, why_not(say, refusal))


def why_not(say: Say, refusal: Refusal) -> str:
    """The same as a sentence, also shown under the preview."""
    return {
        Refusal.NOT_STARTED: say(
            "You can ask your circle once you have said yes in allybot's first message."
        ),
        Refusal.NO_CIRCLE: say(
            "You are in no ally circle, so there is nobody to ask yet. "
            "Whoever ran your training can add you to one."
        ),
        Refusal.CIRCLE_CLOSED: say(
            "allybot posts nothing in your circle just now, so it cannot post your question there."
        ),
        Refusal.ASKED_ALREADY: say(
            "You have asked your circle already. Let it answer first; on another day the next one is welcome."
        ),
        Refusal.CIRCLE_ASKED_ENOUGH: say(
            "Your circle has had a few questions this week already. In some days there is room for yours."
        ),
    }[refusal]


def problem(say: Say, reason: str, length: int, longest: int) -> str:
    """Why a question cannot be sent as it is: `empty` or `too_long`."""
    if reason == "too_long":
        return say(
            "That is {length} characters; please keep it to {longest}.", length=length, longest=longest
        )
    return say("Please write what you would like to ask.")


def ask_button(say: Say) -> ButtonElement:
    """Opens the modal for a question."""
    return blocks.button(say("Ask the circle"), ids.ASK_SHOW)


def about_plan_button(say: Say, plan: Plan) -> ButtonElement:
    """Opens the modal for sharing a plan."""
    return blocks.button(say("Run it past my circle"), ids.ASK_ABOUT_PLAN, ids.PlanValue(plan=plan.id).pack())


def _promise(say: Say, circle_name: str, *, may_be_named: bool) -> str:
    circle = blocks.escape(circle_name)
    who = (
        say("{circle} sees the words, and your name only if you choose so below.", circle=circle)
        if may_be_named
        else say(
            "{circle} sees the words, not your name; nor does the facilitator or a lead learn it.",
            circle=circle,
        )
    )
    return " ".join(
        [
            who,
            say(
                "It appears within three working hours, at a random moment, so that the time does not show "
                "who asked."
            ),
            say(
                "People may recognise the situation all the same. allybot deletes the text once it is posted."
            ),
        ]
    )


def _name_question(say: Say, *, named: bool) -> Block:
    options = {
        WITHOUT: blocks.option(say("Without my name"), WITHOUT),
        WITH: blocks.option(say("With my name"), WITH),
    }
    element = RadioButtonsElement(
        action_id=NAME, options=list(options.values()), initial_option=options[WITH if named else WITHOUT]
    )
    return blocks.question(say("Share this plan"), element, NAME)


def _words(say: Say, text: str, opening: str | None) -> list[Block]:
    """The text as a quotation, under a line that says who asks."""
    found = [blocks.section(opening or say("*Somebody in this circle asks:*"))]
    for begin in range(0, len(text), _PIECE):
        piece = text[begin : begin + _PIECE].strip("\n")
        found.append(blocks.section("\n".join("> " + blocks.escape(line) for line in piece.split("\n"))))
    return found
