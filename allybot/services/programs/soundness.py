"""What is wrong with programs and circles, for `allybot doctor`."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from allybot.domain.circles import CircleState
from allybot.errors import SlackError, UserError, WrongStateError
from allybot.services.context import Context
from allybot.services.programs.circle_channels import look_up_channels
from allybot.services.programs.dates import require_running
from allybot.slack.gateway import SlackGateway
from allybot.store.circles import circles
from allybot.store.programs import programs


@dataclass(frozen=True)
class Unsound:
    """One problem: the program, and what to do in a whole sentence."""

    program: str
    say: str


def programs_to_mend(context: Context, now: datetime) -> list[Unsound]:
    """Programs without a contact or a lead, and the latest one where all are over.

    Args:
        now: the program's clock, aware UTC.
    """
    found, over = [], []
    with context.database.reading() as tx:
        known = programs.programs(tx)
        for program in known:
            if not program.support_contact.strip():
                say = (
                    "It has no support contact, so people in distress are sent to nobody. Make it anew with "
                    "--support-contact, or restore the contact in the table `program`."
                )
                found.append(Unsound(program.name, say))
            try:
                require_running(tx, program, now)
            except WrongStateError as error:
                over.append(Unsound(program.name, str(error)))
                continue
            if not programs.leads(tx, program.id):
                say = (
                    "It has no lead, so nobody is told when a window is published or a circle stops. Name "
                    f'one: `allybot program lead "{program.name}" E-MAIL`.'
                )
                found.append(Unsound(program.name, say))
    return found if len(over) < len(known) else [*found, *over[-1:]]


def circles_to_mend(
    context: Context, slack: SlackGateway, wait: Callable[[float], None] = time.sleep
) -> list[Unsound]:
    """Active circles whose channel is public, archived or deleted, or lacks allybot.

    Args:
        wait: sleeps for so many seconds when rate limited.
    """
    found: list[Unsound] = []
    try:
        slack.ask_time()
    except SlackError:
        return found  # the checks of the tokens say why; retries would take minutes
    with context.database.reading() as tx:
        known = [(program, circles.circles_of_program(tx, program.id)) for program in programs.programs(tx)]
    for program, all_circles in known:
        channels = [each.channel for each in all_circles if each.state is CircleState.ACTIVE]
        try:
            _, unfit = look_up_channels(slack, program.workspace_id, channels, wait)
        except UserError as error:  # the scope is missing
            unfit = [str(error)]
        except SlackError:
            continue  # the workspace's own check says why
        found += [Unsound(program.name, say) for say in unfit]
    return found
