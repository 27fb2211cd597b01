"""The demo cast's tokens, in a file of its owner's alone: a second `mendwork up` can show them again.

A shell can read the file too: after `source var/demo-tokens.txt`, `$AMINA` is Amina's token.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class CastMember:
    """One of the demo cast: the person's id, name, what they are, and the token that makes one them."""

    key: str
    person: str
    name: str
    role: str
    token: str


_MEMBER = re.compile(
    r"^# (?P<person>\S+): (?P<name>[^,\n]+), (?P<role>.+)\n(?P<key>\w+)=(?P<token>\S+)$", re.MULTILINE
)


def read_tokens(file: Path) -> tuple[CastMember, ...]:
    """Give the cast that the file holds; nobody where there is no such file."""
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    return tuple(CastMember(**match.groupdict()) for match in _MEMBER.finditer(text))


def write_tokens(file: Path, cast: Sequence[CastMember]) -> None:
    """Replace the file, all or nothing, and let nobody but its owner read it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(file.name + ".new")
    new.touch(mode=0o600)
    new.chmod(0o600)
    new.write_text("\n".join(_entry(each) for each in cast), encoding="utf-8")
    new.replace(file)


def _entry(each: CastMember) -> str:
    return f"# {each.person}: {each.name}, {each.role}\n{each.key.upper()}={each.token}\n"
