"""Every letter, from every story, in every language: what it says, to whom, and what it never says."""

import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jinja2 import UndefinedError

from notifications.languages import language
from notifications.letters import LETTERS, write_letter
from notifications.occasion import GatheringOccasion, Label, Letter
from notifications.rendering import TEMPLATES, render
from remediation.words import FACTORY_ROLES, DisputeOutcome, FindingId, LetterKind, PersonId, Role
from tests.notifications.meetings import every_meeting_letter
from tests.notifications.plans import every_plan_letter
from tests.notifications.stories import (
    ACTIONS,
    PUBLIC,
    Told,
    a_dispute,
    a_letter,
    a_promise_never_kept,
    every_letter,
    no_answer_at_all,
)
from tests.notifications.visits import every_visit_letter

EVERY: list[Any] = [*every_letter(), *every_plan_letter(), *every_visit_letter(), *every_meeting_letter()]
PLANS = {told.order.kind for told in every_plan_letter()}
MEETINGS = {told.order.kind for told in every_meeting_letter()}
VISITS = {told.order.kind for told in every_visit_letter()}
TONGUES = ("en", "fr", "es")
EACH_TONGUE = pytest.mark.parametrize("tongue", TONGUES)


class Words(HTMLParser):
    """The words of a page, its links and its tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.root: dict[str, str | None] = {}
        self._silent = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._silent = tag in {"style", "title"}
        if tag == "html":
            self.root = dict(attrs)
        if tag == "a":
            self.links.append(dict(attrs)["href"] or "")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self._silent = False

    def handle_data(self, data: str) -> None:
        self.text += "" if self._silent else f" {data}"


def in_words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def written(told: Any, tongue: str = "en", **changes: Any) -> Letter:  # noqa: ANN401 - of whatever subject
    occasion = told.occasion(tongue)
    if isinstance(occasion, GatheringOccasion):
        changes.pop("actions", None)  # a gathering promises nothing itself
    return write_letter(replace(occasion, **changes))


@cache
def all_written(tongue: str = "en") -> tuple[tuple[Any, Letter], ...]:
    """Every letter in a language, written once for all the tests that read it."""
    return tuple((told, written(told, tongue)) for told in EVERY)


def test_the_stories_call_for_every_kind_of_letter() -> None:
    assert {told.order.kind for told in EVERY} == set(LetterKind) == set(LETTERS)


def test_every_kind_has_a_folder_of_its_own() -> None:
    for kind in LetterKind:
        assert {file.name for file in (TEMPLATES / kind).iterdir()} == {"subject.j2", "body.j2"}


@EACH_TONGUE
def test_every_letter_reads_well_whole(tongue: str) -> None:
    for _, letter in all_written(tongue):
        assert letter.subject == letter.subject.strip()
        assert len(letter.subject) <= 120
        assert not re.search(r"%\(|\{\{|\{%|None|Undefined", letter.subject + letter.text), letter.subject
        assert "\n\n\n" not in letter.text
        assert "&amp;" not in letter.text
        assert " ." not in letter.text


@EACH_TONGUE
def test_text_and_html_say_the_same(tongue: str) -> None:
    for _, letter in all_written(tongue):
        in_html = set(in_words(Words(letter.html).text))
        links = set(in_words(" ".join(Words(letter.html).links)))
        assert set(in_words(letter.text)) <= in_html | links, letter.subject


@EACH_TONGUE
def test_a_page_names_its_language_and_loads_nothing(tongue: str) -> None:
    for _, letter in all_written(tongue)[::7]:
        html = letter.html
        page = Words(html)
        assert page.root == {"lang": tongue, "dir": "ltr"}
        assert page.tags.isdisjoint({"script", "img", "link", "iframe", "form", "input"})
        assert "url(" not in html
        assert "prefers-color-scheme" in html


def test_one_clear_link_leads_to_the_finding() -> None:
    for told, letter in all_written():
        (first, *rest) = Words(letter.html).links
        if told.order.kind in PLANS:
            assert {first, *rest} == {f"{PUBLIC}/plans/p-7c41b2e9"}
            continue
        if told.order.kind in MEETINGS:
            assert {first, *rest} == {f"{PUBLIC}/meetings/m-5d20c1aa"}
            continue
        if told.order.kind in VISITS:
            assert {first, *rest} == {f"{PUBLIC}/visits/v-7c41b2e9"}
            continue
        expected = {f"{PUBLIC}/findings/fnd-7c41b2e9"}
        if told.order.kind is LetterKind.ENDED:
            expected.add(f"{PUBLIC}/findings/fnd-next")
        assert {first, *rest} <= expected
        assert f"{PUBLIC}/findings/fnd-7c41b2e9" in letter.text


def test_every_letter_says_what_is_asked_or_that_nothing_is() -> None:
    for _, letter in all_written():
        text = letter.text
        assert ("WHAT HAS TO BE DONE" in text) != ("Nothing is asked of you now." in text)


def test_whoever_is_asked_for_something_by_a_date_reads_who_when_and_otherwise() -> None:
    asked = [LetterKind.NEW_FINDING, LetterKind.SIGN_PROPOSAL, LetterKind.REMINDER, LetterKind.DISPUTE_RAISED]
    for kind in asked:
        text = written(a_letter(kind)).text
        assert all(line in text for line in ("Who: ", "What: ", "By when: ", "Otherwise: ")), kind


# What letters never say

HOSTILE = "Evil\r\nBcc: all@example.org <script>alert(1)</script> {{ 7777*7 }} =?utf-8?q?=0d=0aBcc:x?="


@EACH_TONGUE
def test_nothing_that_people_wrote_gets_into_a_subject(tongue: str) -> None:
    label = Label(factory=f"PLANTED {HOSTILE}", question=f"PLANTED {HOSTILE}", point=f"PLANTED {HOSTILE}")
    for told in EVERY:
        occasion = told.occasion(tongue)
        reader = replace(occasion.reader, name=f"PLANTED {HOSTILE}")
        planted = dict.fromkeys(ACTIONS, f"PLANTED {HOSTILE}")
        letter = written(told, tongue, label=label, reader=reader, actions=planted)
        assert "PLANTED" not in letter.subject
        assert "\n" not in letter.subject
        assert "\r" not in letter.subject
        assert "<script>" not in letter.html
        assert "54439" not in Words(letter.html).text


def test_a_hostile_id_cannot_break_out_of_subject_or_link() -> None:
    told = a_letter(LetterKind.OVERDUE)
    state = replace(told.state, id=FindingId('x"><script>\r\nBcc: a'))
    letter = written(told, state=state)
    assert letter.subject.endswith("[xscriptBcca]")
    assert "<script>" not in letter.html


def test_only_an_owner_reads_the_wording_of_an_action() -> None:
    for told, letter in all_written():
        if told.order.role is not Role.ACTION_OWNER:
            assert "padlocks" not in letter.text + letter.html
    to_owners = [letter for told, letter in all_written() if told.order.role is Role.ACTION_OWNER]
    assert any("padlocks" in letter.text for letter in to_owners)


def test_no_letter_names_who_voted_objected_or_reported() -> None:
    for told in EVERY:
        letter = written(told, reader=replace(told.occasion().reader, name="Reader", person=PersonId("r")))
        assert not re.search(r"amina|bao|tomas|chloé|note-1", (letter.text + letter.html).casefold())


def test_a_refusal_is_told_to_the_author_alone_and_without_the_side() -> None:
    refusals = [told for told in EVERY if told.order.kind is LetterKind.PROPOSAL_REFUSED]
    assert {told.order.person for told in refusals} == {"amina"}
    for told in refusals:
        assert not re.search(r"worker|management", written(told).text)


def test_the_failure_of_a_proposal_does_not_tell_which_side_refused() -> None:
    for told in EVERY:
        if told.order.kind is LetterKind.PROPOSAL_FAILED:
            body = written(told).text.partition("--\n")[0]
            assert not re.search(r"the worker side|the management side|workers refused", body)


def test_no_factory_role_reads_of_an_objection() -> None:
    roles = {told.order.role for told in EVERY if told.order.kind is LetterKind.OBJECTION}
    assert roles.isdisjoint(FACTORY_ROLES)


def test_a_zero_tolerance_letter_does_not_open_with_the_question() -> None:
    text = written(a_letter(LetterKind.ALARM_RAISED)).text
    assert text.index("WHAT HAS TO BE DONE") < text.index("fire exits")


# What letters say


def levels(told: list[Told]) -> list[Told]:
    climbs = {LetterKind.OVERDUE, LetterKind.DECISION_DUE}
    return [each for each in told if each.order.kind in climbs]


@EACH_TONGUE
def test_each_level_of_the_ladder_has_words_of_its_own(tongue: str) -> None:
    texts = {
        written(each, tongue).subject: written(each, tongue).text
        for each in levels(a_promise_never_kept().told)
    }
    assert len(texts) >= 5
    assert len({text.split("\n\n")[3] for text in texts.values()}) >= 5


def test_missing_answers_are_told_as_no_cooperation_and_missed_promises_are_not() -> None:
    silent = written(levels(no_answer_at_all().told)[0]).text
    late = written(levels(a_promise_never_kept().told)[0]).text
    assert "no cooperation" in silent
    assert "no progress" not in silent
    assert "no cooperation" not in late
    assert "no progress" in late


@pytest.mark.parametrize("kind", [LetterKind.DECISION_DUE, LetterKind.RECOVERY_PLAN_DUE])
def test_what_the_ladder_asks_for_names_the_one_reason_or_the_other(kind: LetterKind) -> None:
    for story, reason in ((no_answer_at_all(), "no cooperation"), (a_promise_never_kept(), "no progress")):
        told = next(each for each in story.told if each.order.kind is kind)
        assert reason in written(told).text


def test_before_the_last_level_people_are_said_to_decide() -> None:
    fourth = [each for each in levels(a_promise_never_kept().told) if "level 4" in written(each).subject]
    assert "people are asked to decide what follows: decision panel" in written(fourth[0]).text


def test_who_acknowledged_reads_until_when_it_holds_and_what_follows() -> None:
    text = written(a_letter(LetterKind.ACKNOWLEDGEMENT_ENDING)).text
    assert "counts as never given" in text
    assert "By when: " in text
    assert "It goes to level 3" in text


def test_days_late_are_counted_in_words() -> None:
    subjects = [written(each).subject for each in levels(a_promise_never_kept().told)]
    assert subjects[0].startswith("Overdue by one day, level 1")
    assert any(subject.startswith("Overdue by 7 days, level 2") for subject in subjects)


def test_a_letter_that_stands_in_for_another_says_so() -> None:
    letter = written(a_letter(LetterKind.OVERDUE), instead_of=Role.MANAGER)
    assert "could not be delivered to: manager of the factory" in letter.text
    assert "could not be delivered to: manager of the factory" in Words(letter.html).text


def test_a_dispute_says_how_many_days_it_added() -> None:
    told = next(
        each
        for each in a_dispute(DisputeOutcome.REJECTED).told
        if each.order.kind is LetterKind.DISPUTE_DECIDED
    )
    assert "The decision took 3 days, which were added to the dates." in written(told).text


def test_a_letter_names_the_compliance_point_in_its_readers_language() -> None:
    told = next(each for each in EVERY if each.order.kind is LetterKind.NEW_FINDING)
    assert "Préparation aux situations d" in written(told, "fr").text


def test_an_unknown_language_is_written_to_in_english() -> None:
    assert written(a_letter(LetterKind.COMMITTED), "ta").text == written(a_letter(LetterKind.COMMITTED)).text


def test_a_template_that_lacks_a_value_raises() -> None:
    with pytest.raises(UndefinedError):
        render(LetterKind.COMMITTED, language("en"), {"name": "Amina"})


def test_no_template_switches_escaping_off() -> None:
    for file in TEMPLATES.rglob("*.j2"):
        assert not re.search(r"\|\s*safe|autoescape", Path(file).read_text()), file


def test_moved_dates_are_told_with_the_day_before_and_after() -> None:
    letter = written(a_letter(LetterKind.DATES_MOVED, Role.MANAGER))
    assert letter.subject.startswith("3 dates have moved")
    words = " ".join(letter.text.split())
    assert "Review the finding and propose an improvement plan: now" in words
    assert "27 March 2026, before" in words
    assert "Last day that can be promised for the fix: without a date now, before" in words


def test_the_factory_reads_nothing_of_the_dates_of_an_alarm() -> None:
    moved = [told for told in EVERY if told.order.kind is LetterKind.DATES_MOVED]
    for told in moved:
        says = "Confirm or cancel the zero-tolerance alarm" in " ".join(written(told).text.split())
        assert not (says and told.order.role in FACTORY_ROLES)
    assert any("Confirm or cancel" in written(told).text for told in moved)
