"""Where the pages lead: the places that whoever looks at a page may open."""

from contextvars import ContextVar

from notifications.wording import N_
from remediation.permissions import Action, Actor, reach

EVERYBODYS = (
    ("work", "/", N_("My work")),
    ("findings", "/findings", N_("Findings")),
    ("plans", "/plans", N_("Plans")),
    ("visits", "/visits", N_("Visits")),
    ("factories", "/factories", N_("Factories")),
)
STAFFS = (("board", "/board", N_("Board")),)
IMPORTERS = (("assessments", "/assessments", N_("Assessments")),)
WHOLE = (("programmes", "/programmes", N_("Programme")),)

ON_A_LINE = 6
"""So many names stand beside each other on a desk; on a phone they are two lines."""

Places = tuple[tuple[str, str, str], ...]
"""The key of each place, its address, and its name in English."""

_places: ContextVar[Places] = ContextVar("places", default=EVERYBODYS)


def places() -> tuple[Places, Places]:
    """Give the places to lead to: those that stand in the menu, and those that open from its last name."""
    every = _places.get()
    return (every, ()) if len(every) <= ON_A_LINE else (every[: ON_A_LINE - 1], every[ON_A_LINE - 1 :])


def lead_about(actor: Actor) -> None:
    """Lead somebody from here on. To be called in the request's own task, as `speak` is."""
    seen, staff = reach(actor, Action.VIEW_FINDING), not reach(actor, Action.VIEW_STAFF_MATTERS).nowhere
    whole = seen.everywhere or seen.programmes
    imports = reach(actor, Action.IMPORT_ASSESSMENT)
    brings = imports.everywhere or imports.programmes
    more = ((staff, STAFFS), (brings, IMPORTERS), (whole, WHOLE))
    _places.set((*EVERYBODYS, *(place for shown, places in more if shown for place in places)))
