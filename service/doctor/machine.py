"""The doctor looks at this machine: Python, disk, mail server, visitors, PDFs."""

import platform
import shutil
import smtplib
import sys
from pathlib import Path

from service.doctor.results import Result, fault, good, warning
from service.paper.printing import missing_scripts
from service.problems import ProblemError
from service.settings import Settings

OLDEST_PYTHON = (3, 11)
LEAST_FREE = 500_000_000
MAIL_PATIENCE = 5.0
PANGO = "install Pango (Debian: libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0); all else works without"


def look_at_python() -> Result:
    """See that this Python is new enough."""
    if sys.version_info < OLDEST_PYTHON:
        return fault("Python", platform.python_version(), "install Python 3.11 or newer")
    return good("Python", platform.python_version())


def look_at_disk(home: Path) -> Result:
    """See that there is room for the embedded set-up's files and for what SQL writes meanwhile."""
    folder = next(each for each in (home, *home.absolute().parents) if each.exists())
    free = shutil.disk_usage(folder).free
    seen = f"{free / 1e9:.1f} GB free at {folder}"
    if free < LEAST_FREE:
        least = f"{LEAST_FREE / 1e9:.1f} GB"
        return fault("disk", seen, f"make room: below {least} writing may stop at any time")
    return good("disk", seen)


def look_at_mail(given: Settings) -> Result:
    """See that the mail server answers; nothing is sent."""
    where = f"{given.smtp_host}:{given.smtp_port}"
    kind = smtplib.SMTP_SSL if given.smtp_security == "tls" else smtplib.SMTP
    try:
        with kind(given.smtp_host, given.smtp_port, timeout=MAIL_PATIENCE) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        way_out = "start it, or set MENDWORK_SMTP_HOST and MENDWORK_SMTP_PORT; letters wait until then"
        return fault("mail server", f"{where} does not answer ({error})", way_out)
    return good("mail server", f"{where} answers")


def look_at_visitors(given: Settings) -> Result:
    """See that visitors can be told apart: limits on signing in are counted by where somebody comes from."""
    if given.public_url.startswith("https:") and not given.trusted_proxies:
        way_out = "set MENDWORK_TRUSTED_PROXIES to the proxy's address, as the service sees it"
        return warning("visitors", "all come from the proxy before the service, and count as one", way_out)
    return good("visitors", f"told apart by address{', as the proxy says' if given.trusted_proxies else ''}")


def look_at_paper() -> Result:
    """See that PDFs can be made, in the script of every language."""
    try:
        missing = missing_scripts()
    except ProblemError as error:
        return warning("PDF", error.problem.detail, PANGO)
    if missing:
        return warning(
            "PDF", f"no font here writes {missing}", "install Noto fonts (Debian: fonts-noto-core)"
        )
    return good("PDF", "text is shaped, and fonts write every language")
