"""Writing: one person's letters as a message with frozen bytes, or as the reason why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from activities.mailroom.desk import Desk
from activities.mailroom.responsible import unreachable
from notifications.languages import language
from notifications.letters import write_letter
from notifications.letters.morning import morning
from notifications.message import Envelope, build
from notifications.occasion import AnyOccasion, Letter
from storage.messages import DIGEST, NewMessage
from storage.people import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """Ids of letters with what they are written from for one reader.

    `stands_in` names those that are read in somebody's place: the letter, and their absence.
    """

    letters: tuple[int, ...]
    occasion: AnyOccasion
    stands_in: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes messages from what lies on a desk, for a sender, at an aware instant."""

    desk: Desk
    sender: str
    now: datetime

    def alone(self, key: str, reader: Person, carried: Carried) -> NewMessage:
        """Give the message of a letter that leaves by itself, at once."""
        return self._message(key, reader, (carried,), str(carried.occasion.kind))

    def gathered(self, key: str, reader: Person, carried: Sequence[Carried], day: date) -> NewMessage:
        """Give a person's message of a morning. Of a single letter it is just that letter."""
        return self._message(key, reader, carried, DIGEST, day)

    def _message(
        self, key: str, reader: Person, carried: Sequence[Carried], kind: str, day: date | None = None
    ) -> NewMessage:
        skipped = unreachable(reader)
        address = "" if skipped else reader.email or ""
        tongue = language(carried[0].occasion.reader.language).code
        # The Message-ID derives from the key, so one is there even for a message that is never sent.
        envelope = Envelope(key=key, sender=self.sender, recipient=address, date=self.now, language=tongue)
        letter = None if skipped else _written(carried)
        return NewMessage(
            key=key,
            person=reader.id,
            kind=kind,
            letters=tuple(sorted(letter for each in carried for letter in each.letters)),
            urgent=day is None,
            address=address,
            message_id=envelope.message_id,
            date=self.now,
            subject=letter.subject if letter else "",
            content=build(letter, envelope) if letter else b"",
            morning=day,
            skipped=skipped,
            stands_in=tuple(sorted({pair for each in carried for pair in each.stands_in})),
        )


def _written(carried: Sequence[Carried]) -> Letter:
    if len(carried) == 1:
        return write_letter(carried[0].occasion)
    return morning([each.occasion for each in carried])
