"""Delivering: claim messages, commit, speak SMTP, and note for each what the mail server said."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Connection, Engine

from activities.mailroom.calling_off import NEVER_INVITED, OF_A_DAY, TELLING_OF, is_news, knows
from activities.mailroom.climbing import in_place_of
from activities.mailroom.relevance import why_not
from activities.mailroom.writing import Pen
from notifications.postman import Accepted, MailServer, Outcome, Postman, Rejected, Unknown, Unreachable
from remediation.watched import Watched
from remediation.words import LetterKind
from storage import claims, letters, messages, sign_in_codes
from storage.claims import LEASE, Claim
from storage.database import UNAVAILABLE, reading, writing
from storage.letters import Letter
from storage.messages import SIGN_IN, NewMessage

AT_ONCE: Final = 10
"""Few, so that a worker that is killed leaves few messages of which nobody knows whether they left."""
FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=1)
MOST_DOUBLINGS: Final = 10
WHILE_AWAY: Final = timedelta(seconds=15), timedelta(seconds=30)
"""The first and the longest pause while the mail server is away: asking it costs one connection for all, and
the backlog leaves within a minute of its return."""
PATIENCE: Final = timedelta(hours=72)
STILL_FRESH: Final = timedelta(minutes=1)
"""How long what was found at addressing is taken to hold."""
REFUSED: Final = "refused"
GAVE_UP: Final = "gave_up_after_72_hours"
CODE_EXPIRED: Final = "code_expired"
HELD_BEFORE: Final = "another worker held it and may have sent it"
SENT_AGAIN: Final = frozenset(
    {
        LetterKind.OVERDUE,
        LetterKind.PLAN_OVERDUE,
        LetterKind.VISIT_OVERDUE,
        LetterKind.DECISION_DUE,
        LetterKind.ALARM_RAISED,
        LetterKind.ALARM_DECIDED,
    }
)
"""What must arrive even if it may arrive twice, byte for byte the same."""

log = structlog.get_logger("mendwork.mailroom")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliverer:
    """Sends messages for one worker, whose name no other process and no later start of it bears."""

    engine: Engine
    server: MailServer
    pen: Callable[[Connection, datetime], Pen]
    worker: str

    async def deliver(self, now: datetime) -> int:
        """Send a round of messages; give how many, and none where the mail server is away.

        Raises one of UNAVAILABLE.
        """
        held = await asyncio.to_thread(self._claim, now)
        if not held:
            return 0
        done_by = time.monotonic() + (LEASE.total_seconds() - self.server.timeout)
        async with Postman(self.server) as postman:
            for place, claim in enumerate(held):
                outcome = await self._one(postman, claim, now)
                if isinstance(outcome, Unreachable):
                    # What holds for one holds for the rest: they all go to the same server.
                    await asyncio.to_thread(self._note_all, held[place + 1 :], outcome, now)
                    return 0
                if time.monotonic() > done_by:
                    await asyncio.to_thread(self._give_back, held[place + 1 :], now)
                    break
        return len(held)

    def _claim(self, now: datetime) -> tuple[Claim, ...]:
        with writing(self.engine) as connection:
            held = claims.claim(connection, now, self.worker, limit=AT_ONCE)
        # What calls off comes after what it calls off: by then it is known whether that has left.
        return tuple(sorted(held, key=lambda each: each.message.kind in TELLING_OF))

    async def _one(self, postman: Postman, claim: Claim, now: datetime) -> Outcome | None:
        """Send one message and give the outcome; None where it need not be sent any more."""
        if claim.message.kind == SIGN_IN and claim.message.ambiguous:
            await asyncio.to_thread(self._note, claim, Unknown(HELD_BEFORE), now)
            return None
        reason = await asyncio.to_thread(self._why_not, claim, now)
        if reason:
            await asyncio.to_thread(self._skip, claim, now, reason)
            return None
        outcome = await postman.deliver(claim.message.address, claim.content)
        await asyncio.to_thread(self._note, claim, outcome, now)
        return outcome

    def _why_not(self, claim: Claim, now: datetime) -> str:
        """Give why a message that has waited need not be sent any more: nothing in it still holds."""
        age = now - claim.message.created_at
        if claim.message.kind == SIGN_IN:
            return CODE_EXPIRED if age >= sign_in_codes.LIFETIME else ""
        if age < STILL_FRESH and claim.message.kind not in OF_A_DAY:
            return ""
        try:
            with reading(self.engine) as connection:
                return self._outdated(connection, claim, now)
        except UNAVAILABLE:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the letter held when it was written
            log.warning("relevance_unknown", message=claim.message.id, error=type(error).__name__)
            return ""

    def _outdated(self, connection: Connection, claim: Claim, now: datetime) -> str:
        desk = self.pen(connection, now).desk
        carried = letters.carried_by(connection, claim.message.id)
        reasons = [self._why_not_it(connection, claim, each, desk.state(each.finding)) for each in carried]
        return reasons[0] if reasons and all(reasons) else ""

    @staticmethod
    def _why_not_it(connection: Connection, claim: Claim, letter: Letter, state: Watched) -> str:
        if is_news(letter, state) or knows(connection, letter, claim.message):
            return why_not(letter, state)
        return NEVER_INVITED

    def _skip(self, claim: Claim, now: datetime, reason: str) -> None:
        with writing(self.engine) as connection:
            claims.skipped(connection, claim, now, reason)

    def _note(self, claim: Claim, outcome: Outcome, now: datetime) -> None:
        if isinstance(outcome, Accepted):
            self._accept(claim, outcome, now)
        elif isinstance(outcome, Rejected):
            self._fail(claim, outcome, now, REFUSED)
        elif isinstance(outcome, Unknown) and claim.message.kind not in SENT_AGAIN:
            self._leave_unknown(claim, outcome, now)
        elif now - claim.message.created_at >= PATIENCE:
            self._fail(claim, outcome, now, GAVE_UP)
        else:
            self._try_later(claim, outcome, now)

    def _accept(self, claim: Claim, outcome: Outcome, now: datetime) -> None:
        with writing(self.engine) as connection:
            if not claims.accepted(connection, claim, now, outcome.reply):
                log.warning("lease_lost", message=claim.message.id)

    def _leave_unknown(self, claim: Claim, outcome: Outcome, now: datetime) -> None:
        with writing(self.engine) as connection:
            claims.unknown(connection, claim, now, outcome.reply)

    def _try_later(self, claim: Claim, outcome: Outcome, now: datetime) -> None:
        away = isinstance(outcome, Unreachable)
        again = now + (pause_while_away(claim.attempt) if away else pause_after(claim.attempt))
        with writing(self.engine) as connection:
            if isinstance(outcome, Unknown):
                claims.unknown(connection, claim, now, outcome.reply, again)
            else:
                claims.deferred(connection, claim, again, outcome.reply)

    def _fail(self, claim: Claim, outcome: Outcome, now: datetime, reason: str) -> None:
        instead = self._instead(claim, now)
        with writing(self.engine) as connection:
            if claims.failed(connection, claim, now, outcome.reply, reason):
                messages.address(connection, (), instead, now)

    def _instead(self, claim: Claim, now: datetime) -> tuple[NewMessage, ...]:
        """Write to the next people responsible; a failure stays a failure even where that cannot be done."""
        try:
            with reading(self.engine) as connection:
                carried = letters.carried_by(connection, claim.message.id)
                return in_place_of(self.pen(connection, now), claim.message, carried)
        except UNAVAILABLE:
            raise
        except Exception as error:  # noqa: BLE001 - the failure itself must be recorded all the same
            log.warning("nobody_told_instead", message=claim.message.id, error=type(error).__name__)
            return ()

    def _note_all(self, held: Sequence[Claim], outcome: Outcome, now: datetime) -> None:
        for claim in held:
            self._note(claim, outcome, now)

    def _give_back(self, held: Sequence[Claim], now: datetime) -> None:
        """Let go of messages for which no time was left in this round."""
        with writing(self.engine) as connection:
            for claim in held:
                claims.deferred(connection, claim, now, claim.message.last_reply)


def pause_after(attempt: int) -> timedelta:
    """Give how long to wait after so many attempts: a minute, then twice as long each, at most an hour."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(attempt - 1, MOST_DOUBLINGS)))


def pause_while_away(attempt: int) -> timedelta:
    """Give how long to wait after so many attempts where the mail server itself could not be reached."""
    first, longest = WHILE_AWAY
    return first if attempt == 1 else longest
