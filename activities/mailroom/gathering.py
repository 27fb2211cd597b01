"""Gathering: what can wait until the others are there, and then leaves as one message a person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from activities.mailroom.addressing import Broken, Clerk, Parcel, parcel_of, quarantined
from activities.mailroom.sorting import Owed, by_person, circles, of_same_thing
from activities.mailroom.writing import Carried
from notifications.letters import write_letter
from remediation.calendar import ONE_DAY
from remediation.words import LetterKind
from storage.letters import Letter
from storage.messages import NewMessage, known_keys

REMINDERS = frozenset(
    {
        LetterKind.REMINDER,
        LetterKind.PLAN_DUE,
        LetterKind.VISIT_DUE,
        LetterKind.MEETING_NEAR,
        LetterKind.MINUTES_DUE,
        LetterKind.PAPER_TO_WITNESS,
    }
)


@dataclass(frozen=True, slots=True)
class Gatherer:
    """Gathers what waits for `window` after its first letter; a person has one such message a local day."""

    clerk: Clerk
    window: timedelta

    def parcels(self, waiting: Sequence[Letter]) -> Iterator[Parcel]:
        """Give a parcel for each circle of people whose letters hang together and have waited long enough."""
        if not self._ripe(waiting):
            return
        owed, skipped = self.clerk.resolve(waiting)
        yield Parcel(skipped=tuple(skipped))
        for circle in circles(owed):
            if self._ripe([each.letter for each in circle]):
                yield self._parcel(circle)

    def _ripe(self, letters: Sequence[Letter]) -> bool:
        first = min((letter.not_before for letter in letters), default=None)
        return first is not None and first + self.window <= self.clerk.pen.now

    def _parcel(self, circle: Sequence[Owed]) -> Parcel:
        day = self._today(circle)
        theirs = by_person(circle)
        keys = {person: f"morning:{person}:{day.isoformat()}" for person in theirs}
        known = known_keys(self.clerk.pen.desk.connection, keys.values())
        if known.issuperset(keys.values()) and not any(_is_reminder(each) for each in circle):
            return Parcel(postponed=tuple((each.letter.id, self._next_morning(each)) for each in circle))
        messages: list[NewMessage] = []
        skipped: list[tuple[int, str]] = []
        for person, owed in theirs.items():
            # A second message of a day is only for reminders: they must not wait until they are late.
            again = f":{min(each.letter.id for each in owed)}" if keys[person] in known else ""
            message, broken = self._message(keys[person] + again, owed, day)
            messages += message
            skipped += broken
        return parcel_of(messages, skipped)

    def _message(
        self, key: str, owed: Sequence[Owed], day: date
    ) -> tuple[list[NewMessage], list[tuple[int, str]]]:
        (reader,) = owed[0].readers
        carried, broken = self._carried(owed)
        if not carried:
            return [], broken
        pen = self.clerk.pen
        message = quarantined(owed[0].letter, lambda: pen.gathered(key, reader.person, carried, day))
        if not isinstance(message, Broken):
            return [message], broken
        sound, more = _sifted(carried)
        if not sound or not more:
            return [], broken + [(letter, message.reason) for each in carried for letter in each.letters]
        return [pen.gathered(key, reader.person, sound, day)], broken + more

    def _carried(self, owed: Sequence[Owed]) -> tuple[list[Carried], list[tuple[int, str]]]:
        carried: list[Carried] = []
        broken: list[tuple[int, str]] = []
        by_id = {each.letter.id: each for each in owed}
        for letters in of_same_thing([each.letter for each in owed]):
            theirs = [by_id[letter.id] for letter in letters]
            one = quarantined(letters[0], lambda those=theirs: self.clerk.carried(those))  # type: ignore[misc]
            if isinstance(one, Broken):
                broken += [(letter.id, one.reason) for letter in letters]
            else:
                carried.append(one)
        return carried, broken

    def _today(self, circle: Sequence[Owed]) -> date:
        state = self.clerk.pen.desk.state(circle[0].letter.finding)
        return state.calendar.today(self.clerk.pen.now)

    def _next_morning(self, each: Owed) -> datetime:
        state = self.clerk.pen.desk.state(each.letter.finding)
        calendar = state.calendar
        day = calendar.working_day_on_or_after(calendar.today(self.clerk.pen.now) + ONE_DAY)
        return calendar.instant(day, state.policy.reminders.at)


def _is_reminder(owed: Owed) -> bool:
    return owed.letter.kind in REMINDERS


def _sifted(carried: Sequence[Carried]) -> tuple[list[Carried], list[tuple[int, str]]]:
    """Tell those that can be written from those that cannot, each by itself."""
    sound: list[Carried] = []
    broken: list[tuple[int, str]] = []
    for each in carried:
        try:
            write_letter(each.occasion)
        except Exception as error:  # noqa: BLE001 - logged where the message failed; here it is told apart
            broken += [(letter, f"unwritable:{type(error).__name__}") for letter in each.letters]
        else:
            sound.append(each)
    return sound, broken
