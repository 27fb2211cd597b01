"""One try: signed as the standard says, connected to the address that was judged, and cut short in time."""

import asyncio
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from standardwebhooks import Webhook, WebhookVerificationError

from notifications.outgoing import sending
from notifications.outgoing.places import Address
from notifications.outgoing.sending import Answer, Fault, Parcel, Resolve, resolved, sender
from storage.hooks import new_secret
from tests.hooks.receivers import LOOPBACK, answering, receiving

NEW, FORMER = new_secret(), new_secret()
BODY = '{"type":"finding.issued","data":{"point":"é"}}'


def a_parcel(url: str, *secrets: str) -> Parcel:
    return Parcel(id="msg_1", url=url, body=BODY, secrets=secrets or (NEW,))


async def send(url: str, *secrets: str, resolve: Resolve = resolved, own: bool = True) -> Answer:
    async with sender(LOOPBACK if own else (), resolve) as out:
        return await out.send(a_parcel(url, *secrets))


class Names:
    """A resolver that gives other addresses each time it is asked, the last from then on."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, host: str, port: int) -> Sequence[Address]:
        self.asked.append((host, port))
        given = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [ip_address(each) for each in given]


async def test_a_message_is_signed_as_the_standards_own_library_reads_it() -> None:
    async with receiving() as receiver:
        answer = await send(receiver.url, NEW, FORMER)
    assert (answer.status, answer.fault) == (204, Fault.NONE)
    [head], [body] = receiver.heads, receiver.bodies
    assert head["request"] == "POST /hook HTTP/1.1"
    assert (head["webhook-id"], head["content-type"]) == ("msg_1", "application/json")
    assert body.decode() == BODY
    for secret in (NEW, FORMER):
        assert Webhook(secret).verify(body, head)["data"] == {"point": "é"}
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(body, head)


async def test_a_signature_is_that_of_the_published_example() -> None:
    """The example of the specification and of every library that follows it."""
    at = datetime.fromtimestamp(1614265330, UTC)
    signed = Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").sign(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", at, '{"test": 2432232314}'
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (answering(500, body=b"oops"), Fault.REFUSED),
        (answering(410), Fault.REFUSED),
        (answering(429, "Retry-After: 1"), Fault.REFUSED),
        (answering(302, "Location: http://127.0.0.1:1/inside"), Fault.REDIRECTED),
        (answering(307, "Location: /again"), Fault.REDIRECTED),
        (b"SSH-2.0-OpenSSH_9\r\n\r\n", Fault.BROKEN),
        (answering(200, body=b"x" * 5_000_000), Fault.NONE),
    ],
)
async def test_every_answer_is_judged_and_no_redirect_is_followed(raw: bytes, fault: Fault) -> None:
    async with receiving(raw) as receiver:
        answer = await send(receiver.url)
    assert answer.fault is fault
    assert len(receiver.heads) == 1


async def test_a_name_is_asked_for_once_and_the_address_judged_is_the_one_connected_to() -> None:
    """Rebinding: the name leads to the receiver first, and to elsewhere whenever it is asked again."""
    names = Names(["127.0.0.1"], ["127.0.0.9"])
    async with receiving() as receiver:
        answer = await send(f"http://hooks.example:{receiver.port}/", resolve=names)
    assert answer.status == 204
    assert names.asked == [("hooks.example", receiver.port)]
    assert receiver.heads[0]["host"] == f"hooks.example:{receiver.port}"


@pytest.mark.parametrize(
    "found",
    [["127.0.0.1"], ["1.1.1.1", "127.0.0.1"], ["::ffff:127.0.0.1"], ["169.254.169.254"], ["fd00:ec2::254"]],
)
async def test_a_name_that_leads_inside_is_never_connected_to(found: list[str]) -> None:
    async with receiving() as receiver:
        url = f"https://hooks.example:{receiver.port}/"
        answer = await send(url, resolve=Names(found), own=False)
    assert (answer.status, answer.fault) == (None, Fault.CLOSED_ADDRESS)
    assert receiver.heads == []


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "0", "[::1]", "localhost"])
async def test_no_way_to_write_this_machine_gets_through(host: str) -> None:
    async with receiving() as receiver:
        answer = await send(f"http://{host}:{receiver.port}/", own=False)
    assert answer.fault in {Fault.CLOSED_ADDRESS, Fault.UNKNOWN_NAME, Fault.UNREACHABLE}
    assert receiver.heads == []


async def test_the_next_address_is_tried_where_the_first_does_not_answer() -> None:
    names = Names(["::1", "127.0.0.1"])
    async with receiving() as receiver:
        assert (await send(f"http://hooks.example:{receiver.port}/", resolve=names)).status == 204


async def test_a_name_that_nobody_knows_and_a_door_that_nobody_opens_are_told_apart() -> None:
    async def nobody(_host: str, _port: int) -> Sequence[Address]:
        raise OSError

    async def no_address(_host: str, _port: int) -> Sequence[Address]:
        return []

    async with receiving() as receiver:
        port = receiver.port
    for resolve in (nobody, no_address):
        assert (await send(f"http://hooks.example:{port}/", resolve=resolve)).fault is Fault.UNKNOWN_NAME
    assert (await send(f"http://127.0.0.1:{port}/")).fault is Fault.UNREACHABLE


async def test_a_receiver_that_never_ends_its_answer_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "SECONDS", 0.2)

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with receiving(take=silent) as receiver:
        answer = await send(receiver.url)
    assert answer.fault is Fault.TIMEOUT
    assert 200 <= answer.milliseconds < 5000


async def test_the_environments_proxies_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiving() as proxy, receiving() as receiver:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert (await send(receiver.url)).status == 204
    assert (len(proxy.heads), len(receiver.heads)) == (0, 1)


def a_certificate(folder: Path) -> tuple[Path, Path]:
    """Give the files of a certificate for hooks.example that vouches for itself, and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example")])
    now = datetime.now(UTC)
    known_as = x509.SubjectAlternativeName([x509.DNSName("hooks.example")])
    built = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(known_as, critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, private


async def test_tls_is_spoken_to_the_name_and_certificates_are_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, private = a_certificate(tmp_path)
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(certificate, private)
    names: list[str] = []
    served.sni_callback = lambda _socket, name, _context: names.append(name)
    here = Names([str(IPv4Address("127.0.0.1"))])
    async with receiving(secured=served) as receiver:
        url = f"https://hooks.example:{receiver.port}/"
        assert (await send(url, resolve=here)).fault is Fault.CERTIFICATE
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert (await send(url, resolve=here)).status == 204
        wrong = await send(f"https://other.example:{receiver.port}/", resolve=here)
    assert wrong.fault is Fault.CERTIFICATE
    assert names == ["hooks.example", "hooks.example", "other.example"]
    assert len(receiver.heads) == 1
