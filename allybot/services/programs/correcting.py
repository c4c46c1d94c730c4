"""Corrects a program's name, contact, emergency number, country and time zone."""

from dataclasses import dataclass
from datetime import datetime

from allybot.domain.people import Actor, Program, same_name
from allybot.domain.program_changes import Refusal, What
from allybot.services.context import Context
from allybot.services.leads import note
from allybot.services.programs import programs
from allybot.services.programs.change_run import Effects, again, changed
from allybot.services.programs.end_dates import move_end
from allybot.services.programs.moving import move_circles, replan
from allybot.services.programs.places import check_emergency_number, country_code, zone_named
from allybot.services.programs.refusals import ChangeRefusedError, or_refuse
from allybot.store.engine.database import Transaction
from allybot.store.programs import programs as rows


@dataclass(frozen=True)
class Corrections:
    """New values for a program; None leaves what there is."""

    name: str | None = None
    contact: str | None = None
    emergency_number: str | None = None
    country: str | None = None
    zone: str | None = None


def correct(
    context: Context,
    by: Actor | None,
    program_id: str,
    given: Corrections,
    now: datetime,
    *,
    confirmed: bool,
    language: str = "en",
) -> Effects:
    """Correct name, contact, emergency number, country or time zone.

    Args:
        by: a lead; None for the operator.
        now: the program's time, aware UTC.
        language: in which a country may be named, besides English.

    Raises:
        NotALeadError: see `leads.led_program`; of every function here.
        ChangeRefusedError: a value cannot be kept, or the name is taken.
    """

    def work(tx: Transaction, program: Program) -> None:
        new = _corrected(context, tx, program, given, language)
        for each in new:
            note(tx, program, by, each.what, now, old=each.old, new=each.new)
            rows.change_program(tx, program.id, **{each.column: each.new})
        kinds, after = {each.what for each in new}, again(tx, program)
        if What.COUNTRY in kinds:
            replan(context, tx, after, now)
        if What.ZONE in kinds:
            move_end(context, tx, after, now, program)
        if kinds & {What.COUNTRY, What.ZONE}:
            move_circles(context, tx, after, now)

    return changed(context, by, program_id, now, confirmed, work)


@dataclass(frozen=True)
class _Correction:
    what: What
    column: str
    old: str
    new: str


def _corrected(
    context: Context, tx: Transaction, program: Program, given: Corrections, language: str
) -> list[_Correction]:
    """What differs from the program as it is."""

    def free_name(typed: str) -> str:
        name = or_refuse(lambda: programs.checked_name("", typed), Refusal.NAME)
        others = [each.name for each in rows.programs(tx, program.workspace_id) if each.id != program.id]
        if any(same_name(each, name) for each in others):
            raise ChangeRefusedError(Refusal.NAME_TAKEN, name)
        return name

    def contact(typed: str) -> str:
        return or_refuse(lambda: programs.checked_name("", typed), Refusal.CONTACT)

    usual = context.content.rules.support.emergency_number

    def number(typed: str) -> str:
        or_refuse(lambda: check_emergency_number(typed.strip()), Refusal.EMERGENCY)
        return typed.strip() or usual

    def country(typed: str) -> str:
        return or_refuse(lambda: country_code(typed, language), Refusal.COUNTRY, typed)

    def zone(typed: str) -> str:
        return or_refuse(lambda: zone_named(typed), Refusal.ZONE, typed).key

    fields = (
        (What.NAME, "name", program.name, given.name, free_name),
        (What.CONTACT, "support_contact", program.support_contact, given.contact, contact),
        (
            What.EMERGENCY,
            "emergency_number",
            program.emergency_number or usual,
            given.emergency_number,
            number,
        ),
        (What.COUNTRY, "country", program.country, given.country, country),
        (What.ZONE, "zone", program.zone.key, given.zone, zone),
    )
    found = [
        _Correction(what, column, old, checked(typed))
        for what, column, old, typed, checked in fields
        if typed is not None
    ]
    return [each for each in found if each.old != each.new]
