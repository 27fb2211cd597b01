"""What a letter is written from, and what comes of it: the typed interface of the letters."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from notifications.invitation import Invitation
from remediation.facts import Fact
from remediation.finding import Finding
from remediation.gatherings.case import State
from remediation.gatherings.gathering import kind_of, own_id
from remediation.words import ActionId, FindingId, LetterKind, NoteId, PersonId, Role, SubjectId

F_co = TypeVar("F_co", bound=Fact, covariant=True)

SHORT_ID = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whom a letter is to: the only person it ever names. `role` is what the letter reaches them as."""

    person: PersonId
    name: str
    language: str
    role: Role


@dataclass(frozen=True, slots=True)
class Cover:
    """In whose place a letter is read: somebody in a role, who is away until a local day."""

    role: Role
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What people call the finding: the factory's name, the question's text and the compliance point."""

    factory: str
    question: str
    point: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """How many entries a ledger had when a letter was written, and the digest of the last: it seals all."""

    subject: SubjectId
    entries: int
    digest: str

    def __str__(self) -> str:
        return f"{self.subject} {self.entries} {self.digest}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion(Generic[F_co]):
    """Why a letter is written: a fact that happened at an aware instant, and the finding as it stands now.

    `public_url` is the fixed address of the service. `actions` gives the wording of promised actions and is
    shown to their owners only. `instead_of` is set when the letter could not be delivered to that role, and
    `covers` when it is read in the place of somebody who is away.
    """

    kind: LetterKind
    reader: Reader
    label: Label
    fact: F_co
    at: datetime
    state: Finding
    public_url: str
    actions: Mapping[ActionId, str] = field(default_factory=dict)
    instead_of: Role | None = None
    covers: Cover | None = None
    witness: Witness | None = None

    @property
    def link(self) -> str:
        """The finding's page. An address, not an authority: it changes nothing by itself."""
        return self.link_to(self.state.id)

    def link_to(self, finding: FindingId) -> str:
        """Give the address of a finding's page."""
        return f"{self.public_url.rstrip('/')}/findings/{quote(finding, safe='')}"

    @property
    def number(self) -> str:
        """The finding's opaque id, cut short and free of anything that could disturb a header."""
        return _short(self.state.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheringOccasion(Generic[F_co]):
    """The same of a letter about a gathering. Of its label only the factory is known."""

    kind: LetterKind
    reader: Reader
    label: Label
    fact: F_co
    at: datetime
    state: State
    public_url: str
    texts: Mapping[NoteId, str] = field(default_factory=dict)
    """What people wrote about it that letters quote, by the ids that its state has."""
    instead_of: Role | None = None
    covers: Cover | None = None
    witness: Witness | None = None

    @property
    def link(self) -> str:
        """The gathering's page."""
        kind, own = kind_of(self.state.id), own_id(self.state.id)
        return f"{self.public_url.rstrip('/')}/{kind}s/{quote(own, safe='')}"

    @property
    def number(self) -> str:
        """The gathering's own opaque id, cut short."""
        return _short(own_id(self.state.id))


AnyOccasion = Occasion[Any] | GatheringOccasion[Any]


def _short(number: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]", "", number)[:SHORT_ID]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it is read: subject (one line, none of it written by users), plain text and HTML.

    With an `invitation` it brings an entry for the reader's calendar.
    """

    subject: str
    text: str
    html: str
    invitation: Invitation | None = None
