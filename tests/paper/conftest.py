"""The services of tests/service, for what is printed."""

from tests.service.conftest import live, template, theatre

__all__ = ["live", "template", "theatre"]
