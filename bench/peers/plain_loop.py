"""A plain loop: slack_sdk's client posts one message after the other, on eight threads.

Argument: Slack's API. A line `send 100 1` sends a hundred, and asks `users.info` before each; 0 does not ask.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from slack_sdk import WebClient

THREADS = 8
"""As many as a worker of allybot has."""
_BLOCKS: list[dict[str, Any]] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "A sentence that asks something. " * 6}}
]
_BUTTONS = [
    {"type": "button", "action_id": f"tap-{number}", "text": {"type": "plain_text", "text": "A button"}}
    for number in range(3)
]


def main() -> None:
    """Answer every line."""
    client = WebClient("xoxb-bench", base_url=sys.argv[1])
    blocks: list[dict[str, Any]] = [*_BLOCKS, {"type": "actions", "elements": _BUTTONS}]

    def send(number: int, *, asks: bool) -> None:
        if asks:
            client.users_info(user=f"U{number}", include_locale=True)
        client.chat_postMessage(channel=f"D{number}", text="A sentence that asks something.", blocks=blocks)

    with ThreadPoolExecutor(THREADS) as threads:
        for line in sys.stdin:
            _, many, asks = line.split()
            list(threads.map(lambda number, asks=asks: send(number, asks=asks == "1"), range(int(many))))
            print(json.dumps({"rows": int(many)}), flush=True)


if __name__ == "__main__":
    main()
