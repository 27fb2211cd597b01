"""Printing: HTML of ours as a PDF, one document after the other, and a clear word where it cannot be."""

import subprocess
import sys
from threading import BoundedSemaphore, Lock

import structlog
from fastapi import Response

from service.paper.press import NO_LIBRARY
from service.problems import ProblemError
from service.speaking import say

log = structlog.get_logger("mendwork.service")

MEDIA_TYPE = "application/pdf"
PATIENCE = 60.0
"""Seconds that one document may take."""
IN_LINE = 4
"""So many wait for the press of a process, the one on it among them; others are asked to come back."""
RETRY_AFTER = {"Retry-After": "10"}
_PRESS = (sys.executable, "-P", "-m", "service.paper.press")

_line, _press = BoundedSemaphore(IN_LINE), Lock()


def pdf(html: str) -> bytes:
    """Give a whole HTML document as a PDF on A4, laid out by paper.css. To be called in a thread.

    Nothing is fetched: pictures stand in the HTML, as SVG or `data:`. Raises the problem 503 where Pango is
    not installed, where too many wait already, and for what takes more than its time or memory.
    """
    if not _line.acquire(blocking=False):
        raise _busy()
    try:
        with _press:
            return _run(sent=html.encode())
    finally:
        _line.release()


def missing_scripts() -> str:
    """Name the scripts of our languages that no font here can write. Raises the problem 503 as `pdf` does."""
    return _run("--look").decode()


def answer(data: bytes, name: str) -> Response:
    """Give a PDF as a file to keep; `name` is ours, and nobody's words."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return Response(data, media_type=MEDIA_TYPE, headers=headers)


def _run(*options: str, sent: bytes = b"") -> bytes:
    command = (*_PRESS, *options)
    try:
        done = subprocess.run(command, input=sent, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as late:
        raise _too_much("late") from late
    if done.returncode == NO_LIBRARY:
        raise _no_press()
    if done.returncode:
        raise _too_much(done.returncode)
    return done.stdout


def _no_press() -> ProblemError:
    return ProblemError(
        503,
        "paper_unavailable",
        say("No PDF can be made here: the library Pango is not installed on the server."),
        way_out=say(
            "Print the page itself from your browser. `mendwork doctor` tells operators what to install."
        ),
    )


def _busy() -> ProblemError:
    return ProblemError(
        503,
        "paper_busy",
        say("Several PDFs are being made at the moment."),
        way_out=say("Ask again in a few seconds."),
        headers=RETRY_AFTER,
    )


def _too_much(how: object) -> ProblemError:
    log.warning("paper_not_made", how=how)
    return ProblemError(
        503,
        "paper_too_much",
        say("This PDF took more time or memory than one may take."),
        way_out=say("Print the page itself from your browser, or ask for a single finding."),
    )
