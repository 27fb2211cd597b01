"""What stands around a fact when it is told, and the telling that each kind of fact makes its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import singledispatch

from remediation import facts
from remediation.fact import Fact
from remediation.watched import Watched
from remediation.words import ActionId, NoteId, PersonId
from service import saying
from service.saying import day
from service.sight import Sight
from service.speaking import say, say_many


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Around a fact: who brought it about, in words, whom it is told to, and what actions are called."""

    who: str
    sight: Sight
    watched: Watched
    actions: Mapping[ActionId, str]

    def name(self, person: PersonId) -> str:
        """Give a person's name."""
        return self.sight.name(person)

    def action(self, action: ActionId) -> str:
        """Give what an action is called."""
        words = self.actions.get(action)
        return say("“%(text)s”", text=words) if words else say("action %(id)s", id=action)

    def until(self, end: datetime) -> str:
        """Give the factory's last local day before an aware instant."""
        return day(self.watched.calendar.last_day(end))

    def given(self, what: tuple[NoteId, ...]) -> str:
        """Give a sentence on how many pieces of evidence came with it; an empty text for none."""
        if not what:
            return ""
        return say_many("%(count)s piece of evidence.", "%(count)s pieces of evidence.", len(what))


@singledispatch
def tell(fact: Fact, around: Setting) -> str:
    """Tell what happened. Nothing in it is hidden from whom it is told to."""
    what = saying.spaced(facts.kind(type(fact)))
    return say("%(who)s: %(what)s.", who=around.who, what=what)


def sentences(*parts: str) -> str:
    """Put sentences behind each other, without the empty ones."""
    return " ".join(filter(None, parts))
