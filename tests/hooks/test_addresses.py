"""Which addresses a webhook can be given, before any name is asked for."""

from ipaddress import IPv4Network

import pytest

from notifications.outgoing.addresses import fault_of

OWN = (IPv4Network("10.1.0.0/16"),)


@pytest.mark.parametrize(
    "url",
    [
        *("http://receiver.example/", "ftp://receiver.example/", "https://", "//receiver.example/", "words"),
        *("https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest", "https://10.1.0.8/"),
        *("https://[::ffff:127.0.0.1]/", "https://receiver.example:8443/", "https://receiver.example:x/"),
        *("https://me:word@receiver.example/", "https://receiver.example@127.0.0.1/", "https://a b.example/"),
        *("https://receiver.example/#part", "https://receiver.example\\@127.0.0.1/", "https://-a.example/"),
        *("https://ünïcode.example/", f"https://receiver.example/{'x' * 500}", "https://[receiver]/", ""),
        *(
            "https://receiver.example\r\nHost: x/",
            "https://receiver..example/",
            "https://receiver.example:0/",
        ),
    ],
)
def test_messages_cannot_or_must_not_go_there(url: str) -> None:
    assert fault_of(url) is not None


@pytest.mark.parametrize(
    "url",
    [
        *(
            "https://receiver.example",
            "https://receiver.example:443/a?b=c",
            "https://xn--nicode-2ya.example/",
        ),
        *("https://1.1.1.1/", "https://[2606:4700:4700::1111]/hook", "HTTPS://Receiver.Example/Hook"),
    ],
)
def test_messages_may_go_there(url: str) -> None:
    assert fault_of(url) is None


def test_what_the_operator_opens_may_be_plain_and_at_any_port_and_nothing_else() -> None:
    assert fault_of("http://10.1.2.3:8080/hook", OWN) is None
    assert fault_of("http://portal.local:8080/hook", OWN) is None
    assert fault_of("http://10.2.2.3:8080/hook", OWN) is not None
    assert fault_of("http://1.1.1.1/hook", OWN) is not None
    assert fault_of("http://receiver.example:443/hook", OWN) is not None
