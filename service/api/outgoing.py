"""The messages that webhooks are sent, as the API's document describes them. Nothing is served here."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Header
from pydantic import AwareDatetime, BaseModel, Field

from remediation.words import Duty, Severity, Stage

router = APIRouter(responses={"default": {"description": "Anything else: it is sent again, for days."}})

MessageId = Annotated[
    str, Header(alias="webhook-id", description="The message's own, the same however often it is sent.")
]
Timestamp = Annotated[
    str, Header(alias="webhook-timestamp", description="When this try was signed, in seconds since 1970.")
]
Signature = Annotated[
    str,
    Header(
        alias="webhook-signature",
        description="`v1,` and the HMAC-SHA256 of `id.timestamp.body`, in Base64; during a change of secrets "
        "two of them, separated by a space.",
    ),
]


class FindingTold(BaseModel):
    """Where a finding stood after what the message is about. No names, and no texts."""

    finding: str
    sequence: int = Field(description="Counts what has happened to the finding. Numbers may be left out.")
    programme: str
    factory: str
    plan: str
    point: str
    question: str
    severity: Severity
    stage: Stage
    attempt: int
    level: int
    issued_at: AwareDatetime
    next_duty: Duty | None
    next_due: AwareDatetime | None
    next_due_day: date | None
    url: str = Field(description="Where the API tells the rest, to who has a token.")


class FindingMessage(BaseModel):
    """Something happened to a finding."""

    type: str = Field(
        pattern=r"^finding\.[a-z_]+$",
        description="`finding.` and the kind of what happened, as docs/webhooks.md lists them; "
        "`finding.changed` for a webhook that sees `status` only.",
    )
    timestamp: AwareDatetime = Field(description="When it happened.")
    data: FindingTold


class Tested(BaseModel):
    """Which webhook is tested."""

    webhook: str


class TestMessage(BaseModel):
    """Messages arrive."""

    type: Literal["webhook.test"]
    timestamp: AwareDatetime
    data: Tested


@router.post("finding", summary="Something happened to a finding", status_code=204)
def tell_finding(
    body: FindingMessage, message: MessageId, timestamp: Timestamp, signature: Signature
) -> None:
    """Answer with any status from 200 to 299 within fifteen seconds. What is not answered so is sent again.

    A message may arrive twice: its id tells. Answer 410 to be sent nothing any more.
    """


@router.post("webhook.test", summary="A test message", status_code=204)
def tell_test(body: TestMessage, message: MessageId, timestamp: Timestamp, signature: Signature) -> None:
    """Show that messages arrive. It is sent once."""
