"""Findings run ahead under assumptions: the same rules, the same letters."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from remediation import facts
from remediation.facts import DecisionDue, Escalated, Fact, Reminded, Scheduled
from remediation.forecast import forecast
from remediation.orders import (
    CosignExtension,
    CountersignSuspension,
    DeclareDeadlock,
    Dispute,
    RequestExtension,
    Sign,
    Suspend,
)
from remediation.policy import Policy, Quorum, Reminders, Terms, Windows
from remediation.simulation import (
    Assumptions,
    Course,
    Start,
    compare,
    periods,
    refolded,
    simulate,
    simulate_all,
    tally,
)
from remediation.spans import Span
from remediation.words import Consequence, Duty, LetterKind, Role, Severity, Stage, SuspensionCause
from tests.rules.cast import (
    AMINA,
    AMINAS_SEAT,
    BAO,
    CHLOE,
    FIRST,
    MONDAY,
    NOTE,
    PLAN,
    RESTFUL,
    TOMAS,
    Story,
    a_case,
    a_closed_case,
    a_confirmed_alarm,
    an_issue,
)

YEAR = timedelta(days=365)
QUARTER = timedelta(days=100)
ON_TIME = Assumptions()


def ahead(story: Story, assumptions: Assumptions = ON_TIME, span: timedelta = YEAR) -> Course:
    start = Start(finding=story.finding, seq=story.case.seq)
    return simulate(start, assumptions, story.now, story.now + span)


def kinds(course: Course) -> list[str]:
    """Give what happens beside reminders."""
    return [facts.kind(type(fact)) for _, fact in course.facts if not isinstance(fact, Reminded)]


def notices(course: Course) -> list[Fact]:
    return [fact for _, fact in course.facts if isinstance(fact, Scheduled)]


def retold(story: Story, policy: Policy) -> Start:
    told = [(entry.at, entry.by, fact) for entry, fact in zip(story.entries, story.facts, strict=True)]
    return Start(finding=refolded(told, policy, story.finding.calendar), seq=story.case.seq)


@pytest.mark.parametrize("severity", ["major", "critical", "minor"])
def test_nobody_signs_is_what_the_clock_records_when_nobody_does_anything(severity: str) -> None:
    story = a_case(severity, calendar=RESTFUL)
    course = ahead(story, Assumptions(nobody_signs=True), QUARTER)
    assert notices(course) == [fact for _, fact in course.facts]
    really = story.later(days=QUARTER.days)
    assert tuple(fact for _, fact in course.facts) == really
    assert course.finding == story.finding


def test_nobody_signs_tells_whom_the_forecast_tells() -> None:
    story = a_case()
    course = ahead(story, Assumptions(nobody_signs=True), QUARTER)
    foretold = forecast(story.case, story.now + QUARTER)
    assert [(each.at, each.letter) for each in course.told] == [(each.at, each.letter) for each in foretold]


def test_nobody_reports_is_what_the_clock_records_after_the_commitment() -> None:
    story = a_case("collaborative").commit()
    span = timedelta(days=60 + 90 + 2)
    course = ahead(story, Assumptions(nobody_reports=True), span)
    assert tuple(fact for _, fact in course.facts) == story.later(days=span.days)
    climbed = [fact for fact in notices(course) if isinstance(fact, Escalated | DecisionDue)]
    assert [fact.level for fact in climbed if fact.duty == "action"] == [1, 2, 3, 4, 5]


def test_the_decision_panel_is_assumed_to_let_it_be() -> None:
    course = ahead(a_case().commit(), Assumptions(nobody_reports=True))
    (decided,) = (fact for _, fact in course.facts if isinstance(fact, facts.ConsequenceDecided))
    assert decided.consequence is Consequence.NONE
    assert "recovery_plan_filed" not in kinds(course), "who shows nothing plans nothing"


def test_a_recovery_plan_is_filed_and_accepted_and_the_ladder_waits_for_it() -> None:
    course = ahead(a_case("critical").commit(), Assumptions(slip_days=40))
    assert {"recovery_plan_filed", "recovery_plan_accepted", "deescalated"} <= set(kinds(course))
    assert course.stuck == ()
    tight = replace(Policy().terms[Severity.MAJOR], fix=Span(20))
    terms = Policy().terms | {Severity.MAJOR: tight}
    story = a_case(policy=Policy(version="tight", terms=terms))
    story.commit(story.action(days=10))
    assert ahead(story, Assumptions(slip_days=40)).stuck == ()


@pytest.mark.parametrize("severity", list(Severity))
def test_everything_on_time_escalates_nothing_and_ends_well(severity: str) -> None:
    course = ahead(a_case(severity), span=3 * YEAR)
    assert "escalated" not in kinds(course)
    assert course.stuck == ()
    dated = Policy().terms[Severity(severity)].effectiveness is not None
    assert course.finding.stage is (Stage.SUSTAINED if dated else Stage.CLOSED)


def test_everything_is_done_at_noon_of_its_last_day() -> None:
    course = ahead(a_case())
    local = RESTFUL.local
    done = {facts.kind(type(fact)): local(at) for at, fact in course.facts if not isinstance(fact, Reminded)}
    assert done["proposed"] == datetime(2026, 3, 23, 12)  # noqa: DTZ001 - the factory's clock
    assert done["committed"] == datetime(2026, 4, 1, 12)  # noqa: DTZ001 - the factory's clock
    assert done["fix_reported"].date() == date(2026, 6, 7)


def test_a_fix_that_slips_climbs_the_ladder_so_far() -> None:
    on_time, late = ahead(a_case().commit()), ahead(a_case().commit(), Assumptions(slip_days=10))
    assert "escalated" not in kinds(on_time)
    assert [fact.level for fact in notices(late) if isinstance(fact, Escalated)] == [1, 2]
    (done,) = (at for at, fact in late.facts if isinstance(fact, facts.ProgressRecorded))
    assert RESTFUL.today(done) == date(2026, 5, 11)
    assert late.finding.stage is Stage.SUSTAINED


def test_the_script_obeys_the_rules_as_people_must() -> None:
    """What the simulation decides is what a case records when its orders are given for real."""
    story = a_case()
    course = ahead(story, span=timedelta(days=50))
    until = story.now + timedelta(days=50)
    (proposed, plan) = next((at, fact) for at, fact in course.facts if isinstance(fact, facts.Proposed))
    committed = next(at for at, fact in course.facts if isinstance(fact, facts.Committed))
    story.later(seconds=(proposed - story.now).total_seconds())
    story.propose(AMINA, plan.revision, actions=plan.actions)
    story.later(seconds=(committed - story.now).total_seconds())
    for seat in story.finding.seats:
        if story.finding.stage is Stage.UNDER_REVIEW:
            story.order(seat.person, Sign, revision=plan.revision)
    story.later(seconds=(until - story.now).total_seconds())
    assert story.facts[1:] == [fact for _, fact in course.facts]
    assert story.finding == course.finding


def test_what_was_missed_before_is_caught_up_first() -> None:
    story = a_case()
    story.now += timedelta(days=40)
    course = ahead(story)
    first, *_ = course.facts
    assert first[0] == story.now
    assert {"escalated", "committed"} <= set(kinds(course))
    assert course.finding.stage is Stage.SUSTAINED


def test_a_plan_after_the_last_day_allowed_needs_the_advisors_later_date() -> None:
    story = a_case()
    story.later(days=100)
    course = ahead(story)
    assert kinds(course)[:3] == ["later_date_allowed", "proposed", "signed"]
    assert course.finding.stage is Stage.SUSTAINED


def test_what_lies_on_the_table_is_signed_by_those_who_have_not() -> None:
    story = a_case()
    story.propose()
    story.order(AMINA, Sign, revision=PLAN)
    course = ahead(story, span=timedelta(days=40))
    assert kinds(course)[0] == "signed"
    assert "proposed" not in kinds(course)


def test_what_can_no_longer_be_signed_is_proposed_anew() -> None:
    story = a_case()
    story.propose(actions=(story.action(days=5),))
    assert "proposed" in kinds(ahead(story, span=timedelta(days=40)))


def test_a_committee_without_one_side_gets_nowhere_and_that_is_said() -> None:
    alone, nobody = ahead(a_case(seats=(AMINAS_SEAT,))), ahead(a_case(seats=()))
    assert [(each.obligation, each.code) for each in alone.stuck] == [("commit", "not_enough")]
    assert [each.obligation for each in nobody.stuck] == ["review", "commit"]
    assert max(fact.level for fact in notices(nobody) if isinstance(fact, Escalated)) == 3, "plans hold it"


def test_what_the_rules_refuse_is_left_undone_and_named() -> None:
    terms = Policy().terms | {Severity.MAJOR: replace(Policy().terms[Severity.MAJOR], effectiveness=Span(1))}
    story = a_closed_case()
    early = replace(story.finding, policy=Policy(terms=terms))
    fix = story.finding.fix
    assert fix is not None
    same_day = story.now + timedelta(hours=2)
    early = replace(early, fix=replace(fix, effectiveness_by=same_day))
    course = simulate(Start(finding=early, seq=9), ON_TIME, story.now, story.now + timedelta(days=5))
    assert [(each.obligation, each.code) for each in course.stuck] == [("check_effectiveness", "too_early")]


def test_disputes_mediations_and_requests_are_decided_in_time() -> None:
    disputed = a_case()
    disputed.order(BAO, Dispute, reason=NOTE)
    assert kinds(ahead(disputed))[0] == "dispute_decided"
    stuck = a_case(policy=Policy(windows=Windows(mediate=Span(7))))
    stuck.propose()
    stuck.order(BAO, DeclareDeadlock, reason=NOTE)
    assert kinds(ahead(stuck))[0] == "mediation_closed"
    asked = a_case().commit()
    until = asked.day(70)
    asked.order(AMINA, RequestExtension, actions=(FIRST,), until=until, reason=NOTE, interim_protection=NOTE)
    asked.order(BAO, CosignExtension)
    course = ahead(asked)
    assert kinds(course)[0] == "extension_decided"
    assert course.finding.actions[0].due < until


def test_a_request_for_a_suspension_is_declined_so_that_no_clock_is_stopped_that_runs() -> None:
    story = a_case().commit()
    due = story.finding.actions[0].due
    asked = {"cause": SuspensionCause.STRIKE, "until": story.day(20), "reason": NOTE}
    story.order(CHLOE, Suspend, **asked)
    course = ahead(story)
    assert kinds(course)[0] == "suspension_declined"
    assert course.finding.actions[0].due == due


def test_a_suspension_runs_out_before_anything_is_told_to_the_factory() -> None:
    story = a_case().commit()
    asked = {"cause": SuspensionCause.STRIKE, "until": story.day(49), "reason": NOTE}
    story.order(CHLOE, Suspend, **asked)
    story.order(TOMAS, CountersignSuspension)
    course = ahead(story, Assumptions(nobody_reports=True))
    first = course.told[0]
    assert (first.letter.kind, first.local.date()) == (LetterKind.RESUMED, story.day(50))
    level = next(each for each in course.told if each.letter.kind is LetterKind.OVERDUE)
    assert level.local.date() == story.day(60 + 50 + 1)


def test_alarms_are_met_within_their_hours() -> None:
    course = ahead(a_confirmed_alarm(), span=timedelta(days=4))
    assert {"authority_notified", "contained", "proposed"} <= set(kinds(course))
    assert "escalated" not in kinds(course)


def test_collaborative_findings_are_reviewed_until_they_are_done() -> None:
    story = a_case("collaborative")
    story.commit(story.action(days=200))
    course = ahead(story, Assumptions(slip_days=100), span=2 * YEAR)
    assert kinds(course).count("progress_recorded") == 4


def test_a_fresh_finding_is_told_of_first() -> None:
    story = a_case()
    start = Start(finding=story.finding, seq=1, fresh=an_issue())
    course = simulate(start, ON_TIME, MONDAY, MONDAY + timedelta(days=1))
    assert {each.letter.kind for each in course.told} == {LetterKind.NEW_FINDING}
    assert all(each.duty is None and each.level is None for each in course.told)


def test_letters_are_counted_by_month_or_week_of_the_factorys_days() -> None:
    course = ahead(a_case(), Assumptions(nobody_signs=True), timedelta(days=45))
    rows = tally(course.told)
    months = periods(rows)
    assert list(months) == [date(2026, 3, 1), date(2026, 4, 1)]
    assert sum(months.values()) == len(course.told)
    assert {row.role for row in rows if row.level == 2} == {Role.ADVISOR}
    assert all(row.period.weekday() == 0 for row in tally(course.told, weekly=True))


def test_the_same_policy_twice_shows_no_difference() -> None:
    stories = [a_case(), a_case("critical"), a_case().commit(), a_closed_case()]
    stories[0].later(days=50)
    before = [ahead(story) for story in stories]
    after = [simulate(retold(story, Policy()), ON_TIME, story.now, story.now + YEAR) for story in stories]
    found = compare(before, after)
    assert (found.letters, found.moved) == ((), ())


def test_a_stricter_policy_shows_whose_dates_move_and_which_letters_change() -> None:
    story = a_case()
    strict = Policy(
        version="strict",
        terms=Policy().terms | {Severity.MAJOR: Terms(None, Span(7), Span(14), Span(60), Span(14), None)},
        quorum=Quorum(percent=51),
    )
    before = ahead(story, Assumptions(nobody_signs=True))
    start = retold(story, strict)
    assert start.finding.policy.version == "strict"
    after = simulate(start, Assumptions(nobody_signs=True), story.now, story.now + YEAR)
    found = compare([before], [after])
    assert [each.date for each in found.moved] == ["review", "commit", "fix_by"]
    assert all(each.after < each.before for each in found.moved if each.after and each.before)
    assert {LetterKind.REMINDER, LetterKind.OVERDUE} < {row.kind for row in found.letters}
    assert all(row.before != row.after for row in found.letters)


def test_a_policy_without_a_last_day_takes_that_date_away() -> None:
    terms = Policy().terms | {Severity.MAJOR: replace(Policy().terms[Severity.MAJOR], fix=None)}
    story = a_case()
    start = retold(story, Policy(version="open", terms=terms))
    found = compare([ahead(story)], [simulate(start, ON_TIME, story.now, story.now + YEAR)])
    assert [(each.date, each.after) for each in found.moved] == [("fix_by", None)]


def test_a_story_begins_with_its_issue() -> None:
    with pytest.raises(ValueError, match="begins with its issue"):
        refolded([(MONDAY, CHLOE, facts.FixConcurred(person=AMINA))], Policy(), RESTFUL)


def test_findings_that_stand_alike_are_run_once_and_told_apart() -> None:
    stories = [a_case(finding=name, plan=plan) for name, plan in (("f1", "p1"), ("f2", "p2"))]
    stories.append(a_case("minor", finding="f3"))
    starts = [Start(finding=story.finding, seq=story.case.seq) for story in stories]
    together = simulate_all(starts, ON_TIME, MONDAY, MONDAY + YEAR)
    assert together == tuple(simulate(start, ON_TIME, MONDAY, MONDAY + YEAR) for start in starts)
    assert together[0].facts is together[1].facts


def test_what_a_like_finding_could_not_do_is_said_of_each() -> None:
    stories = [a_case(finding=name, seats=(AMINAS_SEAT,)) for name in ("f1", "f2")]
    starts = [Start(finding=story.finding, seq=story.case.seq) for story in stories]
    first, second = (each.stuck for each in simulate_all(starts, ON_TIME, MONDAY, MONDAY + YEAR))
    assert [(each.finding, each.obligation) for each in (*first, *second)] == [
        ("f1", "commit"),
        ("f2", "commit"),
    ]
    assert {each.at for each in first} == {each.at for each in second}
    assert all(MONDAY < each.at < MONDAY + YEAR for each in first)


def test_findings_of_two_policies_are_run_apart_however_alike_they_stand() -> None:
    one = a_case(finding="f1").finding
    other = replace(one, policy=Policy(version="other", reminders=Reminders(before=(1,))))
    starts = [Start(finding=each, seq=1) for each in (one, other)]
    first, second = simulate_all(starts, Assumptions(nobody_signs=True), MONDAY, MONDAY + YEAR)
    assert first.told != second.told


def test_each_letter_of_the_clock_says_what_it_is_about() -> None:
    course = ahead(a_case(), Assumptions(nobody_signs=True), QUARTER)
    about = {each.letter.obligation: each.duty for each in course.told if each.duty is not None}
    own, recovery = {"review": Duty.REVIEW, "commit": Duty.COMMIT}, Duty.RECOVERY_PLAN
    assert about == own | {f"{recovery}:{key}": recovery for key in own}


def test_letters_of_two_steps_are_two_letters() -> None:
    course = ahead(a_case())
    keys = [
        (each.letter.step, each.letter.obligation, each.letter.recipient, each.letter.due)
        for each in course.told
    ]
    assert len(keys) == len(set(keys))
