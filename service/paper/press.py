"""The press: a program that reads HTML on its standard input and writes a PDF on its standard output.

It is a process of its own, so that a sheet that takes too long can be ended, what it took of memory is given
back, pages are served meanwhile, and a fault in one of its libraries, which are C's, takes no server with it.

    python -m service.paper.press < sheet.html > sheet.pdf
    python -m service.paper.press --look
"""

import logging
import re
import resource
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

STYLE = Path(__file__).parent / "paper.css"
NO_LIBRARY = 3
"""The exit code where Pango is not installed."""
MOST_MEMORY = 1 << 30
"""In bytes of address space."""
MOST_SECONDS = 120
"""Of processor time: so long a press runs at most, even if nobody waits for it any more."""
SHAPED = re.compile("[^\u0590-\u08ff]*[\u0900-\u1cff][^\u0590-\u08ff]*")
"""A line in a script such as Bangla's or Khmer's, whose letters are drawn joined and out of their order.

Not Arabic: Chromium turns round what it is told of a line that runs from the right, and does well untold.
"""
WRITTEN = re.compile("<bdi>(.*?)</bdi>", re.DOTALL)
"""What somebody wrote, in whatever language."""
DIRECTIONS = {"L": "ltr", "R": "rtl", "AL": "rtl"}
"""Which way the letters of each bidirectional class run."""
SCRIPTS = {"é": "Latin", "ش": "Arabic", "ক": "Bangla", "ក": "Khmer"}
"""The scripts that our languages are written in, each by a letter of it."""


def pressed(html: str) -> bytes:
    """Give HTML as a PDF, laid out by our style sheet. Raises OSError where Pango is not installed.

    Nothing is fetched: what the HTML shows must stand in it. Its structure is kept, to be read aloud.
    """
    from weasyprint import CSS, HTML  # type: ignore[import-untyped]  # noqa: PLC0415 - needs Pango
    from weasyprint.urls import URLFetcher  # type: ignore[import-untyped]  # noqa: PLC0415

    _tell_texts()
    page = HTML(string=directed(html), url_fetcher=URLFetcher(allowed_protocols=["data"]))
    data: bytes = page.write_pdf(stylesheets=[CSS(filename=STYLE)], pdf_tags=True)
    return data


def directed(html: str) -> str:
    """Say of each `<bdi>` which way its text runs, by its first letter. WeasyPrint does not look.

    Untold, the full stop of an English sentence stands at its wrong end in an Arabic plan.
    """
    return WRITTEN.sub(_with_direction, html)


def _with_direction(written: re.Match[str]) -> str:
    classes = map(unicodedata.bidirectional, unescape(written[1]))
    direction = next((DIRECTIONS[each] for each in classes if each in DIRECTIONS), "auto")
    return f'<bdi dir="{direction}">{written[1]}</bdi>'


@cache
def _tell_texts() -> None:
    """Let a PDF say beside each line of shaped letters which text it shows (`ActualText`).

    A PDF holds drawn letters, and a table of what each stands for. In Bangla and Khmer one letter is drawn as
    several, and several as one, so that by the table alone what is searched, copied or read aloud is wrong
    (https://github.com/Kozea/WeasyPrint/issues/2841). The library has no hook for this.
    """
    from pydyf import String  # type: ignore[import-untyped]  # noqa: PLC0415 - comes with WeasyPrint
    from weasyprint.pdf.stream import Stream  # type: ignore[import-untyped]  # noqa: PLC0415

    plain = Stream.marked

    @contextmanager
    def marked(stream: Any, box: Any, tag: str) -> Iterator[None]:  # noqa: ANN401 - the library has no types
        with plain(stream, box, tag):
            text = getattr(box, "text", "")
            if SHAPED.fullmatch(text) and isinstance(stream.stream[-2], dict):
                stream.stream[-2]["ActualText"] = String(text)
            yield

    Stream.marked = marked


def missing_scripts() -> list[str]:
    """Name the scripts of our languages that no font here can write. Raises OSError as `pressed` does."""
    said: list[str] = []
    listener = logging.Handler()
    listener.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    log = logging.getLogger("weasyprint")
    log.addHandler(listener)
    pressed("".join(SCRIPTS))
    log.removeHandler(listener)
    return [
        script for letter, script in SCRIPTS.items() if any(f"U+{ord(letter):04X}" in each for each in said)
    ]


def _limit() -> None:
    for limit, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_SECONDS)):
        with suppress(ValueError, OSError):  # macOS has no limit of the first kind
            resource.setrlimit(limit, (most, most))


def main() -> int:
    """Press what comes in, or with `--look` name what it cannot write. Gives the exit code."""
    _limit()
    try:
        if sys.argv[1:] == ["--look"]:
            sys.stdout.write(", ".join(missing_scripts()))
        else:
            sys.stdout.buffer.write(pressed(sys.stdin.buffer.read().decode()))
    except OSError as error:
        sys.stderr.write(str(error).splitlines()[0])
        return NO_LIBRARY
    return 0


if __name__ == "__main__":
    sys.exit(main())
