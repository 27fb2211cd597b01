"""Who knocks, before anybody knows who it is: their device in plain words, and their network as a digest."""

from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Annotated

from fastapi import Depends, Request

from storage.sign_in_events import digest

BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "UCBrowser": "UC Browser",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
"""By their mark in `User-Agent`, the more telling first: most call themselves Chrome and Safari, too."""
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}
HOME_PREFIX = 64
"""A subscriber of IPv6 has a whole network of this length, and could come from each of its addresses."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody at the door: what they come with, and the digest of where they come from."""

    device: str
    network: str


def visitor(request: Request) -> Visitor:
    """Give who sent a request."""
    host = request.client.host if request.client else ""
    return Visitor(device=device(request.headers.get("user-agent", "")), network=digest(network(host)))


Knocking = Annotated[Visitor, Depends(visitor)]


def device(agent: str) -> str:
    """Give a browser and its system in plain words, such as `Firefox on Android`."""
    browser = next((name for mark, name in BROWSERS.items() if mark in agent), "A browser")
    system = next((name for mark, name in SYSTEMS.items() if mark in agent), "a device")
    return f"{browser} on {system}"


def network(host: str) -> str:
    """Give the network that counts for limits: an IPv4 address, or the home network of an IPv6 address."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return host if address.version == 4 else str(ip_network((address, HOME_PREFIX), strict=False))  # noqa: PLR2004
