"""The modal for quiet days and the check-in hour."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import ButtonElement, CheckboxesElement, StaticSelectElement

from allybot.i18n import Say
from allybot.message import Block, View
from allybot.prompts import blocks, ids
from allybot.prompts.help import support_line

QUIET_DAYS, HOUR = "quiet_days", "check_in_hour"
"""Block ids of the modal."""
USUAL = "usual"
"""The value of the option that leaves the hour to the program."""


def quiet_form(
    say: Say,
    quiet_days: tuple[int, ...],
    working_days: tuple[int, ...],
    own_hour: int | None,
    hours: tuple[int, ...],
    usual: time,
    zone: ZoneInfo,
    support_contact: str,
) -> View:
    """The modal.

    Args:
        quiet_days: the weekdays chosen so far, Monday is 0.
        working_days: the weekdays to choose from.
        own_hour: the hour chosen so far, None for the usual one.
        hours: the hours to choose from.
        usual: the local time of check-ins for those who choose none.
        zone: the trainee's.
    """
    intro = say(
        "On a quiet day allybot does not write to you first. What would have come waits for the next day "
        "that is not quiet; nothing is lost."
    )
    return blocks.modal(
        say("Quiet days and hour"),
        [
            blocks.section(intro),
            _days_question(say, quiet_days, working_days),
            _hour_question(say, own_hour, hours, usual, zone),
            blocks.small(
                say(
                    "This is about messages to you. What is posted in your circle's channel comes there "
                    "all the same; Slack can mute a channel."
                )
            ),
            support_line(say, support_contact),
        ],
        ids.QUIET_DAYS_FORM,
        submit=say("Keep it like this"),
        close=say("Cancel"),
    )


def quiet_kept(say: Say, quiet_days: tuple[int, ...], hour: time, next_on: date | None) -> View:
    """The modal after it is submitted."""
    page: list[Block] = [
        blocks.section(
            quiet_line(say, quiet_days) or say("No quiet days: allybot may write on any working day.")
        ),
        blocks.section(say("Check-ins come at about {hour}.", hour=clock(say, hour))),
    ]
    if next_on:
        page.append(blocks.small(say("The next check-in comes on {day}.", day=say.day(next_on))))
    return blocks.modal(say("Quiet days and hour"), page, ids.QUIET_DAYS_FORM, close=say("Done"))


def quiet_line(say: Say, quiet_days: tuple[int, ...]) -> str:
    """The quiet days in one sentence; empty when there are none."""
    names = [say.weekday(day) for day in sorted(set(quiet_days))]
    return say("Quiet days: {days}.", days=say.all_of(names)) if names else ""


def none_left(say: Say) -> str:
    """Why not every day can be quiet, shown under the boxes."""
    return say(
        "Please leave at least one day. For silence on all of them there is `{command} pause`.",
        command=ids.COMMAND,
    )


def quiet_button(say: Say) -> ButtonElement:
    """Opens the modal."""
    return blocks.button(say("Quiet days and hour"), ids.QUIET_DAYS_SHOW)


def _days_question(say: Say, quiet_days: tuple[int, ...], working_days: tuple[int, ...]) -> Block:
    options = {day: blocks.option(say.weekday(day), str(day)) for day in sorted(set(working_days))}
    chosen = [option for day, option in options.items() if day in quiet_days]
    element = CheckboxesElement(
        action_id=QUIET_DAYS, options=list(options.values()), initial_options=chosen or None
    )
    return blocks.question(say("Nothing on these days"), element, QUIET_DAYS, optional=True)


def _hour_question(
    say: Say, own_hour: int | None, hours: tuple[int, ...], usual: time, zone: ZoneInfo
) -> Block:
    usual_option = blocks.option(say("As usual, at about {hour}", hour=clock(say, usual)), USUAL)
    options = {
        hour: blocks.option(say("At about {hour}", hour=clock(say, time(hour))), str(hour))
        for hour in sorted(set(hours))
    }
    element = StaticSelectElement(
        action_id=HOUR,
        options=[usual_option, *options.values()],
        initial_option=options.get(own_hour, usual_option) if own_hour is not None else usual_option,
    )
    hint = say("In your own time zone, {zone}, as Slack tells it.", zone=zone.key)
    return blocks.question(say("When shall check-ins come?"), element, HOUR, hint)


def clock(say: Say, hour: time) -> str:
    """A local time formatted for the locale."""
    return say.hour(datetime.combine(date(2026, 1, 1), hour, UTC), ZoneInfo("UTC"))
