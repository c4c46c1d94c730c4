"""An emulator, a driver that acts as people, and test apps for Socket Mode and HTTP."""

import asyncio
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import pytest
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from slack_emulator import Clock, Emulator, EmulatorConfig, ManualClock

NO_ACK = object()
BOT_TOKEN = "xoxb-emulator-1"


def soon(found: Callable[[], Any], seconds: float = 3.0) -> Any:
    """The first true answer within some seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = found()
        if answer:
            return answer
        time.sleep(0.01)
    pytest.fail("nothing came in time")


class Driver:
    """Acts as people, through the control routes."""

    def __init__(self, url: str) -> None:
        self.url = url

    def _ask(self, path: str, body: dict[str, Any] | None, method: str) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}{path}", data=data, method=method)  # noqa: S310 - loopback
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - loopback
                return json.load(answer)
        except urllib.error.HTTPError as problem:
            with problem:
                return json.load(problem)

    def post(self, route: str, **body: Any) -> dict[str, Any]:
        return self._ask(f"_control/{route}", body, "POST")

    def get(self, route: str) -> dict[str, Any]:
        return self._ask(f"_control/{route}", None, "GET")

    def page(self, route: str, **body: Any) -> dict[str, Any]:
        return self._ask(f"_page/{route}", body or None, "POST" if body else "GET")

    def log(self, kind: str, **wanted: Any) -> list[dict[str, Any]]:
        entries = self.get(f"log?kind={kind}")["log"]
        return [one for one in entries if all(one.get(name) == value for name, value in wanted.items())]

    def messages(self, channel: str) -> list[dict[str, Any]]:
        return self.get(f"messages/{channel}")["messages"]

    def last(self, channel: str) -> dict[str, Any]:
        return self.messages(channel)[-1]

    def view(self, user: str) -> dict[str, Any] | None:
        return self.get(f"view/{user}")["view"]


class Listener:
    """What an app receives, and how it answers: `answer(kind, payload)` gives the ack's body or NO_ACK."""

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        self.answer: Callable[[str, dict[str, Any]], Any] = lambda _kind, _payload: None

    def take(self, kind: str, payload: dict[str, Any], **about: Any) -> Any:
        self.received.append({"kind": kind, "payload": payload, **about})
        return self.answer(kind, payload)

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Payloads by event type, interaction type or envelope kind."""
        return [
            one["payload"]
            for one in self.received
            if kind in (one["kind"], one["payload"].get("type"), one["payload"].get("event", {}).get("type"))
        ]

    def first(self, kind: str) -> dict[str, Any]:
        return soon(lambda: self.of(kind))[0]


class SocketApp(Listener):
    """A minimal Socket Mode app: one thread, any number of connections."""

    def __init__(self, emulator: Emulator, connections: int = 1) -> None:
        super().__init__()
        self._emulator, self._wanted = emulator, connections
        self.hellos: list[dict[str, Any]] = []
        self.farewells: list[dict[str, Any]] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        soon(lambda: len(self.hellos) + len(self.farewells) >= connections)

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._ending = asyncio.Event()
        async with aiohttp.ClientSession() as session:
            tasks = [asyncio.create_task(self._connection(session, n)) for n in range(self._wanted)]
            await self._ending.wait()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _connection(self, session: aiohttp.ClientSession, number: int) -> None:
        headers = {"Authorization": f"Bearer {self._emulator.config.app.app_token}"}
        async with session.post(f"{self._emulator.api_url}apps.connections.open", headers=headers) as answer:
            url = (await answer.json())["url"]
        async with session.ws_connect(url) as socket:
            async for message in socket:
                envelope = json.loads(message.data)
                if envelope["type"] == "hello":
                    self.hellos.append(envelope)
                elif envelope["type"] == "disconnect":
                    self.farewells.append(envelope)
                else:
                    about = {
                        name: value for name, value in envelope.items() if name not in ("payload", "type")
                    }
                    body = self.take(envelope["type"], envelope["payload"], connection=number, **about)
                    if body is not NO_ACK:
                        ack = {"envelope_id": envelope["envelope_id"]}
                        await socket.send_json(ack if body is None else ack | {"payload": body})

    def close(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._ending.set)
            self._thread.join(5)


class HttpApp(Listener):
    """A minimal HTTP app, which verifies signatures with slack_sdk; `status` is its response."""

    def __init__(self, signing_secret: str) -> None:
        super().__init__()
        self.headers: list[dict[str, str]] = []
        self.status: int = 200
        self.extra: dict[str, str] = {}
        app, verifier = self, SignatureVerifier(signing_secret)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                app.headers.append(headers)
                if not verifier.is_valid_request(body, headers):
                    self.send_error(401)
                    return
                answer = app._answer(body, headers["content-type"])
                data = b"" if answer is None else json.dumps(answer).encode()
                self.send_response(app.status)
                for name, value in app.extra.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/slack/events"

    def _answer(self, body: str, content_type: str) -> Any:
        if content_type.startswith("application/json"):
            payload = json.loads(body)
            if payload["type"] == "url_verification":
                return {"challenge": payload["challenge"]}
            return self.take("events_api", payload)
        form = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
        if "payload" in form:
            return self.take("interactive", json.loads(form["payload"]))
        return self.take("slash_commands", form)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


@pytest.fixture
def start() -> Iterator[Callable[..., Emulator]]:
    """Starts an emulator with the given configuration; all are stopped after the test."""
    running: list[Emulator] = []

    def start_one(clock: Clock | None = None, **settings: Any) -> Emulator:
        emulator = Emulator(EmulatorConfig(**settings), clock)
        emulator.start()
        running.append(emulator)
        return emulator

    yield start_one
    for emulator in running:
        emulator.stop()


@pytest.fixture
def clock() -> ManualClock:
    """A clock that the test moves."""
    return ManualClock()


@pytest.fixture
def emulator(start: Callable[..., Emulator]) -> Emulator:
    return start()


@pytest.fixture
def drive(emulator: Emulator) -> Driver:
    return Driver(emulator.url)


@pytest.fixture
def driver() -> type[Driver]:
    return Driver


@pytest.fixture
def client(emulator: Emulator) -> WebClient:
    return client_for(emulator)


def client_for(emulator: Emulator, token: str | None = BOT_TOKEN, timeout: int = 10) -> WebClient:
    return WebClient(token=token, base_url=emulator.api_url, retry_handlers=[], timeout=timeout)


@pytest.fixture(name="client_for")
def _client_for() -> Callable[..., WebClient]:
    return client_for


@pytest.fixture(name="soon")
def _soon() -> Callable[..., Any]:
    return soon


@pytest.fixture
def no_ack() -> object:
    return NO_ACK


@pytest.fixture
def connect() -> Iterator[Callable[..., SocketApp]]:
    """Connects a minimal Socket Mode app."""
    apps: list[SocketApp] = []

    def connect_one(emulator: Emulator, connections: int = 1) -> SocketApp:
        apps.append(SocketApp(emulator, connections))
        return apps[-1]

    yield connect_one
    for app in apps:
        app.close()


@pytest.fixture
def app(emulator: Emulator, connect: Callable[..., SocketApp]) -> SocketApp:
    return connect(emulator)


@pytest.fixture
def http_app() -> Iterator[HttpApp]:
    app = HttpApp("emulator-signing-secret")
    yield app
    app.close()
