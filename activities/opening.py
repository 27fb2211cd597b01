"""Gatherings opened: recorded in SQL within the transaction that calls for them, then started."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from remediation.calendar import Calendar
from remediation.gatherings.case import GatheringCase, open_gathering
from remediation.gatherings.gathering import Opening
from remediation.policy import Policy
from remediation.words import PersonId
from storage import gatherings
from storage.codec import gathering_recording_of

Call = tuple[Opening, Policy, Calendar, PersonId]
"""A gathering that is called for: its opening, what it goes by, and through whom."""


def put_gatherings_on_record(
    connection: Connection, calls: Iterable[Call], at: datetime
) -> list[GatheringCase]:
    """Record that gatherings are opened at an aware instant; give the cases of those whose life goes on.

    What is on record already stays as it is.
    """
    wanted = {opening.gathering: (opening, policy, calendar, by) for opening, policy, calendar, by in calls}
    known = gatherings.known(connection, wanted)
    fresh = [
        open_gathering(opening, policy, calendar, at, by)
        for gathering, (opening, policy, calendar, by) in wanted.items()
        if gathering not in known
    ]
    recordings = [gathering_recording_of(case, (entry,)) for case, entry in fresh]
    gatherings.record_gatherings(connection, recordings)
    stood = (gatherings.case(connection, each) for each in sorted(known))
    return [
        *(case for case, _ in fresh),
        *(case for case in stood if case is not None and not case.state.ended),
    ]
