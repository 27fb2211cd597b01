"""The mailroom: letters owed in SQL become mail at a real mail server, once each, or say why not."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, select, update

from activities.mailroom import Mailroom, MailroomSettings
from activities.mailroom.delivering import pause_after, pause_while_away
from activities.mailroom.responsible import NEXT, above
from notifications.postman import MailServer, Security
from remediation import orders
from remediation.words import (
    CommandId,
    LetterKind,
    NoteId,
    PersonId,
    Role,
    Severity,
)
from storage import claims, letters, messages
from storage.database import migrate, open_engine, reading, writing
from storage.letters import Letter, LetterState
from storage.messages import Message, MessageState
from storage.notes import write_revision
from storage.people import give, save_person, take
from storage.recording import record
from storage.tables import findings, ledger
from storage.tables import letters as letter_rows
from tests.notifications.mail_servers import MailHouse, Moment, open_house
from tests.postgres import Cluster
from tests.storage.builders import (
    AMINA,
    BAO,
    CHLOE,
    DHAKA,
    MONDAY,
    REVISION,
    TOMAS,
    Life,
    a_life,
    a_recording,
    agreed,
    an_action,
)
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


@pytest.fixture(scope="module")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "mail.db"
    prepared(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="module")
def postgres_template(postgres_cluster: Cluster, request: pytest.FixtureRequest) -> str:
    name = f"template_of_{request.module.__name__.rpartition('.')[2]}"
    prepared(postgres_cluster.create(name))
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "mail.db")
        opened = open_engine(f"sqlite:///{tmp_path / 'mail.db'}")
        yield opened
        opened.dispose()
        return
    template, cluster = (request.getfixturevalue(name) for name in ("postgres_template", "postgres_cluster"))
    opened = open_engine(cluster.create("mail", template))
    yield opened
    opened.dispose()
    cluster.drop("mail")


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


@pytest.fixture
async def post(engine: Engine) -> AsyncIterator[Post]:
    house = MailHouse()
    async with open_house(house) as port:
        yield Post(engine, house, port)


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


# Who is told


async def test_each_holder_of_a_role_gets_a_message_with_one_recipient(post: Post) -> None:
    post.happens(proposing(a_life(), MONDAY))
    await post.round(MONDAY)
    signs = [mail for mail in post.mails() if "signature" in mail["Subject"]]
    assert sorted(str(mail["To"]) for mail in signs) == ["amina@example.org", "bao@example.org"]
    assert sorted(post.house.recipients) == ["amina@example.org", "bao@example.org"]
    assert all(mail["Auto-Submitted"] == "auto-generated" for mail in signs)
    assert "https://mendwork.example/findings/f1" in text_of(signs[0])


async def test_who_holds_two_roles_reads_the_same_thing_once(post: Post) -> None:
    post.happens(agreed(a_life()))
    await post.round(MONDAY + 6 * HOUR)
    signed = [mail for mail in post.mails(BAO) if "plan is signed" in mail["Subject"]]
    assert len(signed) == 1
    assert all(letter.state is LetterState.ADDRESSED for letter in post.letters(LetterKind.COMMITTED))


async def test_an_outsider_and_another_factory_read_nothing(post: Post) -> None:
    post.happens(overdue())
    await post.round(LATE)
    assert post.mails()
    assert not post.mails(PersonId("outsider"))


async def test_an_owner_reads_the_wording_of_the_action_and_nobody_else_does(post: Post) -> None:
    content = '{"actions":[{"id":"a1","description":"Remove the padlocks"}],"root_cause":"secret cause"}'
    life = a_life()
    with writing(post.engine) as connection:
        digest = write_revision(connection, "f1", BAO, MONDAY, content)
    propose = orders.Propose(
        id=CommandId("c1"),
        by=BAO,
        acting=Role.MANAGEMENT_MEMBER,
        revision=digest,
        actions=(an_action(20),),
    )
    life = life.obey(propose, MONDAY)
    for person, acting in ((AMINA, Role.WORKER_MEMBER), (BAO, Role.MANAGEMENT_MEMBER)):
        life = life.obey(
            orders.Sign(id=CommandId(f"c-{person}"), by=person, acting=acting, revision=digest), MONDAY
        )
    post.happens(life)
    await post.round(MONDAY)
    assert any("Remove the padlocks" in text_of(mail) for mail in post.mails(BAO))
    assert not any("padlocks" in text_of(mail) for mail in post.mails(AMINA) + post.mails(CHLOE))
    assert not any("secret cause" in mail.as_string() for mail in post.mails())


async def test_a_letter_nobody_holds_the_role_of_is_skipped_with_its_reason(post: Post) -> None:
    with writing(post.engine) as connection:
        take(connection, TOMAS, of_programme(Role.TEAM_LEADER))
    life = a_life()
    post.happens(
        life.obey(orders.Dispute(id=CommandId("c"), by=BAO, acting=Role.MANAGER, reason=NoteId("n")), MONDAY)
    )
    await post.round(MONDAY)
    to_lead = next(each for each in post.letters(LetterKind.DISPUTE_RAISED) if each.role is Role.TEAM_LEADER)
    assert (to_lead.state, to_lead.reason) == (LetterState.SKIPPED, "no_holder")


@pytest.mark.parametrize(
    ("email", "reason"),
    [(None, "no_address"), ("Amina <a@b>", "bad_address"), ("a@b.example\r\nBcc: x", "bad_address")],
)
async def test_who_cannot_be_reached_by_mail_is_recorded_as_such(
    post: Post, email: str | None, reason: str
) -> None:
    post.change(AMINA, email)
    post.happens(proposing(a_life(), MONDAY))
    await post.round(MONDAY)
    (message, *_) = post.messages(AMINA)
    assert (message.state, message.reason) == (MessageState.SKIPPED, reason)
    assert len(post.mails(BAO)) == 1


async def test_a_step_of_the_ladder_that_reaches_nobody_goes_to_the_next_responsible(post: Post) -> None:
    for person in (AMINA, BAO):
        post.change(person, None)
    post.happens(overdue())
    await post.round(LATE)
    (mail,) = [mail for mail in post.mails(CHLOE) if "Overdue" in mail["Subject"]]
    assert "could not be delivered to: owner of the action" in text_of(mail)


# What still holds


async def test_a_member_who_signed_meanwhile_is_not_asked(post: Post) -> None:
    life = proposing(a_life(), MONDAY)
    post.happens(signing(life, AMINA, MONDAY))
    await post.round(MONDAY)
    asked = {letter.person: letter for letter in post.letters(LetterKind.SIGN_PROPOSAL)}
    assert asked[AMINA].reason == "already_signed"
    assert asked[BAO].state is LetterState.ADDRESSED


async def test_nobody_is_asked_to_sign_what_another_revision_replaced(post: Post) -> None:
    life = proposing(a_life(), MONDAY)
    newer = orders.Propose(
        id=CommandId("c2"),
        by=AMINA,
        acting=Role.WORKER_MEMBER,
        revision=REVISION.replace("a", "b"),  # type: ignore[arg-type]
        actions=(an_action(20),),
    )
    post.happens(life.obey(newer, MONDAY + HOUR))
    await post.round(MONDAY + HOUR)
    reasons = [letter.reason for letter in post.letters(LetterKind.SIGN_PROPOSAL)]
    assert sorted(reasons) == ["", "", "proposal_superseded", "proposal_superseded"]


async def test_a_reminder_of_what_is_done_is_not_sent(post: Post) -> None:
    life = a_life().keep_time(MONDAY + timedelta(days=15))
    assert any(entry.kind == "reminded" for entry in life.entries)
    post.happens(agreed_at(life, MONDAY + timedelta(days=15, hours=1)))
    await post.round(MONDAY + timedelta(days=15, hours=2))
    assert post.reasons(LetterKind.REMINDER) == {"no_longer_due"}


def agreed_at(life: Life, at: datetime) -> Life:
    return signing(signing(proposing(life, at), AMINA, at), BAO, at)


async def test_of_reminders_that_waited_only_the_newest_is_sent(post: Post) -> None:
    life = a_life()
    for day in range(25):
        life = life.keep_time(MONDAY + timedelta(days=day))
    post.happens(life)
    await post.round(MONDAY + timedelta(days=25))
    review = [each for each in post.letters(LetterKind.REMINDER) if each.obligation == "review"]
    assert [each.reason for each in review][-1] == ""
    assert {each.reason for each in review[:-1]} == {"newer_reminder"}


async def test_a_message_that_waited_is_looked_at_again_before_it_leaves(post: Post) -> None:
    life = proposing(a_life(), MONDAY)
    post.happens(life)
    post.house.at_rcpt = "451 later"
    await post.round(MONDAY)
    post.house.at_rcpt = ""
    post.happens(signing(life, AMINA, MONDAY + MINUTE), since=len(life.entries))
    await post.round(MONDAY + 2 * HOUR)
    (message,) = [each for each in post.messages(AMINA) if each.kind == LetterKind.SIGN_PROPOSAL]
    assert (message.state, message.reason) == (MessageState.SKIPPED, "already_signed")
    assert post.mails(BAO)


async def test_a_finding_the_factory_is_not_told_of_reaches_no_one_there(post: Post) -> None:
    life = a_life(severity=Severity.ZERO_TOLERANCE, factory_told=False)
    for hour in range(1, 80):
        life = life.keep_time(MONDAY + hour * HOUR)
    post.happens(life)
    await post.round(MONDAY + 80 * HOUR)
    assert life.case.finding.restricted
    assert not post.mails(AMINA) + post.mails(BAO)
    assert post.mails(PAM)


async def test_even_a_letter_called_for_wrongly_is_held_back_from_a_factory_not_told(post: Post) -> None:
    post.happens(a_life(severity=Severity.ZERO_TOLERANCE, factory_told=False))
    with writing(post.engine) as connection:
        connection.execute(update(letter_rows).values(role=Role.MANAGER.value))
    await post.round(MONDAY)
    assert post.house.taken == []
    assert post.reasons(LetterKind.ALARM_RAISED) == {"factory_not_told"}


# The morning


async def test_new_findings_wait_for_one_another_and_leave_as_one_message(post: Post) -> None:
    for number in range(12):
        post.happens(a_life(f"f{number}", at=MONDAY + number * timedelta(seconds=10)))
    await post.round(MONDAY + 4 * MINUTE)
    assert post.house.taken == []
    await post.round(MONDAY + 6 * MINUTE)
    assert [str(mail["Subject"]) for mail in post.mails(AMINA)] == ["12 things wait for you"]
    assert len(post.mails(BAO)) == 1
    assert all(f"/findings/f{number}" in text_of(post.mails(BAO)[0]) for number in range(12))


async def test_a_message_of_the_morning_with_one_letter_is_that_letter(post: Post) -> None:
    post.happens(a_life())
    await post.round(MONDAY + GATHER)
    assert "New finding" in post.mails(AMINA)[0]["Subject"]


async def test_more_new_findings_of_the_same_day_wait_for_the_next_morning(post: Post) -> None:
    post.happens(a_life("f1"))
    await post.round(MONDAY + GATHER)
    post.happens(a_life("f2", at=MONDAY + 2 * HOUR))
    await post.round(MONDAY + 3 * HOUR)
    assert len(post.mails(AMINA)) == 1
    nine_on_tuesday = DHAKA.instant(DHAKA.today(TUESDAY), time(9))
    await post.round(nine_on_tuesday)
    assert len(post.mails(AMINA)) == 1
    await post.round(nine_on_tuesday + GATHER)
    assert len(post.mails(AMINA)) == 2


async def test_a_reminder_never_waits_for_the_next_morning(post: Post) -> None:
    late = MONDAY + timedelta(days=20)
    post.happens(a_life("f1", at=late))
    await post.round(late + GATHER)
    life = a_life("f2")
    post.happens(life.keep_time(late + HOUR))
    await post.round(late + 2 * HOUR)
    reminded = [mail for mail in post.mails(BAO) if "/findings/f2" in text_of(mail)]
    assert reminded


# Delivery


async def test_a_second_round_sends_nothing_again(post: Post) -> None:
    post.happens(agreed(a_life()))
    for _ in range(3):
        await post.round(MONDAY + 6 * HOUR)
    ids = [mail["Message-ID"] for mail in post.mails()]
    assert len(ids) == len(set(ids)) > 0


async def test_two_mailrooms_at_once_send_each_message_once(post: Post) -> None:
    for number in range(5):
        post.happens(agreed(a_life(f"f{number}")))
    now = MONDAY + 6 * HOUR
    await asyncio.gather(*(post.round(now) for _ in range(3)))
    await post.round(now)
    ids = [mail["Message-ID"] for mail in post.mails()]
    assert len(ids) == len(set(ids))
    assert not [each for number in range(5) for each in waiting_of(post, f"f{number}")]


def waiting_of(post: Post, finding: str) -> list[Letter]:
    with reading(post.engine) as connection:
        of_finding = letters.of_finding(connection, finding)
    return [each for each in of_finding if each.state is LetterState.WAITING and not each.gathered]


async def test_a_4xx_is_tried_again_ever_more_slowly_for_72_hours_and_then_the_next_is_told(
    post: Post,
) -> None:
    post.happens(overdue())
    post.house.at_rcpt = "451 full"
    now, tries = LATE, 0
    while now < LATE + timedelta(hours=73):
        await post.round(now)
        now += timedelta(minutes=30)
        tries += 1
    to_bao = next(each for each in post.messages(BAO) if each.kind == LetterKind.OVERDUE)
    assert (to_bao.state, to_bao.reason) == (MessageState.FAILED, "gave_up_after_72_hours")
    assert to_bao.last_reply == "451 full"
    assert 72 <= to_bao.attempts <= 90
    assert any(each.key.startswith("message:") for each in post.messages(CHLOE))


async def test_the_backlog_drains_when_the_server_is_back(post: Post) -> None:
    post.happens(overdue())
    post.house.at_mail = "421 closing"
    await post.round(LATE)
    assert post.house.taken == []
    post.house.at_mail = ""
    await post.round(LATE + HOUR)
    assert {str(mail["To"]) for mail in post.mails()} >= {"amina@example.org", "bao@example.org"}


async def test_mail_waits_while_no_server_listens(engine: Engine) -> None:
    async with open_house(MailHouse()) as port:
        pass
    away = Post(engine, MailHouse(), port)
    away.happens(overdue())
    await away.round(LATE)
    states = {message.state for message in away.messages(BAO)}
    assert states == {MessageState.WAITING}
    house = MailHouse()
    async with open_house(house, port):
        await away.round(LATE + HALF_A_MINUTE)
    assert house.taken, "the backlog leaves within half a minute of its return"


async def test_a_5xx_is_final_and_the_next_responsible_is_told(post: Post) -> None:
    post.house.refused_addresses = ("bao@example.org",)
    post.happens(overdue())
    await post.round(LATE)
    await post.round(LATE)
    failed = next(each for each in post.messages(BAO) if each.kind == LetterKind.OVERDUE)
    assert (failed.state, failed.reason) == (MessageState.FAILED, "refused")
    assert failed.last_reply == "550 no such mailbox"
    (mail,) = [mail for mail in post.mails(CHLOE) if "Overdue" in mail["Subject"]]
    assert "could not be delivered to" in text_of(mail)


async def test_when_the_next_responsible_fails_too_it_climbs_on(post: Post) -> None:
    post.house.refused_addresses = ("bao@example.org", "chloe@example.org", "tomas@example.org")
    post.happens(overdue())
    for _ in range(4):
        await post.round(LATE)
    (mail,) = [mail for mail in post.mails(PAM) if "Overdue" in mail["Subject"]]
    assert "could not be delivered to: team leader" in text_of(mail)


async def test_an_answer_lost_after_the_dot_sends_an_escalation_again_byte_for_byte(post: Post) -> None:
    post.happens(overdue())
    post.house.hang_up = Moment.AFTER_THE_DOT
    await post.round(LATE)
    post.house.hang_up = None
    await post.round(LATE + HOUR)
    copies = [raw for raw in post.house.taken if b"To: amina@example.org" in raw and b"Overdue" in raw]
    assert len(copies) == 2
    assert copies[0] == copies[1]
    sent = next(each for each in post.messages(AMINA) if each.kind == LetterKind.OVERDUE)
    assert (sent.state, sent.ambiguous) == (MessageState.ACCEPTED, 1)


async def test_an_answer_lost_after_the_dot_leaves_another_letter_unknown(post: Post) -> None:
    post.happens(proposing(a_life(), MONDAY))
    post.house.hang_up = Moment.AFTER_THE_DOT
    await post.round(MONDAY)
    post.house.hang_up = None
    await post.round(MONDAY + HOUR)
    (asked,) = [each for each in post.messages(AMINA) if each.kind == LetterKind.SIGN_PROPOSAL]
    assert asked.state is MessageState.UNKNOWN
    assert len([mail for mail in post.mails(AMINA) if "signature" in mail["Subject"]]) == 1


async def test_what_a_killed_worker_had_claimed_is_sent_by_another(post: Post) -> None:
    post.happens(proposing(a_life(), MONDAY))
    await post.room().address(MONDAY)
    with writing(post.engine) as connection:
        assert claims.claim(connection, MONDAY, "killed")
    await post.round(MONDAY + claims.LEASE / 2)
    assert post.house.taken == []
    await post.round(MONDAY + claims.LEASE)
    assert len(post.mails()) == 2
    assert {message.ambiguous for message in post.messages(AMINA)} == {1}


# Broken rows


async def test_a_letter_that_cannot_be_written_is_set_aside_and_the_others_go_on(post: Post) -> None:
    post.happens(agreed(a_life("f1")))
    post.happens(agreed(a_life("f2")))
    with writing(post.engine) as connection:
        connection.execute(update(findings).where(findings.c.id == "f1").values(state="{}"))
    await post.round(MONDAY + 6 * HOUR)
    assert {reason.partition(":")[0] for reason in post.reasons(LetterKind.COMMITTED)} == {"unwritable"}
    assert all("/findings/f2" in text_of(mail) for mail in post.mails())
    assert post.mails(BAO)


def overwrite(post: Post, finding: str, old: str, new: str) -> None:
    with writing(post.engine) as connection:
        row = findings.c.id == finding
        state = connection.execute(select(findings.c.state).where(row)).scalar_one()
        assert old in state
        connection.execute(update(findings).where(row).values(state=state.replace(old, new)))


async def test_one_unreadable_finding_does_not_spoil_the_morning(post: Post) -> None:
    for finding in ("f1", "f2", "f3"):
        post.happens(a_life(finding))
    with writing(post.engine) as connection:
        connection.execute(update(findings).where(findings.c.id == "f2").values(state="{}"))
    await post.round(MONDAY + GATHER)
    (mail,) = post.mails(AMINA)
    assert "/findings/f1" in text_of(mail)
    assert "/findings/f2" not in text_of(mail)


async def test_one_finding_that_cannot_be_put_in_words_does_not_spoil_the_morning(post: Post) -> None:
    for finding in ("f1", "f2", "f3"):
        post.happens(a_life(finding))
    overwrite(post, "f2", '"commit_by":"2026', '"commit_by":"9999')
    overwrite(post, "f2", "9999-04-01", "9999-12-31")
    await post.round(MONDAY + GATHER)
    assert "/findings/f3" in text_of(post.mails(AMINA)[0])
    assert "/findings/f2" not in text_of(post.mails(AMINA)[0])
    with reading(post.engine) as connection:
        broken = letters.of_finding(connection, "f2")
    assert {(letter.state, letter.reason) for letter in broken} == {
        (LetterState.SKIPPED, "unwritable:OverflowError")
    }


async def test_a_finding_that_is_not_there_is_named_as_the_reason(post: Post) -> None:
    post.happens(agreed(a_life()))
    with writing(post.engine) as connection:
        connection.execute(delete(findings))
    await post.round(MONDAY + 6 * HOUR)
    assert post.reasons(LetterKind.COMMITTED) == {"finding_missing"}


async def test_an_entry_of_the_ledger_that_cannot_be_read_is_set_aside(post: Post) -> None:
    post.happens(agreed(a_life("f1")))
    post.happens(agreed(a_life("f2")))
    broken = {"finding": "f1", "seq": 99, "at": MONDAY, "by": BAO, "kind": "from_the_future", "body": "{}"}
    with writing(post.engine) as connection:
        connection.execute(ledger.insert().values(broken | {"digest": "0" * 64}))
        committed = (letter_rows.c.finding == "f1") & (letter_rows.c.kind == "committed")
        connection.execute(update(letter_rows).where(committed).values(seq=99))
    await post.round(MONDAY + 6 * HOUR)
    with reading(post.engine) as connection:
        rows = connection.execute(select(letter_rows.c.reason).where(committed)).scalars().all()
    assert set(rows) == {"unreadable"}
    assert any("/findings/f2" in text_of(mail) for mail in post.mails(BAO))


# The loop


async def test_the_loop_works_when_woken_and_stops_when_told(post: Post) -> None:
    stop, wake = asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(post.room().run(stop, wake, clock=lambda: MONDAY))
    post.happens(proposing(a_life(), MONDAY))
    wake.set()
    async with asyncio.timeout(20):
        await post.house.wait_for(2)
        stop.set()
        await running


async def test_the_loop_outlives_a_database_that_fails(post: Post, tmp_path: Path) -> None:
    broken = Post(open_engine(f"sqlite:///{tmp_path / 'empty.db'}"), post.house, post.port)
    stop = asyncio.Event()
    running = asyncio.create_task(broken.room().run(stop, clock=lambda: MONDAY))
    await asyncio.sleep(0)
    stop.set()
    async with asyncio.timeout(20):
        await running
    broken.engine.dispose()


# Tables


def test_a_server_that_is_away_is_asked_again_every_half_minute() -> None:
    assert [pause_while_away(attempt) for attempt in (1, 2, 99)] == [
        HALF_A_MINUTE / 2,
        HALF_A_MINUTE,
        HALF_A_MINUTE,
    ]


def test_pauses_double_up_to_an_hour() -> None:
    minutes = [pause_after(attempt) // MINUTE for attempt in range(1, 10)]
    assert minutes == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert pause_after(10_000) == HOUR


def test_every_role_but_the_buyers_climbs_to_the_programme_manager() -> None:
    for role in NEXT:
        assert list(above(role))[-1] is Role.PROGRAMME_MANAGER
    assert list(above(Role.ACTION_OWNER)) == [
        Role.MANAGER,
        Role.ADVISOR,
        Role.TEAM_LEADER,
        Role.PROGRAMME_MANAGER,
    ]
    assert list(above(Role.BUYER)) == []
