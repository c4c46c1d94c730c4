"""How much is measured."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """The sizes of one run.

    Attributes:
        small: people of the smaller databases.
        base: people of the databases that the largest are compared with where ten thousand are named.
        large: people of the largest databases.
        rounds: how often each thing is measured, in turns with what it is compared with.
        press_seconds: how long presses come, at each rate.
        rates: presses a second.
        messages: how many are sent a round.
        permitted_seconds: how long sending within Slack's limits is watched.
        ballots: how many are published a round.
        held_messages: how many each of ten workspaces sends while a transaction is held open.
        standing_seconds: how long a process stands by before its memory is read.
        workspaces: how many the people of the many workspaces are in.
    """

    small: int = 1000
    base: int = 1000
    large: int = 100_000
    rounds: int = 3
    press_seconds: float = 3
    rates: tuple[int, ...] = (50, 100, 200)
    messages: int = 160
    permitted_seconds: int = 66
    ballots: int = 20_000
    held_messages: int = 80
    standing_seconds: float = 4
    workspaces: int = 200


SCALES = {
    "100k": Options(),
    "1k": Options(
        small=100, base=100, large=1000, rounds=2, press_seconds=1, messages=40, permitted_seconds=15,
        ballots=2000, held_messages=10, standing_seconds=2, workspaces=20,
    ),
    "1m": Options(base=10_000, large=1_000_000, ballots=1_000_000, held_messages=900, workspaces=1000),
    "least": Options(
        small=40, base=40, large=80, rounds=1, press_seconds=0.5, rates=(20,), messages=8,
        permitted_seconds=3, ballots=60, held_messages=3, standing_seconds=0.2, workspaces=4,
    ),
}  # fmt: skip
"""By the value of `--scale`; 1k is a quick look, the smallest only shows that every row can be measured."""
