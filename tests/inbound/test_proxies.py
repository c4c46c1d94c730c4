"""Proxies in the environment: this machine is reached directly, and NO_PROXY is honoured everywhere."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from allybot.settings import keep_loopback_direct
from allybot.slack.proxy import proxy_of
from tests.shell import Operator, office

NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "NO_PROXY", "no_proxy", "ALL_PROXY")


class Proxy:
    """Takes connections and hangs up."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.asked = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.asked += 1
            connection.close()

    def close(self) -> None:
        self._listening.close()


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    for name in NAMES:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    serving = Proxy()
    yield serving
    serving.close()


@pytest.mark.parametrize("names", [NAMES[:2], NAMES[2:4]], ids=["upper", "lower"])
def test_calls_and_sockets_to_a_local_slack_pass_the_proxy_by(
    proxy: Proxy,
    names: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in names:
        monkeypatch.setenv(name, proxy.url)
    slack = office()
    slack.start()
    running = Operator(tmp_path, monkeypatch, capsys).at(slack).begin("allybot run")
    try:
        running.until(lambda: slack.slack.delivery.sockets.count == 2)
    finally:
        running.kill()
        slack.stop()
    assert proxy.asked == 0


def test_a_proxy_is_taken_for_slack_unless_no_proxy_names_it(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    socket_url = "wss://wss-primary.slack.com/link/?ticket=1"
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    keep_loopback_direct()
    assert proxy_of(socket_url) == proxy.url
    assert proxy_of("ws://127.0.0.1:8766/link/") is None
    assert proxy_of("ws://localhost:8766/link/") is None
    assert proxy_of("ws://[::1]:8766/link/") is None
    monkeypatch.delenv("no_proxy")
    for named in (".slack.com", "slack.com", "internal.example, slack.com", "*"):
        monkeypatch.setenv("NO_PROXY", named)
        keep_loopback_direct()
        assert proxy_of(socket_url) is None
        monkeypatch.delenv("no_proxy", raising=False)


def test_a_proxy_for_http_alone_serves_slack_as_in_its_own_client(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    assert proxy_of("https://slack.com/api/") == proxy.url
