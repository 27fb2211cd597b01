"""The doctor looks at the database: schema, ledger, clock, letters and commands that wait too long."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, Select, func, select
from sqlalchemy.exc import DBAPIError

from service.doctor.results import Result, fault, good, skipped, warning
from storage.database import UNAVAILABLE, reading, schema_is_current
from storage.ledger import broken_chains
from storage.messages import MessageState, tally
from storage.tables import OPEN, UNSETTLED, WAITING, commands, ledger, letters, messages

MAIL_WAITS_AT_MOST = timedelta(hours=1)
COMMANDS_WAIT_AT_MOST = timedelta(minutes=2)
CLOCKS_MAY_DIFFER = timedelta(minutes=2)
SHOWN = 5


def look_at_sql(database: Engine) -> tuple[Result, ...]:
    """Look at the database, and at all that stands in it."""
    reachable = look_at_schema(database)
    if reachable.health != "good":
        return (reachable, *(skipped(name, "the database comes first") for name, _ in LOOKS))
    with reading(database) as connection:
        return (reachable, *(look(connection, datetime.now(UTC)) for _, look in LOOKS))


def look_at_schema(database: Engine) -> Result:
    """See that the database answers and has the schema that this program needs."""
    where = database.url.render_as_string(hide_password=True)
    file = database.url.database
    if database.dialect.name == "sqlite" and file and not Path(file).exists():
        return fault("database", f"there is no file {file} yet", "run `mendwork migrate` or `mendwork up`")
    try:
        if schema_is_current(database):
            return good("database", f"{where} answers, and its schema is current")
    except UNAVAILABLE as error:
        said = str(error.orig if isinstance(error, DBAPIError) else error).splitlines()[0]
        return fault("database", f"{where}: {said}", "start it, or set MENDWORK_DATABASE_URL to where it is")
    return fault("database", f"{where} has another version's schema", "run `mendwork migrate`")


def look_at_ledger(connection: Connection, _now: datetime) -> Result:
    """See that the chain of every finding's ledger holds."""
    broken = broken_chains(connection)
    if broken:
        names = ", ".join(list(broken)[:SHOWN])
        seen = f"broken chains: {len(broken)} ({names})"
        return fault("ledger", seen, "run `mendwork ledger verify`, and compare with a backup")
    entries = connection.execute(select(func.count()).select_from(ledger)).scalar_one()
    return good("ledger", f"all chains hold ({entries} entries)")


def look_at_clock(connection: Connection, now: datetime) -> Result:
    """See that no entry lies ahead of this machine's clock, which would then be late."""
    latest = connection.execute(select(func.max(ledger.c.at))).scalar()
    if latest is not None and latest - now > CLOCKS_MAY_DIFFER:
        seen = f"the latest entry is {latest - now} ahead of this machine's clock"
        return fault("clock", seen, "set the clock (NTP): deadlines would fire at the wrong hour")
    return good("clock", f"{now:%Y-%m-%d %H:%M:%S} UTC, not behind the ledger")


def look_at_letters(connection: Connection, now: datetime) -> Result:
    """See that no letter and no mail waits longer than it should."""
    late = now - MAIL_WAITS_AT_MOST
    unaddressed = _count(connection, select(letters.c.id).where(WAITING, letters.c.not_before < late))
    unsent = _count(connection, select(messages.c.id).where(OPEN, messages.c.created_at < late))
    if unaddressed or unsent:
        seen = f"waiting for more than an hour: letters {unaddressed}, mails {unsent}"
        way_out = "see that a worker runs; `mendwork letters --state waiting` tells the mail server's replies"
        return fault("letters", seen, way_out)
    return good("letters", "none waits too long")


def look_at_failed_mail(connection: Connection, _now: datetime) -> Result:
    """Tell of mail that could not be delivered for good, or perhaps was."""
    found = tally(connection)
    failed, unknown = found[MessageState.FAILED], found[MessageState.UNKNOWN]
    if failed or unknown:
        seen = f"failed for good: {failed}; perhaps delivered, perhaps not: {unknown}"
        return warning("mail", seen, "`mendwork letters --state failed` tells why; correct the addresses")
    return good("mail", f"accepted: {found[MessageState.ACCEPTED]}, none failed")


def look_at_commands(connection: Connection, now: datetime) -> Result:
    """See that every command received has been decided."""
    late = now - COMMANDS_WAIT_AT_MOST
    waiting = _count(connection, select(commands.c.id).where(UNSETTLED, commands.c.received_at < late))
    if waiting:
        seen = f"not decided: {waiting}"
        return fault("commands", seen, "see that a worker runs: it delivers them by itself")
    return good("commands", "none is undecided")


LOOKS: tuple[tuple[str, Callable[[Connection, datetime], Result]], ...] = (
    ("ledger", look_at_ledger),
    ("clock", look_at_clock),
    ("letters", look_at_letters),
    ("mail", look_at_failed_mail),
    ("commands", look_at_commands),
)


def _count(connection: Connection, query: Select[tuple[str]] | Select[tuple[int]]) -> int:
    return connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
