"""Judging: what a finding's row and its workflow's head say about each other. Pure."""

from service.reconciling.standing import Standing
from service.reconciling.troubles import Code
from workflows.messages import Head


def judge(row: Standing | None, head: Head | None, *, runs: bool, digest: str | None) -> Code | None:
    """Give what is wrong between SQL's row and the workflow's head, or None.

    `head` is None where Temporal knows no workflow. `digest` is the ledger's at the head's `seq`; None where
    the ledger has no such entry.
    """
    if row is None:
        return Code.NOT_IN_SQL
    if head is None:
        return None if row.ended else Code.NO_WORKFLOW
    if head.stored > row.seq or not row.whole:
        return Code.AHEAD
    if head.seq == head.stored and digest is not None and digest != head.digest:
        return Code.FORKED
    if not runs:
        return None if row.ended else Code.NO_WORKFLOW
    return _running(row, head)


def _running(row: Standing, head: Head) -> Code | None:
    if head.stored < row.seq:
        return Code.LIVES_ON if row.ended else Code.BEHIND
    return Code.UNRECORDED if head.seq > head.stored else None
