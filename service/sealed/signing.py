"""The key that seals dossiers: Ed25519, in a file of the deployment's own; and the notes it signs."""

import base64
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.faults import WrongSettings
from service.sealed.verifier import NAME, key_id

SECRET_BYTES = 32


def sealing_key(file: Path) -> Ed25519PrivateKey:
    """Give the key in a file; where there is no file yet, make one that only its owner may read.

    Raises WrongSettings for a file that holds no key or cannot be read.
    """
    try:
        _make(file)
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(file.read_bytes(), validate=True))
    except (OSError, ValueError) as error:
        message = f"MENDWORK_SEALING_KEY: {file} holds no key that can be read ({error})"
        raise WrongSettings(message) from error


def _make(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()))


def public_text(key: Ed25519PrivateKey) -> str:
    """Give the public half of a key in base64: what a programme publishes, and readers compare."""
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def signed_note(key: Ed25519PrivateKey, text: str) -> str:
    """Give a text, which ends with a line break, as a signed note (https://c2sp.org/signed-note)."""
    signature = key_id(key.public_key().public_bytes_raw()) + key.sign(text.encode())
    return f"{text}\n\u2014 {NAME} {base64.b64encode(signature).decode()}\n"
