"""Who is told of a re-projection, and how its moves are explained."""

from dataclasses import replace
from datetime import date

import pytest

from remediation.calendar import ONE_DAY
from remediation.explaining import Lines, recount, why_due, why_fix_by
from remediation.explaining.lines import LeftStanding, Moved, TakenBack
from remediation.facts import Reprojected
from remediation.letters import letters_for
from remediation.moves import Why
from remediation.obligations import obligations
from remediation.orders import (
    CountersignSuspension,
    DecideDispute,
    Dispute,
    EndSuspension,
    RecordProgress,
    Suspend,
)
from remediation.policy import Policy, Windows
from remediation.spans import Span
from remediation.words import DisputeOutcome, Duty, LetterKind, Role, Severity, SuspensionCause
from service.explaining import because, told
from tests.rules.cast import AMINA, BAO, CHLOE, FIRST, NOTE, TOMAS, Story, a_case
from tests.rules.reprojecting import (
    FRIDAYS_OFF,
    IN_WORKING_DAYS,
    INDEPENDENCE_DAY,
    LONGER,
    WITH_HOLIDAY,
    confirm,
    happened,
    working_days,
)
from tests.rules.situations import SITUATIONS


def letters(story: Story, fact: Reprojected) -> set[Role]:
    found = letters_for(fact, len(story.entries))
    assert all(each.kind is LetterKind.DATES_MOVED and each.gathered for each in found)
    return {each.role for each in found}


FACTORY_AND_ADVISOR = {Role.MANAGER, Role.WORKER_CO_CHAIR, Role.MANAGEMENT_CO_CHAIR, Role.ADVISOR}


def test_the_factory_and_the_advisor_are_told_and_nobody_where_nothing_moves() -> None:
    story = a_case(policy=IN_WORKING_DAYS, calendar=FRIDAYS_OFF)
    assert letters(story, confirm(story, WITH_HOLIDAY)) == FACTORY_AND_ADVISOR
    assert letters(story, confirm(story, replace(WITH_HOLIDAY, version="same-days"))) == set()


def test_staff_are_told_of_their_own_dates() -> None:
    story = SITUATIONS["disputed"]()
    assert letters(story, confirm(story, policy=LONGER)) == {*FACTORY_AND_ADVISOR, Role.TEAM_LEADER}


def test_the_factory_hears_nothing_of_a_finding_it_is_not_told_of() -> None:
    story = SITUATIONS["hidden"]()
    fact = confirm(story, policy=LONGER)
    assert fact.withheld
    assert letters(story, fact) == {Role.ADVISOR, Role.DUTY_OFFICER}


def test_the_factory_hears_nothing_of_what_staff_alone_owe_about_an_alarm() -> None:
    story = SITUATIONS["alarm confirmed"]()
    fact = confirm(story, policy=Policy(version="longer", windows=Windows(notify_authority=Span(9))))
    assert not fact.withheld
    assert letters(story, fact) == {Role.ADVISOR, Role.DUTY_OFFICER}


def test_an_explanation_shows_the_move_line_by_line() -> None:
    eid = replace(
        FRIDAYS_OFF,
        version="eid",
        holidays=(INDEPENDENCE_DAY, date(2026, 3, 28)),
        estimated=(date(2026, 3, 28),),
    )
    story = a_case(policy=IN_WORKING_DAYS, calendar=FRIDAYS_OFF)
    story.later(days=1)
    confirm(story, eid)
    owed = story.owed(Duty.COMMIT)
    assert owed is not None
    assert [told(line, eid) for line in why_due(owed, story.finding, happened(story))][1:] == [
        (
            "Policy other gives 25 working days (commit, major), not counted "
            "the rest day Friday 6 March 2026, the rest day Friday 13 March 2026, "
            "the rest day Friday 20 March 2026, the holiday Thursday 26 March 2026, "
            "the rest day Friday 27 March 2026 and 1 day more."
        ),
        (
            "A re-projection on Tuesday 3 March 2026 moved it from Tuesday 31 March 2026: "
            "Thursday 26 March 2026, Saturday 28 March 2026 are now off."
        ),
    ]


def test_an_explanation_says_why_a_date_was_left_standing() -> None:
    story = a_case(policy=IN_WORKING_DAYS, calendar=FRIDAYS_OFF)
    story.later(days=40)
    confirm(story, WITH_HOLIDAY)
    owed = story.owed(Duty.COMMIT)
    assert owed is not None
    assert told(why_due(owed, story.finding, happened(story))[-1], WITH_HOLIDAY) == (
        "The re-projection on Saturday 11 April 2026 left it at Tuesday 31 March 2026: "
        "it had passed, was set by a step, or would have been missed at once."
    )


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (Why(days_worked=(INDEPENDENCE_DAY,)), "Thursday 26 March 2026 is worked now"),
        (Why(), "it follows from other dates"),
        (
            Why(days_off=tuple(INDEPENDENCE_DAY + ONE_DAY * number for number in range(7))),
            (
                "Thursday 26 March 2026, Friday 27 March 2026, Saturday 28 March 2026, Sunday 29 March 2026, "
                "Monday 30 March 2026 and 2 days more are now off"
            ),
        ),
    ],
)
def test_a_reason_is_said_in_a_clause(why: Why, said: str) -> None:
    assert because(why) == said


def lines_of(story: Story, key: str) -> Lines:
    """Explain what is owed."""
    owed = story.owed(key)
    assert owed is not None
    return why_due(owed, story.finding, happened(story))


def reckoned(story: Story) -> None:
    """Object where a date of the story is not what its own lines come to."""
    finding, calendar = story.finding, story.finding.calendar
    for owed in obligations(finding):
        assert recount(why_due(owed, finding, happened(story)), calendar) == owed.due
    if finding.fix_by is not None:
        assert recount(why_fix_by(finding, happened(story)), calendar) == finding.fix_by


def suspend(story: Story, days: int) -> None:
    asked = {"cause": SuspensionCause.FLOOD, "until": story.day(days), "reason": NOTE}
    story.order(CHLOE, Suspend, **asked)
    story.order(TOMAS, CountersignSuspension)


def test_what_was_added_before_a_re_projection_and_after_it_is_told_in_its_order() -> None:
    story = a_case(policy=IN_WORKING_DAYS, calendar=FRIDAYS_OFF)
    story.order(AMINA, Dispute, reason=NOTE)
    story.later(days=2)
    story.order(TOMAS, DecideDispute, outcome=DisputeOutcome.REJECTED, reason=NOTE)
    suspend(story, 4)
    confirm(story, WITH_HOLIDAY)
    reckoned(story)
    story.later(days=7)
    reckoned(story)
    suspend(story, 9)
    reckoned(story)
    story.later(days=2)
    story.order(CHLOE, EndSuspension, reason=NOTE)
    reckoned(story)
    owed = story.owed(Duty.COMMIT)
    assert owed is not None
    said = [told(line, WITH_HOLIDAY) for line in why_due(owed, story.finding, happened(story))]
    assert any("that had been added before the re-projection" in each for each in said)
    assert any(each.startswith("The suspension ended early") for each in said)


def test_a_dispute_decided_after_a_re_projection_is_added_to_where_the_date_stands() -> None:
    story = a_case(calendar=FRIDAYS_OFF)
    story.later(days=12)
    confirm(story, policy=working_days(review=Span(10)))
    story.order(AMINA, Dispute, reason=NOTE)
    story.later(days=2)
    story.order(TOMAS, DecideDispute, outcome=DisputeOutcome.REJECTED, reason=NOTE)
    reckoned(story)


def test_dates_set_by_another_severity_are_where_they_are_counted_to() -> None:
    story = a_case(calendar=FRIDAYS_OFF)
    story.later(days=12)
    assert confirm(story, policy=working_days(review=Span(10))).held
    story.order(AMINA, Dispute, reason=NOTE)
    story.order(TOMAS, DecideDispute, outcome=DisputeOutcome.PARTLY, severity=Severity.MINOR, reason=NOTE)
    reckoned(story)


def test_what_staff_owe_stands_where_it_was_left_whatever_severity_a_dispute_leads_to() -> None:
    story = SITUATIONS["deadlocked"]()
    story.later(days=2)
    confirm(story, policy=replace(LONGER, windows=replace(LONGER.windows, mediate=Span(1))))
    story.order(AMINA, Dispute, reason=NOTE)
    story.order(TOMAS, DecideDispute, outcome=DisputeOutcome.PARTLY, severity=Severity.MINOR, reason=NOTE)
    reckoned(story)


def test_a_date_tells_the_moves_since_its_own_time_began_and_no_others() -> None:
    story = a_case("collaborative")
    terms = Policy().terms
    longer = replace(terms[Severity.COLLABORATIVE], review=Span(40), fix=Span(200), progress_review=Span(70))
    other = Policy(version="longer", terms=terms | {Severity.COLLABORATIVE: longer})
    story.commit()
    confirm(story, policy=other)
    assert [type(line) for line in lines_of(story, Duty.PROGRESS_REVIEW)].count(Moved) == 1
    story.later(days=1)
    story.order(BAO, RecordProgress, action=FIRST, percent=40)
    assert Moved not in {type(line) for line in lines_of(story, Duty.PROGRESS_REVIEW)}


def test_a_move_is_told_of_a_date_that_a_dispute_has_set_later() -> None:
    story = a_case()
    confirm(story, policy=working_days(review=Span(30), fix=Span(95)))
    story.order(AMINA, Dispute, reason=NOTE)
    story.later(days=2)
    story.order(TOMAS, DecideDispute, outcome=DisputeOutcome.REJECTED, reason=NOTE)
    assert [type(line) for line in lines_of(story, Duty.REVIEW)].count(Moved) == 1
    assert [type(line) for line in why_fix_by(story.finding, happened(story))].count(Moved) == 1


def test_what_staff_owe_says_since_when_it_was_left_standing() -> None:
    story = SITUATIONS["deadlocked"]()
    story.later(days=2)
    confirm(story, policy=replace(LONGER, windows=replace(LONGER.windows, mediate=Span(1))))
    (line,) = (each for each in lines_of(story, Duty.MEDIATE) if isinstance(each, LeftStanding))
    assert line.held_at == story.now


def left_standing() -> Story:
    """Tell of a review that a shorter policy would have made late, and left where it was."""
    story = a_case(calendar=FRIDAYS_OFF)
    story.later(days=12)
    assert confirm(story, policy=working_days(review=Span(10))).held
    return story


def test_a_suspension_from_the_very_instant_on_at_which_it_is_missed_moves_nothing() -> None:
    story = left_standing()
    story.later(seconds=(story.finding.review_by - story.now).total_seconds())
    suspend(story, 9)
    reckoned(story)
    story.later(days=2)
    story.order(CHLOE, EndSuspension, reason=NOTE)
    reckoned(story)


@pytest.mark.parametrize("early", [0, 1])
def test_a_suspension_that_a_report_ends_a_day_early_says_so_and_on_its_last_day_does_not(early: int) -> None:
    story = a_case(calendar=FRIDAYS_OFF).commit()
    confirm(story, policy=working_days(fix=Span(80)))
    suspend(story, 4)
    story.later(days=4 - early)
    story.fix()
    reckoned(story)
    back = [each for each in why_fix_by(story.finding, happened(story)) if isinstance(each, TakenBack)]
    assert back == [TakenBack(last=story.day(), days=1)] * early


def test_a_fix_reported_after_a_suspension_has_ended_takes_no_more_days_back() -> None:
    story = a_case(calendar=FRIDAYS_OFF).commit()
    confirm(story, policy=working_days(fix=Span(80)))
    suspend(story, 20)
    story.later(days=3)
    story.order(CHLOE, EndSuspension, reason=NOTE)
    story.fix()
    reckoned(story)


def test_the_end_of_a_suspension_by_the_report_of_the_fix_is_told() -> None:
    story = a_case(calendar=FRIDAYS_OFF).commit()
    confirm(story, policy=working_days(fix=Span(80)))
    suspend(story, 20)
    story.later(days=3)
    story.fix()
    reckoned(story)
