"""The meeting's rules: called, moved, cancelled, and held with a quorum."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remediation.calendar import ONE_DAY
from remediation.facts import kind
from remediation.gatherings import case as table
from remediation.gatherings.gathering import Kind
from remediation.gatherings.meeting import rules
from remediation.gatherings.meeting.calling import FARTHEST, MOST_ITEMS, may_be_called
from remediation.gatherings.meeting.facts import AgendaItem, Vote
from remediation.gatherings.meeting.holding import MOST_VOTES
from remediation.gatherings.meeting.orders import (
    BeginMeeting,
    CancelMeeting,
    MoveMeeting,
    RecordAttendance,
    SetAgenda,
    VoteTogether,
)
from remediation.gatherings.votes import orders_for
from remediation.notices import next_wake
from remediation.obligations import obligations
from remediation.orders import Refuse, Seat, Sign, verb
from remediation.policy import Meetings, Policy
from remediation.refusals import Refusal
from remediation.words import (
    AgendaKind,
    FindingId,
    Lateness,
    MeetingStage,
    NoteId,
    PersonId,
    Role,
    Side,
    SignatureMethod,
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
    SEATS,
    fault,
)
from tests.rules.meeting import ITEM, SOON, VOTES, a_call, a_meeting, a_minuted_meeting
from tests.rules.test_plan import read

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
