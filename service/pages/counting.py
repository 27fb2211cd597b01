"""What is counted on several pages, in words: stages, ages, promises, and what each figure means."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy import Connection

from notifications.wording import N_
from remediation.figures import AGES, DUE, Age, Kept, on_time
from remediation.permissions import Action, Actor, reach
from remediation.words import ENDINGS, Stage
from service import codes
from service.pages.charts import NONE, Chart, Part, Row, plain
from service.speaking import Said, say, say_many, spoken
from storage import figures
from storage.figures import Scope

KEPT = Said(
    {
        Kept.ON_TIME: N_("kept on time"),
        Kept.LATE: N_("kept late"),
        Kept.MISSED: N_("late, and not reported"),
        Kept.AHEAD: N_("day still ahead"),
    }
)
_LOOKS = {Kept.ON_TIME: "good", Kept.LATE: "warn", Kept.MISSED: "late", Kept.AHEAD: "ahead"}
STAGE_LOOKS = {
    **dict.fromkeys((Stage.ISSUED, Stage.UNDER_REVIEW, Stage.DISPUTED), "warn"),
    **dict.fromkeys((Stage.COMMITTED, Stage.FIX_REPORTED, Stage.VERIFYING), "plain"),
    **dict.fromkeys((Stage.CLOSED, Stage.SUSTAINED), "good"),
    **dict.fromkeys((Stage.WITHDRAWN, Stage.SUPERSEDED, Stage.CEASED), "ahead"),
}
_MEANINGS = (
    (N_("Open"), N_("The finding's life is not over: its fix has not yet been shown to hold.")),
    (
        N_("Overdue"),
        N_("Something is owed on the finding, by the factory or the programme, and its date is over."),
    ),
    (
        N_("Promise"),
        N_("What a committee has committed to, until the last day of its actions as it stands now."),
    ),
    (N_("On time"), N_("The fix was reported by the end of the promised day, in the factory's own time.")),
    (
        N_("Share on time"),
        N_("Promises kept on time, of those kept at all and those late. It is rounded down."),
    ),
    (N_("Age"), N_("Whole days since the finding was issued.")),
)


def scope(actor: Actor, **chosen: str) -> Scope:
    """Give what somebody may see counted of: a `plan`, a `factory` or a `programme`."""
    visible, restricted = (reach(actor, Action.VIEW_FINDING, restricted=each) for each in (False, True))
    return Scope(visible, restricted, **chosen)


def address(path: str, **given: object) -> str:
    """Give the address of a list that shows what a number counts."""
    asked = {name: value for name, value in given.items() if value is not None and value != ""}
    return f"{path}?{urlencode(asked, doseq=True)}" if asked else path


def open_of(stages: Mapping[Stage, int]) -> int:
    """Give how many of these findings have not ended."""
    return sum(number for stage, number in stages.items() if stage not in ENDINGS)


def progress(stages: Mapping[Stage, int], to: str, **given: object) -> Chart:
    """Chart findings by where they stand. `to` is the path of the list, `given` what it is narrowed to."""
    total = sum(stages.values())
    verified = sum(stages.get(each, 0) for each in (Stage.CLOSED, Stage.SUSTAINED))
    rows = [
        plain(
            codes.STAGES[stage],
            number,
            address(to, **given, stage=stage.value),
            STAGE_LOOKS[stage],
        )
        for stage in Stage
        if (number := stages.get(stage, 0))
    ]
    sentence = say_many(
        "The fix of %(verified)s of %(count)s finding has been verified.",
        "The fixes of %(verified)s of %(count)s findings have been verified.",
        total,
        verified=spoken().number(verified),
    )
    heads = (say("Stands at"), say("Findings"))
    return Chart(say("Progress"), sentence, heads, tuple(rows))


def over_time(
    connection: Connection, within: Scope, now: datetime
) -> tuple[Mapping[Age, int], Mapping[Kept, int]]:
    """Give open findings by age, and what became of promises, at an instant: what changes by the day."""
    return figures.by_age(connection, within, now), figures.promises(connection, within, now)


def ages(counted: Mapping[Age, int], to: str, **given: object) -> Chart:
    """Chart open findings by age."""
    total, old = sum(counted.values()), sum(counted[age] for age in AGES if age.first > _OLD)
    sentence = say_many(
        "%(old)s of %(count)s open finding is older than %(days)s days.",
        "%(old)s of %(count)s open findings are older than %(days)s days.",
        total,
        old=spoken().number(old),
        days=_OLD,
    )
    rows = tuple(
        plain(
            _age(age),
            counted[age],
            address(to, **given, age_from=age.first, age_to=age.last, stage=_OPEN),
            "late" if age.first > _OLD else "plain",
        )
        for age in AGES
    )
    return Chart(say("Age of open findings"), sentence, (say("Age"), say("Open findings")), rows)


_OLD = 90
_OPEN = [stage.value for stage in Stage if stage not in ENDINGS]


def _age(age: Age) -> str:
    if age.last is None:
        return say("%(first)s days or more", first=age.first)
    return say("%(first)s to %(last)s days", first=age.first, last=age.last)


def promises(counted: Mapping[Kept, int], to: str, **given: object) -> Chart:
    """Chart what became of promises."""
    due, share = sum(counted[each] for each in DUE), on_time(counted)
    sentence = (
        say("No promise has been due yet.")
        if share is None
        else say_many(
            "%(kept)s of %(count)s promise that was due was kept on time: %(share)s.",
            "%(kept)s of %(count)s promises that were due were kept on time: %(share)s.",
            due,
            kept=spoken().number(counted[Kept.ON_TIME]),
            share=spoken().percent(share),
        )
    )
    rows = tuple(
        plain(KEPT[each], counted[each], address(to, **given, promise=each.value), _LOOKS[each])
        for each in Kept
    )
    return Chart(say("Promises kept"), sentence, (say("Promise"), say("How many")), rows)


def kept_row(label: str, counted: Mapping[Kept, int]) -> Row:
    """Give a row of a chart with what became of some promises as one bar."""
    parts = tuple(Part(counted.get(each, 0), _LOOKS[each]) for each in DUE)
    share, due = on_time(counted), sum(part.number for part in parts)
    said = NONE if share is None else say("%(share)s of %(count)s", share=spoken().percent(share), count=due)
    return Row(label, tuple(part.number for part in parts), (parts,), said=said)


def kept_legend() -> tuple[tuple[str, str], ...]:
    """Give the looks of `kept_row` with what they mean."""
    return tuple((_LOOKS[each], KEPT[each]) for each in DUE)


def meanings() -> list[tuple[str, str]]:
    """Give what the figures mean, each word with its meaning."""
    return [(say(word), say(meaning)) for word, meaning in _MEANINGS]
