"""Importing an assessment: first a plan of what would happen, then the happening.

Nothing is started unless all rows are good or the bad ones are skipped on purpose. Ids follow from what
a finding is about, so the same file twice starts nothing twice, and a corrected file updates what is
still issued.
"""

from service.importing.planning import ImportPlan, UnknownProgrammeError, plan_import
from service.importing.running import BadRowsError, Imported, run_import

__all__ = [
    "BadRowsError",
    "ImportPlan",
    "Imported",
    "UnknownProgrammeError",
    "plan_import",
    "run_import",
]
