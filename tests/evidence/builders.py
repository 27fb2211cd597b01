"""Records of photos and documents for tests, with valid defaults."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from remediation.words import Digest, EvidenceId, FactoryId, FindingId, PersonId, Role
from storage.evidence import Evidence, Kind


def a_piece(name: str, content: bytes = b"photo", **changed: Any) -> Evidence:  # noqa: ANN401 - any field
    """Give a photo of Bao's, handed in for the finding f1."""
    digest = Digest(sha256(content).hexdigest())
    fields = {
        "id": EvidenceId(name),
        "finding": FindingId("f1"),
        "factory": FactoryId("lotus"),
        "by": PersonId("bao"),
        "acting": Role.MANAGER,
        "at": datetime(2026, 3, 2, 4, tzinfo=UTC),
        "asked": digest,
        "kind": Kind.PHOTO,
        "shows": "The second exit",
        "action": None,
        "before": None,
        "confidential": False,
        "media_type": "image/jpeg",
        "size": len(content),
        "width": 640,
        "height": 480,
        "original": digest,
        "digest": digest,
        "file": f"{name}.file",
        "likeness": None,
    }
    return Evidence(**{**fields, **changed})
