"""Questions to the circle: the modal with its preview, the post with its buttons, word of an answer."""

from collections.abc import Sequence

from slack_sdk.models.blocks import ButtonElement

from allybot.domain.circle_questions import TextKind
from allybot.domain.circles import Circle
from allybot.domain.plans import Plan
from allybot.i18n import Say
from allybot.message import Block, Message, View
from allybot.prompts import blocks, ids
from allybot.prompts.circles import text_ids
from allybot.prompts.circles.text_forms import form, name_question, preview, quoted, text_field
from allybot.prompts.help import support_line
from allybot.prompts.plans.sentence import sentence

_POST = "circle_question"
"""Block id of a posted question's first line."""


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
        who = say("You, by name, ask:") if named else _somebody_asks(say)
        page += preview(text, say("This is what your circle will read:"), who)
    page.append(blocks.section(_promise(say, circle_name, may_be_named=bool(value.plan))))
    hint = say(
        "Up to {longest} characters. Leave out names and whatever would tell who it was.", longest=longest
    )
    page.append(text_field(say("Your question"), hint, text))
    if value.plan:
        page.append(name_question(say, say("Share this plan"), named=named))
    page.append(support_line(say, support_contact))
    return form(say, TextKind.QUESTION, page, value.pack(), shown=shown)


def circle_question(
    say: Say, question_id: str, text: str, author: str | None, support_contact: str
) -> Message:
    """The post in the circle's channel.

    Args:
        text: the words, unescaped.
        author: the trainee's Slack user, if they chose to show their name.
    """
    by_name = say("<@{user}> asks the circle:", user=author) if author else None
    words = [each["text"]["text"] for each in quoted(text, by_name or _somebody_asks(say))]
    value = text_ids.QuestionValue(question=question_id, named=bool(author))
    return _post(say, value, words, support_contact, answered=False)


def answered_question(
    say: Say, value: text_ids.QuestionValue, words: Sequence[str], support_contact: str
) -> Message:
    """The same post once somebody marked it as answered.

    Args:
        words: the paragraphs of the post, as Slack hands them back with the press, since nothing else keeps
            them; in mrkdwn.
    """
    return _post(say, value, words, support_contact, answered=True)


def _post(
    say: Say, value: text_ids.QuestionValue, words: Sequence[str], support_contact: str, *, answered: bool
) -> Message:
    page = [blocks.section(each) for each in words]
    page[0]["block_id"] = _POST
    buttons = [blocks.button(say("I would add"), text_ids.ANSWER_ADD, value.pack())]
    if answered:
        page.append(blocks.small(say("Somebody marked this as answered. There is room for more.")))
    else:
        buttons.append(blocks.button(say("Mark as answered"), text_ids.QUESTION_ANSWERED, value.pack()))
    page.append(blocks.actions(buttons, block_id=f"{_POST}.buttons"))
    unnamed = say("allybot passed this on without the author's name. Please do not guess whose it is.")
    page.append(
        blocks.small(
            *([] if value.named else [unnamed]),
            say("Answer in the thread, if you like. allybot cannot read it."),
            say("Whoever asked is told when one of you marks it as answered."),
        )
    )
    page.append(support_line(say, support_contact))
    return blocks.message(say, page, blocks.to_the_channel(say))


def answered(say: Say, circle: Circle | None, support_contact: str) -> Message:
    """To the author of a question that somebody marked as answered.

    Args:
        circle: their circle as it is now; None for none.
    """
    name = blocks.escape(circle.name) if circle else ""
    page = [
        blocks.section(
            say("Somebody in {circle} marked your question as answered.", circle=name)
            if circle
            else say("Somebody in the circle marked your question as answered.")
        ),
        blocks.section(
            say("What was said stands in its thread. Is something still open? Say so there, or ask again.")
        ),
        blocks.small(say("allybot has told nobody that the question was yours, and has now forgotten it.")),
        blocks.actions([ask_button(say)], block_id="circle_question.answered"),
        support_line(say, support_contact),
    ]
    return blocks.message(say, page)


def about_plan(say: Say, plan: Plan) -> str:
    """The initial text of the field when a plan is shared, in plain text."""
    return (
        say("My plan: {plan}", plan=sentence(say, plan.intention)) + "\n" + say("How would you go about it?")
    )


def ask_button(say: Say) -> ButtonElement:
    """Opens the modal for a question."""
    return blocks.button(say("Ask the circle"), ids.ASK_SHOW)


def about_plan_button(say: Say, plan: Plan) -> ButtonElement:
    """Opens the modal for sharing a plan."""
    return blocks.button(say("Run it past my circle"), ids.ASK_ABOUT_PLAN, ids.PlanValue(plan=plan.id).pack())


def _somebody_asks(say: Say) -> str:
    return say("*Somebody in this circle asks:*")


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
            say(
                "That you asked it keeps for a while, encrypted, so that it can tell you when somebody marks "
                "it as answered."
            ),
        ]
    )
