"""Where the files of photos and documents lie: a folder, or an S3-compatible store."""

import os
import secrets
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from service.settings import Settings
from storage.evidence import Evidence

THUMB = ".thumb"
UNREACHABLE = (BaseError, OSError)


class FileLostError(Exception):
    """A file is not there, or is not the one that was kept."""


class EvidenceStore:
    """Files under names that are given once: each try to keep one makes a name of its own.

    So what is younger than a day and has no record may still get one, and nothing older ever will.
    """

    def __init__(self, settings: Settings) -> None:
        self._folder = None if settings.evidence_url else settings.home / "evidence"
        self._url = settings.evidence_url

    @property
    def where(self) -> str:
        """Where the files lie, in words."""
        return self._url or str(self._folder)

    def put(self, content: bytes, thumb: bytes | None) -> str:
        """Keep a file, and a small picture of it, and give its name. When this returns it is on the disk."""
        digest = sha256(content).hexdigest()
        name = f"{digest[:2]}/{digest}.{secrets.token_hex(8)}"
        self._put(name, content)
        if thumb is not None:
            self._put(name + THUMB, thumb)
        return name

    def get(self, piece: Evidence) -> bytes:
        """Give a file. Raises FileLostError where it is not there or not the one that was kept."""
        content = self._get(piece.file)
        if sha256(content).hexdigest() != piece.digest:
            raise FileLostError(piece.id)
        return content

    def thumb(self, piece: Evidence) -> bytes:
        """Give the small picture of a photo. Raises FileLostError."""
        return self._get(piece.file + THUMB)

    def delete(self, name: str) -> None:
        """Delete a file and its small picture; safe to repeat."""
        for each in (name, name + THUMB):
            try:
                obstore.delete(self._store, each)
            except FileNotFoundError:
                continue

    def names(self) -> Iterator[tuple[str, datetime]]:
        """Give the name of each file, without the small pictures, and since when it lies there."""
        if self._folder is not None and not self._folder.exists():
            return  # whoever only looks makes no folder
        for some in obstore.list(self._store):
            yield from ((each["path"], each["last_modified"]) for each in some if _whole(each["path"]))

    def _get(self, name: str) -> bytes:
        try:
            return bytes(obstore.get(self._store, name).bytes())
        except FileNotFoundError as error:
            raise FileLostError(name) from error

    def _put(self, name: str, content: bytes) -> None:
        obstore.put(self._store, name, content)
        if self._folder is not None:
            _settle(self._folder / name)

    @cached_property
    def _store(self) -> ObjectStore:
        if self._folder is None:
            return from_url(self._url)
        return LocalStore(self._folder, mkdir=True)


def _whole(path: str) -> bool:
    return not path.endswith(THUMB)


def _settle(file: Path) -> None:
    """See that a file outlives a loss of power, as the record does that is written next."""
    for each in (file, file.parent):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
