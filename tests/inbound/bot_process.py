"""The bot over Socket Mode in a process of its own, with its clock standing still; SIGTERM ends it.

The environment is that of `allybot run`. Arguments: `working` or `stalled`, what the worker does.
"""

import signal
import sys
import threading

from allybot import telemetry
from allybot.app import assemble, prepare
from allybot.settings import from_environment
from allybot.slack_app.socket_mode import Sockets
from tests.inbound.load_data import APP_TOKEN, NOW


def main() -> None:
    telemetry.configure()
    settings = from_environment()
    allybot = assemble(settings, clock=lambda: NOW)
    prepare(allybot)
    sockets = Sockets(allybot.bolt, APP_TOKEN, settings.slack_api_url)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    sockets.connect()
    if sys.argv[1] == "working":
        allybot.worker.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while not stop.wait(1.0):
        pass
    sockets.close()
    allybot.worker.stop()
    allybot.close()


if __name__ == "__main__":
    main()
