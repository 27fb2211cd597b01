"""Why something is owed by its date, line by line."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from remediation.explaining import Story as Happened
from remediation.explaining import kind, recount, standing, why_due, why_fix_by
from remediation.explaining.lines import Counted, Skipped
from remediation.orders import (
    Amend,
    ConcurWithFix,
    CosignExtension,
    DecideAlarm,
    DecideDispute,
    DecideExtension,
    DeclareDeadlock,
    Dispute,
    FileRecoveryPlan,
    RecordProgress,
    RemainingAction,
    ReportFixed,
    RequestExtension,
    ReturnRecoveryPlan,
    TakeBack,
)
from remediation.policy import Policy, Terms, Windows
from remediation.spans import Span, Unit
from remediation.words import DisputeOutcome, Severity, Statement, Verdict
from service.explaining import told
from tests.rules.cast import (
    AMINA,
    BAO,
    CHLOE,
    DINA,
    FIRST,
    NOTE,
    PHOTO,
    RESTFUL,
    SECOND,
    TOMAS,
    Story,
    a_case,
    a_closed_case,
    a_confirmed_alarm,
)
from tests.rules.situations import SITUATIONS


def happened(story: Story) -> Happened:
    return [(entry.at, fact) for entry, fact in zip(story.entries, story.facts, strict=True)]


def why(story: Story, key: str) -> list[str]:
    """Give the sentences of something owed, once they have been seen to add up."""
    owed, calendar = story.owed(key), story.finding.calendar
    assert owed is not None, f"{key} is not owed"
    lines = why_due(owed, story.finding, happened(story))
    assert recount(lines, calendar) == owed.due
    return [told(line, calendar) for line in lines]


def test_a_commitment_is_owed_from_the_issue_on() -> None:
    assert why(a_case(), "commit") == [
        "The finding was issued on Monday 2 March 2026, 10:00.",
        "Policy default-1 gives 30 days (commit, major).",
    ]


def test_days_that_a_dispute_took_are_added_to_every_date() -> None:
    story = a_case()
    story.order(AMINA, Dispute, reason=NOTE)
    story.later(days=5)
    assert why(story, "decide_dispute")[0] == "The finding was disputed on Monday 2 March 2026, 10:00."
    story.order(TOMAS, DecideDispute, outcome=DisputeOutcome.PARTLY, reason=NOTE, severity=Severity.MINOR)
    for key in ("review", "commit"):
        assert why(story, key)[1:] == [
            f"Policy default-1 gives 30 days ({key}, minor).",
            "The dispute took 5 days, which are added.",
        ]
    lines = why_fix_by(story.finding, happened(story))
    assert recount(lines, story.finding.calendar) == story.finding.fix_by


def test_hours_are_moved_by_a_dispute_as_hours() -> None:
    policy = Policy()
    minor = replace(policy.terms[Severity.MINOR], review=Span(72, Unit.HOURS))
    story = a_case("minor", policy=replace(policy, terms=policy.terms | {Severity.MINOR: minor}))
    story.order(AMINA, Dispute, reason=NOTE)
    story.later(days=1)
    story.order(TOMAS, DecideDispute, outcome=DisputeOutcome.REJECTED, reason=NOTE)
    assert why(story, "review")[1] == "Policy default-1 gives 72 hours (review, minor)."


def test_a_corrected_finding_counts_anew() -> None:
    story = a_case()
    story.later(days=3)
    story.order(CHLOE, Amend, severity=Severity.CRITICAL, note=NOTE)
    assert why(story, "commit")[0].startswith("The finding was corrected on Thursday 5 March 2026")


def test_without_a_date_there_is_nothing_to_explain() -> None:
    story = a_case("collaborative")
    assert why_fix_by(story.finding, happened(story)) == ()
    with pytest.raises(ValueError, match="no lines"):
        recount((), story.finding.calendar)


def test_a_promise_moves_by_what_was_granted_and_by_what_was_seen() -> None:
    story = a_case().commit(*(a_case().action(name, days=60) for name in (FIRST, SECOND)))
    promised = story.due_day(f"action:{FIRST}")
    asked = {"actions": (FIRST,), "until": promised + timedelta(days=7)}
    story.order(AMINA, RequestExtension, reason=NOTE, interim_protection=NOTE, **asked)
    story.order(BAO, CosignExtension)
    assert why(story, "decide_extension") == [
        "Both sides had asked on Monday 2 March 2026, 10:00.",
        "Policy default-1 gives 5 working days (decide).",
    ]
    story.order(CHLOE, DecideExtension, granted=True, reason=NOTE)
    extended = [
        "Promised for Friday 1 May 2026 in the commitment of Monday 2 March 2026.",
        "An extension granted on Monday 2 March 2026 moved it by 7 days.",
    ]
    assert why(story, f"action:{FIRST}") == extended
    assert why(story, f"action:{SECOND}") == extended[:1]
    story.later(days=2)
    story.fix()
    story.verify(Verdict.PARTIAL, remaining=(RemainingAction(id=FIRST, due=story.day(20)),))
    assert why(story, f"action:{FIRST}") == [
        *extended,
        "A verification on Wednesday 4 March 2026 found it undone and set Tuesday 24 March 2026.",
    ]


def test_what_is_done_is_not_extended() -> None:
    story = a_case().commit(*(a_case().action(name, days=60) for name in (FIRST, SECOND)))
    until = story.due_day(f"action:{FIRST}") + timedelta(days=7)
    asked = {"actions": (FIRST, SECOND), "until": until}
    story.order(AMINA, RequestExtension, reason=NOTE, interim_protection=NOTE, **asked)
    story.order(BAO, CosignExtension)
    story.do(FIRST)
    story.order(CHLOE, DecideExtension, granted=True, reason=NOTE)
    story.fix()
    story.verify(Verdict.PARTIAL, remaining=(RemainingAction(id=FIRST, due=story.day(20)),))
    moves = why(story, f"action:{FIRST}")[1:]
    assert moves == ["A verification on Monday 2 March 2026 found it undone and set Sunday 22 March 2026."]


def test_a_report_is_owed_after_the_last_action_but_not_before_what_was_promised() -> None:
    story = a_case().commit().do()
    assert why(story, "report_fix") == [
        "Progress was last recorded on Monday 2 March 2026, 10:00.",
        "Policy default-1 gives 7 days (report fix).",
        "Not before the last promised day, Friday 1 May 2026.",
    ]
    late = a_case().commit()
    late.later(days=70)
    assert len(why(late.do(), "report_fix")) == 2


def test_who_must_verify_has_the_time_of_the_severity_that_was_reported() -> None:
    story = a_case().commit().fix()
    assert why(story, "verify") == [
        "The fix was reported on Monday 2 March 2026, 10:00.",
        "Policy default-1 gives 30 days (verify, major).",
    ]
    assert why(a_closed_case(), "check_effectiveness")[1].endswith("90 days (effectiveness, major).")


def test_progress_is_reviewed_a_while_after_the_last() -> None:
    story = a_case("collaborative").commit()
    assert why(story, "progress_review")[0] == "The committee committed on Monday 2 March 2026, 10:00."
    story.later(days=1)
    story.order(BAO, RecordProgress, action=FIRST, percent=50, note=NOTE)
    assert why(story, "progress_review")[0].startswith("Progress was last recorded on Tuesday")
    story.fix()
    story.verify(Verdict.PARTIAL, remaining=(RemainingAction(id=FIRST, due=story.day(20)),))
    assert why(story, "progress_review")[0].endswith("found that something remains.")


def test_alarms_and_containment_count_in_hours() -> None:
    alarm = a_case("zero_tolerance")
    assert why(alarm, "confirm_alarm") == [
        "The alarm was raised on Monday 2 March 2026, 10:00.",
        "Policy default-1 gives 24 hours (confirm alarm).",
    ]
    told_of = a_confirmed_alarm()
    assert why(told_of, "notify_authority")[1].endswith("48 hours (notify authority).")
    assert why(told_of, "contain")[0] == "The factory was told of the finding on Monday 2 March 2026, 15:00."


def test_a_new_attempt_counts_from_its_beginning() -> None:
    story = a_case().commit().fix()
    story.later(days=1)
    story.verify(Verdict.FAIL)
    assert (
        why(story, "commit")[0] == "The finding was reopened on Tuesday 3 March 2026, 10:00: a new attempt."
    )


def test_a_mediation_names_the_days_that_do_not_count() -> None:
    policy = Policy(version="slow-2", windows=Windows(mediate=Span(21, Unit.WORKING_DAYS)))
    story = a_case(policy=policy, calendar=RESTFUL)
    story.propose()
    story.order(BAO, DeclareDeadlock, reason=NOTE)
    first, second = why(story, "mediate")
    assert first == "A deadlock was declared on Monday 2 March 2026, 10:00."
    assert second == (
        "Policy slow-2 gives 21 working days (mediate), not counted the rest day Friday 6 March 2026, "
        "the rest day Friday 13 March 2026, the rest day Friday 20 March 2026, "
        "the holiday Thursday 26 March 2026, the rest day Friday 27 March 2026."
    )


TEN = Span(10, Unit.WORKING_DAYS)
OFF = "not counted the rest day Friday 6 March 2026, the rest day Friday 13 March 2026."


def in_working_days() -> Policy:
    """Give a policy that counts all that it gives in working days."""
    usual = Policy()
    asked = ("contain", "review", "commit", "fix", "verify", "effectiveness", "progress_review")

    def counted(terms: Terms) -> Terms:
        given: dict[str, Any] = {name: TEN for name in asked if getattr(terms, name)}
        return replace(terms, **given)

    terms = {severity: counted(each) for severity, each in usual.terms.items()}
    return replace(usual, terms=terms, windows=replace(usual.windows, report_fix=TEN))


def test_whatever_is_counted_in_working_days_names_the_days_off() -> None:
    story = a_case(policy=in_working_days(), calendar=RESTFUL)
    fix_by = why_fix_by(story.finding, happened(story))
    assert told(fix_by[1], RESTFUL) == f"Policy default-1 gives 10 working days (fix, major), {OFF}"
    assert why(story, "commit")[1] == f"Policy default-1 gives 10 working days (commit, major), {OFF}"
    story.commit(story.action(days=3)).do()
    assert why(story, "report_fix")[1] == f"Policy default-1 gives 10 working days (report fix), {OFF}"
    story.order(BAO, ReportFixed, evidence=PHOTO)
    assert why(story, "verify")[1] == f"Policy default-1 gives 10 working days (verify, major), {OFF}"
    story.order(AMINA, ConcurWithFix)
    story.verify()
    checked = "Policy default-1 gives 10 working days (effectiveness, major)"
    assert why(story, "check_effectiveness")[1] == f"{checked}, {OFF}"


def test_containment_and_progress_have_days_of_their_own() -> None:
    assert why(a_confirmed_alarm(), "contain") == [
        "The factory was told of the finding on Monday 2 March 2026, 15:00.",
        "Policy default-1 gives 24 hours (contain, zero tolerance).",
    ]
    shared = a_case("collaborative", policy=in_working_days(), calendar=RESTFUL).commit()
    assert why(shared, "progress_review") == [
        "The committee committed on Monday 2 March 2026, 10:00.",
        f"Policy default-1 gives 10 working days (progress review, collaborative), {OFF}",
    ]
    alarm = a_case("zero_tolerance", policy=in_working_days(), calendar=RESTFUL)
    alarm.order(DINA, DecideAlarm, confirmed=True, reason=NOTE)
    assert (
        why(alarm, "contain")[1] == f"Policy default-1 gives 10 working days (contain, zero tolerance), {OFF}"
    )


def test_each_line_is_data_and_says_where_the_date_stands() -> None:
    story = a_case()
    owed = story.owed("commit")
    assert owed is not None
    lines = why_due(owed, story.finding, happened(story))
    assert [kind(line) for line in lines] == ["began", "counted"]
    assert lines[1] == Counted(span=Span(30), rule="commit", policy="default-1", severity=Severity.MAJOR)
    assert [so_far.day for _, so_far in standing(lines, story.finding.calendar)] == [
        date(2026, 3, 2),
        date(2026, 4, 1),
    ]


def test_many_days_off_are_counted_rather_than_named() -> None:
    days = tuple(Skipped(date(2026, 3, day), holiday=True) for day in range(1, 8))
    line = Counted(span=Span(9, Unit.WORKING_DAYS), rule="decide", policy="p", skipped=days)
    assert told(line, RESTFUL).endswith("the holiday Thursday 5 March 2026 and 2 days more.")


def test_a_recovery_plan_and_its_answer_count_from_what_asked_for_them() -> None:
    story = SITUATIONS["recovery plan owed"]()
    owed = "recovery_plan:action:a1"
    assert why(story, owed)[0] == (
        "It came to a level that asks for a recovery plan on Monday 23 March 2026, 09:00."
    )
    assert why(story, owed)[1] == "Policy default-1 gives 14 days (recovery plan)."
    about = {"obligation": "action:a1"}
    story.order(BAO, FileRecoveryPlan, **about, note=NOTE, until=story.day(20))
    assert why(story, f"decide_{owed}") == [
        "The recovery plan was filed on Thursday 2 April 2026, 10:00.",
        "Policy default-1 gives 5 working days (decide recovery plan).",
    ]
    story.order(TOMAS, ReturnRecoveryPlan, **about, reason=NOTE)
    assert why(story, owed)[0] == "The recovery plan was returned on Thursday 2 April 2026, 10:00."


def test_the_panels_decision_counts_from_when_it_was_asked() -> None:
    assert why(SITUATIONS["decision due"](), "decide_consequence:action:a1") == [
        "It came to the level that people decide on, on Wednesday 10 June 2026, 09:00.",
        "Policy default-1 gives 14 days (decide consequence).",
    ]


def test_a_cancelled_alarm_leaves_a_finding_with_dates_of_its_own() -> None:
    story = a_case("zero_tolerance", factory_told=True)
    story.later(hours=3)
    story.order(DINA, DecideAlarm, confirmed=False, reason=NOTE, severity=Severity.MINOR)
    assert why(story, "commit")[0] == "The finding was issued on Monday 2 March 2026, 10:00."


def test_the_days_of_a_dispute_that_was_taken_back_are_told_like_those_of_one_that_was_decided() -> None:
    story = a_case()
    story.order(BAO, Dispute, reason=NOTE)
    story.later(days=4)
    story.order(BAO, TakeBack, what=Statement.DISPUTE)
    assert why(story, "commit")[2] == "The dispute took 4 days, which are added."
