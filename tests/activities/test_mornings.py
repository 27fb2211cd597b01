"""The morning: what waits for one another leaves as one message a person."""

from datetime import time, timedelta

from storage import ledger
from storage.database import reading
from tests.activities.stage import GATHER, HOUR, MINUTE, TUESDAY, Post, text_of
from tests.storage.builders import AMINA, BAO, DHAKA, MONDAY, a_life


async def test_new_findings_wait_for_one_another_and_leave_as_one_message(post: Post) -> None:
    for number in range(12):
        post.happens(a_life(f"f{number}", at=MONDAY + number * timedelta(seconds=10)))
    await post.round(MONDAY + 4 * MINUTE)
    assert post.house.taken == []
    await post.round(MONDAY + 6 * MINUTE)
    assert [str(mail["Subject"]) for mail in post.mails(AMINA)] == ["12 things wait for you"]
    assert len(post.mails(BAO)) == 1
    assert all(f"/findings/f{number}" in text_of(post.mails(BAO)[0]) for number in range(12))


async def test_each_mail_witnesses_the_ledgers_that_it_is_about(post: Post) -> None:
    for finding in ("f1", "f2"):
        post.happens(a_life(finding))
    await post.round(MONDAY + GATHER)
    with reading(post.engine) as connection:
        held = [(each, ledger.entries(connection, each)) for each in ("f1", "f2")]
    for mail in (*post.mails(AMINA), *post.mails(BAO)):
        lines = text_of(mail).splitlines()
        html = str(mail.get_body(("html",)).get_content())  # type: ignore[union-attr]
        for finding, entries in held:
            witness = f"{finding} {len(entries)} {entries[-1].digest}"
            assert witness in lines
            assert witness in html


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
