"""Role models' stories: the invitation, the modal in which one is told, its post, and what leads see."""

from collections.abc import Mapping

from slack_sdk.models.blocks import (
    ConfirmObject,
    PlainTextInputElement,
)

from allybot.domain.role_stories import ANSWERED_WITHIN, KEPT_AT_MOST, LONGEST, StoryWords
from allybot.i18n import Say
from allybot.message import Block, Message, View
from allybot.prompts import blocks
from allybot.prompts.circles import role_story_ids
from allybot.prompts.circles.text_forms import name_question
from allybot.prompts.help import covered, support_line


def role_story(say: Say, words: StoryWords, name: str | None, support_contact: str) -> Message:
    """The post in a circle; `name` is its author's Slack id, None where they show no name."""
    return blocks.message(say, _post(say, words, name, support_contact), blocks.to_the_channel(say))


def asked(say: Say, story_id: str, lead: str, program: str, support_contact: str) -> Message:
    """To whom a lead asks for a story.

    Args:
        lead: Slack id of who asks.
    """
    value = role_story_ids.RoleStoryValue(story=story_id).pack()
    page = [
        blocks.section(
            say(
                "<@{lead}> would like to hear a story of yours, and asks you through me. It is for the ally "
                "circles of *{program}*: colleagues who meet to become better allies to the women they "
                "work with. What helps them most is how somebody they look up to got it wrong once, and what "
                "they learnt; or a deed that went well.",
                lead=lead,
                program=blocks.escape(program),
            )
        ),
        blocks.section(
            say(
                "Four short answers are enough, about ten minutes. You see the story as it will be posted, "
                "and decide whether your name stands there. If it is not for you, saying nothing is fine: no "
                "reminder comes, and nobody is told."
            )
        ),
        blocks.actions(
            [
                blocks.button(say("Tell a story"), role_story_ids.TELL, value, style="primary"),
                blocks.button(say("No, thanks"), role_story_ids.DECLINE, value),
                blocks.button(say("No, and let them know"), role_story_ids.DECLINE_AND_TELL, value),
            ],
            "role_story",
        ),
        blocks.small(
            say(
                "That you were asked is kept for {days} days, encrypted. `/allybot forget-me` deletes it at "
                "once.",
                days=ANSWERED_WITHIN.days,
            )
        ),
        support_line(say, support_contact),
    ]
    return blocks.message(say, page)


def declined(say: Say, *, lead_told: bool) -> Message:
    """In place of the invitation, once it was declined."""
    if lead_told:
        return covered(
            say, say("Thank you for saying so. They read “not this time”, and nothing else is kept.")
        )
    return covered(say, say("All right. Nobody is told, and nothing is kept."))


def not_this_time(say: Say, user: str) -> Message:
    """To the lead who asked; `user` is who declined, and wanted it told."""
    return covered(say, say("<@{user}> lets you know: not this time.", user=user))


def tell_form(
    say: Say,
    value: role_story_ids.TellFormValue,
    typed: Mapping[str, str],
    lead: str,
    support_contact: str,
    *,
    named: bool,
    shown: StoryWords | None,
    preview_for: str,
    is_told: bool,
) -> View:
    """The modal; after the first submit it shows the story as circles will read it.

    Args:
        typed: what stands in the fields, by the names of the parts.
        lead: Slack id of who asked.
        shown: the story to show; None before the first submit.
        preview_for: its author's Slack id.
        is_told: whether it was sent before, so that it can be taken back.
    """
    page: list[Block] = []
    if shown is not None:
        page.append(blocks.section(say("This is what every circle of the program will read:")))
        page += _post(say, shown, preview_for if named else None, support_contact)
        page += [blocks.rule(), blocks.section(say("Send it, or change it here first:"))]
    page += [
        blocks.section(
            say(
                "It is posted in the circles within some weeks. Until then it is encrypted, and you can "
                "change it or take it back by the same button; afterwards it stands in their channels. The "
                "program's leads can read it as the circles will, see when it is gone, and leave it out; "
                "they cannot change it. Without your name it says “somebody of this company”; <@{lead}>, who "
                "asked you, may guess all the same.",
                lead=lead,
            )
        ),
        *_fields(say, typed),
        name_question(
            say,
            say("How shall it be told?"),
            say("Without my name: “somebody of this company”"),
            named=named,
        ),
    ]
    if is_told:
        button = blocks.button(
            say("Take it back"),
            role_story_ids.WITHDRAW,
            role_story_ids.RoleStoryValue(story=value.story).pack(),
            confirm=ConfirmObject(
                title=say("Take it back?"),
                text=say("The story is deleted for good. Where it was posted already, it stays."),
                confirm=say("Take it back"),
                deny=say("Leave it"),
            ),
        )
        page.append(blocks.actions([button], "role_story.withdraw"))
    return blocks.modal(
        say("A story of yours"),
        page,
        role_story_ids.TELL_FORM,
        submit=say("Send it") if shown is not None else say("Show me first"),
        close=say("Cancel"),
        metadata=value.pack(),
    )


def told(say: Say) -> View:
    """In place of the form, once it is sent."""
    return _page_of(
        say,
        say(
            "Thank you. The circles get it in the middle of one of the next weeks, within {days} days. "
            "To change it or to take it back before that, press *Tell a story* again.",
            days=KEPT_AT_MOST.days,
        ),
    )


def withdrawn(say: Say) -> View:
    """In place of the form, once it was taken back."""
    return _page_of(say, say("It is deleted. Nobody is told."))


def over(say: Say) -> Message:
    """The answer to a press when there is nothing to tell any more."""
    return covered(
        say, say("This is over: the story was posted or taken back, or the time for it has passed.")
    )


def problem(say: Say, reason: str, length: int, longest: int) -> str:
    """Why a part cannot be sent as it is: `empty` or `too_long`."""
    if reason == "too_long":
        return say(
            "That is {length} characters; please keep it to {longest}.", length=length, longest=longest
        )
    return say("Please write a sentence here.")


def _post(say: Say, words: StoryWords, name: str | None, support_contact: str) -> list[Block]:
    return [
        blocks.heading(say("A story from one of us")),
        *story_to_read(say, words, name),
        blocks.small(
            say(
                "Somebody was asked for this story, and chose what stands here. Please do not guess who it "
                "was. Everyone in this channel sees what is written in the thread; allybot cannot read it."
            )
        ),
        support_line(say, support_contact),
    ]


def story_to_read(say: Say, words: StoryWords, name: str | None) -> list[Block]:
    """A story as everybody reads it; `name` is its author's Slack id, None where they show no name."""
    who = say("<@{user}> tells:", user=name) if name else say("Somebody of this company tells:")
    labels = _labels(say)
    told = [
        blocks.section(f"*{labels[part]}*\n> {blocks.escape(text)}")
        for part, text in (("happened", words.happened), ("did", words.did), ("learnt", words.learnt))
    ]
    question = say("*A question to you, for the thread:* {question}", question=blocks.escape(words.asks))
    return [blocks.section(who), *told, blocks.section(question)]


def _labels(say: Say) -> dict[str, str]:
    return {
        "happened": say("What happened"),
        "did": say("What I did"),
        "learnt": say("What I learnt, or would do today"),
        "asks": say("One question to the circle"),
    }


def _fields(say: Say, typed: Mapping[str, str]) -> list[Block]:
    hints = {
        "happened": say(
            "Where it was and what was said. Leave out names and whatever would tell who it was."
        ),
        "did": say("Or what you did not do."),
        "learnt": say("A sentence or two."),
        "asks": say("Such as “When did that last happen to you?”"),
    }
    return [
        blocks.question(
            label,
            PlainTextInputElement(
                action_id=part,
                multiline=part != "asks",
                initial_value=typed.get(part) or None,
                max_length=LONGEST[part],
            ),
            part,
            hints[part],
        )
        for part, label in _labels(say).items()
    ]


def _page_of(say: Say, text: str) -> View:
    return blocks.modal(say("A story of yours"), [blocks.section(text)], "help.answer", close=say("Close"))
