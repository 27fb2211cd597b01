"""Repeats: a finding is linked to another cycle's about the same, which only a visit can then verify."""

from dataclasses import replace
from datetime import datetime

from remediation.facts import RepeatLinked
from remediation.finding import Finding
from remediation.orders import LinkRepeat
from remediation.refusals import AlreadyDone, FieldInvalid
from remediation.rules.core import Facts, Stamp
from remediation.rules.guards import of_the_programme


def link_repeat(order: LinkRepeat, finding: Finding, now: datetime) -> Facts:
    of_the_programme(order, to="link a finding to another cycle's")
    if not order.other or order.other == finding.id:
        message = "Name another cycle's finding; a finding cannot repeat itself."
        raise FieldInvalid(message, field="other")
    if (order.earlier and finding.repeat_of is not None) or order.other in finding.found_again:
        message = "The finding is linked to another cycle's already."
        raise AlreadyDone(message)
    return (RepeatLinked(other=order.other, earlier=order.earlier),)


def repeat_linked(fact: RepeatLinked, finding: Finding, stamp: Stamp) -> Finding:
    if fact.earlier:
        return replace(finding, repeat_of=fact.other)
    return replace(finding, found_again=(*finding.found_again, fact.other))
