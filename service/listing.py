"""Lists of findings as somebody asks for them: filters and a place, read from an address."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query
from sqlalchemy import Connection

from remediation.figures import Kept
from remediation.permissions import Action, Reach, can, reach
from remediation.words import Severity, Stage
from service.api.shapes import FindingItem, FindingPage
from service.asked import at_a_glance, at_once
from service.auth import Caller
from service.problems import FieldProblem, invalid
from service.receiving import thing_of
from service.showing import item
from storage import findings
from storage.cursors import END, Cursor
from storage.findings import MOST_ON_A_PAGE, Filters

Text = Annotated[str | None, Query(max_length=100)]
ONE_DAY = timedelta(days=1)
LAST = "last"
USUAL_LIMIT = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked to show. Every name is that of the parameter in the address."""

    programme: Text = None
    factory: Text = None
    plan: Text = None
    stage: Annotated[tuple[Stage, ...], Query(description="May be given several times.")] = ()
    severity: Severity | None = None
    cluster: Text = None
    point: Text = None
    country: Annotated[
        str | None, Query(max_length=2, description="The ISO 3166-1 code of the factory's country.")
    ] = None
    level: Annotated[int | None, Query(ge=0, le=5, description="The least level of the ladder.")] = None
    overdue: Annotated[bool, Query(description="Only what is late.")] = False
    text: Annotated[
        str | None, Query(max_length=100, description="In ids, and in texts that the caller may read.")
    ] = None
    owner: Annotated[
        str | None, Query(max_length=100, description="Who owns an action that is still open.")
    ] = None
    promise: Annotated[Kept | None, Query(description="What became of a promise.")] = None
    age_from: Annotated[int | None, Query(ge=0, le=9999, description="Whole days since its issue.")] = None
    age_to: Annotated[int | None, Query(ge=0, le=9999)] = None
    cursor: Annotated[
        str | None,
        Query(max_length=300, description="`next` or `prev` of a page, or `last`; none for the first."),
    ] = None
    limit: Annotated[int, Query(ge=1, le=MOST_ON_A_PAGE)] = USUAL_LIMIT

    def filters(self, now: datetime, texts_within: Reach) -> Filters:
        """Give what the list is narrowed to at an aware instant; texts are searched within a reach."""
        return Filters(
            programme=self.programme,
            factory=self.factory,
            plan=self.plan,
            stages=self.stage,
            severity=self.severity,
            cluster=self.cluster,
            point=self.point,
            country=self.country,
            level=self.level,
            overdue_at=now if self.overdue else None,
            issued_after=None if self.age_to is None else now - (self.age_to + 1) * ONE_DAY,
            issued_until=None if self.age_from is None else now - self.age_from * ONE_DAY,
            owner=self.owner,
            promise=(self.promise, now) if self.promise else None,
            text=self.text,
            texts_within=texts_within,
        )

    def address(self, path: str, cursor: str | None) -> str:
        """Give the address of the same list at another place."""
        given = {
            "programme": self.programme,
            "factory": self.factory,
            "plan": self.plan,
            "stage": [stage.value for stage in self.stage],
            "severity": self.severity.value if self.severity else None,
            "cluster": self.cluster,
            "point": self.point,
            "country": self.country,
            "level": self.level,
            "overdue": "true" if self.overdue else None,
            "text": self.text,
            "owner": self.owner,
            "promise": self.promise.value if self.promise else None,
            "age_from": self.age_from,
            "age_to": self.age_to,
            "limit": self.limit if self.limit != USUAL_LIMIT else None,
            "cursor": cursor,
        }
        query = urlencode({name: value for name, value in given.items() if value or value == 0}, doseq=True)
        return f"{path}?{query}" if query else path


Listing = Annotated[Wanted, Depends(at_once(Wanted))]
"""What the address of a list asks for."""
OnPage = Annotated[Wanted, Depends(at_a_glance(Wanted))]
"""The same in a page's address."""


def page(connection: Connection, caller: Caller, wanted: Wanted, now: datetime) -> FindingPage:
    """Give a page of what the caller may see. Raises the problem 422 for a cursor that is none."""
    found = findings.page(
        connection,
        wanted.filters(now, reach(caller.actor, Action.VIEW_TEXTS)),
        visible=reach(caller.actor, Action.VIEW_FINDING),
        restricted=reach(caller.actor, Action.VIEW_FINDING, restricted=True),
        cursor=_cursor(wanted.cursor),
        limit=wanted.limit,
    )
    items: list[FindingItem] = []
    for listed in found.rows:
        texts = can(caller.actor, Action.VIEW_TEXTS, thing_of(listed)) is not None
        items.append(item(listed, now, texts=texts))
    return FindingPage(
        items=items,
        next=str(found.next) if found.next else None,
        prev=str(found.previous) if found.previous else None,
    )


def _cursor(text: str | None) -> Cursor | None:
    if not text:
        return None
    if text == LAST:
        return END
    try:
        return Cursor.parse(text)
    except ValueError as error:
        raise invalid(FieldProblem(field="cursor", message=str(error))) from error


def link_header(wanted: Wanted, path: str, shown: FindingPage) -> str:
    """Give the Link header (RFC 8288) of a page: first, previous, next and last."""
    places = {"first": None, "prev": shown.prev, "next": shown.next, "last": LAST}
    known = {rel: cursor for rel, cursor in places.items() if cursor or rel == "first"}
    return ", ".join(f'<{wanted.address(path, cursor)}>; rel="{rel}"' for rel, cursor in known.items())
