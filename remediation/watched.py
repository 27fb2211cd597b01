"""What a clock watches: the part of a state that reminders, the ladder and suspensions are reckoned from."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

from remediation.calendar import Calendar
from remediation.policy import Policy
from remediation.words import PersonId, Role, SuspensionCause

if TYPE_CHECKING:
    from remediation.obligations import Obligation


@dataclass(frozen=True, slots=True, kw_only=True)
class Standstill:
    """A countersigned suspension: from `began` (aware) to the end of the local day `last`.

    Every day from `first` to `last` is suspended whole, also the one in the course of which it began.
    """

    cause: SuspensionCause
    began: datetime
    first: date
    last: date

    @property
    def days(self) -> int:
        """Its length in days."""
        return self.days_from(self.first)

    def days_from(self, day: date) -> int:
        """Give how many of its days are `day` or later."""
        return max((self.last - max(self.first, day)).days + 1, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What people said to the level reached last. The next level asks them anew."""

    by: PersonId | None = None
    """Who acknowledged it last, and `acting` as what."""
    acting: Role = Role.ADVISOR
    since: datetime | None = None
    """When that was, or when something was last done about it."""
    until: datetime | None = None
    """When that runs out, or did, but for suspensions; None where nobody has, or where it never does."""
    warned_of: datetime | None = None
    """The `until` that `by` was told of."""
    snoozed_until: datetime | None = None
    """The instant that the next step was put off to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """A recovery plan: owed between two instants; once it is filed, the team leader owes an answer."""

    since: datetime
    by: datetime
    filed_at: datetime | None = None
    until: date | None = None
    decide_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the decision panel owes at the top of the ladder, between two instants, until it is `taken`."""

    since: datetime
    by: datetime
    taken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What was already sent about one obligation with one due instant, so that nothing is sent twice."""

    obligation: str
    due: datetime
    reminded: datetime | None = None
    """The scheduled instant of the latest reminder, or the instant at which a letter told of a new date."""
    level: int = 0
    escalated_at: datetime | None = None
    acknowledged: bool = False
    answer: Answer = Answer()
    recovery: Recovery | None = None
    decision: Decision | None = None
    climb: int = 1
    """How often it has begun to climb: anew after each accepted recovery plan."""
    floor: int = 0
    """The level it came down to, above which it climbs now."""
    counted_from: datetime | None = None
    """The end of a recovery plan's last day, where the ladder counts from it and not from the date itself."""
    counted_since: datetime | None = None
    """When that plan was accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What findings and gatherings have in common: policy, calendar, and what was sent about them."""

    policy: Policy
    calendar: Calendar
    notices: tuple[Notice, ...] = ()
    standstills: tuple[Standstill, ...] = ()
    """The suspensions that its clock keeps, in order: of a finding, those of its attempt."""
    resumes_at: datetime | None = None
    """The morning after the last of them, while it lasts."""

    @property
    def restricted(self) -> bool:
        """Whether the factory must not see it (yet)."""
        return False

    @property
    def ended(self) -> bool:
        """Whether its life is over."""
        raise NotImplementedError

    @property
    def urgent(self) -> bool:
        """Whether it is watched round the clock, by exact hours."""
        return False

    def owed(self) -> tuple["Obligation", ...]:
        """Give what a gathering asks of people now; what a finding does, `remediation.obligations` says."""
        return ()

    def notice(self, obligation: str, due: datetime) -> Notice:
        """Give what was already sent about an obligation with this due instant."""
        for notice in self.notices:
            if notice.obligation == obligation and notice.due == due:
                return notice
        return Notice(obligation=obligation, due=due)


W = TypeVar("W", bound=Watched)
