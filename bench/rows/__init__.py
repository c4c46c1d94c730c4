"""The rows of the table, one module for each thing that is measured."""

from collections.abc import Callable, Iterator

from bench.measured_row import Row
from bench.options import Options
from bench.rows import due, figures, growth, held, press, sending, start
from bench.surroundings import Surroundings

Group = Callable[[Surroundings, Options], Iterator[Row]]

GROUPS: dict[str, Group] = {
    "press": press.rows,
    "growth": growth.rows,
    "due": due.rows,
    "sending": sending.rows,
    "held": held.rows,
    "figures": figures.rows,
    "start": start.rows,
}
"""By the word for `--only`, in the order in which they run; `due` needs the databases of `growth`."""
NAMES = (
    press.NAME,
    *(growth.QUEUE, growth.TAP, growth.WHOLE, growth.WORKSPACES, growth.TICK, growth.IDLE, growth.CHORE),
    due.NAME,
    *(sending.DISPATCH, sending.WORKERS, sending.PERMITTED),
    held.NAME,
    *(figures.PUBLISH, figures.PULL),
    *(start.START, start.MEMORY, start.HELP, start.SIZE),
)
"""Every name a row can have."""
