"""Policy files: laid over the defaults, refused by the key of every fault, described in docs/policy.md."""

import re
from dataclasses import fields, replace
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remediation.policy import (
    Escalation,
    ExtensionLimits,
    Policy,
    Quorum,
    Reminders,
    Rung,
    SuspensionLimits,
    Terms,
)
from remediation.policy_file import LADDERS, SECTIONS, PolicyRefused, policy_toml, read_policy
from remediation.policy_values import ROLES_TO_TELL, toml
from remediation.spans import Span, Unit
from remediation.words import Role, Severity

DOC = (Path(__file__).parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")


def refused(text: str, *, version: str = 'version = "acme-1"\n') -> tuple[str, ...]:
    with pytest.raises(PolicyRefused) as refusal:
        read_policy(version + text)
    return refusal.value.errors


def test_a_file_changes_what_it_names_and_nothing_else() -> None:
    policy = read_policy('version = "acme-1"\n[terms.major]\nfix = "75d"\n[reminders]\nat = "08:30"\n')
    default = Policy()
    assert policy.version == "acme-1"
    assert policy.terms[Severity.MAJOR] == replace(default.terms[Severity.MAJOR], fix=Span(75))
    assert policy.reminders == replace(default.reminders, at=time(8, 30))
    expected = replace(default, version="acme-1", terms=policy.terms, reminders=policy.reminders)
    assert policy == expected
    assert policy.terms[Severity.MINOR] == default.terms[Severity.MINOR]


def test_every_kind_of_value_can_be_set() -> None:
    policy = read_policy(
        """
        version = "acme-2"
        tell_factory_when_raised = true
        [terms.critical]
        contain = "12h"
        effectiveness = "none"
        on_site = true
        [windows]
        acknowledge = "2wd"
        notify_authority = "none"
        [reminders]
        before = [3]
        every = 2
        at = 07:00:00
        [quorum]
        percent = 67
        elected_worker = false
        [extensions]
        count = 0
        [suspensions]
        days = 30
        decide = "2wd"
        """
    )
    assert policy.tell_factory_when_raised
    assert policy.terms[Severity.CRITICAL].contain == Span(12, Unit.HOURS)
    assert policy.terms[Severity.CRITICAL].effectiveness is None
    assert policy.terms[Severity.CRITICAL].on_site
    assert policy.windows.acknowledge == Span(2, Unit.WORKING_DAYS)
    assert policy.windows.notify_authority is None
    assert policy.reminders == Reminders(before=(3,), every=2, at=time(7))
    assert policy.quorum == Quorum(percent=67, elected_worker=False)
    assert policy.extensions == ExtensionLimits(count=0)
    assert policy.suspensions == SuspensionLimits(days=30, decide=Span(2, Unit.WORKING_DAYS))


def test_a_ladder_in_a_file_replaces_the_default_one_whole() -> None:
    policy = read_policy(
        """
        version = "acme-3"
        [[ladder]]
        level = 1
        after = "2d"
        urgent_after = "2h"
        told = ["manager"]
        [[ladder]]
        level = 2
        after = "5wd"
        urgent_after = "1d"
        told = ["advisor", "team_leader"]
        """
    )
    assert policy.ladder == (
        Rung(1, Span(2), Span(2, Unit.HOURS), (Role.MANAGER,)),
        Rung(2, Span(5, Unit.WORKING_DAYS), Span(1), (Role.ADVISOR, Role.TEAM_LEADER)),
    )
    assert policy.staff_ladder == Policy().staff_ladder


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            '[terms.major]\nfix = "75 days"',
            "terms.major.fix: '75 days' is not a length of time; write it as 24h, 30d or 10wd, or \"none\"",
        ),
        (
            '[terms.major]\nreview = "x"',
            "terms.major.review: 'x' is not a length of time; write it as 24h, 30d or 10wd",
        ),
        (
            "[terms.major]\nreview = 21",
            'terms.major.review: 21 is not a length of time; write it in quotes, like "24h", "30d" or "10wd"',
        ),
        (
            '[windows]\nobjection = "0d"',
            "windows.objection: '0d' is not a length of time; write it as 24h, 30d or 10wd",
        ),
        ('[terms.major]\ncontian = "1d"', "terms.major.contian: is not known; did you mean 'contain'?"),
        ("[terms.majr]", "terms.majr: is not known; did you mean 'major'?"),
        ("[quorom]\npercent = 1", "quorom: is not known; did you mean 'quorum'?"),
        (
            "[windows]\nzzz = 1",
            (
                "windows.zzz: is not known; known are dispute, decide_dispute, mediate, objection, "
                "report_fix, acknowledge, confirm_alarm, notify_authority, acknowledgement, recovery_plan, "
                "decide_recovery_plan, decide_consequence"
            ),
        ),
        ("[quorum]\npercent = 101", "quorum.percent: 101 is out of bounds; choose 0 to 100"),
        ("[quorum]\nat_least = 0", "quorum.at_least: 0 is out of bounds; choose 1 to 50"),
        ("[quorum]\npercent = true", "quorum.percent: True is not a whole number (without quotes)"),
        ('[quorum]\npercent = "50"', "quorum.percent: '50' is not a whole number (without quotes)"),
        (
            '[quorum]\nelected_worker = "yes"',
            "quorum.elected_worker: 'yes' is neither true nor false (without quotes)",
        ),
        ("[suspensions]\ndays = 366\ntotal = 400", "suspensions.days: 366 is out of bounds; choose 0 to 365"),
        ("[suspensions]\ntotal = 731", "suspensions.total: 731 is out of bounds; choose 0 to 730"),
        (
            "[suspensions]\ntotal = 59",
            "suspensions.total: 59 is less than days (60); make it as long or longer",
        ),
        ("[escalation]\nsnooze = 21", "escalation.snooze: 21 is out of bounds; choose 0 to 20"),
        (
            "[escalation]\ndecision_level = 4",
            "escalation.decision_level: people decide on level 4, so it must be the last; the ladder has 5",
        ),
        (
            "[escalation]\nrecovery_level = 5",
            "escalation.recovery_level: 5 must lie below level 5, which people decide on",
        ),
        (
            '[windows]\nacknowledgement = "5d"',
            "windows.acknowledgement: 5d is not a number of working days; write it as 5wd",
        ),
        ("[extensions]\ncount = -1", "extensions.count: -1 is out of bounds; choose 0 to 10"),
        ("[extensions]\npercent = 101", "extensions.percent: 101 is out of bounds; choose 0 to 100"),
        ("[reminders]\nevery = 0", "reminders.every: 0 is out of bounds; choose 1 to 365"),
        ("[reminders]\nbefore = 7", "reminders.before: 7 is not a list; write it as [14, 7, 1, 0]"),
        ("[reminders]\nbefore = [7, 7]", "reminders.before: name at most 20 days, each once"),
        (
            "[reminders]\nbefore = [-1]",
            "reminders.before: each must lie between 0 and 365 days before the date",
        ),
        (
            "[reminders]\nbefore = [366]",
            "reminders.before: each must lie between 0 and 365 days before the date",
        ),
        (
            '[reminders]\nat = "nine"',
            "reminders.at: 'nine' is not a time of day; write it as 09:00:00 or \"09:00\"",
        ),
        (
            '[reminders]\nat = "09:00+06:00"',
            "reminders.at: '09:00+06:00' is not a time of day; write it as 09:00:00 or \"09:00\"",
        ),
        ("terms = 3", "terms: must be a table, headed [terms]"),
        ("windows = 3", "windows: must be a table, headed [windows]"),
        ("ladder = []", "ladder: must be written as one [[ladder]] for each level"),
        ("[ladder]\nlevel = 1", "ladder: must be written as one [[ladder]] for each level"),
        (
            "[[ladder]]\nlevel = 1",
            "ladder[1]: lacks after, urgent_after, told; every level needs level, after, urgent_after, told",
        ),
        (
            '[terms.minor]\nreview = "31d"',
            "terms.minor.commit: 30d comes before review (31d); make it as long or longer",
        ),
        (
            '[terms.major]\ncommit = "65wd"',
            "terms.major.fix: 90d comes before commit (65wd); make it as long or longer",
        ),
        (
            '[terms.collaborative]\nprogress_review = "none"',
            (
                "terms.collaborative.progress_review: must be set where fix is none, "
                "or nobody would ever look at the progress"
            ),
        ),
        (
            'tell_factory_when_raised = "no"',
            "tell_factory_when_raised: 'no' is neither true nor false (without quotes)",
        ),
    ],
)
def test_a_fault_is_told_with_its_key_and_the_way_out(text: str, error: str) -> None:
    assert refused(text) == (error,)


def rung(level: int, after: str, urgent: str, told: str = '"advisor"') -> str:
    return f'[[ladder]]\nlevel = {level}\nafter = "{after}"\nurgent_after = "{urgent}"\ntold = [{told}]\n'


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            rung(1, "1d", "1h"),
            "ladder.level: levels are [1]; number them 1, 2, 3 … in order, at least 2 of them",
        ),
        (
            rung(2, "1d", "1h") + rung(1, "2d", "2h"),
            "ladder.level: levels are [2, 1]; number them 1, 2, 3 … in order, at least 2 of them",
        ),
        (
            rung(1, "7d", "1h") + rung(2, "5wd", "2h"),
            "ladder.after: level 2 (5wd) must come later than level 1 (7d)",
        ),
        (
            rung(1, "1d", "24h") + rung(2, "2d", "1d"),
            "ladder.urgent_after: level 2 (1d) must come later than level 1 (24h)",
        ),
        (
            rung(1, "4h", "1h") + rung(2, "2d", "2h"),
            "ladder.after: level 1 has 4h; use days (d) or working days (wd)",
        ),
        (
            rung(1, "1d", "1h", '"advisor", "advisor"') + rung(2, "2d", "2h"),
            "ladder.told: level 1 names a role twice; name each once",
        ),
        (
            rung(1, "1d", "1h", '"adviser"') + rung(2, "2d", "2h"),
            "ladder[1].told: 'adviser' is not a role that can be told; did you mean 'advisor'?",
        ),
        (
            rung(1, "1d", "1h", "") + rung(2, "2d", "2h"),
            'ladder[1].told: [] is not a list of roles; write it as ["advisor"]',
        ),
        (
            rung(1, "1d", "1h") + rung(2, "2d", "2h") + "tolds = 1",
            "ladder[2].tolds: is not known; did you mean 'told'?",
        ),
    ],
)
def test_a_ladder_must_climb(text: str, error: str) -> None:
    assert refused(text) == (error,)


def test_a_level_that_is_no_table_is_told_how_to_head_one() -> None:
    first, *_ = refused("ladder = [3, 4]")
    assert first == "ladder[1]: must be a table, headed [[ladder]]"


def test_reminders_may_be_many_and_early_but_not_without_end() -> None:
    most = Reminders(before=(*range(19), 365))
    assert read_policy(f'version = "a"\nreminders.before = {toml(most.before)}').reminders == most
    (many,) = refused(f"reminders.before = {list(range(21))}")
    assert many == "reminders.before: name at most 20 days, each once"
    (early,) = refused("reminders.before = [366]")
    assert early == "reminders.before: each must lie between 0 and 365 days before the date"


def test_the_system_itself_cannot_be_told() -> None:
    (error,) = refused(rung(1, "1d", "1h", '"system"') + rung(2, "2d", "2h"))
    assert error.startswith("ladder[1].told: 'system' is not a role that can be told")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", 'version: is missing; name this set of numbers, as in version = "acme-1"'),
        ("version = 3", "version: 3 is not a text; put it in quotes"),
        (
            'version = "a b"',
            "version: 'a b' is not a version; use up to 64 letters, digits, full stops and hyphens",
        ),
        (
            'version = "default-1"\n[quorum]\npercent = 50',
            "version: 'default-1' names the default policy; give this one a name of its own",
        ),
    ],
)
def test_a_policy_needs_a_version_name_of_its_own(text: str, error: str) -> None:
    assert refused(text, version="") == (error,)


def test_what_is_not_toml_is_refused_with_the_place() -> None:
    (error,) = refused("[terms.major\n")
    assert error.startswith("The file is not TOML: ")
    assert "line 2" in error


def test_all_faults_are_told_at_once() -> None:
    errors = refused(
        '[terms.major]\nfix = "x"\non_site = 1\n[terms.minor]\nreview = "99d"\n[quorum]\npercent = -1'
    )
    assert [error.split(":")[0] for error in errors] == [
        "terms.major.fix",
        "terms.major.on_site",
        "terms.minor.commit",
        "quorum.percent",
    ]
    assert str(PolicyRefused(errors)) == "\n".join(errors)


spans = st.builds(Span, st.integers(1, 9999), st.sampled_from(Unit))


@st.composite
def ladders(draw: st.DrawFn, fewest: int) -> tuple[Rung, ...]:
    days = sorted(draw(st.sets(st.integers(1, 400), min_size=fewest, max_size=6)))
    roles = st.lists(st.sampled_from(ROLES_TO_TELL), min_size=1, unique=True).map(tuple)
    return tuple(
        Rung(level, Span(after), Span(after, Unit.HOURS), draw(roles)) for level, after in enumerate(days, 1)
    )


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    contain, review, commit, fix = sorted(draw(st.tuples(*[st.integers(1, 900)] * 4)))
    return Terms(
        contain=draw(st.sampled_from([None, Span(contain)])),
        review=Span(review),
        commit=Span(commit),
        fix=draw(st.sampled_from([None, Span(fix)])),
        verify=draw(spans),
        effectiveness=draw(st.none() | spans),
        on_site=draw(st.booleans()),
        progress_review=draw(spans),
    )


policies = st.builds(
    Policy,
    version=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", fullmatch=True).filter(
        lambda name: name != "default-1"
    ),
    terms=st.fixed_dictionaries({severity: terms() for severity in Severity}),
    reminders=st.builds(
        Reminders,
        before=st.lists(st.integers(0, 365), unique=True, max_size=20).map(tuple),
        every=st.integers(1, 365),
        at=st.times(),
    ),
    ladder=ladders(2),
    staff_ladder=ladders(1),
    quorum=st.builds(Quorum, st.integers(1, 50), st.integers(0, 100), st.booleans()),
    extensions=st.builds(ExtensionLimits, st.integers(0, 10), st.integers(0, 100), spans),
    suspensions=st.builds(SuspensionLimits, st.integers(0, 365), st.integers(365, 730), spans),
    escalation=st.builds(Escalation, st.integers(0, 20), st.integers(1, 5), st.integers(6, 20)),
    tell_factory_when_raised=st.booleans(),
)


@given(policies)
def test_a_policy_written_as_toml_reads_back_the_same(policy: Policy) -> None:
    assert read_policy(policy_toml(policy)) == policy


def blocks() -> list[str]:
    return re.findall(r"```toml\n(.*?)```", DOC, flags=re.DOTALL)


def test_the_document_ends_with_the_defaults_as_a_file() -> None:
    assert blocks()[-1] == policy_toml(Policy())
    assert read_policy(blocks()[-1]) == Policy()


def test_the_document_s_example_can_be_used() -> None:
    example = read_policy(blocks()[0])
    assert example.terms[Severity.MAJOR].fix == Span(75)


def documented() -> dict[str, list[str]]:
    """Each table row of the document by its heading and first cell."""
    rows: dict[str, list[str]] = {}
    heading = ""
    for line in DOC.splitlines():
        if line.startswith("## "):
            heading = line
        if line.startswith("| `"):
            key, *cells = (cell.strip() for cell in line.strip("| ").split("|"))
            rows[f"{heading} {key}"] = cells
    return rows


def row_of(section: str, key: str) -> list[str]:
    (cells,) = (
        cells for name, cells in documented().items() if section in name and name.endswith(f" `{key}`")
    )
    return cells


@pytest.mark.parametrize("section", SECTIONS)
def test_the_document_gives_every_key_of_a_section_with_its_default(section: str) -> None:
    part = getattr(Policy(), section)
    for field in fields(part):
        assert row_of(f"`[{section}]`", field.name)[0] == f"`{toml(getattr(part, field.name))}`"


@pytest.mark.parametrize("field", fields(Terms), ids=lambda field: field.name)
def test_the_document_gives_every_term_of_every_severity(field: object) -> None:
    name = field.name  # type: ignore[attr-defined]
    defaults = [f"`{toml(getattr(terms, name))}`" for terms in Policy().terms.values()]
    assert row_of("`[terms.SEVERITY]`", name)[: len(defaults)] == defaults
    assert [f"`{severity}`" for severity in Policy().terms] == re.findall(r"`\w+`", severities_heading())


def severities_heading() -> str:
    return next(line for line in DOC.splitlines() if line.startswith("| Key | `zero_tolerance`"))


def test_the_document_gives_the_rest() -> None:
    for name in ("version", "tell_factory_when_raised"):
        assert row_of("Top", name)[0] == f"`{toml(getattr(Policy(), name))}`"
    for field in fields(Rung):
        assert row_of("`[[ladder]]`", field.name)
    assert all(f"`{role}`" in row_of("`[[ladder]]`", "told")[0] for role in ROLES_TO_TELL)
    assert all(f"`[[{name}]]`" in DOC for name in LADDERS)
