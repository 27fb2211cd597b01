"""What delivering to webhooks needs to know of the settings."""

from dataclasses import dataclass

from notifications.outgoing.places import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class HookSettings:
    """`own` networks may be reached besides the internet; `public_url` is our fixed address."""

    own: tuple[Network, ...] = ()
    public_url: str = "http://127.0.0.1:8080"
    mail_sender: str = "Mendwork <mendwork@localhost.localdomain>"
