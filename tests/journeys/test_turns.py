"""Two threads that show one Home tab: whatever changed last is what stands there in the end."""

import threading

import pytest

from allybot.slack_app.background import Coalescer


def test_a_job_asked_for_while_it_runs_is_run_once_more_and_sees_the_newest() -> None:
    coalescer, state, shown = Coalescer(), ["old"], []
    has_looked, may_go_on = threading.Event(), threading.Event()

    def show() -> None:
        seen = state[0]
        has_looked.set()
        assert may_go_on.wait(5)
        shown.append(seen)

    first = threading.Thread(target=coalescer.run, args=("jonas", show))
    first.start()
    assert has_looked.wait(5)
    state[0] = "new"
    coalescer.run("jonas", show)  # does not wait
    coalescer.run("jonas", show)
    may_go_on.set()
    first.join(5)
    assert shown == ["old", "new"]


def test_a_job_that_fails_lets_the_next_one_run() -> None:
    coalescer = Coalescer()
    with pytest.raises(ZeroDivisionError):
        coalescer.run("jonas", lambda: print(1 / 0))  # noqa: T201 - never gets there
    done = []
    coalescer.run("jonas", lambda: done.append(True))
    assert done == [True]
