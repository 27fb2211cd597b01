"""The sweep: the first call fails, then the second, and so on, until a run passes without a fault.

A call that fails may have been carried out or not. Whoever asked asks again; all must end as it does
where nothing fails.
"""

import shutil
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, select
from sqlalchemy.exc import OperationalError

from activities.mailroom import Mailroom, MailroomSettings
from activities.recording import Recorder
from notifications.postman import MailServer, Security
from remediation.words import FindingId
from storage import commands
from storage.commands import Command
from storage.database import UNAVAILABLE, open_engine, reading, writing
from storage.tables import commands as command_rows
from storage.tables import findings, ledger, letters, messages
from tests.nemesis.wires import Harm, Wire, open_wire
from tests.notifications.mail_servers import MailHouse, open_house
from tests.storage.builders import AMINA, MONDAY, Life, a_life, a_recording
from tests.storage.cast import settle_the_cast

LATE = MONDAY + timedelta(days=25)
ROUND = timedelta(minutes=2)
ROUNDS, TRIES = 6, 4
MOST_CALLS = 1000
SENT_AGAIN = "overdue"


@dataclass
class NthCall:
    """Lets the n-th call of a database fail: a statement or a commit, before or after it is carried out."""

    engine: Engine
    number: int
    carried_out: bool
    calls: int = 0

    @property
    def struck(self) -> bool:
        return self.calls >= self.number

    @contextmanager
    def failing(self) -> Iterator[None]:
        listening = (
            ("before_cursor_execute", self._before),
            ("after_cursor_execute", self._after),
            ("commit", self._commit),
        )
        for name, listener in listening:
            event.listen(self.engine, name, listener)
        yield
        for name, listener in listening:
            event.remove(self.engine, name, listener)

    def _before(self, *_: Any) -> None:  # noqa: ANN401 - what SQLAlchemy tells
        self.calls += 1
        if self.calls == self.number and not self.carried_out:
            raise connection_lost()

    def _after(self, *_: Any) -> None:  # noqa: ANN401
        if self.calls == self.number and self.carried_out:
            raise connection_lost()

    def _commit(self, connection: Connection) -> None:
        self.calls += 1
        if self.calls != self.number:
            return
        if self.carried_out:
            connection.connection.commit()
        raise connection_lost()


def connection_lost() -> OperationalError:
    return OperationalError("the connection is lost", None, ConnectionResetError())


@dataclass
class Office:
    """A database, a mail server behind a wire, and what works on them."""

    engine: Engine
    house: MailHouse
    wire: Wire
    worn: list[str] = field(default_factory=list)

    async def story(self) -> None:
        """A command comes in, facts are recorded, letters leave: each until it succeeds."""
        life = a_late_life()
        await insist(self._command)
        recorder = Recorder(self.engine)
        await insist(lambda: recorder.record(a_recording(life)))
        await self.mail()

    async def mail(self) -> None:
        server = MailServer(
            host="127.0.0.1",
            port=self.wire.port,
            sender="Mendwork <m@mail.example>",
            security=Security.NONE,
            timeout=5,
        )
        settings = MailroomSettings(server=server, public_url="http://mendwork", gather=timedelta())
        room = Mailroom(self.engine, settings)
        for number in range(ROUNDS):
            now = LATE + number * ROUND
            await insist(lambda at=now: room.address(at))  # type: ignore[misc]
            while await insist(lambda at=now: room.deliver(at)):  # type: ignore[misc]
                pass
            if not await insist(self._in_hand):
                return

    async def _in_hand(self) -> int:
        with reading(self.engine) as connection:
            still = messages.c.state.in_(["waiting", "claimed"])
            return len(connection.execute(select(messages.c.id).where(still)).all())

    async def _command(self) -> None:
        with writing(self.engine) as connection:
            commands.receive(connection, a_command())
            commands.pending(connection, LATE)
            commands.carried_out(connection, LATE)

    def stands(self) -> dict[str, Any]:
        """Give what stands in SQL, without what may differ between two runs."""
        with reading(self.engine) as connection:
            owed = select(letters.c.obligation, letters.c.step, letters.c.recipient, letters.c.state)
            return {
                "commands": connection.execute(select(command_rows.c.id)).scalars().all(),
                "ledger": connection.execute(select(ledger.c.seq, ledger.c.digest).order_by("seq")).all(),
                "row": connection.execute(select(findings.c.seq, findings.c.digest)).all(),
                "letters": sorted(tuple(row) for row in connection.execute(owed)),
                "messages": sorted(connection.execute(select(messages.c.person, messages.c.kind)).all()),
            }

    def assert_mail_is_right(self, *, doubt: bool = False) -> None:
        """No mail came oftener than doubt excuses; each has arrived, or (of the less urgent) is in doubt."""
        copies = Counter(self.house.message_ids())
        with reading(self.engine) as connection:
            stored = connection.execute(select(messages)).all()
        for each in stored:
            allowed = {"accepted"} | ({"unknown"} if doubt and each.kind != SENT_AGAIN else set())
            assert each.state in allowed, (each.kind, each.state, each.last_reply)
            least = 1 if each.state == "accepted" else 0
            assert least <= copies.pop(each.message_id, 0) <= 1 + each.ambiguous
        assert not copies


async def insist(do: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401 - whatever is done
    """Do something again where the database could not answer, as everybody does who works with it."""
    for _ in range(TRIES):
        try:
            return await do()
        except UNAVAILABLE:
            continue
    raise AssertionError("one fault alone must not fail a second try")


def a_late_life() -> Life:
    """A finding that nobody has looked at: reminders were due, and the advisor is told of the lateness."""
    return a_life().keep_time(LATE)


def a_command() -> Command:
    return Command(
        id=commands.command_id(AMINA, "k1"),
        person=AMINA,
        key="k1",
        finding=FindingId("f1"),
        verb="sign",
        order="{}",
        digest="d1",
        received_at=LATE,
    )


Open = Callable[[], Any]


def settle(url: str) -> None:
    """Put the cast into a database, which nothing holds open after it."""
    engine = open_engine(url)
    with writing(engine) as connection:
        settle_the_cast(connection)
    engine.dispose()


@pytest.fixture
def offices(request: pytest.FixtureRequest, dialect: str, tmp_path: Path) -> Open:
    """Opens offices, each over a fresh database of the dialect in which the cast is settled."""
    numbers = count()
    if dialect == "sqlite":
        template = tmp_path / "settled.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), template)
        settle(f"sqlite:///{template}")

        def a_url() -> str:
            file = tmp_path / f"{next(numbers)}.db"
            shutil.copy(template, file)
            return f"sqlite:///{file}"
    else:
        cluster = request.getfixturevalue("postgres_cluster")
        cluster.drop("settled")
        settle(str(cluster.create("settled", request.getfixturevalue("postgres_template"))))

        def a_url() -> str:
            cluster.drop("swept")
            return str(cluster.create("swept", "settled"))

    @asynccontextmanager
    async def opened() -> AsyncIterator[Office]:
        engine, house = open_engine(a_url()), MailHouse()
        async with open_house(house) as port, open_wire("post", port) as wire:
            yield Office(engine, house, wire)
        engine.dispose()

    return opened


@pytest.mark.timeout(300)
@pytest.mark.parametrize("carried_out", [False, True], ids=["fails", "fails-after-it-was-done"])
async def test_whichever_call_of_the_database_fails_all_ends_as_if_none_had(
    offices: Open,
    carried_out: bool,  # noqa: FBT001
) -> None:
    async with offices() as quiet:
        await quiet.story()
        expected = quiet.stands()
        quiet.assert_mail_is_right()
        assert quiet.house.taken
    for number in range(1, MOST_CALLS):
        async with offices() as office:
            fault = NthCall(office.engine, number, carried_out)
            with fault.failing():
                await office.story()
            assert office.stands() == expected, f"call {number}"
            office.assert_mail_is_right()
            if not fault.struck:
                return
    raise AssertionError("the sweep has no end")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize("harm", [Harm.REQUEST_LOST, Harm.REPLY_LOST, Harm.REPLY_CUT])
async def test_whichever_word_to_the_mail_server_is_lost_each_mail_arrives_or_is_in_doubt(
    offices: Open, harm: Harm
) -> None:
    for number in range(1, MOST_CALLS):
        async with offices() as office:
            words = count(1)
            office.wire.arm(harm, lambda _, until=number, said=words: next(said) == until)
            await office.story()
            office.assert_mail_is_right(doubt=True)
            if not office.wire.struck[harm]:
                assert number > 1
                return
    raise AssertionError("the sweep has no end")
