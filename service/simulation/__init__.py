"""Simulations of what stands in SQL, or of a file that is only read: what a simulation begins with."""

from service.simulation.keeping import Prospects
from service.simulation.starting import Narrowed, NothingToSimulate, from_file, live

__all__ = ["Narrowed", "NothingToSimulate", "Prospects", "from_file", "live"]
