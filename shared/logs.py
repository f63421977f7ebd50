"""Structured logs: a JSON object a line, with the id of the request that it belongs to."""

import json
import logging
import sys
from contextvars import ContextVar

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": REQUEST_ID.get() or None,
            **getattr(record, "data", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps({k: v for k, v in line.items() if v is not None}, ensure_ascii=False)


def drop_session_query(record: logging.LogRecord) -> bool:
    """Drop the query of a session's endpoint from uvicorn's line: it may hold what signs in."""
    match record.args:
        case (client, method, str(path), *others) if "/session/" in path.partition("?")[0]:
            record.args = (client, method, path.partition("?")[0], *others)
    return True


def configure_logging(level: int = logging.INFO) -> None:
    # No line has them, and each request would look them up.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.getLogger("uvicorn.access").addFilter(drop_session_query)
    logging.basicConfig(level=level, handlers=[handler], force=True)
