"""A plan or a finding as a document to print: HTML in the reader's language, with what they may see of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from urllib.parse import quote

import segno
from markupsafe import Markup
from sqlalchemy import Connection

from remediation.catalogue import CLUSTERS
from remediation.permissions import Action
from remediation.words import ENDINGS
from service.auth import Caller
from service.dossier import Dossier, open_dossier
from service.evidence.seeing import shapes
from service.pages.rendering import rendered
from service.paper.leaves import Leaf, functions, leaf, seated
from service.problems import not_found
from service.sealed.making import About, named
from service.timeline import timeline
from storage import programmes
from storage.programmes import Factory

MOST_FINDINGS = 200
"""So many findings of a plan are printed; the paper says how many are not."""
_PLACES = {cluster.id: cluster.number for cluster in CLUSTERS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """The findings of one cluster that are printed."""

    id: str
    leaves: tuple[Leaf, ...]

    @property
    def open(self) -> int:
        """How many of them have not ended."""
        return sum(each.finding.stage not in ENDINGS for each in self.leaves)

    @property
    def overdue(self) -> int:
        """How many of them are late."""
        return sum(each.finding.overdue for each in self.leaves)


def plan_paper(connection: Connection, caller: Caller, plan: str, origin: str, now: datetime) -> str:
    """Give a plan as HTML to print: `origin` is our own address, which its code leads to.

    What the factory does not know of yet is left out, whoever prints it: paper lies on tables. Raises the
    problem 404 where there is nothing that the reader may see.
    """
    ids = list(named(connection, caller, About(kind="plan", id=plan)))
    if not ids:
        raise not_found("This plan")
    opened = [open_dossier(connection, caller, each, now) for each in ids[:MOST_FINDINGS]]
    leaves = tuple(_numbered(each for each in opened if not each.finding.restricted))
    place = _factory(connection, opened[0])
    members = seated(connection, caller, place, now)
    return rendered(
        "paper_plan.html",
        plan=plan,
        factory=place,
        subject=opened[0].subject,
        leaves=leaves,
        clusters=[
            Cluster(id=key, leaves=tuple(together))
            for key, together in groupby(leaves, key=lambda each: each.finding.cluster)
        ],
        ended=sum(each.finding.stage in ENDINGS for each in leaves),
        kept_back=len(opened) - len(leaves),
        unprinted=len(ids) - len(opened),
        to_sign=[each for each in leaves if each.to_sign],
        members=members,
        functions=functions(connection, place, leaves, now) if members is not None else {},
        **about(caller, place, f"{origin}/plans/{quote(plan, safe='')}", now),
    )


def finding_paper(connection: Connection, caller: Caller, finding: str, origin: str, now: datetime) -> str:
    """Give a finding as HTML to print; `origin` is our own address. Raises the problem 404."""
    dossier = open_dossier(connection, caller, finding, now)
    place, printed = _factory(connection, dossier), leaf(dossier)
    members = seated(connection, caller, place, now)
    may = dossier.sight.may
    return rendered(
        "paper_finding.html",
        leaf=printed,
        factory=place,
        story=timeline(connection, dossier).entries if may(Action.VIEW_TIMELINE) else [],
        evidence=shapes(dossier),
        to_sign=[printed] if printed.to_sign else [],
        members=members,
        functions=functions(connection, place, (printed,), now) if members is not None else {},
        **about(caller, place, f"{origin}/findings/{quote(finding, safe='')}", now),
    )


def _numbered(opened: Iterable[Dossier]) -> Iterator[Leaf]:
    """Give findings by cluster in the catalogue's order, the soonest due first within each, numbered."""
    ordered = sorted(opened, key=lambda each: _PLACES.get(each.listed.cluster, len(_PLACES) + 1))
    yield from (leaf(each, number) for number, each in enumerate(ordered, 1))


def _factory(connection: Connection, dossier: Dossier) -> Factory:
    found = programmes.factory(connection, dossier.listed.summary.factory)
    assert found is not None  # noqa: S101 - a finding is of a factory
    return found


def about(caller: Caller, factory: Factory, address: str, now: datetime) -> dict[str, object]:
    """Give what every document says of itself: for whom it is, of which day, and where it stands now."""
    return {
        "reader": caller.person.name,
        "today": factory.today(now),
        "now": now,
        "address": address,
        "code": code(address),
    }


def code(address: str) -> Markup:
    """Give an address of ours as a QR code, drawn in SVG, for documents to print."""
    return Markup(segno.make(address, error="m", micro=False).svg_inline(border=2, omitsize=True))  # noqa: S704 - drawn here
