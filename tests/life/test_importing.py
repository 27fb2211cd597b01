"""Importing an assessment over the real server: what is started, what is not, and what a correction does."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from temporalio.testing import WorkflowEnvironment

from remediation.policy import Policy
from remediation.repeats import Basis, Standing
from remediation.words import PersonId, ProgrammeId, Stage
from service.engine import Engine
from service.importing import BadRowsError, ImportPlan, UnknownProgrammeError, plan_import, run_import
from storage import findings, versions
from storage.assessments import find_subjects
from storage.database import reading, writing
from storage.programmes import Programme, factory, save_programme
from storage.repeats import load
from storage.tables import ledger
from tests.life.stage import CHLOE, a_stage
from tests.life.stage import Stage as Theatre

HEADER = "Country;Factory ID;Factory name;Cycle;Date;Cluster;CP;Question;Question ID;Type;Finding;Severity"
EXIT = "BD;dhaka-1;Lotus;1;05/01/2026;OSH;Emergency Preparedness;Are exits free?;q-exit;Scored;1;critical"
LEAVE = "VN;hcm-7;Sen;1;12/01/2026;Compensation;Paid Leave;Is leave paid?;q-leave;Scored;1;minor"
COMPLIANT = "VN;hcm-7;Sen;1;12/01/2026;Working Time;Overtime;Is it voluntary?;q-ot;Scored;0;"
BAD = "VN;hcm-7;Sen;1;31/31/2026;Compensation;Paid Leave;Is it recorded?;q-rec;Scored;1;minor"


@pytest.fixture
async def stage(skipping: WorkflowEnvironment, tmp_path: Path) -> AsyncIterator[Theatre]:
    async with a_stage(skipping, tmp_path) as stage:
        with writing(stage.database) as connection:
            versions.keep_policy(connection, Policy())
            save_programme(connection, Programme(id=home(stage), name="Better", policy=Policy().version))
        yield stage


def home(stage: Theatre) -> ProgrammeId:
    """Ids follow from the programme, and the server is shared: each test has a programme of its own."""
    return ProgrammeId(stage.queue)


def planned(stage: Theatre, *rows: str, programme: ProgrammeId | None = None) -> ImportPlan:
    data = "\n".join((HEADER, *rows)).encode()
    by = PersonId(CHLOE)
    return plan_import(stage.database, data, name="january.csv", programme_id=programme or home(stage), by=by)


def engine(stage: Theatre) -> Engine:
    return Engine(stage.client, patience=20, task_queue=stage.queue)


def facts(stage: Theatre) -> int:
    with reading(stage.database) as connection:
        return connection.execute(select(func.count()).select_from(ledger)).scalar_one()


async def test_a_dry_run_says_what_would_happen_and_changes_nothing(stage: Theatre) -> None:
    plan = planned(stage, EXIT, LEAVE, COMPLIANT)
    assert len(plan.fresh) == 2
    assert plan.reading.compliant == 1
    assert [place.name for place in plan.new_factories] == ["Lotus", "Sen"]
    assert facts(stage) == 0


async def test_every_non_compliant_row_becomes_a_running_finding(stage: Theatre) -> None:
    plan = planned(stage, EXIT, LEAVE, COMPLIANT)
    done = await run_import(stage.database, engine(stage), plan)
    assert done.started == 2
    for subject in plan.fresh:
        assert await engine(stage).runs(subject.finding)
    with reading(stage.database) as connection:
        place = factory(connection, "dhaka-1")
        assert place is not None
        assert (place.zone, place.rest_days) == ("Asia/Dhaka", (5,))


async def test_the_same_file_twice_starts_nothing_twice(stage: Theatre) -> None:
    await run_import(stage.database, engine(stage), planned(stage, EXIT, LEAVE))
    before = facts(stage)
    again = planned(stage, EXIT, LEAVE)
    assert (len(again.fresh), again.known) == (0, 2)
    await run_import(stage.database, engine(stage), again)
    assert facts(stage) == before


async def test_bad_rows_start_nothing_unless_they_are_skipped(stage: Theatre) -> None:
    plan = planned(stage, EXIT, BAD)
    assert [(bad.row, bad.value) for bad in plan.bad] == [(3, "31/31/2026")]
    with pytest.raises(BadRowsError):
        await run_import(stage.database, engine(stage), plan)
    assert facts(stage) == 0
    done = await run_import(stage.database, engine(stage), plan, skip_bad=True)
    assert done.started == 1


async def test_a_corrected_file_updates_what_nobody_has_acted_on(stage: Theatre) -> None:
    await run_import(stage.database, engine(stage), planned(stage, EXIT, LEAVE))
    corrected = planned(stage, EXIT, LEAVE.replace("minor", "major").replace("Is leave paid?", "Is it paid?"))
    (subject,) = corrected.corrected
    done = await run_import(stage.database, engine(stage), corrected)
    assert (done.started, done.amended, done.refused) == (0, 1, ())
    with reading(stage.database) as connection:
        listed = findings.find(connection, subject.finding)
        assert listed is not None
        assert (listed.summary.severity, listed.summary.stage) == ("major", Stage.ISSUED)
        assert find_subjects(connection, [subject.finding])[subject.finding].question_text == "Is it paid?"


async def test_the_next_cycle_links_a_repeat_and_raises_its_severity(stage: Theatre) -> None:
    first = planned(stage, LEAVE)
    await run_import(stage.database, engine(stage), first)
    (repeat,) = planned(
        stage, LEAVE.replace(";1;12/01/2026", ";2;11/01/2026").replace("11/01", "13/01")
    ).fresh
    assert repeat.repeat_of == first.fresh[0].finding
    assert repeat.severity == "major"


async def test_what_changed_its_question_is_linked_through_the_crosswalk_and_else_proposed(
    stage: Theatre,
) -> None:
    first = planned(stage, LEAVE)
    await run_import(stage.database, engine(stage), first)
    again = LEAVE.replace(";1;12/01/2026", ";2;11/01/2026").replace("11/01", "13/01")
    (found,) = planned(stage, again.replace(first.fresh[0].question, "L-9")).repeats
    assert (found.basis, found.standing) == (Basis.POINT, Standing.PROPOSED)
    with writing(stage.database) as connection:
        load(connection, home(stage), {first.fresh[0].question: "L-9"}, datetime.now(UTC))
    plan = planned(stage, again.replace(first.fresh[0].question, "L-9"))
    (found,) = plan.repeats
    assert (found.basis, found.crosswalk, found.standing) == (Basis.CROSSWALK, 1, Standing.CERTAIN)
    assert [each.repeat_of for each in plan.fresh] == [first.fresh[0].finding]


async def test_a_factory_without_a_country_is_a_bad_row_with_a_way_out(stage: Theatre) -> None:
    (bad,) = planned(stage, EXIT.replace("BD;", ";")).bad
    assert bad.row == 2
    assert "name its country" in bad.reason


async def test_another_programmes_factory_takes_no_findings(stage: Theatre) -> None:
    with writing(stage.database) as connection:
        elsewhere = ProgrammeId(f"{stage.queue}-elsewhere")
        save_programme(connection, Programme(id=elsewhere, name="Elsewhere", policy=Policy().version))
    await run_import(stage.database, engine(stage), planned(stage, EXIT))
    plan = planned(stage, EXIT, LEAVE, programme=elsewhere)
    assert [(bad.row, bad.value) for bad in plan.bad] == [(2, "dhaka-1")]
    assert [subject.factory for subject in plan.fresh] == ["hcm-7"]


async def test_an_unknown_programme_is_said_so(stage: Theatre) -> None:
    with pytest.raises(UnknownProgrammeError):
        planned(stage, EXIT, programme=ProgrammeId("nowhere"))
