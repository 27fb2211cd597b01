"""What the import command says: what would happen, what cannot be used, and what was done."""

from collections.abc import Iterator
from typing import Any

from activities.calendars import calendar_of
from service.command_line.telling import counted, coverage_lines, err, out, show_json, show_table
from service.importing import Imported, ImportPlan

MOST_ROWS_SHOWN = 50


def tell_plan(plan: ImportPlan, *, as_json: bool) -> None:
    """Say what importing a file would do."""
    if as_json:
        show_json(_as_json(plan))
        return
    _show_bad(plan)
    for line in _would(plan):
        out().print(line, markup=False, highlight=False)


def tell_bad(plan: ImportPlan, *, as_json: bool) -> None:
    """Say what in a file cannot be used."""
    if as_json:
        show_json(_as_json(plan))
    else:
        _show_bad(plan)


def tell_done(plan: ImportPlan, done: Imported, *, as_json: bool) -> None:
    """Say what an import did."""
    if as_json:
        did = {"started": done.started, "amended": done.amended, "refused": done.refused}
        show_json(_as_json(plan) | did)
        return
    skipped = f", {plan.reading.bad_rows} bad rows skipped" if plan.bad else ""
    out().print(
        f"{counted(done.started, 'finding')} issued in {counted(len(done.plans), 'plan')}; "
        f"{done.amended} corrected, {plan.known} known already{skipped}.",
        highlight=False,
    )
    for refused in done.refused:
        err().print(f"Not corrected: {refused}", markup=False, soft_wrap=True)


def _would(plan: ImportPlan) -> Iterator[str]:
    read = plan.reading
    yield f"{counted(len(plan.fresh), 'finding')} would be issued in {counted(len(plan.plans), 'plan')}."
    if plan.corrected:
        yield f"{len(plan.corrected)} would be corrected: nobody has acted on them yet."
    if plan.known:
        yield f"{plan.known} are known already."
    if plan.settled:
        yield f"{len(plan.settled)} differ from the file, but were acted on: they stay as they are."
    yield (
        f"Left out: {read.compliant} compliant, {read.fact_gathering} fact-gathering, "
        f"{read.not_applicable} not applicable, {read.remedied} remedied and {read.blank} blank rows."
    )
    if plan.new_factories:
        new = ", ".join(f"{each.id} ({each.name})" for each in plan.new_factories)
        yield f"New factories, to be completed in the directory: {new}."
        for country in sorted({each.country for each in plan.new_factories}):
            yield from _holidays_of(country, plan)
    if read.ignored_columns:
        yield f"Columns without a meaning here: {', '.join(read.ignored_columns)}."
    if plan.bad:
        yield f"{counted(read.bad_rows, 'row')} cannot be used."


def _holidays_of(country: str, plan: ImportPlan) -> Iterator[str]:
    """Say what is not known of a country's public holidays, and where to enter them."""
    place = next(each for each in plan.new_factories if each.country == country)
    coverage = calendar_of(place, (), plan.assessment.imported_at.year).coverage
    lines = coverage_lines(country, coverage)
    yield from lines
    if lines:
        yield "`mendwork calendar FACTORY` takes days of its own, and shows which dates would move."


def _show_bad(plan: ImportPlan) -> None:
    if not plan.bad:
        return
    rows = [(each.row, each.column, each.value, each.reason) for each in plan.bad[:MOST_ROWS_SHOWN]]
    show_table("What cannot be used", ("Row", "Column", "Says", "Reason"), rows)
    if len(plan.bad) > MOST_ROWS_SHOWN:
        out().print(f"… and {len(plan.bad) - MOST_ROWS_SHOWN} more; --json lists all.")


def _as_json(plan: ImportPlan) -> dict[str, Any]:
    read = plan.reading
    return {
        "assessment": plan.assessment.id,
        "findings": len(plan.fresh),
        "plans": plan.plans,
        "corrected": len(plan.corrected),
        "settled": [each.finding for each in plan.settled],
        "known": plan.known,
        "compliant": read.compliant,
        "fact_gathering": read.fact_gathering,
        "not_applicable": read.not_applicable,
        "blank": read.blank,
        "remedied": read.remedied,
        "ignored_columns": read.ignored_columns,
        "new_factories": [{"id": each.id, "name": each.name} for each in plan.new_factories],
        "bad": plan.bad,
    }
