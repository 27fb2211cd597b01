"""A scale for pages: the bytes of a first visit, as Chromium counts them."""

from playwright.async_api import Page, Request

ACTION, ANY = 15 * 1024, 100 * 1024
"""What a page that asks for an action may weigh with its style and scripts, and any page without photos."""


class Scale:
    """Counts what a page loads from now on, compressed, with headers. The cache must be empty."""

    def __init__(self, page: Page) -> None:
        self._asked: list[Request] = []
        page.on("requestfinished", self._note)

    def _note(self, request: Request) -> None:
        self._asked.append(request)

    async def bytes(self) -> int:
        """Give the bytes that came so far."""
        sizes = [await each.sizes() for each in self._asked if each.resource_type != "image"]
        return sum(each["responseBodySize"] + each["responseHeadersSize"] for each in sizes)
