"""The words of the field answer what follows from them."""

from remediation.words import Severity, Side


def test_each_side_sits_across_from_the_other() -> None:
    assert Side.WORKER.other is Side.MANAGEMENT
    assert Side.MANAGEMENT.other is Side.WORKER


def test_nothing_becomes_zero_tolerance_by_going_one_up() -> None:
    raised = {severity.one_up for severity in Severity if severity is not Severity.ZERO_TOLERANCE}
    assert raised == {Severity.CRITICAL, Severity.MAJOR, Severity.MINOR}
