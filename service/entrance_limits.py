"""How often somebody may knock: counted from what happened at the door, so that restarts forget nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from service.problems import ProblemError
from storage import sign_in_events
from storage.sign_in_events import Happened

WINDOW = timedelta(hours=1)
ASKS_OF_AN_ADDRESS = 5
ASKS_FROM_A_NETWORK = 100
"""A factory's members share one network: a whole committee must be able to sign in before its meeting."""
FAILURES_FROM_A_NETWORK = 100


@dataclass(frozen=True, slots=True)
class Tally:
    """What has happened within the last hour before an aware instant."""

    connection: Connection
    now: datetime

    def too_many_asks(self, address: str, network: str) -> bool:
        """Tell whether an address was asked for, or a network has asked, too often (by their digests)."""
        return (
            self._count(Happened.ASKED, address=address) >= ASKS_OF_AN_ADDRESS
            or self._count(Happened.ASKED, network=network) >= ASKS_FROM_A_NETWORK
        )

    def too_many_failures(self, network: str) -> bool:
        """Tell whether too many wrong codes, links or tokens came from a network (by its digest)."""
        return self._count(Happened.FAILED, network=network) >= FAILURES_FROM_A_NETWORK

    def _count(self, kind: Happened, *, address: str = "", network: str = "") -> int:
        since = self.now - WINDOW
        return sign_in_events.count(self.connection, kind, since, address=address, network=network)


def too_many() -> ProblemError:
    """Give the answer to who has knocked too often. It says nothing about whether anybody lives here."""
    return ProblemError(
        429,
        "too_many_tries",
        "Too many tries to sign in came from here or for this address.",
        way_out="Use the mail that you have already got, or try again in an hour.",
        headers={"Retry-After": str(int(WINDOW.total_seconds()))},
    )
