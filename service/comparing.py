"""What an edit changed: two revisions of a plan, side by side."""

from collections.abc import Iterator

from service.api.shapes import Change
from service.dossier import Plan, PlanAction


def changes(before: Plan | None, after: Plan) -> list[Change]:
    """Give what differs from the revision before; nothing for the first."""
    return list(_changes(before, after)) if before is not None else []


def _changes(before: Plan, after: Plan) -> Iterator[Change]:
    yield from _change("root_cause", before.root_cause, after.root_cause)
    yield from _change("no_action_reason", before.no_action_reason, after.no_action_reason)
    for place in range(max(len(before.actions), len(after.actions))):
        yield from _action(place, _at(before, place), _at(after, place))


def _action(place: int, before: PlanAction | None, after: PlanAction | None) -> Iterator[Change]:
    for field in ("kind", "description", "owner", "due", "evidence_expected"):
        path = f"actions[{place}].{field}"
        yield from _change(path, _text(before, field), _text(after, field))


def _change(field: str, before: str | None, after: str | None) -> Iterator[Change]:
    if before != after:
        yield Change(field=field, before=before, after=after)


def _at(plan: Plan, place: int) -> PlanAction | None:
    return plan.actions[place] if place < len(plan.actions) else None


def _text(action: PlanAction | None, field: str) -> str | None:
    return None if action is None else str(getattr(action, field))
