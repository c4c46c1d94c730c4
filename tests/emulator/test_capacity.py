"""It stands the load of a chaos run."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from slack_sdk import WebClient

from slack_emulator import StandIn, StandInConfig
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
    standin = StandIn(StandInConfig())
    workspace = standin.slack.workspaces["T0PRACTICE"]
    channel = workspace.conversations["C0GENERAL"]
    for number in range(20_000):
        fields = {"type": "message", "user": "U0ANTON", "text": str(number)}
        standin.slack.manifest.subscribed("message.im")
        workspace.installed = False
        post(standin.slack, workspace, channel, fields)
    workspace.installed = True
    standin.start()
    try:
        client = client_for(standin)
        begun = time.monotonic()
        for place in range(0, 20_000, 2000):
            ts = channel.timeline[place]
            found = client.conversations_history(channel="C0GENERAL", oldest=ts, inclusive=True, limit=10)
            assert len(found["messages"]) == 10
            only = client.conversations_history(channel="C0GENERAL", oldest=ts, latest=ts, inclusive=True)
            assert [one["text"] for one in only["messages"]] == [str(place)]
        assert time.monotonic() - begun < 3
    finally:
        standin.stop()
