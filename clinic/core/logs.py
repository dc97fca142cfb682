"""Log lines: JSON in production, one readable line in a terminal; personal data filtered out."""

import json
import logging
import re
from typing import Any

from clinic.core.context import current_request_id

_PERSONAL = re.compile(
    r"(?<!\d)(?:\+?86)?1[3-9]\d{9}(?!\d)|(?<!\d)\d{17}[\dXx](?!\d)|eyJ[\w-]{6,}\.[\w-]+\.[\w-]+"
)
_STANDARD = set(logging.makeLogRecord({}).__dict__) | {
    "message",
    "asctime",
    "request_id",
    "taskName",
}


def scrub(text: str) -> str:
    """Return the text with phone numbers, ID numbers and tokens blacked out."""
    return _PERSONAL.sub("[hidden]", text)


class PlainFormatter(logging.Formatter):
    """One line for a terminal: level, logger, text, extra fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        extra = " ".join(f"{key}={value}" for key, value in extra_fields(record).items())
        line = f"{record.levelname.lower()} {record.name}: {record.getMessage()} {extra}".rstrip()
        return scrub(line if not record.exc_info else f"{line}\n{self._safe_trace(record)}")

    def _safe_trace(self, record: logging.LogRecord) -> str:
        return safe_traceback(record)


class JSONFormatter(logging.Formatter):
    """One JSON object a line, UTC."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object as text."""
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "text": record.getMessage(),
            "request_id": current_request_id(),
            **extra_fields(record),
        }
        if record.exc_info:
            line["trace"] = safe_traceback(record)
        return scrub(json.dumps(line, ensure_ascii=False, default=str))


def extra_fields(record: logging.LogRecord) -> dict[str, Any]:
    """Return what the caller put into ``extra``."""
    plain = (str, int, float, bool, type(None))
    return {
        key: value
        for key, value in record.__dict__.items()
        if key not in _STANDARD and isinstance(value, plain)
    }


def safe_traceback(record: logging.LogRecord) -> str:
    """Return where and what kind of error, without its text: texts can hold a person's data."""
    if not record.exc_info or record.exc_info[0] is None:
        return ""
    kind, _error, trace = record.exc_info
    lines = []
    while trace is not None:
        code = trace.tb_frame.f_code
        lines.append(f"  {code.co_filename}:{trace.tb_lineno} in {code.co_name}")
        trace = trace.tb_next
    return "\n".join([*lines[-12:], f"  {kind.__module__}.{kind.__qualname__}"])
