"""Why a date is what it is: every date as the lines it is reckoned from, each line as data.

`why_due` and `why_fix_by` explain what is owed, `why_sent` what will be sent. `recount` reckons the date
from its lines alone, `standing` tells where it stands after each.

`service/explaining.py` says a line in words.
"""

from remediation.explaining.dues import Story, why_due, why_fix_by
from remediation.explaining.lines import Cause, Line, Lines, Skipped, kind, recount, standing
from remediation.explaining.sendings import why_sent

__all__ = [
    "Cause",
    "Line",
    "Lines",
    "Skipped",
    "Story",
    "kind",
    "recount",
    "standing",
    "why_due",
    "why_fix_by",
    "why_sent",
]
