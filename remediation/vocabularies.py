"""The status words of other programmes' trackers: what each calls where a finding stands, out and in.

Better Work's and SMETA's words are their programmes' own. Of RSC's, *reported* and *verified* are kept apart
there; its other words are as such plans are usually written.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from remediation.matching import plain
from remediation.words import Stage


class Vocabulary(StrEnum):
    """Whose words a status is written in."""

    MENDWORK = "mendwork"
    BETTER_WORK = "better_work"
    SMETA = "smeta"
    RSC = "rsc"


class Standing(StrEnum):
    """Where a finding stands, as far as trackers tell it."""

    OPEN = "open"
    """Nobody has promised anything yet."""
    PROMISED = "promised"
    REPORTED = "reported"
    """The factory says that it is fixed."""
    VERIFIED = "verified"


STANDINGS: Mapping[Stage, Standing] = MappingProxyType(
    {
        Stage.ISSUED: Standing.OPEN,
        Stage.UNDER_REVIEW: Standing.OPEN,
        Stage.DISPUTED: Standing.OPEN,
        Stage.COMMITTED: Standing.PROMISED,
        Stage.FIX_REPORTED: Standing.REPORTED,
        Stage.VERIFYING: Standing.REPORTED,
        Stage.CLOSED: Standing.VERIFIED,
        Stage.SUSTAINED: Standing.VERIFIED,
    }
)
"""The other endings have no word: nothing was fixed when a finding was withdrawn, carried on or given up."""

_WORDS: Mapping[Vocabulary, Mapping[Standing, str]] = MappingProxyType(
    {
        Vocabulary.BETTER_WORK: {
            Standing.OPEN: "Pending",
            Standing.PROMISED: "In Progress",
            Standing.REPORTED: "In Progress",
            Standing.VERIFIED: "Completed",
        },
        Vocabulary.SMETA: {
            Standing.OPEN: "Open",
            Standing.PROMISED: "Open",
            Standing.REPORTED: "Progress made",
            Standing.VERIFIED: "Closed",
        },
        Vocabulary.RSC: {
            Standing.OPEN: "Pending",
            Standing.PROMISED: "In progress",
            Standing.REPORTED: "Reported fixed",
            Standing.VERIFIED: "Verified fixed",
        },
    }
)

STATUS_WORDS: Mapping[Standing, tuple[str, ...]] = MappingProxyType(
    {
        Standing.OPEN: (
            "Pending",
            "Open",
            "Not started",
            "Not corrected",
            "Issued",
            "Under review",
            "Disputed",
        ),
        Standing.PROMISED: ("In Progress", "Committed", "Ongoing"),
        Standing.REPORTED: (
            "Progress made",
            "Reported fixed",
            "Fix reported",
            "Pending verification",
            "Verifying",
        ),
        Standing.VERIFIED: (
            "Completed",
            "Closed",
            "Verified fixed",
            "Verified",
            "Corrected",
            "Sustained",
        ),
    }
)
"""The words that are understood when a tracker's file comes in, whoever's they are."""

_READ = {plain(word): standing for standing, words in STATUS_WORDS.items() for word in words}


def status_word(stage: Stage, vocabulary: Vocabulary) -> str:
    """Give a tracker's word for a stage; empty where it has none. Mendwork's own is the stage's code."""
    if vocabulary is Vocabulary.MENDWORK:
        return stage.value
    standing = STANDINGS.get(stage)
    return _WORDS[vocabulary][standing] if standing else ""


def read_status(text: str) -> Standing:
    """Read a tracker's status word. Raises ValueError with the end of a sentence that begins with it."""
    standing = _READ.get(plain(text))
    if standing is None:
        known = ", ".join(word for words in STATUS_WORDS.values() for word in words)
        message = f"is not a status that is known; write one of {known}"
        raise ValueError(message)
    return standing
