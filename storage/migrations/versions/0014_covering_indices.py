"""Indices that hold all that pages count: rows of findings are long, and reading past their state is slow."""

from alembic import op

revision = "0014_covering_indices"
down_revision = "0013_waits_by_what"
branch_labels = None
depends_on = None

_NEW = {
    "ix_findings_current": (
        "findings",
        ["id", "seq", "attempt", "programme", "factory", "restricted", "stage", "next_due"],
    ),
    "ix_findings_by_factory": (
        "findings",
        ["factory", "programme", "stage", "plan", "restricted", "severity", "level", "next_due"],
    ),
    "ix_findings_by_plan": (
        "findings",
        ["plan", "programme", "factory", "stage", "restricted", "level", "next_due", "issued_at", "id"],
    ),
    "ix_waits_asked": ("waits", ["what", "due", "finding", "seq"]),
    "ix_attempts_counted": (
        "attempts",
        [
            "programme",
            "factory",
            "restricted",
            "point",
            "number",
            "began_on",
            "committed_on",
            "promised_for",
            "late_from",
            "reported_on",
            "closed_on",
            "ended_on",
            "ending",
            "reopened_on",
        ],
    ),
    "ix_attempts_by_plan": ("attempts", ["plan", "programme"]),
    "ix_attempts_objected": ("attempts", ["objected", "finding", "number"]),
}
_OLD = {
    "ix_findings_plan": ("findings", ["plan"]),
    "ix_waits_what_due": ("waits", ["what", "due"]),
    "ix_attempts_plan": ("attempts", ["plan"]),
}


def upgrade() -> None:
    for name, (table, columns) in _NEW.items():
        op.create_index(name, table, columns)
    for name, (table, _) in _OLD.items():
        op.drop_index(name, table)


def downgrade() -> None:
    for name, (table, columns) in _OLD.items():
        op.create_index(name, table, columns)
    for name, (table, _) in _NEW.items():
        op.drop_index(name, table)
