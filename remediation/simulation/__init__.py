"""Running findings ahead under assumptions: who would be told what and when, by the very same rules.

`simulate` runs one finding; people's part is a script of orders at instants that follows from assumptions.
`tally` counts what comes out by period, `compare` sets two outcomes side by side.
"""

from remediation.simulation.comparing import Comparison, Difference, Moved, compare
from remediation.simulation.running import Course, Start, Stuck, Told, refolded, simulate, simulate_all
from remediation.simulation.script import Assumptions
from remediation.simulation.tallying import Row, periods, tally

__all__ = [
    "Assumptions",
    "Comparison",
    "Course",
    "Difference",
    "Moved",
    "Row",
    "Start",
    "Stuck",
    "Told",
    "compare",
    "periods",
    "refolded",
    "simulate",
    "simulate_all",
    "tally",
]
