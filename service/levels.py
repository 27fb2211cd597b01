"""Factories' levels of escalation, as far as somebody may know them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from remediation.permissions import Action, Thing, can
from remediation.words import FactoryId
from service.auth import Caller
from storage import factory_levels
from storage.factory_levels import Level, as_known
from storage.programmes import Factory


def known_levels(
    connection: Connection, caller: Caller, factories: Iterable[Factory]
) -> dict[str, tuple[Level, ...]]:
    """Give how factories climbed, the earliest first: without restricted findings to who may not see these.

    A factory whose findings the caller may not see, or that never climbed, is left out.
    """
    seen = {each.id: Thing(each.programme, each.id) for each in factories}
    seen = {factory: thing for factory, thing in seen.items() if _sees(caller, thing)}
    found = factory_levels.history(connection, seen)
    whole = {
        factory for factory in found if _sees(caller, replace(seen[FactoryId(factory)], restricted=True))
    }
    told = {each: levels if each in whole else as_known(levels) for each, levels in found.items()}
    return {factory: levels for factory, levels in told.items() if levels}


def since(connection: Connection, caller: Caller, factories: Iterable[Factory]) -> dict[str, datetime]:
    """Give since when factories stand at their level, as the caller knows it."""
    found = known_levels(connection, caller, factories)
    return {factory: levels[-1].at for factory, levels in found.items()}


def _sees(caller: Caller, thing: Thing) -> bool:
    return can(caller.actor, Action.VIEW_FINDING, thing) is not None
