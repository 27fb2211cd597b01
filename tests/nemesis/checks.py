"""The checks: each invariant that must hold whatever was done, looked at in the evidence.

What can be judged without our own decisions is: chains are summed here, ledgers are read by the auditor
of the rules' tests, mail is counted at the mail server, and people's own journals are believed.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default as modern
from hashlib import sha256

from remediation.case import Case
from remediation.facts import Fact
from remediation.ledger import Entry
from remediation.letters import letters_for
from remediation.notices import notice_of
from remediation.obligations import Obligation, obligations
from storage import ledger as our_ledger
from storage.codec import fact_of
from storage.database import reading
from storage.findings import case as stored_case
from tests.nemesis.evidence import Evidence
from tests.nemesis.people import PLANTED
from tests.rules.auditor import Auditor
from tests.service.stage import BAO, LOTUS, NAMES, NEIGHBOUR, OUTSIDER, PADMA

CLOCK = frozenset(
    {"issued", "reminded", "escalated", "acknowledgement_ending", "acknowledgement_lapsed", "decision_due"}
)
"""What needs nobody's command."""
SENT = frozenset({"accepted", "unknown", "failed"})
KIND_SENT_AGAIN = frozenset({"overdue", "decision_due", "alarm_raised", "alarm_decided"})


@dataclass
class Looked:
    """What one check looked at, and what it objects to."""

    number: str
    sentence: str
    things: int = 0
    objections: list[str] = field(default_factory=list)

    def see(self, thing: str, *, right: bool) -> None:
        """Count a thing, and object to it where it is not right."""
        self.things += 1
        if not right:
            self.objections.append(thing)


Check = Callable[[Evidence, Looked], None]
CHECKS: list[tuple[str, str, Check]] = []


def _invariant(number: str, sentence: str) -> Callable[[Check], Check]:
    def enter(check: Check) -> Check:
        CHECKS.append((number, sentence, check))
        return check

    return enter


def check_all(evidence: Evidence) -> list[Looked]:
    """Look at every invariant."""
    looked = []
    for number, sentence, check in CHECKS:
        looked.append(Looked(number, sentence))
        check(evidence, looked[-1])
    return looked


@_invariant("1", "every acknowledged command stands exactly once, with the effect that was told")
def _acknowledged(evidence: Evidence, looked: Looked) -> None:
    effects = _effects(evidence)
    for sent, told in evidence.journal.done.items():
        stands = effects.get(sent.id, [])
        right = [entry.kind for entry in stands] == told["facts"] and _in_one_piece(stands, sent.finding)
        looked.see(f"{sent.id} of {sent.finding} was told {told['facts']}, stands {stands}", right=right)
    for sent in evidence.journal.differing:
        code = evidence.journal.refused.get(sent)
        looked.see(f"{sent.id} was answered twice, and not alike (refused as {code})", right=False)


def _effects(evidence: Evidence) -> dict[str, list[Entry]]:
    effects: dict[str, list[Entry]] = defaultdict(list)
    for entries in evidence.ledgers.values():
        for entry in entries:
            if entry.command:
                effects[entry.command].append(entry)
    return effects


def _in_one_piece(entries: list[Entry], finding: str) -> bool:
    seqs = [entry.seq for entry in entries]
    first = seqs[0] if seqs else 0
    return seqs == list(range(first, first + len(seqs))) and {each.finding for each in entries} == {finding}


@_invariant("1", "every acknowledged import stands: a finding for each of its rows")
def _imported(evidence: Evidence, looked: Looked) -> None:
    stands = Counter(row.question for row in evidence.rows.values())
    for question in evidence.journal.imported:
        looked.see(f"{question} stands {stands[question]} times", right=stands[question] == 1)


@_invariant("2", "no effect without a command, none of a refused one, and no command that nobody gave")
def _no_effect_alone(evidence: Evidence, looked: Looked) -> None:
    invoked = {sent.id for sent in evidence.journal.invoked}
    refused = {str(sent.id): code for sent, code in evidence.journal.refused.items()}
    for entry in (each for entries in evidence.ledgers.values() for each in entries):
        told = refused.get(entry.command or "", "")
        known = entry.command in invoked if entry.command else entry.kind in CLOCK
        what = f"{entry.finding}#{entry.seq} {entry.kind} by {entry.command}"
        looked.see(f"{what}, refused as {told!r}", right=known and not told)
    for command in evidence.commands:
        looked.see(f"command {command} that nobody gave", right=command in invoked)


@_invariant("3, 10", "whatever once stood in the ledger stands there unchanged, commitments and attempts too")
def _nothing_vanishes(evidence: Evidence, looked: Looked) -> None:
    for place, digest in evidence.seen.items():
        looked.see(f"{place} has changed or is gone", right=evidence.standing.get(place) == digest)


@_invariant("3", "what was promised is what the finding keeps now")
def _promises(evidence: Evidence, looked: Looked) -> None:
    for finding, entries in evidence.ledgers.items():
        case, auditor = _case(evidence, finding), _audited(evidence, finding, entries)[0]
        kept = {action.id: action.due for action in case.finding.actions}
        looked.see(f"{finding} keeps {kept}, promised {auditor.promises}", right=kept == auditor.promises)


@_invariant("4", "the ledger calls for exactly the letters there are: one a deadline, step and recipient")
def _letters(evidence: Evidence, looked: Looked) -> None:
    stored: dict[str, Counter[tuple[int, str, str]]] = defaultdict(Counter)
    for row in evidence.letters:
        stored[row.finding][row.seq, row.kind, row.recipient] += 1
    for finding, entries in evidence.ledgers.items():
        owed = Counter(
            (entry.seq, letter.kind.value, letter.recipient)
            for entry in entries
            for letter in letters_for(_fact(entry), entry.seq)
        )
        looked.see(f"{finding}: {owed - stored[finding]} lack", right=owed == stored[finding])


@_invariant("4", "each letter has its mail, or says why not; each step of the ladder has arrived")
def _mail_of_letters(evidence: Evidence, looked: Looked) -> None:
    now = datetime.now(UTC)
    for letter in evidence.letters:
        carried = evidence.carried[letter.id]
        if letter.state == "waiting":
            right = letter.gathered and letter.not_before > now  # for the next morning
        elif letter.state == "skipped":
            right = bool(letter.reason)
        else:
            right = any(each.state in SENT or each.reason for each in carried)
        if letter.kind in KIND_SENT_AGAIN and letter.state == "addressed":
            right = right and any(each.state in {"accepted", "skipped"} for each in carried)
        looked.see(f"letter {letter.id} ({letter.kind}) is {letter.state} {letter.reason}", right=right)


@_invariant("5", "copies of a mail are no more than one and the tries of which the outcome is unknown")
def _copies(evidence: Evidence, looked: Looked) -> None:
    copies: Counter[str] = Counter()
    texts: dict[str, set[bytes]] = defaultdict(set)
    for _, text in evidence.mails:
        name = message_from_bytes(text, policy=modern)["Message-ID"]
        copies[name] += 1
        texts[name].add(text)
    for message in evidence.messages:
        least = 1 if message.state == "accepted" else 0
        count = copies.pop(message.message_id, 0)
        right = least <= count <= 1 + message.ambiguous and len(texts[message.message_id]) <= 1
        looked.see(f"mail {message.id} came {count} times, {message.ambiguous} unknown", right=right)
    looked.see(f"mails that nobody wrote: {dict(copies)}", right=not copies)


@_invariant(
    "6, 7, 8, 9", "no step early, all in order; none after a fix; closed by another; quorum as counted"
)
def _audit(evidence: Evidence, looked: Looked) -> None:
    for finding, entries in evidence.ledgers.items():
        looked.things += len(entries) - 1
        auditor, objection = _audited(evidence, finding, entries)
        looked.see(f"{finding}: {objection}", right=not objection)
        case = _case(evidence, finding)
        now = max(datetime.now(UTC), entries[-1].at)
        for owed in obligations(case.finding):
            level = notice_of(case.finding, owed).level
            looked.see(
                f"{finding}: {owed.key} misses a step", right=_no_step_is_missing(auditor, owed, level, now)
            )


def _no_step_is_missing(auditor: Auditor, owed: Obligation, level: int, now: datetime) -> bool:
    try:
        auditor.no_step_is_missing(owed, level, now)
    except AssertionError:
        return False
    return True


def _audited(evidence: Evidence, finding: str, entries: tuple[Entry, ...]) -> tuple[Auditor, str]:
    """Let the auditor read a ledger; give it with its objection, if it has one."""
    own = _case(evidence, finding).finding
    policy = own.policy
    auditor = Auditor(
        own.calendar, policy.quorum, policy.tell_factory_when_raised, morning=policy.reminders.at
    )
    for entry in entries:
        try:
            auditor.read(entry, _fact(entry))
        except AssertionError as objection:
            return auditor, f"#{entry.seq} {entry.kind}: {str(objection).splitlines()[0]}"
    return auditor, ""


@_invariant("11", "the read model is where the workflow stands, for every open finding")
def _read_model(evidence: Evidence, looked: Looked) -> None:
    for finding in evidence.open:
        row, head = evidence.rows[finding], evidence.heads.get(finding)
        right = head is not None and (head.seq, head.digest, head.stored) == (row.seq, row.digest, row.seq)
        looked.see(f"{finding}: SQL at {row.seq}, workflow {head}", right=right)


@_invariant("12", "folding the ledger gives the state that is stored; the auditor's own books agree")
def _folds(evidence: Evidence, looked: Looked) -> None:
    with reading(evidence.database) as connection:
        astray = set(our_ledger.astray(connection))
    for finding, entries in evidence.ledgers.items():
        auditor, _ = _audited(evidence, finding, entries)
        row = evidence.rows[finding]
        books = (auditor.attempt, auditor.severity.value, auditor.seq)
        right = finding not in astray and books == (row.attempt, row.severity, row.seq)
        looked.see(f"{finding} is not the sum of its ledger, or {books} differ", right=right)


@_invariant("13", "every chain holds, without a gap (summed here, not by our own code)")
def _chains(evidence: Evidence, looked: Looked) -> None:
    for finding, entries in evidence.ledgers.items():
        before = "0" * 64
        for place, entry in enumerate(entries, start=1):
            at = entry.at.astimezone(UTC).isoformat()
            sealed = [before, finding, place, at, entry.by, entry.command, entry.kind, entry.body]
            before = sha256(json.dumps(sealed).encode()).hexdigest()
            looked.see(f"{finding}#{place}", right=(entry.seq, entry.digest) == (place, before))
        looked.see(f"{finding}: cut off", right=evidence.rows[finding].digest == before)


@_invariant("14", "no mail is stuck beyond its lease")
def _leases(evidence: Evidence, looked: Looked) -> None:
    for message in evidence.messages:
        looked.see(f"mail {message.id} is {message.state}", right=message.state not in {"claimed", "waiting"})


@_invariant("15", "every open finding has a running workflow, and the reverse")
def _workflows(evidence: Evidence, looked: Looked) -> None:
    for finding in evidence.open | evidence.running:
        where = (finding in evidence.open, finding in evidence.running)
        looked.see(f"{finding}: open, running = {where}", right=all(where))


@_invariant("17", "every history replays")
def _histories(evidence: Evidence, looked: Looked) -> None:
    for history, failure in evidence.replayed.items():
        looked.see(f"{history}: {failure}", right=not failure)


@_invariant("18", "what is of one factory never reaches the other, nor an outsider")
def _apart(evidence: Evidence, looked: Looked) -> None:
    theirs = {address(BAO): PLANTED[PADMA][:13], address(NEIGHBOUR): PLANTED[LOTUS][:13]}
    for recipient, text in evidence.mails:
        planted = theirs.get(recipient)
        right = recipient != address(OUTSIDER) and (planted is None or planted.encode() not in text)
        looked.see(f"a mail to {recipient}", right=right)


@_invariant("19", "no name, address or planted text in logs, in Temporal's files, or in subjects")
def _nothing_personal(evidence: Evidence, looked: Looked) -> None:
    words = [*NAMES.values(), *(address(each) for each in NAMES), "PLANTED"]
    subjects = "\n".join(str(each) for each in _subjects(evidence))
    for name, content in {**evidence.texts, "subjects": subjects.encode()}.items():
        for word in words:
            looked.see(f"{word!r} in {name}", right=word.encode() not in content)


def _subjects(evidence: Evidence) -> Iterator[str]:
    return (message_from_bytes(text, policy=modern)["Subject"] for _, text in evidence.mails)


def address(person: str) -> str:
    """Give a person's mail address."""
    return f"{person}@mail.example"


def _case(evidence: Evidence, finding: str) -> Case:
    with reading(evidence.database) as connection:
        case = stored_case(connection, finding)
    assert case is not None
    return case


def _fact(entry: Entry) -> Fact:
    return fact_of(entry.kind, entry.body)


def objections(looked: Iterable[Looked]) -> list[str]:
    """Give everything that was objected to."""
    return [f"[{each.number}] {one}" for each in looked for one in each.objections]
