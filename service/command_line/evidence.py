"""The commands about photos and documents: check and sweep."""

from datetime import UTC, datetime

import typer

from service.command_line.storing import database
from service.command_line.telling import AsJson, out, settings, show_json
from service.evidence import auditing
from service.evidence.store import EvidenceStore

evidence = typer.Typer(help="Hold photos and documents against their records.", no_args_is_help=True)


@evidence.command()
def check(as_json: AsJson = False) -> None:
    """Read every photo and document, and hold it against its record and the reports that name it.

    Exit code 1 means that one is lost, or is not what it was. Nothing is changed.

    Example:

        mendwork evidence check
    """
    given = settings()
    with database(given) as store:
        found = auditing.audit(store, EvidenceStore(given), datetime.now(UTC), whole=True)
    if as_json:
        show_json(found)
    else:
        _tell(found)
    raise typer.Exit(0 if found.good else 1)


def _tell(found: auditing.Audit) -> None:
    out().print(f"Photos and documents: {found.records}")
    out().print(f"Lost or changed: {len(found.lost)} {' '.join(found.lost)}".rstrip())
    out().print(
        f"Not the file that a report names: {len(found.exchanged)} {' '.join(found.exchanged)}".rstrip()
    )
    out().print(f"Files without a record, older than a day: {len(found.orphans)}")


@evidence.command()
def sweep() -> None:
    """Delete files that have no record and will get none. The worker does so once a day.

    Example:

        mendwork evidence sweep
    """
    given = settings()
    with database(given) as store:
        swept = auditing.sweep(store, EvidenceStore(given), datetime.now(UTC))
    out().print(f"Deleted: {swept}")
