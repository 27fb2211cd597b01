"""The meeting's rules: called, moved, cancelled, held with a quorum, minuted, signed by both sides."""

from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remediation.calendar import ONE_DAY
from remediation.facts import kind
from remediation.gatherings import case as table
from remediation.gatherings.case import GatheringCase, first_entry
from remediation.gatherings.gathering import Kind
from remediation.gatherings.letters import letters_for
from remediation.gatherings.meeting import rules
from remediation.gatherings.meeting.calling import FARTHEST, MOST_ITEMS, may_be_called
from remediation.gatherings.meeting.facts import AgendaItem, MeetingEnded, MinutesAgreed, Result, Vote
from remediation.gatherings.meeting.holding import MOST_VOTES
from remediation.gatherings.meeting.orders import (
    BeginMeeting,
    CancelMeeting,
    CorrectMinutes,
    EndMeeting,
    MoveMeeting,
    RecordAttendance,
    SetAgenda,
    SignMinutes,
    VoteTogether,
)
from remediation.gatherings.summary import summary
from remediation.gatherings.votes import orders_for
from remediation.ledger import first_broken
from remediation.notices import next_wake
from remediation.obligations import obligations
from remediation.orders import Order, Refuse, Seat, Sign, verb
from remediation.policy import Meetings, Policy
from remediation.refusals import Refusal
from remediation.rules.core import Stamp
from remediation.waiting import waits_of
from remediation.words import (
    AgendaKind,
    Digest,
    Duty,
    FindingId,
    Lateness,
    LetterKind,
    MeetingStage,
    NoteId,
    PersonId,
    Role,
    Side,
    SignatureMethod,
    Stage,
)
from tests.rules.cast import (
    AMINA,
    AMINAS_SEAT,
    ASHA,
    BAO,
    BAOS_SEAT,
    BINH,
    CHLOE,
    MONDAY,
    NOTE,
    OUTSIDER,
    RESTFUL,
    SEATS,
    fault,
)
from tests.rules.meeting import ITEM, SOON, VOTES, MeetingStory, a_call, a_meeting, a_minuted_meeting
from tests.rules.test_plan import facts_of, read

LATER = SOON + ONE_DAY
EVERYBODY = tuple(seat.person for seat in SEATS)
OTHER = AgendaItem(kind=AgendaKind.OTHER, note=NOTE)


def test_every_verb_has_its_rule_and_every_fact_its_effect() -> None:
    named = {verb(order): rule.__name__ for order, rule in rules.DECISIONS.items()}
    assert named == {name: name for name in table.verbs(Kind.MEETING)}
    assert all(effect.__name__ == kind(fact) for fact, effect in rules.EFFECTS.items())


def call_refused(**told: object) -> str:
    with pytest.raises(Refusal) as refused:
        may_be_called(a_call(**told), MONDAY)
    return fault(refused.value)


def test_it_is_called_for_a_time_ahead_with_a_sound_agenda_by_those_who_may() -> None:
    may_be_called(a_call(agenda=(ITEM, OTHER)), MONDAY)
    assert call_refused(starts=MONDAY) == "date_in_the_past.starts"
    assert call_refused(starts=MONDAY + FARTHEST + ONE_DAY) == "date_beyond_policy.starts"
    may_be_called(a_call(starts=MONDAY + FARTHEST, length=10), MONDAY)
    may_be_called(a_call(length=720), MONDAY)
    assert {call_refused(length=each) for each in (9, 721)} == {"field_invalid.length"}
    assert call_refused(acting=Role.BUYER) == "not_your_role"
    assert call_refused(seats=(AMINAS_SEAT,)) == "field_invalid.seats"
    assert call_refused(agenda=(ITEM, ITEM)) == "field_invalid.agenda"
    items = tuple(replace(ITEM, finding=FindingId(f"f{each}")) for each in range(MOST_ITEMS + 1))
    assert call_refused(agenda=items) == "field_invalid.agenda"
    may_be_called(a_call(agenda=items[:MOST_ITEMS]), MONDAY)


def test_it_begins_as_it_was_called_and_is_owed_by_who_called_it() -> None:
    meeting = a_meeting().meeting
    assert (meeting.opened_by, meeting.starts, meeting.length) == (AMINA, SOON, 90)
    assert (meeting.place, meeting.agenda, meeting.seats) == (NOTE, (ITEM,), SEATS)
    (owed,) = obligations(meeting)
    assert (owed.person, owed.owner, owed.lateness) == (AMINA, Role.WORKER_CO_CHAIR, Lateness.NO_COOPERATION)


@pytest.mark.parametrize(
    "item",
    [
        AgendaItem(kind=AgendaKind.OTHER),
        AgendaItem(kind=AgendaKind.SIGN, note=NOTE),
        AgendaItem(kind=AgendaKind.OTHER, finding=FindingId("f1"), note=NOTE),
        AgendaItem(kind=AgendaKind.REVIEW, finding=FindingId("f1"), note=NOTE),
    ],
)
def test_an_item_is_a_finding_or_words(item: AgendaItem) -> None:
    assert call_refused(agenda=(ITEM, item)) == "field_invalid.agenda[1]"


def test_the_agenda_can_be_changed_until_it_is_over() -> None:
    story = a_meeting().order(BAO, SetAgenda, agenda=(OTHER,))
    assert story.meeting.agenda == (OTHER,)
    assert story.refused(BAO, SetAgenda, agenda=(OTHER,)) == "same_as_before.agenda"
    story.begin().order(CHLOE, SetAgenda, agenda=(ITEM,))
    assert story.refused(OUTSIDER, SetAgenda, agenda=(OTHER,)) == "not_your_role"
    assert story.end().refused(BAO, SetAgenda, agenda=()) == "not_at_this_stage"


def test_moving_counts_up_and_reminds_anew() -> None:
    story = a_meeting().later(days=9, hours=1)
    assert story.kinds == ["meeting_called", "reminded", "reminded"]
    assert (
        story.order(BAO, MoveMeeting, starts=LATER, length=60, reason=NOTE, place=NOTE).meeting.place == NOTE
    )
    story.order(BAO, MoveMeeting, starts=LATER, length=60, reason=NOTE)
    meeting = story.meeting
    assert (meeting.starts, meeting.length, meeting.place, meeting.sequence) == (LATER, 60, None, 2)
    assert (meeting.reason, meeting.notices, meeting.ends) == (NOTE, (), LATER + timedelta(hours=1))
    same = {"starts": LATER, "length": 60, "reason": NOTE}
    assert story.refused(BAO, MoveMeeting, **same) == "same_as_before.starts"
    assert story.refused(BAO, MoveMeeting, **(same | {"starts": story.now})) == "date_in_the_past.starts"
    assert story.refused(OUTSIDER, MoveMeeting, **same) == "not_your_role"
    assert story.begin().refused(BAO, MoveMeeting, **same) == "not_at_this_stage"


def test_a_cancelled_meeting_asks_nothing_more() -> None:
    story = a_meeting().later(days=9, hours=1).order(CHLOE, CancelMeeting, reason=NOTE)
    meeting = story.meeting
    assert (meeting.reason, meeting.notices) == (NOTE, ())
    assert (meeting.stage, meeting.ended, meeting.sequence) == (MeetingStage.CANCELLED, True, 1)
    assert (obligations(meeting), next_wake(meeting)) == ((), None)
    with pytest.raises(Refusal, match="life is over"):
        story.order(CHLOE, CancelMeeting, reason=NOTE)
    assert a_meeting().refused(OUTSIDER, CancelMeeting, reason=NOTE) == "not_your_role"
    assert a_meeting().begin().refused(BAO, CancelMeeting, reason=NOTE) == "not_at_this_stage"


def test_it_begins_on_its_day_and_not_before() -> None:
    early = a_meeting()
    assert early.refused(AMINA, BeginMeeting, seats=SEATS) == "too_early"
    story = early.begin()
    assert (story.meeting.stage, story.meeting.present) == (MeetingStage.IN_SESSION, ())
    assert story.refused(AMINA, BeginMeeting, seats=SEATS) == "not_at_this_stage"
    assert story.refused(OUTSIDER, BeginMeeting, seats=SEATS) == "not_your_role"


def test_whoever_is_seated_on_the_day_meets() -> None:
    story = a_meeting()
    story.later(days=10).order(AMINA, BeginMeeting, seats=(AMINAS_SEAT, BAOS_SEAT))
    assert story.refused(AMINA, RecordAttendance, present=(ASHA,)) == "not_a_member.present[0]"


def test_the_quorum_is_seen_as_members_come() -> None:
    story = a_meeting().begin()
    assert not story.meeting.has_quorum
    story.order(CHLOE, RecordAttendance, present=(BINH, AMINA))
    assert story.meeting.present == (AMINA, BINH), "in the order of the seats"
    worker = story.meeting.side_here(Side.WORKER)
    assert (worker.side, worker.here, worker.needed, worker.seats) == (Side.WORKER, 1, 2, 2)
    assert not worker.enough
    assert story.refused(CHLOE, RecordAttendance, present=(AMINA, BINH)) == "same_as_before.present"
    story.order(CHLOE, RecordAttendance, present=(AMINA, ASHA, BAO, BINH))
    assert story.meeting.has_quorum
    assert story.refused(OUTSIDER, RecordAttendance, present=()) == "not_your_role"
    assert story.end().refused(CHLOE, RecordAttendance, present=()) == "not_at_this_stage"


def test_an_elected_worker_must_be_there_where_there_is_one() -> None:
    seats = (AMINAS_SEAT, Seat(person=ASHA, side=Side.WORKER), Seat(person=PersonId("eli"), side=Side.WORKER))
    story = a_meeting()
    story.later(days=10).order(AMINA, BeginMeeting, seats=(*seats, BAOS_SEAT))
    story.order(AMINA, RecordAttendance, present=(ASHA, PersonId("eli"), BAO))
    assert story.meeting.lacks_elected
    assert not story.meeting.has_quorum
    lenient = replace(story.meeting, policy=Policy(meetings=Meetings(elected_worker=False)))
    assert lenient.has_quorum
    unelected = tuple(replace(seat, elected=False) for seat in (*seats, BAOS_SEAT))
    assert replace(story.meeting, seats=unelected).has_quorum


SIDES = st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(0, 100))


@given(SIDES, st.data())
@settings(max_examples=40, deadline=None)
def test_a_quorum_needs_more_than_the_policys_part_of_each_side(
    sides: tuple[int, int, int], data: st.DataObject
) -> None:
    workers, managers, percent = sides
    seats = tuple(
        Seat(person=PersonId(f"{side}-{number}"), side=side, elected=number == 0 and side is Side.WORKER)
        for side, size in ((Side.WORKER, workers), (Side.MANAGEMENT, managers))
        for number in range(size)
    )
    present = tuple(data.draw(st.sets(st.sampled_from([seat.person for seat in seats]))))
    policy = Policy(version="own", meetings=Meetings(percent=percent))
    meeting = replace(a_meeting(policy=policy, seats=seats).meeting, present=present)
    shares = {side: [seat.person in present for seat in seats if seat.side is side] for side in Side}
    enough = all(all(here) or sum(here) * 100 > len(here) * percent for here in shares.values())
    assert meeting.has_quorum == (enough and PersonId("worker-0") in present)


def test_members_vote_on_many_findings_at_once_while_there_is_a_quorum() -> None:
    story = a_meeting().begin(*EVERYBODY).vote(AMINA, method=SignatureMethod.SHARED_DEVICE)
    entry = story.entries[-1]
    sent = orders_for(read(entry), entry)
    assert [finding for finding, _ in sent] == ["f1", "f2"]
    assert all(
        isinstance(order, Sign) and order.by == AMINA and order.method is SignatureMethod.SHARED_DEVICE
        for _, order in sent
    )
    assert {(order.acting, order.revision) for _, order in sent} == {  # type: ignore[attr-defined]
        (Role.WORKER_CO_CHAIR, VOTES[0].revision)
    }
    assert {len(order.id) for _, order in sent} == {34}
    assert sent == orders_for(read(entry), entry), "whoever asks again is told the same"
    assert len({order.id for _, order in sent}) == 2


def test_a_refusal_among_them_bears_its_reason() -> None:
    refusal = replace(VOTES[0], reason=NoteId("why"))
    story = a_meeting().begin(*EVERYBODY).vote(BAO, (refusal, VOTES[1]))
    first, second = (order for _, order in orders_for(read(story.entries[-1]), story.entries[-1]))
    assert isinstance(first, Refuse)
    assert (first.reason, first.by, first.acting) == ("why", BAO, Role.MANAGER)
    assert (first.revision, len(first.id)) == (VOTES[0].revision, 34)
    assert isinstance(second, Sign)
    assert second.method is SignatureMethod.OWN_DEVICE


def test_nothing_else_is_sent_to_findings() -> None:
    story = a_minuted_meeting()
    assert [orders_for(read(each), each) for each in story.entries] == [()] * len(story.entries)


def test_who_may_not_vote_together() -> None:
    story = a_meeting().begin(AMINA, ASHA, BAO)
    assert story.refused(AMINA, VoteTogether, votes=VOTES) == "quorum_missing"
    story.order(CHLOE, RecordAttendance, present=(AMINA, ASHA, BAO, BINH))
    for votes in ((), (VOTES[0], VOTES[0]), many(MOST_VOTES + 1)):
        assert story.refused(AMINA, VoteTogether, votes=votes) == "field_invalid.votes"
    story.vote(AMINA, many(MOST_VOTES)).vote(AMINA, VOTES[:1])
    assert story.refused(CHLOE, VoteTogether, votes=VOTES) == "not_a_member"
    story.order(CHLOE, RecordAttendance, present=(AMINA, ASHA, BAO))
    assert story.refused(BINH, VoteTogether, votes=VOTES) == "not_present"
    assert story.end().refused(AMINA, VoteTogether, votes=VOTES) == "not_at_this_stage"


def many(number: int) -> tuple[Vote, ...]:
    return tuple(replace(VOTES[0], finding=FindingId(f"f{each}")) for each in range(number))


def test_its_minutes_are_drafted_as_it_ends_and_wait_for_each_side() -> None:
    result = Result(finding=FindingId("f1"), stage=Stage.COMMITTED, counted=2)
    story = a_meeting().begin(AMINA, BAO).end(results=(result,), remarks=NOTE)
    (ended,) = facts_of(story, "meeting_ended")
    assert isinstance(ended, MeetingEnded)
    assert (ended.quorate, ended.results, ended.remarks) == (False, (result,), NOTE)
    assert (story.meeting.quorate, story.meeting.results, story.meeting.remarks) == (False, (result,), NOTE)
    assert (story.meeting.stage, story.meeting.notices) == (MeetingStage.MINUTED, ())
    assert story.meeting.sign_by == story.meeting.calendar.end_of(date(2026, 3, 19))
    owed = obligations(story.meeting)
    assert [(each.key, each.owner) for each in owed] == [
        ("sign_minutes:worker", Role.WORKER_CO_CHAIR),
        ("sign_minutes:management", Role.MANAGEMENT_CO_CHAIR),
    ]
    assert [each.what for each in waits_of(story.meeting)] == [Duty.SIGN_MINUTES] * 2
    assert story.refused(CHLOE, EndMeeting) == "not_at_this_stage"
    assert a_meeting().begin().refused(OUTSIDER, EndMeeting) == "not_your_role"


def test_both_sides_sign_and_its_life_ends() -> None:
    story = a_minuted_meeting().sign(AMINA).later(days=6)
    assert story.meeting.notices
    assert [each.key for each in obligations(story.meeting)] == ["sign_minutes:management"]
    assert story.refused(AMINA, SignMinutes, minutes=story.meeting.minutes) == "already_done"
    story.sign(BAO)
    assert facts_of(story, "minutes_agreed") == [MinutesAgreed(minutes=story.meeting.minutes or Digest(""))]
    assert (story.meeting.stage, story.meeting.ended) == (MeetingStage.AGREED, True)
    assert (obligations(story.meeting), story.meeting.notices) == ((), ())


def test_a_second_signature_of_one_side_agrees_nothing() -> None:
    story = a_meeting().begin(AMINA, ASHA, BAO).end().sign(AMINA).sign(ASHA)
    assert story.meeting.stage is MeetingStage.MINUTED


def test_only_who_was_there_signs_unless_nobody_of_the_side_was() -> None:
    story = a_minuted_meeting(AMINA, BAO)
    assert story.refused(ASHA, SignMinutes, minutes=story.meeting.minutes) == "not_present"
    assert story.refused(CHLOE, SignMinutes, minutes=story.meeting.minutes) == "not_a_member"
    alone = a_minuted_meeting(AMINA).sign(AMINA).sign(BINH)
    assert alone.meeting.stage is MeetingStage.AGREED


def test_corrected_minutes_are_signed_anew() -> None:
    story = a_minuted_meeting().sign(AMINA)
    before = story.meeting.minutes
    story.order(CHLOE, CorrectMinutes, remarks=NOTE)
    assert (story.meeting.signed, story.meeting.remarks) == ((), NOTE)
    assert story.refused(BAO, SignMinutes, minutes=before) == "revision_outdated.minutes"
    assert story.refused(OUTSIDER, CorrectMinutes, remarks=NOTE) == "not_your_role"
    assert a_meeting().begin().refused(CHLOE, CorrectMinutes, remarks=NOTE) == "not_at_this_stage"
    assert story.sign(BAO).sign(AMINA).meeting.stage is MeetingStage.AGREED


def test_corrected_minutes_are_those_that_would_have_said_so_from_the_beginning() -> None:
    result = Result(finding=FindingId("f1"), stage=Stage.COMMITTED, counted=2)
    told = a_meeting().begin(*EVERYBODY).end(results=(result,), remarks=NOTE)
    corrected = a_meeting().begin(*EVERYBODY).end(results=(result,)).later(days=1)
    corrected.order(CHLOE, CorrectMinutes, remarks=NOTE)
    assert corrected.meeting.minutes == told.meeting.minutes
    assert (told.meeting.quorate, told.meeting.remarks) == (True, corrected.meeting.remarks)
    assert read(corrected.entries[-1]).minutes == told.meeting.minutes  # type: ignore[attr-defined]


def test_minutes_are_bound_to_every_word_of_theirs() -> None:
    story = a_meeting().later(days=10, hours=1).order(AMINA, BeginMeeting, seats=SEATS)
    story.later(hours=1).end(remarks=NoteId("é"))
    said = (
        '{"agenda":[{"finding":"f1","kind":"sign","note":null}],"begun":"2026-03-12T05:00:00+00:00",'
        '"ended":"2026-03-12T06:00:00+00:00","present":[],"quorate":false,"remarks":"é","results":[],'
        '"starts":"2026-03-12T04:00:00+00:00"}'
    )
    assert story.meeting.minutes == sha256(said.encode()).hexdigest()


def test_minutes_that_say_something_else_have_another_digest() -> None:
    digests = {
        a_meeting().begin(*present).end(remarks=remarks).meeting.minutes
        for present in ((AMINA, BAO), (AMINA,))
        for remarks in (None, NOTE, NoteId("else"))
    }
    assert len(digests) == 6


def test_reminders_come_before_the_meeting_and_while_minutes_wait_and_climb_no_ladder() -> None:
    story = a_meeting().later(days=25)
    assert set(story.kinds[1:]) == {"reminded"}, "weekly, until somebody holds or cancels it"
    assert summary(story.case).level == 0
    minuted = a_minuted_meeting().sign(AMINA)
    before = len(minuted.entries)
    minuted.later(days=30)
    assert {read(each).obligation for each in minuted.entries[before:]} == {"sign_minutes:management"}  # type: ignore[attr-defined]
    assert summary(minuted.case).level == 0


def test_the_next_one_is_proposed_by_the_cadence_on_a_day_on_which_people_work() -> None:
    meeting = a_meeting().meeting
    assert meeting.next_day == date(2026, 4, 12)
    friday = replace(meeting, calendar=RESTFUL, starts=SOON + ONE_DAY * 7, opened=meeting.opened)
    assert (friday.day, friday.next_day) == (date(2026, 3, 19), date(2026, 4, 19))
    quarterly = replace(meeting, policy=Policy(version="q", meetings=Meetings(every_months=11)))
    assert quarterly.next_day == date(2027, 2, 12)
    at_the_end = replace(meeting, starts=SOON + ONE_DAY * 19)
    assert (at_the_end.day, at_the_end.next_day) == (date(2026, 3, 31), date(2026, 4, 28))
    rest = replace(meeting, calendar=RESTFUL, starts=SOON - ONE_DAY * 9)
    assert (rest.day, rest.next_day) == (date(2026, 3, 3), date(2026, 4, 4)), "the third is a Friday"


def test_its_ledger_is_one_chain_that_begins_with_its_call() -> None:
    story = a_minuted_meeting().sign(AMINA).sign(BAO)
    assert first_broken(story.entries) is None
    assert story.entries[0] == first_entry(story.case.state)
    assert (summary(story.case).kind, summary(story.case).own) == (Kind.MEETING, "m-1")


PEOPLE = (AMINA, ASHA, BAO, BINH, CHLOE, OUTSIDER)
ORDERS: st.SearchStrategy[tuple[type[Order], dict[str, Any]]] = st.one_of(
    st.tuples(st.just(SetAgenda), st.sampled_from([{"agenda": (ITEM,)}, {"agenda": (OTHER,)}])),
    st.tuples(
        st.just(MoveMeeting),
        st.sampled_from([SOON, LATER]).map(lambda at: {"starts": at, "length": 60, "reason": NOTE}),
    ),
    st.just((CancelMeeting, {"reason": NOTE})),
    st.just((BeginMeeting, {"seats": SEATS})),
    st.tuples(
        st.just(RecordAttendance),
        st.sets(st.sampled_from(PEOPLE[:5])).map(lambda here: {"present": tuple(here)}),
    ),
    st.just((VoteTogether, {"votes": VOTES})),
    st.just((EndMeeting, {})),
    st.just((CorrectMinutes, {"remarks": NOTE})),
    st.just((SignMinutes, {})),
)
STEPS = st.lists(st.tuples(st.sampled_from(PEOPLE), ORDERS, st.sampled_from([0, 1, 30, 300])), max_size=25)


@given(STEPS)
@settings(max_examples=30, deadline=None)
def test_whatever_is_asked_in_whatever_order_the_minutes_are_never_agreed_by_one_side(
    steps: list[tuple[PersonId, tuple[type[Order], dict[str, Any]], int]],
) -> None:
    story = a_meeting(starts=MONDAY + timedelta(hours=2))
    for person, (asked, fields), hours in steps:
        story.later(hours=hours)
        minutes = {"minutes": story.meeting.minutes} if asked is SignMinutes else {}
        try:
            story.order(person, asked, **fields, **minutes)
        except Refusal:
            continue
    meeting = story.meeting
    assert first_broken(story.entries) is None
    assert story.case == told_again(story)
    assert set(meeting.signed) <= {seat.person for seat in meeting.seats}
    agreed = {seat.side for seat in meeting.seats if seat.person in meeting.signed} == set(Side)
    assert agreed == (meeting.stage is MeetingStage.AGREED)
    votes = [entry for entry in story.entries if entry.kind == "voted_together"]
    assert not {each.by for each in votes} & {CHLOE, OUTSIDER}


def told_again(story: MeetingStory) -> GatheringCase:
    """Give the case that the entries alone add up to."""
    state = table.begin(story.meeting.opened, Policy(), story.meeting.calendar, MONDAY, AMINA)
    for entry in story.entries[1:]:
        state = table.apply(read(entry), state, Stamp(entry.at, entry.by))
    last = story.entries[-1]
    return GatheringCase(state=state, seq=last.seq, digest=last.digest)


def test_who_is_written_to() -> None:
    story = (
        a_meeting()
        .later(days=20)
        .order(BAO, MoveMeeting, starts=LATER + ONE_DAY * 20, length=60, reason=NOTE)
    )
    told = written_to(story)
    committee = {
        Role.WORKER_CO_CHAIR,
        Role.WORKER_MEMBER,
        Role.MANAGEMENT_CO_CHAIR,
        Role.MANAGEMENT_MEMBER,
    }
    near = [roles for letter, roles in told if letter is LetterKind.MEETING_NEAR]
    assert near[0] == {*committee, Role.ADVISOR}, "the day before"
    assert near[-1] == {Role.WORKER_CO_CHAIR, Role.MANAGEMENT_CO_CHAIR, Role.ADVISOR}, "when it is late"
    assert (LetterKind.MEETING_CALLED, {*committee, Role.ADVISOR}) in told
    assert (LetterKind.MEETING_MOVED, {*committee, Role.ADVISOR}) in told
    signed = a_minuted_meeting().sign(AMINA).later(days=8)
    assert (LetterKind.MINUTES_READY, committee) in written_to(signed)
    management = {Role.MANAGEMENT_CO_CHAIR, Role.MANAGEMENT_MEMBER}
    reminded = [roles for letter, roles in written_to(signed) if letter is LetterKind.MINUTES_DUE]
    assert reminded == [management] * 2
    assert (LetterKind.MINUTES_AGREED, {*committee, Role.ADVISOR}) in written_to(signed.sign(BAO))


def written_to(story: MeetingStory) -> list[tuple[LetterKind, set[Role]]]:
    """Give the letters of each entry, with all roles that they are owed to."""
    every = [letters_for(read(entry), entry.seq) for entry in story.entries]
    return [(owed[0].kind, {each.role for each in owed}) for owed in every if owed]
