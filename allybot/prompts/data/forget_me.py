"""Messages about erasure: what is deleted, what stays and until when, and the confirmation."""

from dataclasses import dataclass

from slack_sdk.models.blocks import ConfirmObject

from allybot.i18n import Say
from allybot.message import Block, Message, View
from allybot.prompts import blocks, ids
from allybot.prompts.help import plain

CALLBACK = "forget_me.page"
BACKUP_DAYS = 30
"""How long backups should be kept at most; docs/privacy.md asks the operator to hold to it."""


@dataclass(frozen=True)
class WhatIsThere:
    """What erasing a person affects; names unescaped.

    Attributes:
        on_a_list: whether they are a trainee.
        open_answers: sealed answers that are not counted yet, which will not be counted; of somebody who is
            no trainee any more, those that wait in a pool.
        leads: programs they lead, and continue to lead.
        circle_channel: the Slack channel of their circle, which only they can leave.
        asked_for_story: whether a lead asked them for a story, told or not.
        named_in_programs: whether they lead or led a program or changed something in one, which stays noted.
        may_create: whether the operator lets them create programs, which stays.
    """

    on_a_list: bool
    open_answers: int = 0
    leads: tuple[str, ...] = ()
    circle_channel: str | None = None
    asked_for_story: bool = False
    named_in_programs: bool = False
    may_create: bool = False

    @property
    def is_something(self) -> bool:
        """Whether there is anything to erase."""
        return self.on_a_list or self.asked_for_story or self.open_answers > 0


def question(say: Say, found: WhatIsThere) -> Message:
    """What would happen, with the button; the reply to the command."""
    if not found.is_something:
        return plain(_nothing(say, found))
    shown = _page(say, found)
    return blocks.message(say, shown)


def page(say: Say, found: WhatIsThere) -> View:
    """The same as a modal, opened from the Home tab."""
    shown = _page(say, found) if found.is_something else [blocks.section(_nothing(say, found))]
    return blocks.modal(say("Forget me"), shown, CALLBACK, close=say("Close"))


def done(say: Say, found: WhatIsThere) -> Message:
    """The confirmation; `found` is what was there."""
    if not found.is_something:
        return plain(_nothing(say, found))
    shown = _after(say, found)
    return blocks.message(say, shown)


def done_page(say: Say, found: WhatIsThere) -> View:
    """The same, replacing the modal."""
    shown = _after(say, found) if found.is_something else [blocks.section(_nothing(say, found))]
    return blocks.modal(say("Forget me"), shown, CALLBACK, close=say("Close"))


def _title(say: Say) -> str:
    return say("Shall allybot forget you? This cannot be undone.")


def _done(say: Say) -> str:
    return say("Done. allybot has forgotten you.")


def _nothing(say: Say, found: WhatIsThere) -> str:
    return " ".join([say("There is nothing to forget: you are on no program's list."), *_leads(say, found)])


def _page(say: Say, found: WhatIsThere) -> list[Block]:
    gone: list[str] = []
    if found.on_a_list:
        gone += [
            say(
                "your place on the list, your plans, notes and why, your check-ins and what waits to be sent"
            ),
            say("your seat in the circle, a vote that is not opened yet, what waits to be posted there"),
        ]
    if found.asked_for_story:
        gone.append(say("that you were asked for a story, and the story, unless it was posted already"))
    if found.open_answers:
        gone.append(
            say.count(
                "one sealed answer that is not counted yet, and now never will be",
                "{number} sealed answers that are not counted yet, and now never will be",
                found.open_answers,
            )
        )
    confirm = ConfirmObject(
        title=say("Forget me?"),
        text=say("What is held about you is deleted at once, for good."),
        confirm=say("Forget me"),
        deny=say("Keep it all"),
    )
    button = blocks.button(say("Forget me now"), ids.FORGET_ME, style="danger", confirm=confirm)
    return [
        blocks.section(f"*{_title(say)}*"),
        _list(say("Deleted now, for good"), gone),
        _list(say("What remains"), _remains(say, found)),
        blocks.actions([button], block_id="forget_me.choice"),
        blocks.small(
            say(
                "No file comes then; to see and keep what is held: `{command} my-data`. To be left in peace "
                "and keep your plans: `{command} stop`.",
                command=ids.COMMAND,
            )
        ),
    ]


def _after(say: Say, found: WhatIsThere) -> list[Block]:
    then = say(
        "No message comes any more, even if somebody puts you on a list again. You can still write "
        "to allybot yourself."
    )
    if not found.on_a_list:
        then = say("You can still write to allybot yourself.")
        if found.asked_for_story:
            then = say("You can still write to allybot yourself, and a lead could ask you for a story again.")
    return [
        blocks.section(f"*{_done(say)}* {then}"),
        _list(say("What remains"), _remains(say, found)),
    ]


def _remains(say: Say, found: WhatIsThere) -> list[str]:
    figures = say("Published figures stay as they are. They hold counts with noise and nobody's record.")
    slack = say(
        "Slack keeps the messages you and allybot wrote to each other; you can delete your own there."
    )
    number = say("A random number stays that says “somebody was erased”, so that no backup brings you back.")
    if not found.on_a_list:
        answers = [
            figures,
            say("Backups made before hold the sealed answers, which cannot be opened without a key."),
        ]
        story = [
            say("A story that was posted stays in the circles' channels."),
            say(
                "Backups made before hold that somebody was asked until they are replaced, by our rule "
                "within {days} days; the story in them cannot be read without its key, which is erased now.",
                days=BACKUP_DAYS,
            ),
        ]
        return [
            *(answers if found.open_answers else ()),
            slack,
            *(story if found.asked_for_story else ()),
            number,
            *_leads(say, found),
        ]
    lines = [
        figures,
        say(
            "Backups made before hold your Slack id and dates in readable form until they are replaced, by "
            "our rule within {days} days. Your words in them cannot be read without your key, which is "
            "erased now and which copies of the keys hold for a shorter time.",
            days=BACKUP_DAYS,
        ),
        slack,
        say("What you asked or told your circle through allybot stays in its channel, as it was posted."),
        number,
        say(
            "So that no list brings you a message, two numbers stay that are made from your Slack id with a "
            "secret key, without your name. Beside one of them stand your program and whether you took part. "
            "Whoever has that key can test whether a given person is among those who left. Changed your "
            "mind? Type “start” to allybot and press “Invite me again”."
        ),
    ]
    if found.circle_channel:
        lines.append(
            say(
                "You stay in <#{channel}> until you leave it in Slack; allybot cannot do that for you.",
                channel=found.circle_channel,
            )
        )
    return lines + _leads(say, found)


def _leads(say: Say, found: WhatIsThere) -> list[str]:
    lines = [
        say("You still lead {program}; whoever runs allybot can end that.", program=blocks.escape(name))
        for name in found.leads
    ]
    if found.may_create:
        lines.append(say("You may still create programs; whoever runs allybot can end that."))
    if found.named_in_programs:
        lines.append(
            say(
                "Beside what you changed, answered or asked for in a program your Slack id stays, until the "
                "program is deleted at the latest: its leads have to be able to read who changed what."
            )
        )
    return lines


def _list(title: str, lines: list[str]) -> Block:
    return blocks.section(f"*{title}*\n" + "\n".join(f"• {line}" for line in lines))
