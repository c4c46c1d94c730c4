"""Logs and metrics without anything a person wrote or answered.

Log events are reduced to an allow-list of keys, so that a new call cannot leak by accident, and tokens are
masked. Slack's libraries log raw request bodies (a bad signature is enough), so their records keep level and
place and lose the message.
"""

import logging
import re
import sys
import traceback
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog
from prometheus_client import GC_COLLECTOR, PROCESS_COLLECTOR, REGISTRY, Counter, Gauge, Histogram, values

# Each process serves its own counters. With PROMETHEUS_MULTIPROC_DIR, which a host may set for other
# programs, prometheus_client would keep them in files of that folder, and fail where there is none.
values.ValueClass = values.MutexValue
# Processor time and discarded objects grow with every press: they would say when somebody answered.
for _collector in (GC_COLLECTOR, PROCESS_COLLECTOR):
    REGISTRY.unregister(_collector)

ALLOWED = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "logger",
        "attempts",
        "backend",
        "count",
        "database",
        "error",
        "kind",
        "loop",
        "message_id",
        "method",
        "port",
        "program_id",
        "reason",
        "seconds",
        "state",
        "job",
        "url",
        "vault",
        "version",
        "where",
        "window_id",
        "worker",
        "workspace_id",
    }
)
"""The allowed keys of a log event. None may hold a person's id, words or answer."""

_TOKEN = re.compile(r"\b(xox[a-z]|xapp|xwfp)-[\w.-]+", re.IGNORECASE)
_PASSWORD_IN_URL = re.compile(r"://[^/@\s]*@")
_LOGS_BODIES = ("slack_bolt", "slack_sdk", "waitress")
_OWN = "allybot"

SENT = Counter("allybot_messages_sent", "Unprompted messages that stand in Slack")
"""Without what the log leaves out too, see `sent_counts`."""
REFUSED = Counter("allybot_messages_refused", "Messages Slack refused for good")
UNCERTAIN = Counter("allybot_messages_uncertain", "Posts of which Slack did not say what became of them")
PARKED = Counter("allybot_messages_parked", "Messages parked for the operator")
ROWS_PARKED = Counter(
    "allybot_rows_parked", "Times what was due for a row failed, and the row was parked", ["job"]
)
PUT_ASIDE = Gauge("allybot_put_aside", "Messages and rows that are put aside for the operator now", ["what"])
DUE = Gauge(
    "allybot_messages_due", "Messages that have been due for a minute, in active workspaces", ["state"]
)
"""`due`: nobody sends them yet; `claimed`: a worker does; `uncertain`: they are looked up first."""
LAG = Gauge("allybot_delivery_lag_seconds", "How long the message has waited that has waited longest")
WORKERS = Gauge("allybot_workers", "Workers with a recent heartbeat", ["state"])
"""`acting`, or `paused` because of a clock."""
HEARTBEAT = Gauge("allybot_worker_sign_of_life_seconds", "How long ago the latest heartbeat was", ["which"])
"""`newest`: of any worker; `oldest`: of the longest silent one. One that ended by itself has none. No label
names a worker, since its name holds that of its host."""
ACKNOWLEDGED = Histogram(
    "allybot_acknowledgement_seconds",
    "How long Slack waited for an acknowledgement, where it was half a second or more",
    buckets=(1.0, 2.0, 2.5, 3.0),
)
"""Slack gives three seconds. Whatever somebody answers is acknowledged in the same way."""
SLOW_SECONDS = 0.5
"""Only what took so long is counted: if every press were, the count would say when somebody answered."""
SLACK_ERRORS = Counter("allybot_slack_errors", "Calls that Slack did not carry out or confirm", ["kind"])
"""`refused`, `rate_limited`, `unavailable` (nothing was done), `uncertain` (nobody knows)."""
WAITED = Counter("allybot_rate_limit_wait_seconds", "Seconds for which Slack asked us to wait")
RATE_LIMITED = Counter("allybot_rate_limited", "Times Slack asked us to wait")
WORKSPACES_STOPPED = Counter("allybot_workspaces_stopped", "Workspaces whose token no longer works")
UNUSABLE_PAYLOADS = Counter("allybot_unusable_payloads", "Payloads from Slack that could not be used")
REQUESTS_REFUSED = Counter("allybot_requests_refused", "Requests without a right signature of Slack")
CLOCK_REFUSALS = Counter("allybot_clock_refusals", "Times a worker stopped acting over a clock")
HANDLER_ERRORS = Counter("allybot_handler_errors", "Errors that reached the edge of a handler")
ANSWERS_LOST = Counter("allybot_answers_lost", "Answers to a press that Slack did not take")
LOOP_ERRORS = Counter("allybot_loop_errors", "Errors that reached a worker's loop", ["loop"])
"""`loop` is `jobs` or `delivery`. No label's value comes from a person or a payload."""
for _kind in ("refused", "rate_limited", "unavailable", "uncertain"):
    SLACK_ERRORS.labels(_kind)  # zero from the start, so that the first one is an increase
for _loop in ("jobs", "delivery"):
    LOOP_ERRORS.labels(_loop)

LogEvent = MutableMapping[str, Any]


def note_acknowledged(seconds: float) -> None:
    """Slack waited so long for an acknowledgement; counted only where that was slow."""
    if seconds >= SLOW_SECONDS:
        ACKNOWLEDGED.observe(seconds)


def logger() -> Any:
    """The logger: `log.info("what happened", workspace_id=...)`, with keys of `ALLOWED`."""
    # Not through structlog.configure, so that redaction works before `configure` is called.
    return structlog.wrap_logger(
        logging.getLogger(_OWN),
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def configure(level: str = "INFO", *, as_json: bool = True) -> None:
    """Log to standard error, one line per event.

    Args:
        level: the lowest level shown, such as `INFO`.
        as_json: JSON; False for readable lines on a terminal.
    """
    last: Any = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name, *_shared()],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
    )
    handler = _StandardError()
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # logs every tick
    logging.getLogger("alembic").setLevel(logging.WARNING)  # logs the database at every start
    handler.addFilter(_of_use)
    logging.getLogger("slack_bolt.App").addFilter(_not_while_built)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # logs each moment all threads are busy
    logging.raiseExceptions = False  # else a failing handler prints the record's arguments
    silence_bodies()


def _not_while_built(record: logging.LogRecord) -> bool:
    """Drop Bolt's remark that it ignores SLACK_BOT_TOKEN; tokens are in the database."""
    return record.funcName != "__init__"


def _of_use(record: logging.LogRecord) -> bool:
    """Drop remarks of libraries whose words are withheld: only that something is wrong is of use."""
    return record.levelno >= logging.WARNING or record.name.split(".", 1)[0] not in _LOGS_BODIES


class _StandardError(logging.Handler):
    """Writes to the current `sys.stderr`; a stream kept from the start may be closed."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        try:
            sys.stderr.write(f"{self.format(record)}\n")
        except (OSError, ValueError):
            self.handleError(record)


def redact(_logger: Any, _name: str, event: LogEvent) -> LogEvent:
    """Drop keys that are not allowed, and mask tokens."""
    return {
        key: mask(value) if isinstance(value, str) else value
        for key, value in event.items()
        if key in ALLOWED or key.startswith("_")
    }


def mask(text: str) -> str:
    """`text` without Slack tokens and without the password of a URL."""
    return _PASSWORD_IN_URL.sub("://…@", _TOKEN.sub(r"\1-…", text))


def where(error: BaseException) -> str:
    """Where an error was raised, as `file:line function`, innermost last; never its message."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return " > ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames)


def silence_bodies() -> None:
    """Remove the message from every log record of libraries that see bodies, for all handlers."""
    current = logging.getLogRecordFactory()
    if not getattr(current, "withholds_bodies", False):
        logging.setLogRecordFactory(_withholding(current))


def _withholding(make: Callable[..., logging.LogRecord]) -> Callable[..., logging.LogRecord]:
    def record(*arguments: Any, **named: Any) -> logging.LogRecord:
        made = make(*arguments, **named)
        if str(made.name).split(".", 1)[0] in _LOGS_BODIES:
            error = made.exc_info[1] if made.exc_info else None
            made.msg = f"{made.module}:{made.lineno} said something that is not written down"
            if error is not None:
                made.msg += f" ({type(error).__name__} at {where(error)})"
            made.args = None
            made.exc_info = None
        return made

    record.withholds_bodies = True  # type: ignore[attr-defined]  # so that it is installed once
    return record


def _shared() -> list[Any]:
    return [structlog.processors.TimeStamper(fmt="iso", utc=True), redact]
