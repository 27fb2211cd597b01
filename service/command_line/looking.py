"""Commands that show what stands in SQL: finding show, letters, ledger verify."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer
from sqlalchemy import select

from remediation.case import Case
from remediation.explaining import Lines, Story, kind, why_due, why_sent
from remediation.facts import Resumed, Scheduled
from remediation.forecast import Planned, forecast
from remediation.ledger import Entry, plain
from remediation.obligations import Obligation, obligations
from remediation.standstills import running
from remediation.words import FactoryId
from service.command_line.storing import database
from service.command_line.telling import AsJson, err, out, show_json, show_table
from service.explaining import told
from service.faults import Fault
from storage import factory_levels, findings, gatherings
from storage.codec import fact_of
from storage.database import reading
from storage.ledger import astray, broken_chains, entries
from storage.messages import MessageState
from storage.tables import messages

finding = typer.Typer(help="Findings: what stands about one.", no_args_is_help=True)
ledger = typer.Typer(help="The ledger: what happened to findings, for ever.", no_args_is_help=True)

AHEAD = timedelta(days=120)


@finding.command("show")
def show_finding(
    ident: Annotated[str, typer.Argument(help="The finding's id.", metavar="ID")], as_json: AsJson = False
) -> None:
    """Show one finding: where it stands, what is owed, what happened, and what will be sent if nothing does.

    Its id stands in lists, letters and the addresses of pages.

    Example:

        mendwork finding show f-5x2k --json
    """
    with database() as store, reading(store) as connection:
        listed, case = findings.find(connection, ident), findings.case(connection, ident)
        story = entries(connection, ident)
        factory = listed.summary.factory if listed else ""
        climbed = factory_levels.latest(connection, [factory]).get(FactoryId(factory))
    if listed is None or case is None:
        raise Fault(f"there is no finding {ident!r}. `GET /api/v1/findings` and the page list their ids")
    ahead = forecast(case, datetime.now(UTC) + AHEAD)
    if as_json:
        show_json(
            {
                "summary": listed,
                "obligations": [_owed(each, case, story) for each in obligations(case.finding)],
                "timeline": story,
                "ahead": [_planned(each, case) for each in ahead],
            }
        )
        return
    _show_summary(listed, case, climbed.weight.level if climbed else 0)
    _show_owed(case, story)
    _show_timeline(case, story)
    _show_ahead(ahead)


@ledger.command("verify")
def verify_ledger(
    states: Annotated[
        bool, typer.Option("--states", help="Also fold each ledger and compare it with the stored state.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Verify that no entry of any finding's or plan's ledger was changed, dropped, inserted or moved.

    Exit code 1 means that at least one was, or that a stored state is not what its ledger adds up to.

    Example:

        mendwork ledger verify --states
    """
    with database() as store, reading(store) as connection:
        broken = broken_chains(connection)
        wrong = (*astray(connection), *gatherings.astray(connection)) if states else ()
    if as_json:
        show_json({"broken": broken, "astray": wrong})
    else:
        _tell_verdict(broken, wrong)
    raise typer.Exit(1 if broken or wrong else 0)


def list_letters(
    state: Annotated[
        MessageState | None, typer.Option(help="Only those that stand so.", case_sensitive=False)
    ] = None,
    person: Annotated[str, typer.Option(help="Only those to this person (id).")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List mail, the latest first: to whom, in which state, and why it was not sent or could not be.

    `unknown` means that the mail server may have taken it, but its answer was lost.

    Examples:

        mendwork letters
        mendwork letters --state failed --json
    """
    query = select(*(messages.c[name] for name in _SHOWN)).order_by(messages.c.id.desc()).limit(limit)
    if state is not None:
        query = query.where(messages.c.state == state.value)
    if person:
        query = query.where(messages.c.person == person)
    with database() as store, reading(store) as connection:
        found = [dict(row) for row in connection.execute(query).mappings()]
    if as_json:
        show_json(found)
        return
    rows = [
        (
            each["id"],
            _minute(each["created_at"]),
            each["address"] or each["person"],
            each["subject"],
            each["state"],
            each["reason"] or ("" if each["state"] == MessageState.ACCEPTED else each["last_reply"]),
        )
        for each in found
    ]
    show_table("", ("Id", "Made", "To", "Subject", "State", "Why"), rows)


_SHOWN = (
    *("id", "created_at", "person", "address", "kind", "subject", "state", "reason", "attempts", "ambiguous"),
    *("next_try_at", "last_reply", "settled_at"),
)


def _owed(owed: Obligation, case: Case, story: tuple[Entry, ...]) -> dict[str, Any]:
    lines = why_due(owed, case.finding, _facts(story))
    return {**plain(owed), "why": _lines(lines, case)}


def _facts(story: tuple[Entry, ...]) -> Story:
    return [(each.at, fact_of(each.kind, each.body)) for each in story]


def _lines(lines: Lines, case: Case) -> list[dict[str, Any]]:
    calendar = case.finding.calendar
    return [{"kind": kind(each), "text": told(each, calendar), "values": plain(each)} for each in lines]


def _planned(each: Planned, case: Case) -> dict[str, Any]:
    assert isinstance(each.fact, Scheduled | Resumed)  # noqa: S101 - a clock brings about nothing else
    return {
        "at": each.at,
        "letter": each.letter.kind,
        "to": each.letter.recipient,
        "about": each.letter.obligation,
        "why": _lines(why_sent(each.fact, each.before), case),
    }


def _show_summary(listed: findings.Listed, case: Case, factory_level: int) -> None:
    row, still = listed.summary, running(case.finding)
    lines = (
        ("Finding", row.finding),
        ("Factory", f"{row.factory} {listed.factory_name}, level {factory_level}"),
        ("About", f"{row.point}: {listed.question_text}"),
        ("Severity", row.severity.value.replace("_", " ")),
        ("Stage", f"{row.stage.value.replace('_', ' ')}, attempt {row.attempt}"),
        ("Escalation", f"level {row.level}" if row.level else "none"),
        ("Clock", f"stands still up to and including {still.last}" if still else "runs"),
    )
    for name, value in lines:
        out().print(f"{name:<11} {value}", markup=False, highlight=False, soft_wrap=True)


def _show_owed(case: Case, story: tuple[Entry, ...]) -> None:
    owed = sorted(obligations(case.finding), key=lambda each: each.due)
    rows = [(_minute(each.due), _words(each.duty), _words(each.owner), each.person or "") for each in owed]
    typer.echo()
    show_table("What is owed (late from this instant on, UTC)", ("By", "What", "Of", "Person"), rows)
    facts = _facts(story)
    for each in owed:
        why = " ".join(told(line, case.finding.calendar) for line in why_due(each, case.finding, facts))
        line = f"Why {_minute(each.due)} for {_words(each.key)}: {why}"
        out().print(line, markup=False, highlight=False, soft_wrap=True)


def _show_timeline(case: Case, story: tuple[Entry, ...]) -> None:
    rows = [(each.seq, _minute(each.at), _words(each.kind), each.by) for each in story]
    typer.echo()
    show_table(f"What happened ({case.seq} entries)", ("", "When (UTC)", "What", "By"), rows)


def _show_ahead(ahead: tuple[Planned, ...]) -> None:
    rows = [
        (_minute(each.at), _words(each.letter.kind), _words(each.letter.role), each.letter.person or "")
        for each in ahead
    ]
    if rows:
        typer.echo()
        show_table("What will be sent if nothing happens", ("When (UTC)", "Letter", "To", "Person"), rows)


def _tell_verdict(broken: dict[Any, int], wrong: tuple[Any, ...]) -> None:
    for ident, seq in broken.items():
        err().print(f"{ident}: the chain breaks at entry {seq}. Compare it with a backup (docs/runbook.md)")
    for ident in wrong:
        err().print(f"{ident}: the stored state is not what its ledger adds up to (docs/runbook.md)")
    if not broken and not wrong:
        out().print("Every ledger holds.")


def _minute(instant: datetime | None) -> str:
    return "" if instant is None else instant.strftime("%Y-%m-%d %H:%M")


def _words(name: str) -> str:
    return str(name).replace("_", " ")
