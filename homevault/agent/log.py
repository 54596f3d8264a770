"""Structured log lines on standard error.

Promise: a line has an event name and plain facts (counts, codes, seconds), never a text, a name, an address
or a key. So a log may be shown to somebody who helps.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

_LOGGER = logging.getLogger("homevault")

Fact = str | int | float | bool | None


def info(event: str, **facts: Fact) -> None:
    _LOGGER.info(event, extra={"facts": facts})


def warn(event: str, **facts: Fact) -> None:
    _LOGGER.warning(event, extra={"facts": facts})


def fault(event: str, error: BaseException, **facts: Fact) -> None:
    """A fault of ours: where it happened, without the values concerned."""
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_name}:{place.tb_lineno}" if place else ""
    _LOGGER.error(event, extra={"facts": {**facts, "error": type(error).__name__, "where": where}})


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"time": moment, "level": record.levelname.lower(), "event": record.getMessage()}
        return json.dumps({**line, **getattr(record, "facts", {})})


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        facts = "".join(f"  {name}={value}" for name, value in getattr(record, "facts", {}).items())
        mark = "" if record.levelno < logging.WARNING else f"{record.levelname.lower()}: "
        return f"{moment}  {mark}{record.getMessage()}{facts}"


def start_logging(form: str) -> None:
    """`form` is `text`, `json` or `auto`: text on a terminal, else json."""
    text = form == "text" or (form == "auto" and sys.stderr.isatty())
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Text() if text else _Json())
    _LOGGER.handlers = [handler]
    _LOGGER.propagate = False
    _LOGGER.setLevel(logging.INFO)
