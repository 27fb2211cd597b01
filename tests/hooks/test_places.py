"""Where messages may go: every special network, its edges, its disguises, and the internet at large."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import pytest

from notifications.outgoing.places import Network, is_public, may_go_to


def listed(text: str) -> list[str]:
    return text.split()


OUR_HOUSE = listed("""
0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15
198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 255.255.255.255/32
::/128 ::1/128 ::ffff:0:0/96 ::ffff:0:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23
2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20 5f00::/16 fc00::/7 fd00:ec2::/32 fe80::/10 fec0::/10
ff00::/8 4000::/3 e000::/4
""")
"""IANA's registries of special-purpose addresses, what is not given out, and what clouds answer at."""

INTERNET = listed("""
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0
169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.0 192.167.255.255 192.169.0.0
198.17.255.255 198.20.0.0 223.255.255.255 2000::1 2001:200::1 2001:4860:4860::8888 2606:4700:4700::1111
2a00:1450:4001::1 2003::1 2620:0:860::1 3ffe:ffff::1
""")

INSIDE = listed("""
127.0.0.1 0.0.0.0 10.1.2.3 169.254.169.254 192.168.1.1 100.100.100.200 172.31.255.255 255.255.255.255
224.0.0.1
""")
"""Addresses of a house that are often looked for: loopback, routers, and what clouds tell machines."""


def edges(network: Network) -> set[str]:
    last = network.num_addresses - 1
    return {str(network[0]), str(network[last // 2]), str(network[last])}


@pytest.mark.parametrize("network", OUR_HOUSE)
def test_nothing_of_a_special_network_is_public(network: str) -> None:
    for address in edges(ip_network(network)):
        assert not is_public(ip_address(address)), address
        assert not may_go_to(ip_address(address), 443, ())


@pytest.mark.parametrize("address", INTERNET)
def test_the_internet_at_large_is_public_right_up_to_those(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("inside", INSIDE)
@pytest.mark.parametrize(
    "disguise",
    [
        *("::ffff:{dotted}", "::ffff:0:{dotted}", "::{dotted}", "64:ff9b::{dotted}", "64:ff9b:1::{dotted}"),
        *("2002:{hex}::1", "2001:0:{hex}::", "fe80::5efe:{dotted}"),
    ],
)
def test_no_disguise_opens_our_house(inside: str, disguise: str) -> None:
    number = int(IPv4Address(inside))
    written = disguise.format(dotted=inside, hex=f"{number >> 16:x}:{number & 0xFFFF:x}")
    assert not is_public(IPv6Address(written)), written


@pytest.mark.parametrize("address", ["fe80::1%eth0", "2606:4700:4700::1111%eth0"])
def test_an_address_with_a_zone_is_none_of_the_internet(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("port", [0, 22, 80, 444, 5432, 7233, 8443, 65535])
def test_the_internet_is_reached_by_https_only(port: int) -> None:
    assert not may_go_to(ip_address("1.1.1.1"), port, ())
    assert may_go_to(ip_address("1.1.1.1"), 443, ())


def test_what_the_operator_opens_is_reached_at_any_port_and_nothing_beside_it() -> None:
    own: tuple[Network, ...] = (IPv4Network("10.1.0.0/16"), IPv6Network("fd12::/32"))
    assert may_go_to(ip_address("10.1.255.255"), 8080, own)
    assert may_go_to(ip_address("fd12::1"), 80, own)
    assert not may_go_to(ip_address("10.2.0.0"), 443, own)
    assert not may_go_to(ip_address("::ffff:10.1.0.1"), 443, own)
