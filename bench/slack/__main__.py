"""Answers until it is killed; prints the base URL of its Web API first.

`/bench/...` beside it is for the bench: what was called, and presses to be sent.
"""

import argparse
import asyncio
import socket
import sys
import time
from typing import Any

from aiohttp import web

from bench.slack.presses import Presses
from bench.slack.web_api import Seen, WebApi


class _Control:
    def __init__(self, api: WebApi, presses: Presses) -> None:
        self._api, self._presses = api, presses
        self._began = time.monotonic()

    async def begin(self, _request: web.Request) -> web.Response:
        self._api.seen, self._presses.connected_at, self._began = Seen(), [], time.monotonic()
        return web.json_response({})

    async def seen(self, _request: web.Request) -> web.Response:
        seen = self._api.seen
        return web.json_response(
            {
                "calls": dict(seen.calls),
                "refused": dict(seen.refused),
                "posted": [at - self._began for at in seen.posted],
                "connected_at": self._presses.connected_at,
                "sockets": self._presses.sockets,
            }
        )

    async def press(self, request: web.Request) -> web.Response:
        wanted: dict[str, Any] = await request.json()
        self._api.seen = Seen()
        url, rate, seconds = wanted["url"], wanted["a_second"], wanted["seconds"]
        return web.json_response(await self._presses.send(self._api.seen, url, rate, seconds))


async def _serve(options: argparse.Namespace) -> None:
    api, presses = WebApi(options.delay_ms / 1000, limited=options.limited), Presses(options.people)
    control = _Control(api, presses)
    app = web.Application()
    app.add_routes(
        [
            web.route("*", "/api/{method}", api.answer),
            web.get("/socket", presses.serve_socket),
            web.post("/bench/begin", control.begin),
            web.get("/bench/seen", control.seen),
            web.post("/bench/press", control.press),
        ]
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listening:
        port = listening.getsockname()[1]
        api.socket_url = f"ws://127.0.0.1:{port}/socket"
        await web.SockSite(runner, listening).start()
        sys.stdout.write(f"http://127.0.0.1:{port}/api/\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    """Read the options and serve."""
    wanted = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    wanted.add_argument("--delay-ms", type=float, default=0)
    wanted.add_argument("--limited", action="store_true", help="refuse what Slack's limits refuse")
    wanted.add_argument("--people", type=int, default=500, help="who presses")
    asyncio.run(_serve(wanted.parse_args()))


if __name__ == "__main__":
    main()
