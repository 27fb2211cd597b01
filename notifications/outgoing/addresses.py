"""Whether an address is one that a webhook can have: judged when it is given."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import SplitResult, urlsplit

from notifications.outgoing.places import HTTPS_PORT, Network, literal, may_go_to
from notifications.wording import N_

MOST_URL = 500
HTTP_PORT = 80
_NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*\.?")
_VISIBLE = re.compile(r"[\x21-\x7e]+")


def fault_of(url: str, own: Sequence[Network] = ()) -> str | None:
    """Give what is wrong with a webhook's address, as an English sentence to translate; None if nothing is.

    `own` are networks that the operator opens: then plain http and other ports are taken, too. Where they
    lead is judged at each connection.
    """
    if len(url) > MOST_URL or not _VISIBLE.fullmatch(url) or "\\" in url:
        return N_("Write an address of at most 500 letters, digits and signs, without spaces.")
    try:
        parts = urlsplit(url)
        port = parts.port if parts.port is not None else {"https": HTTPS_PORT}.get(parts.scheme, HTTP_PORT)
    except ValueError:
        return N_("This is no address. Write one such as https://example.org/mendwork.")
    return next(_faults(parts, port, own), None)


def _faults(parts: SplitResult, port: int, own: Sequence[Network]) -> Iterator[str]:
    host = parts.hostname or ""
    address = literal(host)
    if parts.scheme != "https" and not (own and parts.scheme == "http" and port != HTTPS_PORT):
        yield N_("The address must begin with https://.")
    if "@" in parts.netloc:
        yield N_("Leave out the user name and password. Messages are signed instead.")
    if parts.fragment:
        yield N_("Leave out what follows the #. It is never sent.")
    if address is None and not _NAME.fullmatch(host):
        yield N_("This is no address. Write one such as https://example.org/mendwork.")
    if port != HTTPS_PORT and not own:
        yield N_("Leave out the port. Messages go to port 443 only.")
    if address is not None and not may_go_to(address, port, own):
        yield N_("This address lies in a network that messages are not sent to.")
