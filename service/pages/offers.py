"""What the viewer of a finding may do now, and what not and why; the most pressing thing first."""

from collections.abc import Iterator
from dataclasses import dataclass

from remediation.finding import Finding
from remediation.obligations import obligations
from remediation.orders import VERBS
from remediation.permissions import Action, roles_to
from remediation.possible import Possibility, possible
from service.auth import Caller
from service.dossier import Dossier
from service.pages.acts import ACTS, Act
from service.receiving import thing_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A verb that the viewer has permission for, and whether the rules would take it now."""

    verb: str
    act: Act
    possibility: Possibility

    @property
    def path(self) -> str:
        """The last part of its address."""
        return self.verb.replace("_", "-")

    @property
    def open(self) -> bool:
        """Whether it can be done now."""
        return self.possibility.refusal is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Things that cannot be done now for one and the same reason."""

    titles: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """All that the viewer may do now; `first` answers what is due soonest, where anything does."""

    first: Offer | None
    others: tuple[Offer, ...]
    refused: tuple[Refused, ...]


def offer(dossier: Dossier, caller: Caller, verb: str) -> Offer | None:
    """Give whether the viewer may do this now; None where they have no permission."""
    return _offer(_timely(dossier), dossier, caller, verb)


def offers(dossier: Dossier, caller: Caller) -> Offers:
    """Give all that the viewer may do now."""
    finding = _timely(dossier)
    every = [each for verb in ACTS if (each := _offer(finding, dossier, caller, verb)) is not None]
    ready = [each for each in every if each.open]
    first = _first(finding, ready)
    return Offers(
        first=first,
        others=tuple(each for each in ready if each is not first),
        refused=tuple(_refused(every)),
    )


def _timely(dossier: Dossier) -> Finding:
    """Give the state to which the clock has caught up: an order would meet no other."""
    timely, _ = dossier.case.keep_time(dossier.now)
    return timely.finding


def _offer(finding: Finding, dossier: Dossier, caller: Caller, verb: str) -> Offer | None:
    roles = roles_to(caller.actor, Action(verb), thing_of(dossier.listed))
    if not roles:
        return None
    found = possible(VERBS[verb], finding, caller.person.id, roles, dossier.now)
    return Offer(verb=verb, act=ACTS[verb], possibility=found)


def _first(finding: Finding, ready: list[Offer]) -> Offer | None:
    for owed in sorted(obligations(finding), key=lambda each: each.due):
        answer = next((each for each in ready if owed.duty in each.act.answers), None)
        if answer is not None:
            return answer
    return None


def _refused(every: list[Offer]) -> Iterator[Refused]:
    titles: dict[str, list[str]] = {}
    for each in every:
        if each.possibility.refusal is not None:
            titles.setdefault(str(each.possibility.refusal), []).append(each.act.title)
    for why, together in titles.items():
        yield Refused(titles=tuple(together), why=why)
