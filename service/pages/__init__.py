"""Two plain pages: the list of findings and one finding. Both work without scripts."""

from fastapi import FastAPI


def include_in(app: FastAPI) -> None:
    """Add the pages to an application."""
