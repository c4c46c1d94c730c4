"""Naming the pool of a program that runs: the form, and what would come of it before it is done."""

from allybot.domain.people import Program
from allybot.i18n import Say
from allybot.message import View
from allybot.prompts import blocks
from allybot.prompts.programs import program_ids, publishable
from allybot.prompts.programs.creating import MAX_WORD_LENGTH, pool_question


def form(say: Say, program: Program) -> View:
    """Which pool; for a program that has one, that it stays."""
    title = say("Pool with later groups")
    if program.pool:
        there = say(
            "*{program}* shares the pool {pool}. People said yes to that one, so it stays.",
            program=_short(program.name),
            pool=_short(program.pool),
        )
        return blocks.modal(title, [blocks.section(there)], "help.answer", close=say("Close"))
    page = [
        blocks.section(
            say(
                "Where fewer than {minimum} answer, nothing can be published. In a pool the sealed answers "
                "wait for later groups, and are counted once, together. Nothing is changed yet: first you "
                "see what it means.",
                minimum=program.minimum_respondents,
            )
        ),
        pool_question(say, say("Name of the pool"), optional=False),
    ]
    return blocks.modal(
        title,
        page,
        program_ids.POOL_FORM,
        submit=say("What would happen?"),
        close=say("Cancel"),
        metadata=program_ids.ProgramValue(program=program.id).pack(),
    )


def confirm(say: Say, program: Program, pool: str, least: int, months: int) -> View:
    """What sharing the pool means; nothing is changed yet.

    Args:
        least: the fewest people with whom it is counted.
        months: how long answers wait.
    """
    page = [
        blocks.section(f"*{_short(program.name)}*"),
        blocks.section(publishable.waits_in_pool(say, _short(pool), least, months)),
        blocks.section(publishable.asked_anew(say)),
    ]
    return blocks.modal(
        say("This would happen"),
        page,
        program_ids.POOL_CONFIRM,
        submit=say("Share the pool"),
        close=say("Back"),
        metadata=program_ids.PoolValue(program=program.id, pool=pool).pack(),
    )


def _short(name: str) -> str:
    return blocks.escape(blocks.shortened(name, MAX_WORD_LENGTH))
