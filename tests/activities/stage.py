"""A mailroom with the database and the mail server it works on, and findings that call for letters."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import EmailMessage

from sqlalchemy import Engine

from activities.mailroom import Mailroom, MailroomSettings
from notifications.postman import MailServer, Security
from remediation import orders
from remediation.words import CommandId, LetterKind, PersonId, Role
from storage import letters, messages
from storage.database import migrate, open_engine, reading, writing
from storage.letters import Letter
from storage.messages import Message
from storage.people import give, save_person
from storage.recording import record
from tests.notifications.mail_servers import MailHouse
from tests.storage.builders import AMINA, BAO, MONDAY, REVISION, Life, a_life, a_recording, an_action
from tests.storage.cast import a_person, of_programme, settle_the_cast

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
HALF_A_MINUTE = MINUTE / 2
GATHER = timedelta(minutes=5)
TUESDAY = MONDAY + timedelta(days=1)
DUTY, PAM = PersonId("duty"), PersonId("pam")


def prepared(url: str) -> None:
    engine = open_engine(url)
    migrate(engine)
    with writing(engine) as connection:
        settle_the_cast(connection)
        for person, role in ((DUTY, Role.DUTY_OFFICER), (PAM, Role.PROGRAMME_MANAGER)):
            save_person(connection, a_person(person, f"{person}@example.org"))
            give(connection, person, of_programme(role))
    engine.dispose()


@dataclass
class Post:
    """A mailroom, the database it works on, and the mail server it speaks to."""

    engine: Engine
    house: MailHouse
    port: int

    def room(self) -> Mailroom:
        server = MailServer(
            host="127.0.0.1",
            port=self.port,
            sender="Mendwork <letters@mendwork.example>",
            security=Security.NONE,
            timeout=5,
        )
        settings = MailroomSettings(server=server, public_url="https://mendwork.example", gather=GATHER)
        return Mailroom(self.engine, settings)

    async def round(self, now: datetime) -> None:
        room = self.room()
        await room.address(now)
        while await room.deliver(now):
            pass

    def happens(self, life: Life, since: int = 0) -> Life:
        with writing(self.engine) as connection:
            record(connection, [a_recording(life, since)])
        return life

    def mails(self, to: PersonId | None = None) -> list[EmailMessage]:
        return [mail for mail in self.house.mails() if to is None or mail["To"] == f"{to}@example.org"]

    def letters(self, kind: LetterKind, finding: str = "f1") -> list[Letter]:
        with reading(self.engine) as connection:
            return [each for each in letters.of_finding(connection, finding) if each.kind is kind]

    def reasons(self, kind: LetterKind) -> set[str]:
        return {letter.reason for letter in self.letters(kind)}

    def messages(self, to: PersonId) -> tuple[Message, ...]:
        with reading(self.engine) as connection:
            return messages.of_person(connection, to)

    def change(self, person: PersonId, email: str | None) -> None:
        with writing(self.engine) as connection:
            save_person(connection, replace(a_person(person), email=email))


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def proposing(life: Life, at: datetime) -> Life:
    return life.obey(
        orders.Propose(
            id=CommandId("c-propose"),
            by=BAO,
            acting=Role.MANAGEMENT_MEMBER,
            revision=REVISION,
            actions=(an_action(20, at=at),),
        ),
        at,
    )


def signing(life: Life, person: PersonId, at: datetime) -> Life:
    acting = Role.WORKER_MEMBER if person == AMINA else Role.MANAGEMENT_MEMBER
    return life.obey(
        orders.Sign(id=CommandId(f"c-sign-{person}"), by=person, acting=acting, revision=REVISION), at
    )


def overdue(level: int = 1) -> Life:
    """A promise of which the ladder's first levels have come."""
    life = signing(signing(proposing(a_life(), MONDAY), AMINA, MONDAY), BAO, MONDAY)
    due = life.case.finding.actions[0].due
    days = {1: 2, 2: 8, 3: 22}[level]
    for day in range((due - MONDAY.date()).days + days):
        life = life.keep_time(MONDAY + timedelta(days=day))
    return life


LATE = MONDAY + timedelta(days=22)
