"""How the processes of Mendwork log: a JSON object a line on standard error, and nothing personal in it."""

import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

Event = MutableMapping[str, Any]


def set_up_logs() -> None:
    """Set up structlog for this process. On a terminal the lines are for people."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_values,
            structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer(),
        ],
        # Standard error as it is when a line is written: whoever replaced it may have closed the former one.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


def without_values(_logger: object, _method: str, event: Event) -> Event:
    """Put an exception's kind and place in its stead: its text and values may quote what people wrote."""
    given = event.pop("exc_info", None)
    fault = given if isinstance(given, BaseException) else sys.exc_info()[1] if given else None
    if fault is not None:
        event["kind"] = type(fault).__qualname__
        event["at"] = place(fault)
    return event


def place(fault: BaseException) -> str:
    """Give where an exception was raised: file, line and function."""
    trace, found = fault.__traceback__, ""
    while trace is not None:
        code = trace.tb_frame.f_code
        found = f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}"
        trace = trace.tb_next
    return found
