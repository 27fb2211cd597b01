"""A device with passkeys: it signs what it is asked, as WebAuthn says, and as falsely as a test wants."""

import json
import struct
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url as encoded

PRESENT, VERIFIED, HOLDS_KEY = 0x01, 0x04, 0x40


@dataclass
class Device:
    """One passkey. `credential` names it, `count` is how often it was used, `handle` whose it is."""

    host: str
    origin: str
    credential: bytes = b"credential of a phone"
    count: int = 0
    flags: int = PRESENT | VERIFIED
    handle: str = ""
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))

    def make(self, options: dict[str, Any]) -> str:
        """Make the passkey that a page's options ask for, and give the device's answer."""
        self.handle = options["user"]["id"]
        held = struct.pack(">16sH", bytes(16), len(self.credential)) + self.credential + self._public()
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._data(HOLDS_KEY) + held}
        said = {"attestationObject": encoded(cbor2.dumps(attestation))}
        return self._answer("webauthn.create", options, said)

    def sign(self, options: dict[str, Any]) -> str:
        """Sign what a page's options ask, and give the device's answer."""
        self.count += 1
        data = self._data()
        signed = data + sha256(self._client("webauthn.get", options)).digest()
        signature = encoded(self.key.sign(signed, ECDSA(SHA256())))
        said = {"authenticatorData": encoded(data), "signature": signature, "userHandle": self.handle}
        return self._answer("webauthn.get", options, said)

    def _answer(self, kind: str, options: dict[str, Any], said: dict[str, str]) -> str:
        name = encoded(self.credential)
        response = {"clientDataJSON": encoded(self._client(kind, options)), **said}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _data(self, more: int = 0) -> bytes:
        return sha256(self.host.encode()).digest() + struct.pack(">BI", self.flags | more, self.count)

    def _public(self) -> bytes:
        point = self.key.public_key().public_numbers()
        x, y = point.x.to_bytes(32, "big"), point.y.to_bytes(32, "big")
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
