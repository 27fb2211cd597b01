"""Ids that follow from what a finding is about, so that importing a file twice makes nothing twice."""

import json
from base64 import b32encode
from hashlib import sha256

from remediation.words import FindingId, PlanId, ProgrammeId

ID_BYTES = 10
"""80 bits: among a million findings the odds of one clash are one in 2 * 10^12."""


def finding_id(programme: ProgrammeId, factory: str, assessment: str, question: str) -> FindingId:
    """Give the id of a factory's finding on a question in one assessment, as `f-` and 16 letters and digits.

    `assessment` is the cycle, or the ISO date where a file has no cycles.
    """
    return FindingId("f-" + _opaque("finding", programme, factory, assessment, question))


def plan_id(programme: ProgrammeId, factory: str, assessment: str) -> PlanId:
    """Give the id of the improvement plan that answers one assessment of a factory."""
    return PlanId("p-" + _opaque("plan", programme, factory, assessment))


def _opaque(*parts: str) -> str:
    # As JSON, so that ("a", "bc") and ("ab", "c") differ.
    digest = sha256(json.dumps(parts, ensure_ascii=False).encode()).digest()
    return b32encode(digest[:ID_BYTES]).decode().lower()
