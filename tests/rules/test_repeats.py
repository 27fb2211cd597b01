"""Repeats: by question, through a crosswalk, or proposed by compliance point; what the former becomes."""

from datetime import date

import pytest

from remediation.repeats import About, Basis, Match, Then, current, matches, usual
from remediation.words import FindingId, Stage


def about(finding: str, question: str = "q1", **told: object) -> About:
    year = 2026 if finding.startswith("new") else 2025
    given = {"plan": f"p-{year}", "point": "exits", "text": "Are the exits open?", "on": date(year, 3, 2)}
    return About(finding=FindingId(finding), question=question, **{**given, **told})  # type: ignore[arg-type]


def found(new: About, *former: About, **crosswalk: str) -> Match | None:
    return next(iter(matches([new], former, crosswalk)), None)


def test_the_same_question_is_a_repeat_of_the_latest_former_finding() -> None:
    older = about("oldest", on=date(2024, 3, 1), plan="p-2024")
    assert found(about("new"), older, about("old")) == Match(
        finding=FindingId("new"), former=FindingId("old"), basis=Basis.QUESTION
    )


def test_a_question_that_got_another_id_is_found_through_the_crosswalk() -> None:
    match = found(about("new", "q3", text=""), about("old", "q1", point="doors"), q1="q2", q2="q3")
    assert match is not None
    assert match.basis is Basis.CROSSWALK
    assert current("q1", {"q1": "q2", "q2": "q1"}) == "q2", "a crosswalk that goes round ends somewhere"


def test_another_question_on_the_same_point_is_proposed_where_they_are_alike() -> None:
    before = about("old", "q1", text="Are emergency exits open?")
    match = found(about("new", "q2"), before)
    assert match is not None
    assert match.basis is Basis.POINT
    assert found(about("new", "q2", text="Is there a first-aid box?"), before) is None
    assert found(about("new", "q2", point="doors"), before) is None


def test_of_several_on_the_same_point_the_most_alike_is_proposed_and_the_latest_of_equals() -> None:
    said = {"far": "Are emergency doors locked?", "near": "Are emergency exits open?", "unknown": ""}
    new, day = about("new", "q9", text=said["near"]), date(2025, 3, 2)

    def proposed(*former: str) -> FindingId | None:
        dated = enumerate(former)
        match = found(
            new, *(about(f"old-{each}", text=said[each], on=day.replace(day=9 - n)) for n, each in dated)
        )
        return match.former if match else None

    assert proposed("far", "near") == "old-near"
    assert proposed("near", "far") == "old-near"
    assert proposed("near", "unknown") == "old-near", (
        "words that are not known are no more alike than the same"
    )
    assert proposed("unknown", "near") == "old-unknown"


def test_half_alike_is_enough_and_long_questions_are_compared_whole() -> None:
    assert found(about("new", "q2", text="ab"), about("old", text="ac")) is not None
    long = "Are the exits open? " * 15
    assert found(about("new", "q2", text=long), about("old", text=f"Now: {long}")) is not None


def test_a_question_that_is_not_known_in_words_is_proposed_by_its_point_alone() -> None:
    for new, old in (
        (about("new", "q2", text=""), about("old")),
        (about("new", "q2"), about("old", text="")),
    ):
        match = found(new, old)
        assert match is not None
        assert match.basis is Basis.POINT


def test_a_former_finding_is_proposed_once_and_never_where_it_is_certain() -> None:
    new = [about("new1"), about("new2", "q2"), about("new3", "q3")]
    every = matches(new, [about("old1"), about("old2", "q9")], {})
    assert [(each.finding, each.former, each.basis) for each in every] == [
        ("new1", "old1", Basis.QUESTION),
        ("new2", "old2", Basis.POINT),
    ]


def test_nothing_repeats_itself_its_own_assessment_or_what_came_later() -> None:
    assert found(about("new"), about("new")) is None
    assert found(about("new"), about("new2")) is None
    assert found(about("old"), about("new")) is None
    assert found(about("new"), about("old", on=date(2026, 3, 2))) is not None, "two assessments of one day"
    undated = about("old", on=None)
    assert found(about("new", on=None), undated) is not None


@pytest.mark.parametrize("stage", Stage)
def test_what_is_promised_goes_on_and_what_came_back_begins_afresh(stage: Stage) -> None:
    then = {
        Stage.ISSUED: Then.SUPERSEDE,
        Stage.UNDER_REVIEW: Then.SUPERSEDE,
        Stage.CLOSED: Then.SUPERSEDE,
        Stage.DISPUTED: Then.CARRY_ON,
        Stage.COMMITTED: Then.CARRY_ON,
        Stage.FIX_REPORTED: Then.CARRY_ON,
        Stage.VERIFYING: Then.CARRY_ON,
    }
    assert usual(stage) is then.get(stage, Then.LINK)
