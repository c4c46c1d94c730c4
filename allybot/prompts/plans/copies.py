"""A copy of a trainee's plans and notes by direct message: in the message's words, or as a file."""

from collections.abc import Iterator
from datetime import date

from allybot.domain.plans import Plan, PlanState
from allybot.domain.private_record import PrivateRecord
from allybot.i18n import Say
from allybot.message import Block, Message, TextFile
from allybot.prompts import blocks, ids
from allybot.prompts.help import covered
from allybot.prompts.plans.sentence import if_badly, kind_name, quoted, sentence


def plans_copy(say: Say, record: PrivateRecord, program: str, deleted_on: date) -> Message:
    """Plans, notes and earlier wordings, for their owner to keep, as far as Slack takes so much at once."""
    page: list[Block] = [
        blocks.section(
            say(
                "Your plans and notes from {program}, to keep. allybot deletes its copy on {day}; this "
                "message stays in Slack until you delete it.",
                program=blocks.escape(program),
                day=say.day_and_year(deleted_on),
            )
        )
    ]
    for block in _blocks(say, record):
        if not blocks.has_room([*page, block]):
            page.append(
                blocks.small(
                    say(
                        "There is more than fits here: `{command} my-data` shows it until then.",
                        command=ids.COMMAND,
                    )
                )
            )
            break
        page.append(block)
    return blocks.message(say, page)


def last_copy(say: Say, record: PrivateRecord, program: str, deleted_on: date, name: str) -> TextFile:
    """Everything in a file, some days before it is deleted; `name` is the file's."""
    told = say(
        "This file holds your plans and notes from {program}. allybot deletes them and your place on the "
        "list on {day}. Slack keeps the file until you delete it; save it elsewhere if you want it for "
        "longer. ({file})",
        file=name,
        program=blocks.escape(program),
        day=say.day_and_year(deleted_on),
    )
    return TextFile(name, "\n".join(_lines(say, record, program)) + "\n", f"{blocks.for_you(say)}\n{told}")


def on_its_way(say: Say) -> Message:
    """The answer to who asked for a copy."""
    return covered(
        say,
        say(
            "Your plans and notes come to your messages with allybot in a moment. If you have none yet, "
            "nothing comes."
        ),
    )


def _blocks(say: Say, record: PrivateRecord) -> Iterator[Block]:
    for plan in record.plans:
        yield blocks.section(f"*{_title(say, plan)}*\n{quoted(say, plan.intention)}")
        if plan.coping:
            yield blocks.section(if_badly(say, plan.coping))
    if record.notes:
        yield blocks.section(f"*{say('Your notes to yourself')}*")
        yield from (blocks.section(blocks.escape(each)) for each in _notes(say, record))
    if record.why:
        yield blocks.section(f"*{say('Your own why')}*\n> {blocks.escape(record.why)[:2500]}")
    for plan in record.plans:
        for each in plan.earlier:
            day = say("Until {day} it read:", day=say.day_and_year(each.replaced_on))
            yield blocks.section(f"{day}\n{quoted(say, each.intention)}")


def _lines(say: Say, record: PrivateRecord, program: str) -> Iterator[str]:
    yield say("Your plans and notes from {program}, to keep.", program=program)
    for plan in record.plans:
        yield from ("", _title(say, plan), sentence(say, plan.intention))
        if plan.coping:
            yield say("If it goes badly, then I will {deed}.", deed=plan.coping)
        if plan.cue_object:
            yield say("My reminder: {thing}.", thing=plan.cue_object)
        for each in reversed(plan.earlier):
            yield say(
                "Until {day} it read: {plan}",
                day=say.day_and_year(each.replaced_on),
                plan=sentence(say, each.intention),
            )
    if record.why:
        yield from ("", say("Your own why"), record.why)
    if record.notes:
        yield from ("", say("Your notes to yourself"), *_notes(say, record))


def _notes(say: Say, record: PrivateRecord) -> list[str]:
    return [f"{say.day_and_year(each.written_on)}: {each.text}" for each in record.notes]


def _title(say: Say, plan: Plan) -> str:
    kind = kind_name(say, plan.kind)
    if plan.state is PlanState.FINISHED:
        return say("{kind}, done", kind=kind)
    return say("{kind}, put aside", kind=kind) if plan.state is PlanState.RETIRED else kind
