"""What a simulation comes to in numbers: letters by period and role, and what two policies do otherwise."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from remediation.policy import Policy
from remediation.simulation import Assumptions, Course, Start, compare, periods, simulate, tally
from remediation.simulation.comparing import Difference, Moved
from remediation.simulation.running import Told, refolded
from remediation.simulation.tallying import Row
from remediation.spans import Span
from remediation.words import FactoryId, FindingId, LetterKind, Role, Severity, Stage
from tests.rules.cast import DHAKA, MONDAY, Story, a_case

SILENT = Assumptions(nobody_signs=True)
THURSDAY = date(2026, 4, 30)


def a_letter(day: date, kind: LetterKind = LetterKind.REMINDER, role: Role = Role.MANAGER) -> Told:
    """Give a letter of a simulation, ten minutes before a local midnight: in UTC it is the same day still."""
    course = ahead(a_case(), days=30)
    letter = replace(course.told[0].letter, kind=kind, role=role)
    local = datetime(day.year, day.month, day.day, 0, 10)  # noqa: DTZ001 - the factory's clock
    return replace(course.told[0], local=local, letter=letter, level=None)


def ahead(story: Story, policy: Policy | None = None, *, days: int = 60) -> Course:
    told = [(entry.at, entry.by, fact) for entry, fact in zip(story.entries, story.facts, strict=True)]
    finding = refolded(told, policy or story.finding.policy, story.finding.calendar)
    start = Start(finding=finding, seq=story.case.seq)
    return simulate(start, SILENT, story.now, story.now + timedelta(days=days))


def test_letters_are_counted_by_the_factorys_month_or_monday() -> None:
    letters = [a_letter(THURSDAY), a_letter(THURSDAY), a_letter(THURSDAY + timedelta(days=1))]
    assert tally(letters) == (
        Row(date(2026, 4, 1), LetterKind.REMINDER, 0, Role.MANAGER, 2),
        Row(date(2026, 5, 1), LetterKind.REMINDER, 0, Role.MANAGER, 1),
    )
    assert tally(letters, weekly=True) == (Row(date(2026, 4, 27), LetterKind.REMINDER, 0, Role.MANAGER, 3),)


def test_a_period_holds_the_letters_of_all_kinds_and_roles() -> None:
    rows = tally(
        [
            a_letter(THURSDAY + timedelta(days=1)),
            a_letter(THURSDAY),
            a_letter(THURSDAY, LetterKind.OVERDUE),
            a_letter(THURSDAY, role=Role.ADVISOR),
        ]
    )
    assert list(periods(rows).items()) == [(date(2026, 4, 1), 3), (date(2026, 5, 1), 1)]


def test_each_step_of_the_ladder_is_counted_by_its_level_and_who_is_told() -> None:
    rows = tally(ahead(a_case(), days=45).told)
    overdue = [
        (row.period.month, row.level, row.role, row.letters) for row in rows if row.kind is LetterKind.OVERDUE
    ]
    # The review is late from 24 March on, and nobody acknowledges it; so with the commitment in April.
    assert overdue == [
        (3, 2, Role.ADVISOR, 1),
        (3, 3, Role.TEAM_LEADER, 1),
        (3, 3, Role.TOP_MANAGEMENT, 1),
        (4, 2, Role.ADVISOR, 1),
        (4, 3, Role.TEAM_LEADER, 1),
        (4, 3, Role.TOP_MANAGEMENT, 1),
    ]


def stricter() -> Policy:
    terms = Policy().terms
    sooner = replace(terms[Severity.MAJOR], review=Span(14))
    return Policy(version="stricter", terms=terms | {Severity.MAJOR: sooner})


def test_a_date_that_moves_is_told_with_its_finding_its_factory_and_both_days() -> None:
    story = a_case(finding=FindingId("f7"), factory=FactoryId("x7"))
    found = compare([ahead(story)], [ahead(story, stricter())])
    assert found.moved == (
        Moved(
            FindingId("f7"),
            FactoryId("x7"),
            "review",
            DHAKA.end_of(date(2026, 3, 23)),
            DHAKA.end_of(date(2026, 3, 16)),
        ),
    )


def test_letters_that_differ_are_told_with_both_numbers_and_the_others_are_left_out() -> None:
    story = a_case()
    before, after = ahead(story, days=19), ahead(story, stricter(), days=19)
    assert before.told[0].at > MONDAY
    assert compare([before, before], [after, after]).letters == (
        Difference(date(2026, 3, 1), LetterKind.OVERDUE, 2, Role.ADVISOR, 0, 2),
        Difference(date(2026, 3, 1), LetterKind.OVERDUE, 3, Role.TEAM_LEADER, 0, 2),
        Difference(date(2026, 3, 1), LetterKind.OVERDUE, 3, Role.TOP_MANAGEMENT, 0, 2),
        Difference(date(2026, 3, 1), LetterKind.RECOVERY_PLAN_DUE, 3, Role.MANAGER, 0, 2),
        Difference(date(2026, 3, 1), LetterKind.REMINDER, 0, Role.MANAGER, 6, 8),
    )
    weekly = compare([before], [after], weekly=True).letters
    assert {each.period for each in weekly} == {date(2026, 3, 9), date(2026, 3, 16)}


def test_what_has_ended_has_no_last_day_that_could_move() -> None:
    running, ended = a_case(), a_case()
    over = replace(ended.finding, stage=Stage.WITHDRAWN)
    course = ahead(running)
    found = compare([replace(course, start=over)], [replace(course, start=over)])
    assert found.moved == ()
    both = compare([course], [replace(course, start=over)]).moved
    assert [(each.date, each.after) for each in both] == [
        ("review", None),
        ("commit", None),
        ("fix_by", None),
    ]
