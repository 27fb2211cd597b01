"""Policy files are laid over the defaults, and written so that they read back the same."""

from dataclasses import replace
from datetime import time

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
from remediation.policy_file import policy_toml, read_policy
from remediation.policy_values import ROLES_TO_TELL
from remediation.spans import Span, Unit
from remediation.words import Role, Severity


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
