"""Assessment files as findings: pure reading of rows, with every cell at fault told apart."""

from remediation.assessment.columns import Cells, Column, find_header, recognised
from remediation.assessment.findings import AssessedFactory, AssessedFinding, BadRow, Reading
from remediation.assessment.ids import finding_id, plan_id
from remediation.assessment.reading import read_assessment
from remediation.assessment.severities import SeveritiesRefused, SeverityTable, read_severities
from remediation.assessment.unreadable import UnreadableFile

__all__ = [
    "AssessedFactory",
    "AssessedFinding",
    "BadRow",
    "Cells",
    "Column",
    "Reading",
    "SeveritiesRefused",
    "SeverityTable",
    "UnreadableFile",
    "find_header",
    "finding_id",
    "plan_id",
    "read_assessment",
    "read_severities",
    "recognised",
]
