from dataclasses import replace
from datetime import date

from sqlalchemy import Engine

from remediation.words import FactoryId, FindingId, PlanId, ProgrammeId, Severity
from storage import assessments
from storage.assessments import Assessment, Subject
from storage.database import reading, writing
from tests.storage.builders import CHLOE
from tests.storage.cast import NOW, TODAY

FILE = Assessment(
    id="a1",
    programme=ProgrammeId("bd"),
    file="0" * 64,
    name="cycle-7.csv",
    by=CHLOE,
    imported_at=NOW,
    released=TODAY,
)
EXITS = Subject(
    finding=FindingId("f1"),
    assessment="a1",
    plan=PlanId("p1"),
    factory=FactoryId("lotus"),
    severity=Severity.CRITICAL,
    cycle="7",
    assessed_on=date(2026, 2, 1),
    cluster="occupational-safety-and-health",
    point="emergency-preparedness",
    question="q1",
    question_text="Are the exits free?",
    statement="Two of five were locked.",
    evidence="Seen on the tour.",
    suggested_deadline=date(2026, 5, 1),
)


def test_the_same_file_is_known_again(cast: Engine) -> None:
    with writing(cast) as connection:
        assert assessments.add_assessment(connection, FILE) == FILE
        assert assessments.add_assessment(connection, replace(FILE, id="a2")) == FILE
        other = replace(FILE, id="a2", file="1" * 64, imported_at=NOW.replace(hour=5))
        assert assessments.add_assessment(connection, other) == other
        assert assessments.assessments_of(connection, "bd") == (other, FILE)
        assert assessments.assessment(connection, "a1") == FILE
        assert assessments.assessment(connection, "a9") is None


def test_a_subject_stays_until_it_is_amended(cast: Engine) -> None:
    corrected = replace(EXITS, severity=Severity.MAJOR, statement="One of five was locked.")
    with writing(cast) as connection:
        assessments.add_assessment(connection, FILE)
        assessments.add_subjects(connection, [EXITS])
        assessments.add_subjects(connection, [corrected])
        assert assessments.find_subjects(connection, ["f1", "f9"]) == {"f1": EXITS}
        assessments.amend_subjects(connection, [corrected])
        (stored,) = assessments.subjects_of(connection, "a1")
    assert stored == corrected
    assert stored.severity is Severity.MAJOR


def test_what_a_factory_was_found_out_is_given_the_latest_cycle_first(cast: Engine) -> None:
    earlier = replace(EXITS, finding=FindingId("f0"), cycle="6", assessed_on=date(2025, 2, 1))
    undated = replace(EXITS, finding=FindingId("f-"), cycle="5", assessed_on=None)
    elsewhere = replace(EXITS, finding=FindingId("f2"), factory=FactoryId("jasmine"))
    with writing(cast) as connection:
        assessments.add_assessment(connection, FILE)
        assessments.add_subjects(connection, [undated, earlier, EXITS, elsewhere])
    with reading(cast) as connection:
        assert assessments.of_factory(connection, "lotus") == (EXITS, earlier, undated)
        assert assessments.of_factory(connection, "nowhere") == ()


def test_thousands_of_subjects_are_found_at_once(cast: Engine) -> None:
    many = [replace(EXITS, finding=FindingId(f"f{number}")) for number in range(1200)]
    with writing(cast) as connection:
        assessments.add_assessment(connection, FILE)
        assessments.add_subjects(connection, many)
        assert len(assessments.find_subjects(connection, [each.finding for each in many])) == 1200
