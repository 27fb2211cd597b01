"""One programme over two cycles: a plan filed late, fixes that fail and hold, and what is found again."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from remediation.gatherings.plan import plan_gathering
from remediation.orders import Acknowledge, CosignExtension, DecideExtension, RequestExtension
from remediation.words import PlanId, Role, SubjectId, Verdict
from service.engine import Engine
from service.importing import ImportPlan, plan_import, run_import
from service.sealed.verifier import verify as verified
from service.steward import Steward
from storage import repeats
from storage.assessments import Subject
from storage.database import reading, writing
from tests.life.scenarios import FIRST, NOTE, commit, fix, prove, verify
from tests.life.stage import ASHA, BAO, CHLOE, Life
from tests.sealed.dossiers import dossier
from tests.service.stage import AMINA, LOTUS, PROGRAMME, Live, a_live, a_template, key
from workflows.messages import workflow_id

HEADER = "Country;Factory ID;Factory name;Cycle;Date;Cluster;CP;Question;Question ID;Type;Finding;Severity"
POINT = "OSH;Emergency Preparedness"
EXITS, ALARMS, DRILLS = ("Are all exits open?;q-1", "Do the alarms work?;q-2", "Are drills held?;q-3")
LAMPS = "Do the emergency lamps work?;q-4"


@dataclass
class Programme:
    """A service with its engine and steward, and the lives that go on in it."""

    live: Live
    steward: Steward
    engine: Engine

    def planned(self, cycle: int, day: str, *questions: str) -> ImportPlan:
        rows = [f"BD;{LOTUS};Lotus;{cycle};{day};{POINT};{each};Scored;1;major" for each in questions]
        data = "\n".join((HEADER, *rows)).encode()
        database = self.live.theatre.database
        return plan_import(database, data, name=f"{cycle}.csv", programme_id=PROGRAMME, by=CHLOE)

    async def assess(self, cycle: int, day: str, *questions: str) -> dict[str, Subject]:
        """Import an assessment; give what each question brought."""
        plan = self.planned(cycle, day, *questions)
        assert plan.bad == ()
        await run_import(self.live.theatre.database, self.engine, plan)
        return {each.question: each for each in plan.fresh}

    def life(self, subject: SubjectId) -> Life:
        live, theatre = self.live, self.live.theatre
        handle = live.client.get_workflow_handle(workflow_id(subject))
        began = theatre.app.state.context.clock()
        return Life(subject, self.engine, live.environment, theatre.database, handle, began)

    async def ask(self, person: str, method: str, path: str, **body: Any) -> Any:  # noqa: ANN401 - JSON
        async with self.live.theatre.act(person) as client:
            sent = body if method == "POST" else None
            answer = await client.request(method, f"/api/v1/{path}", headers=key(), json=sent)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
async def programme(skipping: WorkflowEnvironment, tmp_path: Path) -> AsyncIterator[Programme]:
    async with a_live(skipping, tmp_path, a_template(tmp_path)) as live:
        engine = Engine(live.client, patience=20, task_queue=live.queue)
        yield Programme(live, Steward(live.theatre.database, engine), engine)


async def test_what_a_first_assessment_found_is_fixed_or_carried_into_the_second(
    programme: Programme,
) -> None:
    first = await programme.assess(1, "01/03/2025", EXITS, ALARMS, DRILLS, LAMPS)
    exits, alarms = (programme.life(first[each].finding) for each in ("q-1", "q-2"))
    plan = programme.life(plan_gathering(first["q-1"].plan))
    await late_then_filed(plan, programme)
    await fixed_at_the_second_attempt(exits)
    await promised_for_later(alarms)
    report = await reported(plan, programme, first["q-1"].plan)
    assert report["by_stage"] == {"issued": 2, "committed": 1, "sustained": 1}

    second = await found_again(programme)
    await decided(programme, first, second)
    again = programme.life(plan_gathering(second["q-1"].plan))
    report = await reported(again, programme, second["q-1"].plan)
    assert report["by_stage"] == {"issued": 2, "superseded": 1}
    assert (report["findings"], report["completed"]) == (3, 1)

    verdict = verified(await dossier(programme.live.theatre, CHLOE, f"factories/{LOTUS}"))
    assert verdict.faults == []
    assert len(verdict.heads) == len(first) + len(second) + 2, "both plans' ledgers are in it"


async def late_then_filed(plan: Life, programme: Programme) -> None:
    """Let nobody file the plan until its ladder has reached level 2; then the manager does."""
    await plan.later(days=32)
    assert plan.row().level == 2, "no cooperation skips the first level"
    await plan.order(CHLOE, Acknowledge, obligation="file_plan")
    told = await programme.ask(BAO, "POST", f"plans/{plan.row().own}/file-plan")
    assert told["facts"] == ["plan_filed"]


async def fixed_at_the_second_attempt(life: Life) -> None:
    await commit(life, days=40)
    until = life.day(50)
    asked = {"actions": (FIRST,), "until": until, "reason": NOTE, "interim_protection": NOTE}
    await life.order(BAO, RequestExtension, acting=Role.MANAGEMENT_MEMBER, **asked)
    await life.order(ASHA, CosignExtension)
    await life.order(CHLOE, DecideExtension, granted=True, reason=NOTE)
    await fix(life)
    await verify(life, Verdict.FAIL)
    await commit(life, days=30)
    await fix(life)
    await verify(life)
    await prove(life)
    assert (life.row().stage, life.row().attempt) == ("sustained", 2)


async def promised_for_later(life: Life) -> None:
    await commit(life, days=80)
    assert life.row().stage == "committed"


async def reported(plan: Life, programme: Programme, own: PlanId) -> dict[str, Any]:
    """Let the next progress report fall due, and the steward issue it; give it as people read it."""
    await plan.later(days=100)
    assert await programme.steward.look(plan.now - timedelta(hours=1)) >= 1
    standing = await programme.ask(AMINA, "GET", f"plans/{own}/standing")
    report: dict[str, Any] = standing["reports"][-1]
    return report


async def found_again(programme: Programme) -> dict[str, Subject]:
    """Assess the factory a year later: three repeats, of which one question has another id now."""
    with writing(programme.live.theatre.database) as connection:
        repeats.load(connection, PROGRAMME, {"q-3": "q-33"}, programme.life(plan_gathering("none")).now)
    drills = DRILLS.replace("q-3", "q-33")
    return await programme.assess(2, "02/03/2026", EXITS, ALARMS, drills)


async def decided(programme: Programme, first: dict[str, Subject], second: dict[str, Subject]) -> None:
    """Let the advisor decide each repeat as is usual; see what became of the former and of the new one."""
    before = {"q-1": "q-1", "q-2": "q-2", "q-33": "q-3"}
    usual = {"q-1": "link", "q-2": "carry_on", "q-33": "supersede"}
    became = {
        "q-1": ("sustained", "issued"),
        "q-2": ("committed", "superseded"),
        "q-33": ("superseded", "issued"),
    }
    for question, earlier in before.items():
        former, new = first[earlier], second[question]
        assert (new.repeat_of, new.severity) == (former.finding, "critical"), question
        said = await programme.ask(CHLOE, "POST", f"findings/{new.finding}/repeat", repeats=True)
        assert (said["repeat"]["then"], said["refused"]) == (usual[question], []), question
        stood = tuple(programme.life(each.finding).row().stage for each in (former, new))
        assert stood == became[question], question
    with reading(programme.live.theatre.database) as connection:
        basis = [each.basis.value for each in repeats.of_plan(connection, second["q-1"].plan)]
    assert sorted(basis) == ["crosswalk", "question", "question"]
