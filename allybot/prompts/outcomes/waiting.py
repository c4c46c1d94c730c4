"""A window whose sealed answers wait for later groups, and what came of the wait; figures without markup."""

from datetime import date

from allybot.domain.figures import Waits
from allybot.domain.windows import WindowState
from allybot.i18n import Say
from allybot.message import Message
from allybot.prompts import blocks, ids


def none_yet(say: Say, waits: Waits) -> str:
    """That the answers of a window wait; how many there are is told nobody, so that no sum can be made."""
    return say(
        "No figures yet: too few people's answers could be counted. They wait, sealed, for the next groups "
        "of {pool}, and are counted once, together, from {least} people on. If that is not so by {day}, they "
        "are deleted without being opened.",
        pool=waits.pool,
        least=waits.least,
        day=say.day_and_year(waits.until),
    )


def in_vain(say: Say, waits: Waits, deleted_on: date) -> str:
    """That the answers of a window waited in vain."""
    return say(
        "No figures: too few people's answers could be counted. They waited, sealed, for later groups of "
        "{pool}, and were deleted on {day} without being opened.",
        pool=waits.pool,
        day=say.day_and_year(deleted_on),
    )


def counted_together(say: Say, waits: Waits) -> str:
    """Whose answers a figure counts together."""
    return say("counted together with later groups: {groups}", groups=say.all_of(list(waits.pooled_from)))


def notice(say: Say, program: str, weeks: str, state: WindowState, waits: Waits) -> Message:
    """The notice to a lead that a window waits, was counted with others of its pool, or waited in vain."""
    name, pool = blocks.escape(program), blocks.escape(waits.pool)
    if state is WindowState.PUBLISHED:
        text = say(
            "The transfer outcomes of *{program}*, weeks {window}, are out after all: counted once, together "
            "with other groups of {pool}, since each alone had too few answers. You can see them any time "
            "with `/allybot transfers`. They will not change; the answers behind them have been deleted.",
            program=name,
            window=weeks,
            pool=pool,
        )
        button = blocks.button(say("Show the outcomes"), ids.TRANSFERS_SHOW)
        return blocks.message(
            say, (blocks.section(text, block_id=ids.RELEASE_NOTICE), blocks.actions([button]))
        )
    if state is WindowState.WAITING:
        text = say(
            "Weeks {window} of *{program}* have closed. Too few people's answers could be counted, so they "
            "wait, sealed, for the next groups of {pool}, and are counted once, together, from {least} "
            "people on, or deleted unopened on {day}. This says nothing about how much was done.",
            program=name,
            window=weeks,
            pool=pool,
            least=waits.least,
            day=say.day_and_year(waits.until),
        )
    else:
        text = say(
            "Weeks {window} of *{program}* have no figures: the sealed answers waited for later groups of "
            "{pool}, and too few came. They were deleted without being opened. This says nothing about how "
            "much was done.",
            program=name,
            window=weeks,
            pool=pool,
        )
    return blocks.message(say, (blocks.section(text, block_id=ids.RELEASE_NOTICE),))


def to_people(say: Say, program: str, weeks: str, waits: Waits) -> str:
    """The same to somebody who takes part, when it begins to wait."""
    return say(
        "There are no figures for weeks {window} of *{program}* yet: too few people's answers could be "
        "counted. They wait, sealed, for the next groups of {pool}, and are counted once, together, from "
        "{least} people on, or deleted unopened on {day}. If your own data is deleted before that, you "
        "cannot be told what came of it. What you did counts where you did it, and your plans stay as they "
        "are.",
        window=weeks,
        program=blocks.escape(program),
        pool=blocks.escape(waits.pool),
        least=waits.least,
        day=say.day_and_year(waits.until),
    )
