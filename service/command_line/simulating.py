"""The command that looks ahead: simulate."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection
from sqlalchemy import Engine as Database

from remediation.policy import Policy
from remediation.policy_file import PolicyRefused, read_policy
from remediation.simulation import Assumptions, Course, Start, compare, simulate_all
from service.command_line.importing import plan_file, read_file
from service.command_line.reaching import the_advisor, the_programme
from service.command_line.simulation_report import Outlook, tell_comparison, tell_outlook
from service.command_line.storing import database
from service.command_line.telling import AsJson, progress
from service.faults import Fault
from service.importing import ImportPlan
from service.simulation import Narrowed, NothingToSimulate, from_file, live
from storage.database import reading

MONTH = timedelta(days=30.4375)
MOST_MONTHS = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """Which findings are simulated: those that stand, or those of a file."""

    store: Database
    narrowed: Narrowed
    file: ImportPlan | None
    since: datetime

    def starts(self, connection: Connection, policy: Policy | None) -> tuple[Start, ...]:
        if self.file is not None:
            return from_file(connection, self.file, self.since, policy)
        return live(connection, self.narrowed, policy)

    def run(self, policy: Policy | None, assumptions: Assumptions, until: datetime) -> tuple[Course, ...]:
        with reading(self.store) as connection:
            try:
                starts = self.starts(connection, policy)
            except NothingToSimulate as nothing:
                raise Fault(f"{nothing}, so that there is nothing to simulate") from nothing
        with progress() as bar:
            seen = bar.track(starts, description="Simulating")
            return simulate_all(seen, assumptions, self.since, until)


def simulate(  # noqa: PLR0913 - the options of the command
    plan: Annotated[str, typer.Option(help="Only the open findings of this improvement plan (id).")] = "",
    programme: Annotated[str, typer.Option(help="Only the open findings of this programme (id).")] = "",
    file: Annotated[
        Path | None, typer.Option(help="The findings that this assessment file would bring instead.")
    ] = None,
    policy: Annotated[Path | None, typer.Option(help="Under this policy file, not the stored one.")] = None,
    compare_with: Annotated[
        Path | None, typer.Option("--compare", help="Show what this other policy file would change.")
    ] = None,
    slip_days: Annotated[int, typer.Option(min=0, max=365, help="Every action is done so late.")] = 0,
    nobody_signs: Annotated[bool, typer.Option("--nobody-signs", help="Committees stay silent.")] = False,
    nobody_reports: Annotated[
        bool, typer.Option("--nobody-reports", help="Factories show neither progress nor fixes.")
    ] = False,
    months: Annotated[int, typer.Option(min=1, max=MOST_MONTHS, help="How far to look ahead.")] = 12,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Up to this day (UTC) instead.")
    ] = None,
    weekly: Annotated[bool, typer.Option("--weekly", help="Count by week, not by month.")] = False,
    list_them: Annotated[bool, typer.Option("--list", help="Also list every letter.")] = False,
    csv: Annotated[Path | None, typer.Option(help="Write all of it to this CSV file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Simulate the coming months: who is told what and when, by the very same rules. Nothing is changed.

    Everybody does what they owe on its last day, unless something else is assumed. Nobody acknowledges
    escalations. docs/simulation.md tells what is assumed, and what the columns of the files are.

    Examples:

        mendwork simulate --nobody-signs --months 6
        mendwork simulate --file samples/assessment.csv --policy samples/policy.toml --slip-days 10
        mendwork simulate --programme demo --compare samples/policy.toml --csv changes.csv
    """
    now = datetime.now(UTC)
    end = until.replace(tzinfo=UTC) if until else now + months * MONTH
    if end <= now:
        raise Fault("--until lies in the past. Give a day ahead, such as --until 2030-12-31")
    assumed = Assumptions(slip_days=slip_days, nobody_signs=nobody_signs, nobody_reports=nobody_reports)
    with database() as store:
        asked = _asked(store, Narrowed(plan=plan, programme=programme), file, now)
        rules = policy_in(policy) if policy else None
        courses = asked.run(rules, assumed, end)
        others = asked.run(policy_in(compare_with), assumed, end) if compare_with else None
    outlook = Outlook(courses=courses, since=now, until=end, assumptions=assumed, weekly=weekly)
    if others is None:
        tell_outlook(outlook, list_them=list_them, csv=csv, as_json=as_json)
    else:
        tell_comparison(outlook, compare(courses, others, weekly=weekly), csv, as_json=as_json)


def _asked(store: Database, narrowed: Narrowed, file: Path | None, now: datetime) -> _Asked:
    if file is None:
        return _Asked(store=store, narrowed=narrowed, file=None, since=now)
    if narrowed.plan:
        raise Fault("--plan and --file exclude each other: a file brings plans of its own")
    data = read_file(file)
    with reading(store) as connection:
        home = the_programme(connection, narrowed.programme)
        advisor = the_advisor(connection, home)
    plan = plan_file(store, data, file.name, home, advisor.id)
    return _Asked(store=store, narrowed=narrowed, file=plan, since=now)


def policy_in(file: Path) -> Policy:
    """Give the policy that a TOML file holds. Raises Fault."""
    try:
        return read_policy(read_file(file).decode())
    except UnicodeDecodeError as error:
        raise Fault(f"{file} is not UTF-8 text. Save it as such") from error
    except PolicyRefused as refused:
        raise Fault(f"{file} cannot be used: {'; '.join(refused.errors)}") from refused
