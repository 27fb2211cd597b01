"""Checks a sealed dossier of Mendwork's, offline, with nothing but Python 3.11 or newer and this one file.

    python verifier.py FILE [--key PUBLIC_KEY] [--witness "ID ENTRIES DIGEST"]...

It finds whether any byte of the file was changed since it was sealed, whether each finding's ledger holds
together, and whether what it says is what was signed. Without --key it names the key that the file was signed
with: compare it with the one that the programme has published.

Whoever owns a deployment could write its past anew and seal that. Mails are the witnesses against it: each
names in its last lines the ledgers that it was about, how many entries they had, and the digest of the last
one. Give such a line as --witness: it must be what the dossier's ledger says.
"""

import argparse
import base64
import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

SEAL, RECORD = "SEAL.txt", "dossier.json"
GENESIS = "0" * 64
NAME = "mendwork"
ALGORITHM = b"\x01"
"""Ed25519, as signed notes name it (https://c2sp.org/signed-note)."""


class NotSealed(Exception):
    """The file is not what was sealed; the sentence says where."""


@dataclass(frozen=True)
class Verdict:
    """What was found: `faults` is empty for a dossier that is as it was sealed."""

    faults: Sequence[str]
    key: str = ""
    """The public key that signed it, in base64."""
    heads: Mapping[str, int] = field(default_factory=dict)
    """Each finding, plan, meeting or visit and how many entries its ledger has."""
    witnessed: int = 0
    """Lines of mails with which the ledgers agree."""
    withheld: int = 0
    """Entries whose content the reader may not see: sealed by their digest alone."""


def verify(data: bytes, key: str = "", witnesses: Sequence[str] = ()) -> Verdict:
    """Check a sealed dossier's bytes, and with `key` (base64) that this key signed it. Raises nothing.

    `witnesses` are lines of mails, with which the ledgers must agree.
    """
    try:
        files = unpacked(data)
        text, signature = parted(files[SEAL].decode())
        heads = sealed_heads(text, files)
        signed_by = signer(text, signature, key)
        record = json.loads(files[RECORD])
        withheld = sum(chained(each, heads) for each in record["ledgers"])
        require(len(record["ledgers"]) == len(heads), "a ledger is missing or stands twice")
        revisions_hold(record)
        for line in witnesses:
            agrees(line, {each["finding"]: each["entries"] for each in record["ledgers"]})
    except NotSealed as fault:
        return Verdict([str(fault)])
    except (KeyError, TypeError, ValueError, IndexError, RecursionError) as error:
        return Verdict([f"the file cannot be read as a sealed dossier ({type(error).__name__})"])
    counted = {finding: seq for finding, (seq, _) in heads.items()}
    return Verdict([], signed_by, counted, len(witnesses), withheld)


def require(holds: object, otherwise: str) -> None:
    """Raise NotSealed with the sentence `otherwise`, unless something holds."""
    if not holds:
        raise NotSealed(otherwise)


# The file: a ZIP archive of which each byte follows from its content.


def packed(files: Mapping[str, bytes]) -> bytes:
    """Give files as a ZIP archive that is the same for the same content, byte by byte."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, files[name])
    return written.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    """Give the files of an archive. Raises NotSealed where a byte is not as packing makes it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            require(len(set(names)) == len(names), "a file stands twice in the archive")
            files = {name: archive.read(name) for name in names}
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        EOFError,
        OSError,
        RuntimeError,
    ) as fault:
        raise NotSealed("the archive is damaged") from fault
    require(packed(files) == data, "the archive was changed")
    require(SEAL in files and RECORD in files, f"the archive lacks {SEAL} or {RECORD}")
    return files


# The seal: a signed note that names each file by its hash, and the head of each ledger.


def parted(note: str) -> tuple[str, bytes]:
    """Give a note's text and its signature, led by the four bytes that name the key. Raises NotSealed."""
    text, _, signed = note.rpartition("\n\n")
    start = f"\u2014 {NAME} "
    require(signed.startswith(start) and signed.count("\n") == 1, "the seal is not signed as it should be")
    return text + "\n", bytes_of(signed.removeprefix(start).removesuffix("\n"))


def signer(text: str, signature: bytes, key: str) -> str:
    """Give the public key that signed a note's text. Raises NotSealed where it did not, or is not `key`."""
    public = line_of(text, "key ")
    require(key in {"", public}, "it was sealed with another key than the one you trust")
    raw = bytes_of(public)
    require(signature[:4] == key_id(raw), "the signature is by another key than the seal names")
    holds = signature_holds(raw, text.encode(), signature[4:])
    require(holds, "the signature does not hold: the seal was changed")
    return public


def bytes_of(text: str) -> bytes:
    """Give the bytes of a base64 text. Raises NotSealed for one that is not as encoding makes it."""
    data = base64.b64decode(text, validate=True)
    require(base64.b64encode(data).decode() == text, "the key or the signature was changed")
    return data


def key_id(public: bytes) -> bytes:
    """Give the four bytes by which signed notes name a key."""
    return hashlib.sha256(NAME.encode() + b"\n" + ALGORITHM + public).digest()[:4]


def line_of(text: str, start: str) -> str:
    """Give the rest of the only line that starts so. Raises NotSealed where there is none, or more."""
    found = [line.removeprefix(start) for line in text.splitlines() if line.startswith(start)]
    require(len(found) == 1, f"the seal has no single line {start.strip()!r}")
    return found[0]


def sealed_heads(text: str, files: Mapping[str, bytes]) -> dict[str, tuple[int, str]]:
    """Give each finding's sealed head: how many entries, and the digest of the last one.

    Raises NotSealed where a file is not the one that was sealed.
    """
    lines = text.splitlines()
    hashes = dict(line.split(" ", 2)[:0:-1] for line in lines if line.startswith("file "))
    require(set(hashes) == set(files) - {SEAL}, "a file was added or taken away")
    for name, digest in hashes.items():
        require(hashlib.sha256(files[name]).hexdigest() == digest, f"{name} was changed")
    parts = [line.split(" ") for line in lines if line.startswith("head ")]
    return {finding: (int(seq), digest) for _, seq, digest, finding in parts}


# The ledgers: each entry's digest seals the one before it.


def chained(ledger: Mapping[str, Any], heads: Mapping[str, tuple[int, str]]) -> int:
    """Give how many entries of a finding's ledger are withheld. Raises NotSealed where it does not hold."""
    finding, previous, withheld = ledger["finding"], GENESIS, 0
    require(finding in heads, f"the ledger of {finding} is not among the sealed ones")
    for expected, entry in enumerate(ledger["entries"], start=1):
        require(entry["seq"] == expected, f"{finding}: entry {expected} is missing or moved")
        if "body" not in entry:
            withheld += 1
        elif entry_digest(previous, finding, entry) != entry["digest"]:
            raise NotSealed(f"{finding}: entry {expected} was changed")
        previous = entry["digest"]
    require(
        (len(ledger["entries"]), previous) == heads[finding], f"{finding}: the ledger was cut or extended"
    )
    return withheld


def entry_digest(previous: str, finding: str, entry: Mapping[str, Any]) -> str:
    """Give the SHA-256 (hexadecimal) that seals an entry to the one before it."""
    at = datetime.fromisoformat(entry["at"]).astimezone(timezone.utc).isoformat()  # noqa: UP017 - as it was sealed
    columns = [
        previous,
        finding,
        entry["seq"],
        at,
        *(entry[name] for name in ("by", "command", "kind", "body")),
    ]
    return hashlib.sha256(json.dumps(columns).encode()).hexdigest()


def revisions_hold(record: Mapping[str, Any]) -> None:
    """See that each proposal is the text that its signatures are bound to. Raises NotSealed."""
    for each in record["revisions"]:
        digest = hashlib.sha256(each["content"].encode()).hexdigest()
        require(digest == each["digest"], f"{each['finding']}: a proposal is not the one that was signed")


def agrees(line: str, ledgers: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """See that a ledger holds what a mail witnessed of it. Raises NotSealed."""
    parts = line.split()
    require(
        len(parts) == len(("id", "entries", "digest")) and parts[1].isdecimal(), f"{line!r} is no witness"
    )
    subject, number, digest = parts[0], int(parts[1]), parts[2]
    require(subject in ledgers, f"{subject}: the dossier has no ledger of it, so the mail cannot be compared")
    entries = ledgers[subject]
    require(0 < number <= len(entries), f"{subject}: the mail saw {number} entries, the ledger has fewer")
    held = entries[number - 1]["digest"] == digest
    require(held, f"{subject}: its first {number} entries are not those that the mail witnessed")


# Ed25519 signatures (RFC 8032, section 5.1.7), written out so that this file needs no library. It holds no
# secret, so that it need not run in constant time.

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)

Point = tuple[int, int, int, int]


def signature_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature (64 bytes) of a message is by a public key (32 bytes)."""
    if (len(public), len(signature)) != (32, 64):
        return False
    key, r = decoded(public), decoded(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or r is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    return same(times(s, BASE), plus(r, times(h, key)))


def plus(one: Point, other: Point) -> Point:
    """Add two points of the curve, in extended coordinates."""
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % P, (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, point: Point) -> Point:
    """Add a point to itself so many times."""
    total: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = plus(total, point)
        point = plus(point, point)
        number >>= 1
    return total


def same(one: Point, other: Point) -> bool:
    """Whether two points are the same, whatever their coordinates."""
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (
        one[1] * other[2] - other[1] * one[2]
    ) % P == 0


def decoded(data: bytes) -> Point | None:
    """Give the point of the curve that 32 bytes name, or None."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    x = abscissa(y, sign) if y < P else None
    return None if x is None else (x, y, 1, x * y % P)


def abscissa(y: int, sign: int) -> int | None:
    """Give the x of a point of the curve by its y and x's lowest bit, or None."""
    squared = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(squared, (P + 3) // 8, P)
    if (x * x - squared) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - squared) % P or (x == 0 and sign):
        return None
    return x if x & 1 == sign else P - x


BASE_Y = 4 * pow(5, -1, P) % P
BASE: Point = (abscissa(BASE_Y, 0) or 0, BASE_Y, 1, (abscissa(BASE_Y, 0) or 0) * BASE_Y % P)


def sentences(verdict: Verdict, key: str) -> Iterator[str]:
    """Say what was found, line by line."""
    if verdict.faults:
        yield f"NOT as it was sealed: {verdict.faults[0]}."
        return
    around = sum(":" in each for each in verdict.heads)
    findings = _counted(len(verdict.heads) - around, "finding", "findings")
    also = " and " + _counted(around, "plan, meeting or visit", "plans, meetings or visits") if around else ""
    entries = _counted(sum(verdict.heads.values()), "entry", "entries")
    yield f"As it was sealed: {findings}{also}, {entries} of their ledgers."
    if verdict.withheld:
        held = _counted(verdict.withheld, "entry is", "entries are")
        yield f"{held} withheld from this reader; their digests stand for them."
    if verdict.witnessed:
        yield f"They agree with {verdict.witnessed} lines of mails: what those saw was not written anew."
    else:
        yield 'Compare it with your mails: give their last lines as --witness "ID ENTRIES DIGEST".'
    yield f"Signed with the key {verdict.key}" + ("." if key else ": compare it with the published one.")


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Check a file and say what was found. Gives 0 for one as sealed, 1 for any other, 2 for one not read."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--key", default="", help="the public key that you trust, in base64")
    parser.add_argument("--witness", action="append", default=[], help="a last line of a mail, in quotes")
    given = parser.parse_args(arguments)
    try:
        data = given.file.read_bytes()
    except OSError as error:
        sys.stderr.write(f"{given.file} cannot be read: {error.strerror}\n")
        return 2
    verdict = verify(data, given.key, given.witness)
    sys.stdout.write("\n".join(sentences(verdict, given.key)) + "\n")
    return 1 if verdict.faults else 0


if __name__ == "__main__":
    sys.exit(main())
