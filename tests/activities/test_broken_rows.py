"""A letter, finding or entry that cannot be read is set aside, and the others go on."""

from sqlalchemy import delete, select, update

from remediation.words import LetterKind
from storage import letters
from storage.database import reading, writing
from storage.letters import LetterState
from storage.tables import findings, ledger
from storage.tables import letters as letter_rows
from tests.activities.stage import GATHER, HOUR, Post, text_of
from tests.storage.builders import AMINA, BAO, MONDAY, a_life, agreed


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
