"""Photos and documents as pages show them: what was before beside what is now, and the rest after it."""

from collections.abc import Mapping
from dataclasses import dataclass

from remediation.words import ActionId
from service.api.shapes import EvidenceShape
from service.dossier import Dossier, wording
from service.evidence.seeing import shapes
from service.evidence.twins import Twin


@dataclass(frozen=True, slots=True, kw_only=True)
class Hung:
    """A photo or document, what it is about in words, and whether the viewer may take it back."""

    piece: EvidenceShape
    about: str
    mine: bool
    twins: tuple[Twin, ...]
    """Earlier photos that are the same or look nearly so, for staff."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """What there is to look at. `pairs` are photos of one place: before, and all that came after."""

    pairs: tuple[tuple[Hung, tuple[Hung, ...]], ...]
    photos: tuple[Hung, ...]
    documents: tuple[Hung, ...]

    @property
    def befores(self) -> tuple[Hung, ...]:
        """The photos that another can show the same place after."""
        return (*(before for before, _ in self.pairs), *self.photos)

    @property
    def empty(self) -> bool:
        """Whether nothing has been handed in that the viewer may see."""
        return not (self.pairs or self.photos or self.documents)


def gallery(dossier: Dossier, known: Mapping[str, tuple[Twin, ...]]) -> Gallery:
    """Arrange the photos and documents that the dossier's viewer may see; `known` are their twins."""
    hung = {each.id: _hung(dossier, each, known.get(each.id, ())) for each in shapes(dossier)}
    afters: dict[str, list[Hung]] = {}
    for each in hung.values():
        if each.piece.before in hung and each.piece.before is not None:
            afters.setdefault(each.piece.before, []).append(each)
    paired = afters.keys() | {each.piece.id for every in afters.values() for each in every}
    return Gallery(
        pairs=tuple((hung[before], tuple(every)) for before, every in afters.items()),
        photos=tuple(
            each for each in hung.values() if each.piece.kind == "photo" and each.piece.id not in paired
        ),
        documents=tuple(each for each in hung.values() if each.piece.kind == "document"),
    )


def _hung(dossier: Dossier, piece: EvidenceShape, known: tuple[Twin, ...]) -> Hung:
    mine = piece.by is not None and piece.by.id == dossier.sight.viewer and not piece.named
    about = wording(dossier.plan).get(ActionId(piece.action), "") if piece.action else ""
    return Hung(piece=piece, about=about, mine=mine, twins=known)
