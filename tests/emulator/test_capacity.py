"""It stands the load of a chaos run."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from slack_sdk import WebClient

from slack_emulator import Emulator, EmulatorConfig
from slack_emulator.posting import post


def test_it_answers_two_hundred_requests_a_second(client: WebClient) -> None:
    def work(number: int) -> None:
        client.chat_postMessage(channel=("U0ANTON", "U0BRUNO", "C0GENERAL")[number % 3], text=str(number))

    begun = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(400)))
    # The bar is 200 a second on an idle machine; shared cores get three times as long.
    assert time.monotonic() - begun < 6


def test_twenty_thousand_messages_are_paged_quickly(client_for: Any) -> None:
    emulator = Emulator(EmulatorConfig())
    workspace = emulator.slack.workspaces["T0EMULATOR"]
    channel = workspace.conversations["C0GENERAL"]
    for number in range(20_000):
        fields = {"type": "message", "user": "U0ANTON", "text": str(number)}
        emulator.slack.manifest.subscribed("message.im")
        workspace.installed = False
        post(emulator.slack, workspace, channel, fields)
    workspace.installed = True
    emulator.start()
    try:
        client = client_for(emulator)
        begun = time.monotonic()
        for place in range(0, 20_000, 2000):
            ts = channel.timeline[place]
            found = client.conversations_history(channel="C0GENERAL", oldest=ts, inclusive=True, limit=10)
            assert len(found["messages"]) == 10
            only = client.conversations_history(channel="C0GENERAL", oldest=ts, latest=ts, inclusive=True)
            assert [one["text"] for one in only["messages"]] == [str(place)]
        assert time.monotonic() - begun < 3
    finally:
        emulator.stop()
