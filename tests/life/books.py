"""Looking through the books when all is over: one finding's ledger, commands, letters and mail."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from sqlalchemy import Connection, select
from sqlalchemy import Engine as Database

from remediation.letters import letters_for
from remediation.words import SYSTEM, CommandId
from storage import gatherings, ledger, letters, messages
from storage.codec import fact_of
from storage.database import reading
from storage.letters import LetterState
from storage.messages import Message, MessageState
from storage.tables import commands
from storage.tables import letters as letter_rows
from tests.notifications.mail_servers import MailHouse

OPEN = {MessageState.WAITING, MessageState.CLAIMED}
LetterKey = tuple[int, str, str]
"""The entry that called for a letter, and the letter's kind and recipient."""


class Books:
    """What SQL says about one finding."""

    def __init__(self, database: Database, finding: str) -> None:
        with reading(database) as connection:
            self.entries = ledger.entries(connection, finding)
            self.broken = ledger.broken_chains(connection)
            self.astray = ledger.astray(connection)
            given = select(commands.c.id).where(commands.c.person != SYSTEM)  # it reports on plans by itself
            self.commands = set(connection.execute(given).scalars())
            self.letters = letters.of_finding(connection, finding)
            self.letter_keys = _stored(connection, finding)
            self.carried = {  # its plan writes letters of its own
                letter: carried
                for subject in (finding, *gatherings.ids(connection))
                for letter, carried in messages.of_finding(connection, subject).items()
            }

    @property
    def facts(self) -> tuple[str, ...]:
        """What happened, in order."""
        return tuple(entry.kind for entry in self.entries)

    @property
    def effects(self) -> dict[CommandId, list[str]]:
        """What each command led to."""
        found: dict[CommandId, list[str]] = defaultdict(list)
        for entry in self.entries:
            if entry.command is not None:
                found[entry.command].append(entry.kind)
        return dict(found)

    @property
    def messages(self) -> dict[str, Message]:
        """All messages, by Message-ID."""
        return {each.message_id: each for carried in self.carried.values() for each in carried}

    def mail_is_settled(self) -> bool:
        """Whether all that leaves at once has left. Gathered letters may wait for a morning."""
        waiting = [each for each in self.letters if each.state is LetterState.WAITING and not each.gathered]
        return not waiting and not any(each.state in OPEN for each in self.messages.values())

    def check_ledger(self, told: Mapping[CommandId, list[str]]) -> None:
        """Every acknowledged command stands once, none stands that was not given, and all adds up."""
        assert self.effects == told
        assert self.commands == set(told)
        assert (self.broken, self.astray) == ({}, ())

    def check_letters(self) -> None:
        """The ledger's facts call for exactly these letters, and each has gone its way or says why not."""
        assert self.letter_keys == self._owed()
        for each in self.letters:
            assert each.state is not LetterState.SKIPPED or each.reason
            assert each.state is not LetterState.ADDRESSED or self.carried[each.id]

    def check_mail(self, house: MailHouse) -> Counter[str]:
        """Every message arrived, unchanged and no oftener than doubt excuses; give the copies of each."""
        copies: Counter[str] = Counter()
        texts: dict[str, set[bytes]] = defaultdict(set)
        for mail, text in zip(house.mails(), house.taken, strict=True):
            copies[mail["Message-ID"]] += 1
            texts[mail["Message-ID"]].add(text)
        assert all(len(each) == 1 for each in texts.values())
        sent = {key: each for key, each in self.messages.items() if each.state is not MessageState.SKIPPED}
        assert set(copies) == set(sent)
        for key, message in sent.items():
            assert message.state is MessageState.ACCEPTED
            assert 1 <= copies[key] <= 1 + message.ambiguous
        return copies

    def _owed(self) -> Counter[LetterKey]:
        return Counter(
            (entry.seq, letter.kind.value, letter.recipient)
            for entry in self.entries
            for letter in letters_for(fact_of(entry.kind, entry.body), entry.seq)
        )


def _stored(connection: Connection, finding: str) -> Counter[LetterKey]:
    columns = (letter_rows.c.seq, letter_rows.c.kind, letter_rows.c.recipient)
    rows = connection.execute(select(*columns).where(letter_rows.c.finding == finding))
    return Counter((row.seq, row.kind, row.recipient) for row in rows)
