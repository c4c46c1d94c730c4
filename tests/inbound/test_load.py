"""Presses come in while the worker is stuck and Slack refuses every call: all are answered and count once."""

import asyncio
import json
import os
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from allybot.services.context import Context
from slack_emulator import Emulator
from slack_emulator.faults import Fault
from tests.inbound import load_data
from tests.inbound.conftest import Bot, soon

ACK_SECONDS = 3.0


@dataclass(frozen=True)
class Figures:
    presses: int
    acknowledged: int
    seconds: list[float]

    def within(self, share: float) -> float:
        return sorted(self.seconds)[min(len(self.seconds) - 1, int(len(self.seconds) * share))]

    def __str__(self) -> str:
        p50, p95 = self.within(0.5), self.within(0.95)
        times = f"p50 {1000 * p50:.0f} ms, p95 {1000 * p95:.0f} ms, max {1000 * max(self.seconds):.0f} ms"
        return f"{self.presses} presses, {self.acknowledged} acknowledged, {times}"


async def _press_all(emulator: Emulator, size: int, a_second: int) -> Figures:
    slack, seconds = emulator.slack, []
    acknowledged = 0

    async def one(number: int, deed: int) -> None:
        nonlocal acknowledged
        direct = slack.direct_message(
            slack.workspaces[load_data.TEAM], load_data.BOT_USER, load_data.user(number)
        )
        secret = slack.capabilities.give_url(load_data.TEAM, direct.id, load_data.user(number))
        trigger = slack.capabilities.give_trigger(load_data.TEAM, load_data.user(number))
        payload = load_data.press(number, deed, trigger, f"{slack.base_url}response/{secret}")
        began = time.monotonic()
        outcome = await slack.delivery.send_interaction(payload)
        seconds.append(time.monotonic() - began)
        acknowledged += outcome.acknowledged

    began, tasks = time.monotonic(), []
    order = [(number, deed) for deed in range(load_data.DEEDS) for number in range(size)]
    for turn, (number, deed) in enumerate(order):
        wait = began + turn / a_second - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
        tasks.append(asyncio.create_task(one(number, deed)))
    await asyncio.gather(*tasks)
    return Figures(len(tasks), acknowledged, seconds)


def run_presses(emulator: Emulator, size: int, a_second: int) -> Figures:
    assert emulator._loop is not None
    return asyncio.run_coroutine_threadsafe(_press_all(emulator, size, a_second), emulator._loop).result(110)


def _load(
    context: Context, emulator: Emulator, start_bot: Callable[..., Bot], size: int, copies: int, a_second: int
) -> None:
    load_data.settle(context, size)
    bot = start_bot("stalled")
    emulator.slack.faults.add(Fault(method="*", mode="rate_limited", times=None, retry_after=30))
    emulator.slack.delivery.copies = copies
    figures = run_presses(emulator, size, a_second)
    soon(lambda: emulator.slack.delivery.waiting == 0)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = bot.stop(60)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = sum(after[:2]) - sum(before[:2])
    delivered = emulator.slack.log.read(kind="delivery", brief=True)
    refused = [entry for entry in delivered if not entry["acknowledged"]]
    if os.environ.get("ALLYBOT_TEST_SHOW_FIGURES"):
        name = "sqlite" if context.database.is_sqlite else "postgresql"
        report = {"backend": name, "copies": copies, "deliveries": len(delivered), "refused": len(refused)}
        report["processor_seconds"] = round(spent, 1)
        print(json.dumps(report), figures)  # noqa: T201 - asked for
    assert ended == 0, bot.log()[-3000:]
    assert "Traceback" not in bot.log()
    assert load_data.effects(context) == load_data.expected(size)
    assert len(delivered) == figures.presses * copies
    assert refused == []
    assert max(figures.seconds) < ACK_SECONDS, str(figures)


@pytest.mark.slow  # it measures seconds, and a busy machine would fail it
@pytest.mark.parametrize("copies", [1, 3])
def test_presses_are_acknowledged_and_count_once_while_slack_refuses_every_call(
    context: Context, emulator: Emulator, start_bot: Callable[..., Bot], copies: int
) -> None:
    _load(context, emulator, start_bot, size=25, copies=copies, a_second=60)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("copies", [1, 3])
def test_two_hundred_presses_a_second_for_half_a_minute(
    context: Context, emulator: Emulator, start_bot: Callable[..., Bot], copies: int
) -> None:
    _load(context, emulator, start_bot, size=500, copies=copies, a_second=200)
