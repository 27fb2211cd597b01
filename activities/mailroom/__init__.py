"""The mailroom: turns letters that are owed into mail, sends it, and records what became of each."""

from activities.mailroom.room import Mailroom, MailroomSettings

__all__ = ["Mailroom", "MailroomSettings"]
