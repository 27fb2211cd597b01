"""Taking back one's own words, while nobody else has acted on them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from remediation.facts import Committed, Escalated, FixReported, TakenBack
from remediation.finding import Finding
from remediation.letters import letters_for
from remediation.notices import notice_of
from remediation.orders import (
    BookVerification,
    ConcurWithFix,
    CosignExtension,
    Dispute,
    ObjectToFix,
    Order,
    Refuse,
    ReportFixed,
    RequestExtension,
    Reseat,
    Sign,
    Suspend,
    TakeBack,
)
from remediation.spans import Span
from remediation.words import LetterKind, Modality, PersonId, Role, Side, Stage, Statement, SuspensionCause
from tests.rules.cast import (
    AMINA,
    AMINAS_SEAT,
    ASHA,
    BAO,
    BAOS_SEAT,
    BINH,
    CHLOE,
    ERIK,
    FIRST,
    NOTE,
    OUTSIDER,
    PHOTO,
    PLAN,
    SYSTEM,
    Story,
    a_case,
    a_confirmed_alarm,
)
from tests.rules.reprojecting import working_days
from tests.rules.situations import SITUATIONS


def taken(story: Story, person: PersonId, what: Statement) -> TakenBack:
    fact, *_ = story.order(person, TakeBack, what=what)
    assert isinstance(fact, TakenBack)
    return fact


def told_of(fact: TakenBack) -> set[Role]:
    letters = letters_for(fact, 9)
    assert {each.kind for each in letters} <= {LetterKind.TAKEN_BACK}
    return {each.role for each in letters}


def disputing() -> Story:
    story = a_case()
    story.order(BAO, Dispute, reason=NOTE)
    return story


def asking_for_a_later_date(person: PersonId = AMINA) -> Story:
    story = a_case().commit()
    asked = {"until": story.day(70), "reason": NOTE, "interim_protection": NOTE}
    story.order(person, RequestExtension, actions=(FIRST,), **asked)
    return story


def voting(kind: type[Order], **fields: Any) -> Story:  # noqa: ANN401 - of a vote
    story = a_case()
    story.propose()
    story.order(BINH, kind, revision=PLAN, **fields)
    return story


def confirming() -> Story:
    story = SITUATIONS["reported"]()
    story.order(ASHA, ConcurWithFix)
    return story


def essence(finding: Finding) -> tuple[object, ...]:
    return finding.stage, finding.actions, finding.proposal, finding.fix, finding.last_progress


SAID: dict[Statement, tuple[PersonId, Callable[[], Story], set[Role]]] = {
    Statement.SIGNATURE: (BINH, lambda: voting(Sign), set()),
    Statement.REFUSAL: (BINH, lambda: voting(Refuse, reason=NOTE), {Role.WORKER_MEMBER}),
    Statement.DISPUTE: (BAO, disputing, {Role.TEAM_LEADER, Role.ADVISOR}),
    Statement.EXTENSION_REQUEST: (AMINA, asking_for_a_later_date, {Role.MANAGEMENT_CO_CHAIR}),
    Statement.SUSPENSION_REQUEST: (CHLOE, SITUATIONS["waiting for a suspension"], {Role.TEAM_LEADER}),
    Statement.FIX_REPORT: (BAO, SITUATIONS["reported"], {Role.WORKER_CO_CHAIR, Role.ADVISOR}),
    Statement.CONFIRMATION: (ASHA, confirming, set()),
}
"""Who has said it, how, and who is told that it was taken back: whoever was told of it."""


@pytest.mark.parametrize("what", Statement)
def test_who_said_something_takes_it_back_and_nobody_else_does(what: Statement) -> None:
    person, begin, told = SAID[what]
    story = begin()
    others = {AMINA, ASHA, BAO, BINH, CHLOE, ERIK, OUTSIDER} - {person}
    if what is Statement.EXTENSION_REQUEST:
        others -= {ASHA}
    for other in others:
        assert story.refused(other, TakeBack, what=what) in {"not_yours", "not_a_member"}
    assert told_of(taken(story, person, what)) == told
    story.refused(person, TakeBack, what=what)


@pytest.mark.parametrize("what", Statement)
def test_what_was_not_said_is_not_taken_back(what: Statement) -> None:
    for situation in ("issued", "committed", "closed", "sustained"):
        SITUATIONS[situation]().refused(SAID[what][0], TakeBack, what=what)


def test_a_vote_counts_no_more_and_can_be_given_again() -> None:
    refused = voting(Refuse, reason=NOTE)
    for story, what in ((voting(Sign), Statement.SIGNATURE), (refused, Statement.REFUSAL)):
        taken(story, BINH, what)
        proposal = story.finding.proposal
        assert proposal is not None
        assert (proposal.signed, proposal.refused) == ((), ())
        story.order(BINH, Sign, revision=PLAN)


def test_a_vote_stands_once_the_plan_is_promised_or_has_failed() -> None:
    committed = a_case().commit()
    assert committed.refused(AMINA, TakeBack, what=Statement.SIGNATURE) == "not_at_this_stage"
    failed = voting(Refuse, reason=NOTE)
    failed.order(BAO, Refuse, revision=PLAN, reason=NOTE)
    assert failed.refused(BAO, TakeBack, what=Statement.REFUSAL) == "already_done"


def test_a_refusal_is_taken_back_to_the_author_who_had_heard_of_it() -> None:
    story = voting(Refuse, reason=NOTE)
    (letter,) = letters_for(taken(story, BINH, Statement.REFUSAL), 9)
    assert (letter.person, letter.role, letter.step) == (AMINA, Role.WORKER_MEMBER, "#9")


def test_a_dispute_of_the_same_day_leaves_no_trace_on_the_dates_and_may_be_raised_again() -> None:
    story = a_case()
    before = story.finding
    story.order(BAO, Dispute, reason=NOTE)
    story.later(hours=3)
    assert taken(story, BAO, Statement.DISPUTE).days_added == 0
    assert (story.stage(), story.finding.commit_by) == (Stage.ISSUED, before.commit_by)
    story.order(AMINA, Dispute, reason=NOTE)


def test_a_dispute_that_has_stopped_the_clock_adds_its_days_and_was_the_only_one() -> None:
    story = disputing()
    due = story.finding.commit_by
    story.later(days=4)
    assert taken(story, BAO, Statement.DISPUTE).days_added == 4
    assert (story.finding.commit_by - due).days == 4
    assert story.refused(AMINA, Dispute, reason=NOTE) == "already_done"


def test_a_committee_that_changed_meanwhile_is_counted_when_a_dispute_is_taken_back() -> None:
    story = a_case()
    story.propose()
    story.order(AMINA, Sign, revision=PLAN)
    story.order(BINH, Dispute, reason=NOTE)
    story.order(SYSTEM, Reseat, seats=(AMINAS_SEAT,))
    facts = story.order(BINH, TakeBack, what=Statement.DISPUTE, acting=Role.MANAGER)
    assert [type(each).__name__ for each in facts] == ["TakenBack", "ProposalFailed"]


def test_an_alarm_runs_on_while_it_is_disputed_so_that_no_day_is_added() -> None:
    story = a_confirmed_alarm()
    story.order(AMINA, Dispute, reason=NOTE)
    story.later(days=2)
    fact = taken(story, AMINA, Statement.DISPUTE)
    assert (fact.days_added, fact.side) == (0, Side.WORKER)


@pytest.mark.parametrize(
    ("person", "other"), [(AMINA, Role.MANAGEMENT_CO_CHAIR), (BAO, Role.WORKER_CO_CHAIR)]
)
def test_the_other_side_hears_that_a_request_was_taken_back(person: PersonId, other: Role) -> None:
    story = asking_for_a_later_date(person)
    assert told_of(taken(story, person, Statement.EXTENSION_REQUEST)) == {other}


def test_a_request_that_the_other_side_has_joined_stands() -> None:
    story = asking_for_a_later_date()
    story.order(BAO, CosignExtension)
    assert story.refused(AMINA, TakeBack, what=Statement.EXTENSION_REQUEST) == "already_done"


def test_any_member_of_the_side_that_asked_takes_its_request_back() -> None:
    story = asking_for_a_later_date()
    taken(story, ASHA, Statement.EXTENSION_REQUEST)
    assert story.finding.extension is None


def test_a_report_taken_back_is_owed_as_if_it_had_never_been_given() -> None:
    story = SITUATIONS["done"]()
    before = story.finding
    story.order(BAO, ReportFixed, evidence=PHOTO)
    taken(story, BAO, Statement.FIX_REPORT)
    assert essence(story.finding) == essence(before)
    assert story.owes == {"report_fix"}
    assert isinstance(story.order(BAO, ReportFixed, evidence=PHOTO)[0], FixReported)


def test_taking_a_late_report_back_takes_nothing_off_the_ladder() -> None:
    story = SITUATIONS["done"]()
    story.later(days=68)
    owed = story.owed("report_fix")
    assert owed is not None
    climbed = notice_of(story.finding, owed)
    assert climbed.level == 2
    story.order(BAO, ReportFixed, evidence=PHOTO)
    story.later(days=5)
    taken(story, BAO, Statement.FIX_REPORT)
    assert notice_of(story.finding, owed) == climbed
    assert [fact.level for fact in story.keep_time() if isinstance(fact, Escalated)] == [3]


def test_whatever_was_sent_while_the_report_stood_leaves_it_as_late_as_it_was() -> None:
    story = a_case(policy=working_days(verify=Span(10))).commit().do()
    story.later(days=68)
    owed = story.owed("report_fix")
    assert owed is not None
    climbed = notice_of(story.finding, owed)
    assert climbed.level == 2
    story.order(BAO, ReportFixed, evidence=PHOTO)
    story.later(days=5)
    assert [each.obligation for each in story.finding.notices] == ["verify"]
    taken(story, BAO, Statement.FIX_REPORT)
    assert notice_of(story.finding, owed) == climbed


@pytest.mark.parametrize(
    ("person", "kind", "fields"),
    [
        (AMINA, ObjectToFix, {"reason": NOTE}),
        (AMINA, ConcurWithFix, {}),
        (CHLOE, BookVerification, {"verifier": ERIK, "modality": Modality.ON_SITE}),
    ],
)
def test_a_report_on_which_others_have_acted_stands(
    person: PersonId, kind: type[Order], fields: dict[str, Any]
) -> None:
    story = SITUATIONS["reported"]()
    booked = {"on": story.day(3)} if kind is BookVerification else {}
    story.order(person, kind, **fields, **booked)
    assert story.refused(BAO, TakeBack, what=Statement.FIX_REPORT) == "already_done"


def test_a_report_stands_once_the_workers_time_to_answer_is_over() -> None:
    story = SITUATIONS["reported"]()
    story.later(days=8)
    assert story.refused(BAO, TakeBack, what=Statement.FIX_REPORT) == "too_late"


def test_a_confirmation_taken_back_lets_the_workers_answer_again() -> None:
    story = confirming()
    taken(story, ASHA, Statement.CONFIRMATION)
    story.order(AMINA, ObjectToFix, reason=NOTE)


def test_a_confirmation_stands_after_an_objection_and_after_the_time_to_answer() -> None:
    objected, late = confirming(), confirming()
    objected.order(AMINA, ObjectToFix, reason=NOTE)
    assert objected.refused(ASHA, TakeBack, what=Statement.CONFIRMATION) == "too_late"
    late.later(days=8)
    assert late.refused(ASHA, TakeBack, what=Statement.CONFIRMATION) == "too_late"


def test_a_request_for_a_suspension_taken_back_can_be_put_anew() -> None:
    story = SITUATIONS["waiting for a suspension"]()
    taken(story, CHLOE, Statement.SUSPENSION_REQUEST)
    assert story.finding.suspension is None
    story.order(CHLOE, Suspend, cause=SuspensionCause.STRIKE, until=story.day(5), reason=NOTE)


def test_a_signature_taken_back_is_missing_until_it_is_given_again() -> None:
    story = a_case(seats=(AMINAS_SEAT, BAOS_SEAT))
    story.propose()
    story.order(AMINA, Sign, revision=PLAN)
    taken(story, AMINA, Statement.SIGNATURE)
    story.order(BAO, Sign, revision=PLAN)
    assert story.stage() is Stage.UNDER_REVIEW
    assert isinstance(story.order(AMINA, Sign, revision=PLAN)[-1], Committed)


SIDES = {
    Statement.SIGNATURE: Side.MANAGEMENT,
    Statement.REFUSAL: Side.MANAGEMENT,
    Statement.DISPUTE: Side.MANAGEMENT,
    Statement.EXTENSION_REQUEST: Side.WORKER,
    Statement.CONFIRMATION: Side.WORKER,
}
"""On whose side it was said; what staff and managers say is said on none."""


@pytest.mark.parametrize("what", Statement)
def test_the_ledger_keeps_who_took_what_back_and_for_which_side(what: Statement) -> None:
    person, begin, _ = SAID[what]
    fact = taken(begin(), person, what)
    assert (fact.what, fact.person, fact.side) == (what, person, SIDES.get(what))


def test_a_refusal_taken_back_names_the_author_of_what_was_refused_and_their_side() -> None:
    story = a_case()
    story.propose(BAO)
    story.order(BINH, Refuse, revision=PLAN, reason=NOTE)
    fact = taken(story, BINH, Statement.REFUSAL)
    assert (fact.author, fact.author_side) == (BAO, Side.MANAGEMENT)


def test_nothing_is_left_of_a_dispute_or_a_confirmation() -> None:
    disputed, confirmed = disputing(), confirming()
    taken(disputed, BAO, Statement.DISPUTE)
    assert (disputed.finding.disputed_at, disputed.finding.disputed_by) == (None, None)
    taken(confirmed, ASHA, Statement.CONFIRMATION)
    fix = confirmed.finding.fix
    assert fix is not None
    assert (fix.concurred, fix.concurred_by) == (False, None)


@pytest.mark.parametrize(
    ("begin", "person", "what"),
    [(SITUATIONS["reported"], BAO, Statement.FIX_REPORT), (confirming, ASHA, Statement.CONFIRMATION)],
)
def test_the_time_to_take_back_ends_at_the_instant_the_time_to_answer_does(
    begin: Callable[[], Story], person: PersonId, what: Statement
) -> None:
    story = begin()
    fix = story.finding.fix
    assert fix is not None
    story.outage(seconds=(fix.objections_until - story.now).total_seconds() - 1)
    story.now += timedelta(seconds=1)
    assert story.now == fix.objections_until
    assert story.refused(person, TakeBack, what=what) == "too_late"
