"""Whoever was never told of a meeting or a visit hears nothing when it is called off."""

from datetime import timedelta
from typing import Any

import pytest

from activities.opening import put_gatherings_on_record
from remediation.calendar import ONE_DAY
from remediation.gatherings.case import GatheringCase
from remediation.gatherings.gathering import Kind, Opening, gathering_id
from remediation.gatherings.meeting.facts import MeetingCalled
from remediation.gatherings.meeting.orders import CancelMeeting
from remediation.gatherings.visit.agenda import visit_gathering
from remediation.gatherings.visit.facts import Item, VisitPlanned
from remediation.gatherings.visit.orders import BeginVisit, CancelVisit
from remediation.orders import Order
from remediation.policy import Policy
from remediation.words import (
    Check,
    CommandId,
    FactoryId,
    FindingId,
    Hindrance,
    LetterKind,
    NoteId,
    PersonId,
    ProgrammeId,
    Role,
)
from storage import gatherings
from storage.absences import Leave, enter
from storage.codec import gathering_recording_of
from storage.database import writing
from storage.messages import MessageState
from tests.activities.stage import HALF_A_MINUTE, HOUR, MINUTE, Post
from tests.storage.builders import AMINA, BAO, CHLOE, DHAKA, MONDAY, SEATS, TOMAS

BY: dict[str, Any] = {"id": CommandId("c"), "by": CHLOE, "acting": Role.ADVISOR}
WHERE: dict[str, Any] = {
    "programme": ProgrammeId("bd"),
    "factory": FactoryId("lotus"),
    "policy": Policy().version,
    "calendar": DHAKA.version,
}
OFF = CancelMeeting(reason=NoteId("n"), **BY)
NO_TRIP: dict[str, Any] = {"hindrance": Hindrance.ACCESS_REFUSED, "reason": NoteId("n"), **BY}


def called(post: Post) -> GatheringCase:
    """Call the committee to a meeting in ten days."""
    meeting = gathering_id(Kind.MEETING, "m-1")
    starts: dict[str, Any] = {"starts": MONDAY + timedelta(days=10), "length": 60, "agenda": ()}
    return opened(post, MeetingCalled(gathering=meeting, acting=Role.ADVISOR, seats=SEATS, **starts, **WHERE))


def announced(post: Post) -> GatheringCase:
    """Plan a visit of Chloé's for Friday, which the factory is told of."""
    look = Item(finding=FindingId("f1"), check=Check.FIX)
    on: dict[str, Any] = {"on": DHAKA.today(MONDAY) + 4 * ONE_DAY, "announced": True}
    planned = VisitPlanned(gathering=visit_gathering("v-1"), verifier=CHLOE, items=(look,), **on, **WHERE)
    return opened(post, planned)


def opened(post: Post, opening: Opening) -> GatheringCase:
    with writing(post.engine) as connection:
        (case,) = put_gatherings_on_record(connection, [(opening, Policy(), DHAKA, CHLOE)], MONDAY)
    return case


def happens(post: Post, case: GatheringCase, order: Order, at: timedelta = MINUTE) -> GatheringCase:
    """Record what follows from an order, so long after Monday's beginning."""
    after, entries = case.obey(order, MONDAY + at)
    with writing(post.engine) as connection:
        gatherings.record_gatherings(connection, [gathering_recording_of(after, entries)])
    return after


def heard(post: Post, *people: PersonId) -> set[tuple[PersonId, object]]:
    """Give which calendar entries reached whom."""
    return {
        (each, part.get_param("method"))
        for each in people
        for mail in post.mails(each)
        for part in mail.walk()
        if part.get_content_type() == "text/calendar"
    }


async def test_a_meeting_that_is_cancelled_before_anybody_was_invited_sends_no_mail(post: Post) -> None:
    happens(post, called(post), OFF)
    await post.round(MONDAY + MINUTE)
    assert post.mails() == []
    reasons = {each.reason for each in post.letters(LetterKind.MEETING_CALLED, "meeting:m-1")}
    assert reasons == {"meeting_cancelled"}
    reasons = {each.reason for each in post.letters(LetterKind.MEETING_CANCELLED, "meeting:m-1")}
    assert reasons <= {"never_invited", "no_holder"}


@pytest.mark.parametrize("later", [MINUTE, HOUR])
async def test_an_invitation_that_waits_for_the_mail_server_is_not_followed_by_its_cancelling(
    post: Post, later: timedelta
) -> None:
    case = called(post)
    post.house.at_mail = "421 closing"
    await post.round(MONDAY)
    happens(post, case, OFF, HALF_A_MINUTE / 2)
    await post.room().address(MONDAY + HALF_A_MINUTE / 2)
    post.house.at_mail = ""
    await post.round(MONDAY + later)
    assert post.mails() == []
    states = {(each.state, each.reason) for each in post.messages(BAO)}
    assert states == {
        (MessageState.SKIPPED, "meeting_cancelled"),
        (MessageState.SKIPPED, "never_invited"),
    }


async def test_who_was_invited_is_told_and_who_was_not_is_not(post: Post) -> None:
    case = called(post)
    post.house.refused_addresses = ("amina@example.org",)
    await post.round(MONDAY)
    happens(post, case, OFF, HOUR)
    # Tomas is Chloé's deputy from that day on: he is told of what she was invited to.
    with writing(post.engine) as connection:
        day = DHAKA.today(MONDAY)
        enter(connection, Leave(person=CHLOE, first=day, last=day, deputy=TOMAS), CHLOE, MONDAY)
    await post.round(MONDAY + HOUR)
    assert heard(post, AMINA, BAO, CHLOE, TOMAS) == {
        (BAO, "REQUEST"),
        (BAO, "CANCEL"),
        (CHLOE, "REQUEST"),
        (TOMAS, "CANCEL"),
    }


async def test_a_visit_that_is_cancelled_before_the_factory_heard_of_it_is_told_to_the_staff_alone(
    post: Post,
) -> None:
    happens(post, announced(post), CancelVisit(**NO_TRIP))
    await post.round(MONDAY + MINUTE)
    assert {str(mail["To"]) for mail in post.mails()} == {"chloe@example.org", "tomas@example.org"}


async def test_a_factory_that_turned_the_verifier_away_hears_of_it_whatever_it_had_been_told(
    post: Post,
) -> None:
    case = announced(post)
    at_the_gate = BeginVisit(on=DHAKA.today(MONDAY), **(BY | {"id": CommandId("b")}))
    happens(post, happens(post, case, at_the_gate), CancelVisit(**NO_TRIP), HOUR)
    await post.round(MONDAY + HOUR)
    assert post.mails(BAO)
