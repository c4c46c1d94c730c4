"""Proxies of the environment (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`, in either case).

Python's HTTP client honours `NO_PROXY` for every call; Slack's client of web sockets does not.
"""

from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]


def proxy_of(url: str) -> str | None:
    """The proxy for an address (http, https, ws or wss), or None where it is reached directly.

    A proxy for `http` serves the others, too, where they have none, as in Slack's own client.
    """
    proxies = getproxies_environment()
    if proxy_bypass_environment(urlsplit(url).netloc, proxies):
        return None
    return proxies.get("https") or proxies.get("http")
