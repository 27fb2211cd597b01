"""The error for a file that cannot be read as an assessment at all."""

from typing import ClassVar


class UnreadableFile(Exception):
    """A file as a whole is at fault; its one sentence names the fault and the way out."""

    code: ClassVar[str] = "unreadable_file"
