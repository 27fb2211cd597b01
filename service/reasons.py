"""Why dates are what they are, in the shape that the API and the pages show."""

from remediation.calendar import Calendar
from remediation.explaining import Lines, kind, standing, why_fix_by
from remediation.ledger import plain
from service.api.shapes import LastDay, Reason
from service.dossier import Dossier
from service.explaining import told


def reasons_of(lines: Lines, calendar: Calendar) -> list[Reason]:
    """Give an explanation line by line, each with where the date stands after it."""
    return [
        Reason(kind=kind(line), text=told(line, calendar), values=plain(line), at=so_far.at, day=so_far.day)
        for line, so_far in standing(lines, calendar)
    ]


def last_day(dossier: Dossier) -> LastDay | None:
    """Give the last day that the policy allows for a fix; None where it sets none."""
    finding = dossier.finding
    if finding.fix_by is None:
        return None
    why = reasons_of(why_fix_by(finding, dossier.history), finding.calendar)
    return LastDay(by=finding.fix_by, day=finding.calendar.last_day(finding.fix_by), why=why)
