"""The auditor: reads a finding's ledger entry by entry, keeps books of its own, and objects.

What it knows it has from entries alone. It shares the calendar with the rules, and none of their decisions.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from math import ceil

from remediation import facts
from remediation.facts import Fact
from remediation.ledger import Entry
from remediation.letters import letters_for
from remediation.orders import PlannedAction, Seat
from remediation.policy import Quorum
from remediation.words import (
    FACTORY_ROLES,
    ActionId,
    Alarm,
    PersonId,
    Severity,
    Side,
    Statement,
    Verdict,
)
from tests.rules.ladder_auditor import ONE_DAY, LadderAuditor


@dataclass
class Auditor(LadderAuditor):
    """Books on one finding, and objections as failed assertions."""

    quorum: Quorum
    tells_at_once: bool
    told: bool = False
    seats: tuple[Seat, ...] = ()
    revision: str = ""
    no_action: bool = False
    approved: bool = False
    failed: bool = False
    signed: list[PersonId] = field(default_factory=list)
    refused: list[PersonId] = field(default_factory=list)
    proposed: tuple[PlannedAction, ...] = ()
    fixers: set[PersonId] = field(default_factory=set)
    promises: dict[ActionId, date] = field(default_factory=dict)
    original: dict[ActionId, date] = field(default_factory=dict)
    disputed: bool = False
    said: dict[Statement, PersonId | Side] = field(default_factory=dict)
    """Who has said what could be taken back, where books are not kept of it anyway."""
    attempt: int = 1
    keys: set[tuple[str, str, str, datetime | None]] = field(default_factory=set)
    seq: int = 0
    at: datetime | None = None

    def read(self, entry: Entry, fact: Fact) -> None:
        """Check an entry against the books, then enter it there."""
        self.seq += 1
        assert entry.seq == self.seq, "the ledger has no gap"
        assert self.at is None or entry.at >= self.at, "the ledger follows the clock"
        self.at = entry.at
        hidden_before = self.seq > 1 and not self.told
        getattr(self, f"_{entry.kind}", lambda *_: None)(fact, entry)
        self._letters(entry, fact, hidden=hidden_before and not self.told)

    def _letters(self, entry: Entry, fact: Fact, *, hidden: bool) -> None:
        for letter in letters_for(fact, entry.seq):
            key = (letter.obligation, letter.step, letter.recipient, letter.due)
            assert key not in self.keys, f"one letter for each missed deadline, step and recipient: {key}"
            self.keys.add(key)
            hidden = hidden or (entry.seq == 1 and not self.told)
            assert not (hidden and letter.role in FACTORY_ROLES), "the factory hears nothing of an alarm"

    def _issued(self, fact: facts.Issued, _: Entry) -> None:
        self.severity, self.seats = fact.severity, fact.seats
        self.told = fact.factory_told or fact.severity is not Severity.ZERO_TOLERANCE

    def _amended(self, fact: facts.Amended, _: Entry) -> None:
        assert self.severity is not Severity.ZERO_TOLERANCE, "an alarm is not amended away"
        self.severity = fact.severity
        self.told = fact.severity is not Severity.ZERO_TOLERANCE or self.tells_at_once
        assert fact.withheld is not self.told
        if fact.severity is Severity.ZERO_TOLERANCE:
            self.still, self.stands_still = {}, False

    def _alarm_decided(self, fact: facts.AlarmDecided, _: Entry) -> None:
        assert fact.first_told is not self.told
        assert (fact.alarm is Alarm.CONFIRMED) is (fact.severity is Severity.ZERO_TOLERANCE)
        self.severity, self.told = fact.severity, True

    def _disputed(self, _: Fact, entry: Entry) -> None:
        self.disputed, self.said[Statement.DISPUTE] = True, entry.by

    def _taken_back(self, fact: facts.TakenBack, entry: Entry) -> None:
        assert entry.by == fact.person
        assert fact.days_added == 0 or (fact.what is Statement.DISPUTE and self.disputed)
        if fact.what in {Statement.SIGNATURE, Statement.REFUSAL}:
            assert not self.failed, "what others have acted on stays"
            (self.signed if fact.what is Statement.SIGNATURE else self.refused).remove(fact.person)
            return
        assert self.said.pop(fact.what) in {fact.person, fact.side}, "one's own words only"
        if fact.what is Statement.DISPUTE:
            self.disputed = False

    def _extension_requested(self, fact: facts.ExtensionRequested, _: Entry) -> None:
        self.said[Statement.EXTENSION_REQUEST] = fact.side

    def _extension_cosigned(self, _: Fact, __: Entry) -> None:
        del self.said[Statement.EXTENSION_REQUEST]

    def _suspension_asked(self, _: Fact, entry: Entry) -> None:
        self.said[Statement.SUSPENSION_REQUEST] = entry.by

    def _suspension_declined(self, _: Fact, __: Entry) -> None:
        del self.said[Statement.SUSPENSION_REQUEST]

    def _fix_concurred(self, _: Fact, entry: Entry) -> None:
        self._acted_on_the_report()
        self.said[Statement.CONFIRMATION] = entry.by

    def _fix_objected(self, _: Fact, __: Entry) -> None:
        self._acted_on_the_report()

    def _verification_booked(self, _: Fact, __: Entry) -> None:
        self.said.pop(Statement.FIX_REPORT, None)

    def _acted_on_the_report(self) -> None:
        for what in (Statement.FIX_REPORT, Statement.CONFIRMATION):
            self.said.pop(what, None)

    def _dispute_decided(self, fact: facts.DisputeDecided, _: Entry) -> None:
        self.disputed = False
        assert fact.days_added >= 0
        self.severity = fact.severity

    def _reseated(self, fact: facts.Reseated, _: Entry) -> None:
        sides = {seat.person: seat.side for seat in fact.seats}
        before = {seat.person: seat.side for seat in self.seats}
        self.seats = fact.seats
        for votes in (self.signed, self.refused):
            votes[:] = [each for each in votes if sides.get(each) is before[each]]

    def _reprojected(self, fact: facts.Reprojected, entry: Entry) -> None:
        assert fact.withheld is not self.told
        for move in fact.moves:
            assert move.old != move.new, "what moves, moves"
            if move.new is None or self.disputed:
                continue  # the policy asks for it no more, or its clock stands still
            assert move.new > entry.at, "nothing is missed at once"
            assert move.old is None or move.old > entry.at, "what is past stays past"
        if fact.calendar is not None:
            self.calendar = fact.calendar
        if fact.policy is not None:
            self.quorum, self.tells_at_once = fact.policy.quorum, fact.policy.tell_factory_when_raised

    def _proposed(self, fact: facts.Proposed, entry: Entry) -> None:
        assert self.told
        self.revision, self.no_action, self.proposed = fact.revision, fact.no_action, fact.actions
        self._renewed("commit", entry.at)
        self.signed, self.refused, self.approved, self.failed = [], [], False, False
        assert set(fact.signers) == {seat.person for seat in self.seats}

    def _signed(self, fact: facts.Signed, entry: Entry) -> None:
        self._renewed("commit", entry.at)
        self._vote(fact, self.signed, self.refused)

    def _refused(self, fact: facts.Refused, _: Entry) -> None:
        self._vote(fact, self.refused, self.signed)

    def _vote(
        self, fact: facts.Signed | facts.Refused, votes: list[PersonId], others: list[PersonId]
    ) -> None:
        assert fact.revision == self.revision, "a vote is bound to the exact text"
        assert not self.failed
        assert fact.side is self._side_of(fact.person)
        assert fact.person not in votes, "one vote a seat"
        votes.append(fact.person)
        if fact.person in others:
            others.remove(fact.person)

    def _no_action_approved(self, _: Fact, __: Entry) -> None:
        self.approved = True

    def _proposal_failed(self, fact: facts.ProposalFailed, _: Entry) -> None:
        willing = [seat.person for seat in self.seats if seat.person not in self.refused]
        assert not self._share(fact.side, willing), "it could still have passed"
        self.failed = True

    def _committed(self, fact: facts.Committed, _: Entry) -> None:
        if fact.agreed:
            assert fact.revision == self.revision
            assert list(fact.signatures) == self.signed, "the recorded votes are the votes given"
            assert len(set(fact.signatures)) == len(fact.signatures)
            assert self.has_quorum(), "both sides have signed"
            assert self.approved or not self.no_action
            self.revision = ""
        owners = {action.owner for action in fact.actions}
        self.fixers |= {fact.author, *owners}
        self.promises = {action.id: action.due for action in fact.actions}
        self.original = dict(self.promises)

    def _extension_decided(self, fact: facts.ExtensionDecided, entry: Entry) -> None:
        if fact.granted:
            assert fact.until >= self.calendar.today(entry.at)

    def _suspended(self, fact: facts.Suspended, entry: Entry) -> None:
        assert self.severity is not Severity.ZERO_TOLERANCE, "zero tolerance is never suspended"
        assert not self.stands_still, "one suspension at a time"
        assert fact.first == self.calendar.today(entry.at) <= fact.last
        self.stands_still = True
        days = [fact.first + ONE_DAY * number for number in range(fact.days)]
        assert days[-1] == fact.last
        assert fact.days <= 60, "capped at a time"
        self.still |= dict.fromkeys(days, entry.at)
        assert len(self.still) <= 120, "and in all"

    def _suspension_ended(self, fact: facts.SuspensionEnded, entry: Entry) -> None:
        assert fact.last == self.calendar.today(entry.at)
        assert fact.last + ONE_DAY * fact.days == max(self.still)
        self._no_longer_than(fact.last)

    def _no_longer_than(self, last: date) -> None:
        self.still = {day: began for day, began in self.still.items() if day <= last}

    def _resumed(self, fact: facts.Resumed, entry: Entry) -> None:
        assert self.stands_still
        day = self.calendar.working_day_on_or_after(max(self.still) + ONE_DAY)
        assert fact.scheduled == self.calendar.instant(day, self.morning) <= entry.at
        self.stands_still = False

    def _suspension_is_over(self, entry: Entry) -> None:
        if self.stands_still:
            self._no_longer_than(self.calendar.today(entry.at))
        self.stands_still = False

    def _fix_reported(self, fact: facts.FixReported, entry: Entry) -> None:
        assert fact.evidence or fact.files
        self._suspension_is_over(entry)
        self.said[Statement.FIX_REPORT] = fact.reporter
        self.fixers.add(fact.reporter)
        self.revision = ""

    def _verified(self, fact: facts.Verified, _: Entry) -> None:
        assert fact.verifier not in self.fixers, "nobody verifies their own fix"
        assert fact.verifier not in {seat.person for seat in self.seats}, "nor does the fixers' employer"
        assert fact.evidence or fact.files
        self._acted_on_the_report()
        self.fix_accepted = fact.verdict is Verdict.PASS
        for remaining in fact.remaining:
            assert remaining.id in self.promises
            self.promises[remaining.id] = remaining.due

    def _reopened(self, fact: facts.Reopened, _: Entry) -> None:
        self.attempt += 1
        assert fact.attempt == self.attempt
        assert fact.withheld is not self.told
        self.severity, self.fix_accepted, self.ended = fact.severity, False, False
        self.promises, self.original, self.revision, self.still = {}, {}, "", {}

    def _ended(self, fact: facts.Ended, entry: Entry) -> None:
        self._suspension_is_over(entry)
        if fact.stage == "sustained":
            assert self.fix_accepted, "only a verified fix is sustained"
        assert fact.withheld is not self.told
        self.ended, self.revision = True, ""

    def has_quorum(self) -> bool:
        return all(self._share(side, self.signed) for side in Side)

    def _share(self, side: Side, people: list[PersonId]) -> bool:
        seats = [seat for seat in self.seats if seat.side is side]
        votes = [seat for seat in seats if seat.person in people]
        needed = max(self.quorum.at_least, ceil(Fraction(len(seats) * self.quorum.percent, 100)))
        elected = [seat for seat in seats if seat.elected]
        asks_elected = side is Side.WORKER and self.quorum.elected_worker and elected
        return len(votes) >= needed and (not asks_elected or any(seat in elected for seat in votes))

    def _side_of(self, person: PersonId) -> Side:
        (seat,) = (seat for seat in self.seats if seat.person == person)
        return seat.side
