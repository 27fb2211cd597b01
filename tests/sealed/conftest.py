"""The services of tests/service, for dossiers."""

from tests.service.conftest import live, template, theatre

__all__ = ["live", "template", "theatre"]
