"""A policy file is refused by the key of every fault, each with the way out."""

import pytest

from remediation.policy import Policy, Reminders
from remediation.policy_checks import contradictions
from remediation.policy_file import PolicyRefused, read_policy
from remediation.policy_values import toml


def refused(text: str, *, version: str = 'version = "acme-1"\n') -> tuple[str, ...]:
    with pytest.raises(PolicyRefused) as refusal:
        read_policy(version + text)
    return refusal.value.errors


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
        ("[plans]\nreport_months = 0", "plans.report_months: 0 is out of bounds; choose 1 to 12"),
        ("[plans]\nreport_months = 13", "plans.report_months: 13 is out of bounds; choose 1 to 12"),
        (
            "[plans]\nreport_months = 5",
            "plans.report_months: 5 months do not fill a year; choose 1, 2, 3, 4, 6 or 12",
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


def test_a_policy_without_a_ladder_is_told_so_too() -> None:
    assert "ladder.level" in {fault.key for fault in contradictions(Policy(version="acme-1", ladder=()))}


def test_all_days_of_suspension_may_be_taken_at_once() -> None:
    limits = read_policy('version = "acme-1"\n[suspensions]\ndays = 60\ntotal = 60').suspensions
    assert (limits.days, limits.total) == (60, 60)


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
