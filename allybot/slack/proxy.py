"""Proxies of the environment (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`, in either case).

Python's HTTP client honours `NO_PROXY` for every call; Slack's client of web sockets does not.
"""

import os
from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]

_LOOPBACK = ("localhost", "127.0.0.1", "::1", "[::1]")


def keep_loopback_direct() -> None:
    """Let calls to this machine, such as to the emulator, pass every proxy by, for the whole process."""
    named = getproxies_environment().get("no", "")
    if named != "*":
        os.environ["no_proxy"] = ",".join((*([named] if named else []), *_LOOPBACK))


def proxy_of(url: str) -> str | None:
    """The proxy for an address (http, https, ws or wss), or None where it is reached directly.

    A proxy for `http` serves the others, too, where they have none, as in Slack's own client.
    """
    proxies = getproxies_environment()
    if proxy_bypass_environment(urlsplit(url).netloc, proxies):
        return None
    return proxies.get("https") or proxies.get("http")
