"""Ways to forge a dossier: blind ones, byte by byte, and those of somebody who knows how it is made."""

import json
from collections.abc import Callable
from hashlib import sha256
from random import Random
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.sealed.signing import public_text, signed_note
from service.sealed.verifier import GENESIS, RECORD, SEAL, entry_digest, packed, unpacked

Forgery = Callable[[bytes, Random], bytes]


def flip(data: bytes, chance: Random) -> bytes:
    place = chance.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :]


def drop(data: bytes, chance: Random) -> bytes:
    first = chance.randrange(len(data))
    return data[:first] + data[first + chance.randint(1, 40) :]


def swap(data: bytes, chance: Random) -> bytes:
    first, second = sorted(chance.sample(range(len(data)), 2))
    length = min(chance.randint(1, 40), second - first, len(data) - second)
    one, other = data[first : first + length], data[second : second + length]
    return data[:first] + other + data[first + length : second] + one + data[second + length :]


def insert(data: bytes, chance: Random) -> bytes:
    place = chance.randrange(len(data) + 1)
    return data[:place] + chance.randbytes(chance.randint(1, 40)) + data[place:]


def rechain(data: bytes, chance: Random) -> bytes:
    """Change an entry, seal all after it anew, and give the seal their new hashes; the signature stays."""
    files = unpacked(data)
    _forge(files, chance)
    text = files[SEAL].decode()
    signature = text.rpartition("\n\n")[2]
    files[SEAL] = f"{_resealed(text, files)}\n{signature}".encode()
    return packed(files)


def resign(data: bytes, chance: Random) -> bytes:
    """Do all that, and sign it with a key of one's own."""
    files = unpacked(data)
    _forge(files, chance)
    key = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
    lines = _resealed(files[SEAL].decode(), files).splitlines()
    text = "".join(f"key {public_text(key)}\n" if each.startswith("key ") else f"{each}\n" for each in lines)
    files[SEAL] = signed_note(key, text).encode()
    return packed(files)


def entries(data: bytes, chance: Random) -> bytes:
    """Drop, swap, double or change an entry of a ledger, and pack the file anew."""
    files = unpacked(data)
    record = json.loads(files[RECORD])
    story: list[dict[str, Any]] = chance.choice(record["ledgers"])["entries"]
    place = chance.randrange(len(story))
    match chance.randrange(4):
        case 0:
            del story[place]
        case 1:
            story.append(story.pop(place)) if place < len(story) - 1 else story.insert(0, story.pop())
        case 2:
            story.insert(place, dict(story[place]))
        case _:
            story[place]["digest"] = sha256(chance.randbytes(8)).hexdigest()
    files[RECORD] = json.dumps(record, ensure_ascii=False, indent=1).encode()
    return packed(files)


FORGERIES: tuple[Forgery, ...] = (flip, drop, swap, insert, rechain, resign, entries)


def _forge(files: dict[str, bytes], chance: Random) -> None:
    record = json.loads(files[RECORD])
    ledger = chance.choice(record["ledgers"])
    story = ledger["entries"]
    place = chance.choice([number for number, each in enumerate(story) if "body" in each])
    story[place]["by"] = f"somebody-{chance.randrange(10**6)}"
    previous = story[place - 1]["digest"] if place else GENESIS
    for entry in story[place:]:
        if "body" in entry:
            entry["digest"] = entry_digest(previous, ledger["finding"], entry)
        previous = entry["digest"]
    files[RECORD] = json.dumps(record, ensure_ascii=False, indent=1).encode()


def _resealed(text: str, files: dict[str, bytes]) -> str:
    """Give the text of a seal with the hashes and heads of these files."""
    record = json.loads(files[RECORD])
    heads = {each["finding"]: each["entries"][-1]["digest"] for each in record["ledgers"]}
    lines = text.rpartition("\n\n")[0].splitlines()
    return "".join(f"{_line(each, files, heads)}\n" for each in lines)


def _line(line: str, files: dict[str, bytes], heads: dict[str, str]) -> str:
    match line.split(" "):
        case ["file", _, name]:
            return f"file {sha256(files[name]).hexdigest()} {name}"
        case ["head", seq, _, finding]:
            return f"head {seq} {heads[finding]} {finding}"
        case _:
            return line
