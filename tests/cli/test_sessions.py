"""`mendwork sessions`: an operator sees where somebody is signed in, and ends it."""

from datetime import UTC, datetime, timedelta

from remediation.words import PersonId
from storage import passkeys
from storage.database import open_engine, reading, writing
from storage.sessions import Lifetime, Opening, open_session
from tests.cli.conftest import Terminal
from tests.storage.builders import a_passkey


def test_an_operator_sees_where_somebody_is_signed_in_and_ends_it(terminal: Terminal) -> None:
    terminal.type("migrate")
    terminal.type("demo")
    lifetime = Lifetime(idle=timedelta(days=1), most=timedelta(days=1))
    opening = Opening(
        person=PersonId("p-0101"), device="Firefox on Android", shared=False, means="code", lifetime=lifetime
    )
    store = open_engine(f"sqlite:///{terminal.home / 'mendwork.db'}")
    with writing(store) as connection:
        open_session(connection, opening, datetime.now(UTC))
        passkeys.add(connection, a_passkey(PersonId("p-0101")))
    assert "Firefox on Android" in terminal.type("sessions", "amina@padma.example").out
    ended = terminal.type("sessions", "p-0101", "--end", "--json").json
    assert (ended["ended"], len(ended["sessions"])) == (True, 1)
    assert terminal.type("sessions", "p-0101", "--json").json["sessions"] == []
    with reading(store) as connection:
        assert passkeys.of_person(connection, "p-0101") == ()
    store.dispose()
