"""A meeting's minutes: drafted, signed by both sides, corrected; its letters, and its ledger."""

from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from remediation.calendar import ONE_DAY
from remediation.gatherings import case as table
from remediation.gatherings.case import GatheringCase, first_entry
from remediation.gatherings.gathering import Kind
from remediation.gatherings.letters import letters_for
from remediation.gatherings.meeting.facts import AgendaItem, MeetingEnded, MinutesAgreed, Result
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
from remediation.ledger import first_broken
from remediation.obligations import obligations
from remediation.orders import Order
from remediation.policy import Meetings, Policy
from remediation.refusals import Refusal
from remediation.rules.core import Stamp
from remediation.waiting import waits_of
from remediation.words import (
    AgendaKind,
    Digest,
    Duty,
    FindingId,
    LetterKind,
    MeetingStage,
    NoteId,
    PersonId,
    Role,
    Side,
    Stage,
)
from tests.rules.cast import (
    AMINA,
    ASHA,
    BAO,
    BINH,
    CHLOE,
    MONDAY,
    NOTE,
    OUTSIDER,
    RESTFUL,
    SEATS,
)
from tests.rules.meeting import ITEM, SOON, VOTES, MeetingStory, a_meeting, a_minuted_meeting
from tests.rules.test_plan import facts_of, read

LATER = SOON + ONE_DAY
EVERYBODY = tuple(seat.person for seat in SEATS)
OTHER = AgendaItem(kind=AgendaKind.OTHER, note=NOTE)


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
