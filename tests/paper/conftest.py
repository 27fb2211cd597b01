"""The services of tests/service, for what is printed; and the press, which needs Pango."""

import pytest

from tests.service.conftest import live, template, theatre

__all__ = ["live", "press", "template", "theatre"]


@pytest.fixture(autouse=True, scope="session")
def press() -> None:
    """Nothing is printed where Pango is not installed."""
    try:
        import weasyprint  # type: ignore[import-untyped]  # noqa: F401, PLC0415
    except OSError:
        pytest.skip("PDFs: Pango is not installed")
