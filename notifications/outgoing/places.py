"""Which addresses messages may go to: those of the internet at large, and none of our own house.

Whoever registers a webhook chooses a name, and whoever owns the name chooses the address behind it. So the
address itself is judged, at the moment of connecting, and it is the very one that is connected to.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

HTTPS_PORT = 443

_CLOSED = tuple(
    ip_network(each)
    for each in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24"),
        *("192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
        *("224.0.0.0/4", "240.0.0.0/4"),
        # Of IPv6 only 2000::/3 is given out to networks; these parts of it are not, or lead on to IPv4.
        *("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"),
    )
)
"""The special-purpose registries of IANA: loopback, private, link-local, shared, multicast, reserved,
documentation, benchmarking, anycast relays, 6to4 and Teredo."""
_OPEN_6 = IPv6Network("2000::/3")
"""So that mapped and translated IPv4 (::ffff:0:0/96, 64:ff9b::/96), unique-local (fc00::/7), link-local
(fe80::/10), multicast (ff00::/8) and all that is not given out stay closed."""


def is_public(address: Address) -> bool:
    """Whether an address belongs to the internet at large."""
    if isinstance(address, IPv6Address) and (address not in _OPEN_6 or address.scope_id):
        return False
    return not any(address in each for each in _CLOSED)


def may_go_to(address: Address, port: int, own: Sequence[Network]) -> bool:
    """Whether a message may go to an address and port.

    `own` are networks that the operator opens, at any port; else it is the internet at large, by HTTPS.
    """
    return is_own(address, own) or (port == HTTPS_PORT and is_public(address))


def is_own(address: Address, own: Sequence[Network]) -> bool:
    """Whether an address is in one of the networks that the operator opens."""
    return any(address in each for each in own)


def literal(host: str) -> Address | None:
    """Give the address that a host is written as, or None where it is a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None
