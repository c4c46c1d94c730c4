"""The emulator as a server: one port, its own thread and event loop."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from slack_emulator.clock import Clock, MachineClock
from slack_emulator.config import EmulatorConfig
from slack_emulator.consent import Consent
from slack_emulator.control import Control
from slack_emulator.control_admin import Administration
from slack_emulator.control_sharing import Sharing
from slack_emulator.errors import EmulatorError, RefusedError
from slack_emulator.json_routes import Answer, add_route, read_body
from slack_emulator.page_routes import Page
from slack_emulator.responses import answer_url
from slack_emulator.slack import Slack
from slack_emulator.web_api.dispatch import serve_method

_MAX_BODY_BYTES = 64 * 1024 * 1024
_START_SECONDS = 10.0
_LAST_PORT = 65535
_OWN_NAMES = {"127.0.0.1", "localhost", "::1"}
_VERIFY_EVERY, _VERIFY_TIMES = 0.5, 120

HostHandler = Callable[[dict[str, Any]], dict[str, Any]]


class Emulator:
    """A local Slack. `start` returns when it listens; `stop` ends it; both may be called from any thread.

    Args:
        config: the default is one workspace with four people and a bot.
        clock: for limits, time-outs and retries; the machine's by default.
    """

    def __init__(self, config: EmulatorConfig | None = None, clock: Clock | None = None) -> None:
        self.config = config or EmulatorConfig()
        self.slack = Slack(self.config, clock or MachineClock())
        self.port = 0
        self._host_routes: list[tuple[str, str, HostHandler]] = []
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending: asyncio.Event | None = None
        self._listening = threading.Event()
        self._problem: OSError | None = None

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT/`: the page."""
        return f"http://127.0.0.1:{self.port}/"

    @property
    def api_url(self) -> str:
        """`http://127.0.0.1:PORT/api/`: a Web API base for any Slack client."""
        return f"{self.url}api/"

    def add_json_route(self, method: str, path: str, handler: HostHandler) -> None:
        """Add a route of the host before `start`: JSON object (and query) in, JSON object out.

        The handler runs in a thread pool, so it may wait.

        Raises:
            EmulatorError: the server runs already.
        """
        if self._thread is not None:
            raise EmulatorError("add routes before start()")
        self._host_routes.append((method, path, handler))

    def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; port 0 takes any free one.

        Raises:
            EmulatorError: the port is taken or is none, or the server runs already.
        """
        if self._thread is not None:
            raise EmulatorError("the emulator runs already")
        if not 0 <= port <= _LAST_PORT:
            raise EmulatorError(f"Port {port} cannot be used: ports go from 0 to {_LAST_PORT}")
        self._listening.clear()
        self._problem = None
        self._thread = threading.Thread(target=self._run, args=(port,), name="emulator", daemon=True)
        self._thread.start()
        if not self._listening.wait(_START_SECONDS) or self._problem is not None:
            self._thread.join(_START_SECONDS)
            self._thread = None
            code = self._problem.errno if self._problem else None
            reason = os.strerror(code) if code else "it took too long"
            raise EmulatorError(f"Port {port} cannot be used: {reason}")

    def stop(self) -> None:
        """Close connections and the port; harmless when it does not run."""
        if self._thread is None or self._loop is None or self._ending is None:
            return
        self._loop.call_soon_threadsafe(self._ending.set)
        self._thread.join(_START_SECONDS)
        self._thread = None

    def _run(self, port: int) -> None:
        asyncio.run(self._serve(port))

    async def _serve(self, port: int) -> None:
        self._loop, self._ending = asyncio.get_running_loop(), asyncio.Event()
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", port)
            await site.start()
        except OSError as problem:
            self._problem = problem
            await runner.cleanup()
            self._listening.set()
            return
        self.port = runner.addresses[0][1]
        self.slack.base_url = self.url
        verifying = asyncio.create_task(self._verify_request_url())
        self._listening.set()
        await self._ending.wait()
        verifying.cancel()
        self.slack.pages.end()
        await self.slack.delivery.stop()
        await runner.cleanup()

    async def _verify_request_url(self) -> None:
        """Repeat the challenge for a minute: the app may start after the emulator."""
        for _ in range(_VERIFY_TIMES if self.config.app.request_url else 0):
            if await self.slack.delivery.http.verify():
                return
            await asyncio.sleep(_VERIFY_EVERY)
        if self.config.app.request_url:
            sys.stderr.write(f"{self.config.app.request_url} never echoed the challenge.\n")

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=_MAX_BODY_BYTES, middlewares=[_own_pages_only])
        application.on_response_prepare.append(self._put_date)
        routes = application.router
        routes.add_route("*", "/api/{method}", self._web_api)
        routes.add_get("/link/", self.slack.delivery.sockets.serve)
        routes.add_post("/response/{secret}", self._response_url)
        routes.add_post("/upload/v1/{file}/{secret}", self._upload)
        routes.add_get("/files/{file}/{name}", self._download)
        Consent(self.slack).register(routes)
        Control(self.slack).register(routes)
        Administration(self.slack).register(routes)
        Sharing(self.slack).register(routes)
        Page(self.slack).register(routes)
        for method, path, handler in self._host_routes:
            add_route(routes, method, path, _in_thread(handler))
        return application

    async def _put_date(self, _request: web.Request, response: web.StreamResponse) -> None:
        response.headers["Date"] = formatdate(self.slack.ids.now(), usegmt=True)

    async def _web_api(self, request: web.Request) -> web.StreamResponse:
        return await serve_method(self.slack, request)

    async def _response_url(self, request: web.Request) -> web.Response:
        try:
            body = await read_body(request)
            answer_url(self.slack, body.pop("secret"), body)
        except RefusedError as refusal:
            self.slack.log.write("response_url", ok=False, error=refusal.code)
            status = 404 if refusal.code.endswith("_url") else 400
            return web.json_response(refusal.answer(), status=status)
        self.slack.log.write("response_url", ok=True, error=None, args=body)
        return web.Response(text="ok")

    async def _upload(self, request: web.Request) -> web.Response:
        for workspace in self.slack.workspaces.values():
            upload = workspace.files.get(request.match_info["file"])
            if upload is not None and upload.secret == request.match_info["secret"]:
                if request.content_type == "multipart/form-data":
                    part = (await request.post()).get("file")
                    upload.content = part.file.read() if isinstance(part, web.FileField) else b""
                else:
                    upload.content = await request.read()
                return web.Response(text=f"OK - {len(upload.content)}")
        return web.Response(status=404, text="no such upload")

    async def _download(self, request: web.Request) -> web.Response:
        for workspace in self.slack.workspaces.values():
            upload = workspace.files.get(request.match_info["file"])
            if upload is not None and upload.fields:
                return web.Response(body=upload.content, content_type=upload.fields["mimetype"])
        return web.Response(status=404, text="no such file")


@web.middleware
async def _own_pages_only(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Reject requests from other websites.

    They show by the browser's Sec-Fetch-Site header, or, where a website's name was made to mean this machine
    (DNS rebinding), by that name in Host.
    """
    if not _names_this_machine(request.headers.get("Host", "")):
        return web.json_response({"ok": False, "error": "foreign_host"}, status=403)
    foreign = request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")
    if foreign and request.path.startswith(("/_", "/api/", "/response/", "/upload/")):
        return web.json_response({"ok": False, "error": "foreign_page"}, status=403)
    return await handler(request)


def _names_this_machine(host: str) -> bool:
    try:
        return urlsplit(f"//{host}").hostname in _OWN_NAMES
    except ValueError:
        return False


def _in_thread(handler: HostHandler) -> Callable[[dict[str, Any]], Any]:
    async def answer(body: dict[str, Any]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(None, handler, body)

    return answer


def run(config: EmulatorConfig, port: int) -> None:
    """Serve until SIGTERM or SIGINT; prints the address, tokens and the signing secret.

    Raises:
        EmulatorError: the port is taken.
    """
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    emulator = Emulator(config)
    emulator.start(port)
    lines = [f"Slack emulator: {emulator.url}", f"SLACK_API_URL={emulator.api_url}"]
    lines += [f"SLACK_BOT_TOKEN={team.bot_token}  # {team.name}" for team in config.teams]
    lines += [
        f"SLACK_APP_TOKEN={config.app.app_token}",
        f"SLACK_SIGNING_SECRET={config.app.signing_secret}",
        "Stop it with Ctrl-C.",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
    ended.wait()
    emulator.stop()
