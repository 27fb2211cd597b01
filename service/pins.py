"""PINs: set by their owner after a fresh sign-in, and asked for where a vote is given on a shared device."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from hashlib import scrypt
from typing import Final

from remediation.words import PersonId, SignatureMethod, Statement
from service.api.bodies import Body, TakeBack
from service.auth import Caller
from service.context import Context
from service.problems import FieldProblem, ProblemError, invalid
from service.speaking import say
from storage import pins
from storage.database import reading, writing
from storage.pins import Pin
from storage.sign_in_events import Event, Happened, note

VOTES = frozenset({"sign", "refuse", "cosign_extension", "object_to_fix", "concur_with_fix", "take_back"}) | {
    "vote_together",
    "sign_minutes",
}
"""Where a member speaks for themselves: on a device that others use, nobody else may in their name."""
OWN_WORDS = frozenset({Statement.SIGNATURE, Statement.REFUSAL, Statement.CONFIRMATION})
"""What nobody else may take back in their name, either."""
FEWEST_DIGITS, MOST_DIGITS = 6, 12
FEWEST_DIFFERENT = 3
IN_A_ROW = "01234567890123456789"
FRESH = timedelta(minutes=15)
"""Whoever finds a device that was left signed in must not make themselves a PIN on it."""
COST: Final[Mapping[str, int]] = {"n": 2**14, "r": 8, "p": 1, "dklen": 32}


def set_pin(context: Context, person: PersonId, pin: str) -> None:
    """Give a person a new PIN. Raises ValueError with a sentence for one that is too easy to guess."""
    if not pin.isascii() or not pin.isdecimal() or not FEWEST_DIGITS <= len(pin) <= MOST_DIGITS:
        raise ValueError(
            say("A PIN has %(fewest)s to %(most)s digits.", fewest=FEWEST_DIGITS, most=MOST_DIGITS)
        )
    if len(set(pin)) < FEWEST_DIFFERENT or pin in IN_A_ROW or pin[::-1] in IN_A_ROW:
        raise ValueError(
            say("This PIN is among the first that others try. Take digits without such an order.")
        )
    now, digest = context.clock(), _digest(pin, secrets.token_bytes(16))
    with writing(context.database) as connection:
        pins.keep(connection, person, digest, now)
        note(connection, Event(kind=Happened.PIN_SET, at=now, person=person))


def prove(context: Context, voter: Caller, pin: str, by: PersonId) -> Caller:
    """Give the voter with the PIN proven; `by` is who the device is signed in as.

    Raises the problem 422 for a wrong PIN, none at all, or one that is locked.
    """
    person = voter.person.id
    with writing(context.database) as connection:
        digest = pins.begin_try(connection, person)
    if digest is None:
        with reading(context.database) as connection:
            raise _unusable(pins.of_person(connection, person))
    right = hmac.compare_digest(digest, _digest(pin, bytes.fromhex(digest.partition("$")[0])))
    happened = Happened.PIN_USED if right else Happened.PIN_WRONG
    with writing(context.database) as connection:
        if right:
            pins.was_right(connection, person)
        note(connection, Event(kind=happened, at=context.clock(), person=person, by=by))
    if not right:
        message = say("This is not the member's PIN. After five wrong ones it is locked.")
        raise pin_problem("pin_wrong", message)
    return replace(voter, proven=True)


def _unusable(known: Pin | None) -> ProblemError:
    if known is None:
        message = say("The member has set no PIN yet. They set it on their own page.")
        return pin_problem("pin_missing", message)
    message = say("Five wrong PINs were typed. The member sets a new one on their page.")
    return pin_problem("pin_locked", message)


def pin_required() -> ProblemError:
    """Give the answer to a vote on a shared device without a PIN."""
    message = say("A vote on a device that others use needs the member's own PIN.")
    return pin_problem("pin_required", message)


def pin_problem(code: str, message: str) -> ProblemError:
    """Give the problem of a PIN, which names the field."""
    errors = [FieldProblem(field="pin", message=message)]
    return ProblemError(422, code, message, way_out=say("Set or change the PIN on /me."), errors=errors)


def check_own(caller: Caller, verb: str, body: Body) -> None:
    """Refuse a vote on a shared device that was not proven to be the member's own. Raises the problem 422."""
    if verb not in VOTES or (isinstance(body, TakeBack) and body.what not in OWN_WORDS):
        return
    method = getattr(body, "method", None)
    shared = method is SignatureMethod.SHARED_DEVICE
    if (shared or caller.shared) and not caller.proven:
        raise pin_required()
    if method is not None and caller.shared and not shared:
        message = say("This device is shared: sign by the method `shared_device`.")
        raise invalid(FieldProblem(field="method", message=message))


def _digest(pin: str, salt: bytes) -> str:
    return f"{salt.hex()}${scrypt(pin.encode(), salt=salt, **COST).hex()}"
