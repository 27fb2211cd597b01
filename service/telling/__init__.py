"""A ledger entry told in a plain sentence or two, to somebody who may know what it says."""

# Each of these modules says how its kinds of facts are told.
from service.telling import dates, fixing, lateness, meeting, planning, promising, visiting
from service.telling.setting import Setting, tell

__all__ = ["Setting", "dates", "fixing", "lateness", "meeting", "planning", "promising", "tell", "visiting"]
