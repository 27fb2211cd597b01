"""The demo cast's tokens, in a file of its owner's alone: a second `mendwork up` can show them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class CastMember:
    """One of the demo cast: the person's id, name, what they are, and the token that makes one them."""

    person: str
    name: str
    role: str
    token: str


def read_tokens(file: Path) -> tuple[CastMember, ...]:
    """Give the cast that the file holds; nobody where there is no such file."""
    if not file.exists():
        return ()
    lines = (line.split("\t") for line in file.read_text(encoding="utf-8").splitlines())
    return tuple(CastMember(person=each[0], token=each[1], name=each[2], role=each[3]) for each in lines)


def write_tokens(file: Path, cast: Sequence[CastMember]) -> None:
    """Replace the file, all or nothing, and let nobody but its owner read it."""
    new = file.with_name(file.name + ".new")
    text = "".join(f"{each.person}\t{each.token}\t{each.name}\t{each.role}\n" for each in cast)
    new.touch(mode=0o600)
    new.chmod(0o600)
    new.write_text(text, encoding="utf-8")
    new.replace(file)
