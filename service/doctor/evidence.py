"""The doctor looks at the evidence store: that it answers, and that every photo and document is there."""

from datetime import UTC, datetime

from sqlalchemy import Engine as Database

from service.doctor.results import Result, fault, good, skipped
from service.evidence.auditing import audit
from service.evidence.store import UNREACHABLE, EvidenceStore
from service.settings import Settings
from storage.database import UNAVAILABLE

SHOWN = 5


def look_at_evidence(given: Settings, database: Database) -> Result:
    """See that the file of every photo and document lies in the store."""
    store = EvidenceStore(given)
    try:
        found = audit(database, store, datetime.now(UTC), whole=False)
    except UNREACHABLE as error:
        way_out = "see that it runs, and MENDWORK_EVIDENCE_URL and the AWS_ variables"
        return fault("evidence", f"{store.where} does not answer ({type(error).__name__})", way_out)
    except UNAVAILABLE:
        return skipped("evidence", "the database comes first")
    if found.lost:
        names = ", ".join(found.lost[:SHOWN])
        seen = f"lost: {len(found.lost)} of {found.records} ({names})"
        return fault("evidence", seen, f"bring the files back into {store.where} from a backup")
    return good("evidence", f"all {found.records} photos and documents are in {store.where}")
