"""The ledger: canonical text, and a chain that shows every change."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from time import tzset

import pytest

from remediation.facts import Committed, Reminded
from remediation.ledger import GENESIS, Entry, canonical, enter, first_broken, plain, seal
from remediation.words import CommandId, FindingId, PersonId, Severity
from tests.rules.cast import MONDAY, a_case, an_issue, fact_of


@pytest.fixture
def entries() -> list[Entry]:
    story = a_case().commit().fix()
    story.verify()
    return story.entries


def test_a_ledger_as_written_holds(entries: list[Entry]) -> None:
    assert first_broken(entries) is None
    assert first_broken([]) is None
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))


@pytest.mark.parametrize(
    "change",
    [
        {"body": "{}"},
        {"kind": "ended"},
        {"by": PersonId("somebody")},
        {"command": CommandId("else")},
        {"command": None},
        {"at": MONDAY + timedelta(microseconds=1)},
        {"seq": 9},
        {"finding": FindingId("f2")},
        {"digest": GENESIS},
    ],
)
def test_a_changed_entry_shows(entries: list[Entry], change: dict[str, object]) -> None:
    entries[2] = replace(entries[2], **change)  # type: ignore[arg-type]
    assert first_broken(entries) == 3


def test_a_dropped_a_doubled_and_a_moved_entry_show(entries: list[Entry]) -> None:
    assert first_broken(entries[1:]) == 1
    assert first_broken(entries[:2] + entries[3:]) == 3
    assert first_broken(entries[:2] + entries[1:]) == 3
    assert first_broken([entries[0], entries[2], entries[1], *entries[3:]]) == 2


def test_an_entry_of_another_finding_shows_even_when_it_is_sealed_well() -> None:
    ours, other = a_case(), a_case(finding=FindingId("f2"))
    fact, previous = an_issue(), ours.entries[0].digest
    stranger = enter(
        fact, finding=other.finding.id, seq=2, at=MONDAY, by=PersonId("x"), command=None, previous=previous
    )
    assert first_broken([*ours.entries, stranger]) == 2


def test_what_was_cut_off_at_the_end_shows_against_the_case() -> None:
    story = a_case().commit()
    assert first_broken(story.entries[:-1]) is None
    assert story.entries[-1].digest == story.case.digest
    assert story.entries[-1].seq == story.case.seq


def test_no_text_can_pass_for_two_columns() -> None:
    one = seal(GENESIS, "f", 1, MONDAY, "a\nb", None, "k", "{}")
    two = seal(GENESIS, "f", 1, MONDAY, "a", "b", "k", "{}")
    three = seal(GENESIS, "f", 1, MONDAY, "a", "", "k", "{}")
    four = seal(GENESIS, "f", 1, MONDAY, "a", None, "k", "{}")
    assert len({one, two, three, four}) == 4


def test_a_seal_is_of_the_instant_however_its_offset_is_written() -> None:
    in_dhaka = MONDAY.astimezone(timezone(timedelta(hours=6)))
    one, other = (seal(GENESIS, "f", 1, at, "a", None, "k", "{}") for at in (MONDAY, in_dhaka))
    assert one == other
    assert len(one) == 64


def test_a_seal_is_the_same_wherever_the_machine_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    here = seal(GENESIS, "f", 1, MONDAY, "a", None, "k", "{}")
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "Asia/Dhaka")
        tzset()
        there = seal(GENESIS, "f", 1, MONDAY, "a", None, "k", "{}")
    tzset()
    assert there == here


def test_the_seal_never_changes_between_versions() -> None:
    text = canonical(an_issue())
    assert text == (
        '{"assessor":"chloe","calendar":"dhaka-1","factory":"x1","factory_told":false,"finding":"f1",'
        '"plan":"plan1","point":"emergency_preparedness","policy":"default-1","programme":"p1",'
        '"proof_by_interview":false,"question":"q1","repeat_of":null,"seats":['
        '{"co_chair":true,"elected":true,"person":"amina","side":"worker"},'
        '{"co_chair":false,"elected":false,"person":"asha","side":"worker"},'
        '{"co_chair":true,"elected":false,"person":"bao","side":"management"},'
        '{"co_chair":false,"elected":false,"person":"binh","side":"management"}],"severity":"major"}'
    )
    digest = seal(GENESIS, "f1", 1, MONDAY, "chloe", None, "issued", text)
    assert digest == "52608488db4df41e7cf2f099443fdd4d4c1b4bac4ef7148c70e5c577361285e6"


def test_canonical_text_keeps_every_script_as_it_is() -> None:
    fact = replace(an_issue(), question="প্রশ্ন")
    assert "প্রশ্ন" in canonical(fact)


def test_plain_values_are_what_json_knows() -> None:
    assert plain(date(2026, 3, 2)) == "2026-03-02"
    assert plain(time(9)) == "09:00:00"
    assert plain(datetime(2026, 3, 2, 4, tzinfo=UTC)) == "2026-03-02T04:00:00+00:00"
    assert plain(Severity.MAJOR) == "major"
    assert type(plain(Severity.MAJOR)) is str
    assert plain((1, (None, True))) == [1, [None, True]]
    assert plain(Severity) is Severity


def test_facts_read_back_are_the_facts_that_were_written() -> None:
    story = a_case()
    story.commit(story.action(days=20))
    story.later(days=10)
    committed, reminded = (fact_of(entry) for entry in story.entries[-2:])
    assert isinstance(committed, Committed)
    assert isinstance(reminded, Reminded)
    assert canonical(committed) == story.entries[-2].body
    assert committed.actions[0].due == date(2026, 3, 22)


def test_an_entry_says_who_did_what_when_by_which_command() -> None:
    story = a_case()
    story.propose()
    issued, proposed = story.entries
    assert (issued.seq, issued.by, issued.command, issued.kind) == (1, "chloe", None, "issued")
    assert issued.at == MONDAY
    assert (proposed.seq, proposed.by, proposed.command, proposed.kind) == (2, "amina", "c1", "proposed")
