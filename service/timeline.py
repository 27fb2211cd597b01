"""A finding's timeline: what happened, in plain words, each with the letters it called for."""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import Connection

from remediation import facts
from remediation.facts import Fact
from remediation.permissions import Action
from remediation.words import LetterKind, PersonId, Side
from service import saying
from service.api.shapes import Delivery, LetterShape, Named, NoteShape, Timeline, TimelineEntry
from service.codes import DELIVERIES, reason
from service.dossier import Dossier, Happened, texts
from service.evidence.seeing import shape_of
from service.sight import Sight
from service.speaking import say
from service.telling import tell
from storage import absences, letters, messages, people
from storage.letters import Letter, LetterState
from storage.messages import Message, MessageState

LettersOf = dict[int, list[LetterShape]]


def timeline(connection: Connection, dossier: Dossier) -> Timeline:
    """Give all that the viewer may know to have happened, the earliest first."""
    sent = _letters(connection, dossier)
    return Timeline(entries=[entry_of(dossier, each, sent) for each in dossier.seen()])


def entry_of(dossier: Dossier, happened: Happened, sent: LettersOf) -> TimelineEntry:
    """Give one thing that the viewer may know to have happened, with the letters it called for."""
    entry, fact, sight = happened.entry, happened.fact, dossier.sight
    who = sight.who(entry.by, fact, happened.seats)
    return TimelineEntry(
        seq=entry.seq,
        at=entry.at,
        local=dossier.finding.calendar.local(entry.at),
        kind=entry.kind,
        who=Named(id=who, name=sight.name(who)) if who else None,
        text=tell(fact, dossier.setting(happened)),
        notes=list(_notes(dossier, fact)),
        files=[shape_of(dossier, each) for each in dossier.evidence if each.id in _named(fact)],
        letters=sent.get(entry.seq, []),
    )


def _named(fact: Fact) -> set[str]:
    """Give the ids of the photos and documents that a fact names."""
    return {each.id for each in getattr(fact, "files", ())}


def _notes(dossier: Dossier, fact: Fact) -> Iterator[NoteShape]:
    if not _told(fact, dossier.sight):
        return
    for text in texts(fact):
        note = dossier.notes.get(text)  # type: ignore[call-overload]
        if note is not None:
            yield NoteShape(purpose=note.purpose, text=note.text)


def _told(fact: Fact, sight: Sight) -> bool:
    """Whether the texts that go with a fact are for the viewer."""
    if isinstance(fact, facts.Refused):
        return sight.may(Action.VIEW_REASONS)
    if isinstance(fact, facts.FixObjected):
        return sight.hears(Side.WORKER, fact.person)
    if isinstance(fact, facts.AlarmDecided | facts.AuthorityNotified):
        return sight.staff
    return sight.may(Action.VIEW_TEXTS)


def _letters(connection: Connection, dossier: Dossier) -> LettersOf:
    if not dossier.sight.may(Action.VIEW_LETTERS):
        return {}
    sent: LettersOf = defaultdict(list)
    for shape, letter in shown(connection, dossier):
        sent[letter.seq].append(shape)
    return sent


def shown(connection: Connection, dossier: Dossier) -> Iterator[tuple[LetterShape, Letter]]:
    """Give a finding's letters as the viewer may see them, in the order of what happened."""
    finding, sight = dossier.finding.id, dossier.sight
    owed = letters.of_finding(connection, finding)
    carried = messages.of_finding(connection, finding)
    covered = absences.covered_in(connection, finding)
    to = {message.person for every in carried.values() for message in every} | {
        letter.person for letter in owed if letter.person
    }
    to |= {person for every in covered.values() for person in every}
    names = {each.id: each.name for each in people.people_of(connection, to).values()}
    for letter in owed:
        if _known(letter, dossier):
            yield _shape(letter, carried.get(letter.id, ()), sight, names, covered), letter


def _known(letter: Letter, dossier: Dossier) -> bool:
    """Whether the viewer may know of a letter at all."""
    if letter.kind is LetterKind.PROPOSAL_REFUSED:
        return dossier.sight.may(Action.VIEW_REASONS)
    return dossier.sight.staff or not dossier.untold(letter.at)


Covered = dict[tuple[int, int], tuple[PersonId, ...]]
"""In whose place letters were read, by message and letter."""


def _shape(
    letter: Letter,
    carriers: tuple[Message, ...],
    sight: Sight,
    names: dict[PersonId, str],
    covered: Covered,
) -> LetterShape:
    whole = sight.may(Action.VIEW_DELIVERY)
    for_whom = {message.id: covered.get((message.id, letter.id), ()) for message in carriers}
    told = [each for each in carriers if whole or sight.viewer in (each.person, *for_whom[each.id])]
    person = letter.person if whole or letter.person == sight.viewer else None
    return LetterShape(
        id=letter.id,
        finding=letter.finding,
        kind=letter.kind,
        what=saying.LETTERS[letter.kind],
        role=letter.role,
        person=Named(id=person, name=names.get(person, person)) if person else None,
        obligation=letter.obligation,
        step=letter.step,
        at=letter.at,
        state=letter.state.value,
        said=said(letter, carriers, whole=whole or bool(told)),
        deliveries=[_delivery(message, names, for_whom[message.id]) for message in told],
    )


def _delivery(message: Message, names: dict[PersonId, str], in_place_of: tuple[PersonId, ...]) -> Delivery:
    return Delivery(
        person=Named(id=message.person, name=names.get(message.person, message.person)),
        state=message.state.value,
        reason=message.reason,
        at=message.settled_at or message.created_at,
        attempts=message.attempts,
        in_place_of=[Named(id=each, name=names.get(each, each)) for each in in_place_of],
    )


def said(letter: Letter, carriers: tuple[Message, ...], *, whole: bool) -> str:
    """Give what became of a letter in words; why it was not sent only as the whole story."""
    if letter.state is LetterState.WAITING:
        return say("waits for the morning's message") if letter.gathered else say("about to be sent")
    if letter.state is LetterState.SKIPPED:
        return _because(DELIVERIES[MessageState.SKIPPED], letter.reason if whole else "")
    words = dict.fromkeys(_words(message, whole=whole) for message in carriers)
    return saying.listed(words) or say("addressed")


def _words(message: Message, *, whole: bool) -> str:
    return _because(DELIVERIES[message.state], message.reason if whole else "")


def _because(what: str, code: str) -> str:
    return say("%(state)s: %(reason)s", state=what, reason=reason(code)) if code else what
