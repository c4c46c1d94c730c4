"""A Slack that answers ok at once, in a process of its own, so that its time is not measured."""

import itertools
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

_numbers = itertools.count(1)
_PERSON = {"id": "U1", "deleted": False, "tz": "Europe/London", "locale": "en-GB", "profile": {}}


class _Answer(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        asked = parse_qs(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
        channel = asked.get("channel", ["D1"])[0]
        answer = {"ok": True, "channel": channel, "ts": f"{1_773_000_000 + next(_numbers)}.000100"}
        if self.path.endswith("users.info"):
            answer = {"ok": True, "user": _PERSON}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST  # noqa: N815 - http.server's own name

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as above
        """Log nothing."""


def main() -> None:
    """Print the base URL, then answer until killed."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answer)
    print(f"http://127.0.0.1:{server.server_port}/api/", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
