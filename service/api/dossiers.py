"""Sealed dossiers: a finding, a plan or a factory in one file, and the key it is sealed with."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field

from service.api.findings import Finding
from service.auth import Caller, SignedIn
from service.context import Context, Shared
from service.problems import Responses, documented
from service.sealed.making import About, Sealer, sealed_dossier
from service.sealed.signing import public_text, sealing_key
from storage.database import reading

router = APIRouter(prefix="/api/v1", tags=["dossiers"], max_body_size=0)

Id = Annotated[str, Path(max_length=100)]
Printed = Annotated[bool, Query(alias="pdf", description="Whether it holds a PDF to read, too.")]
ZIP = "application/zip"
FILE: Responses = {200: {"content": {ZIP: {"schema": {"type": "string", "format": "binary"}}}}}


class SealingKey(BaseModel):
    """The key that dossiers are sealed with."""

    algorithm: str = Field("Ed25519", description="RFC 8032.")
    public: str = Field(description="The public key, in base64: `mendwork verify FILE --key …`.")


@router.get("/findings/{finding}/dossier", responses={**documented(404), **FILE}, response_class=Response)
def finding_dossier(
    context: Shared, caller: SignedIn, finding: Finding, *, printed: Printed = False
) -> Response:
    """Give a finding in one sealed file, with what the caller may see of it."""
    return dossier_file(context, caller, About(kind="finding", id=finding, printed=printed))


@router.get("/plans/{plan}/dossier", responses={**documented(404), **FILE}, response_class=Response)
def plan_dossier(context: Shared, caller: SignedIn, plan: Id, *, printed: Printed = False) -> Response:
    """Give a plan in one sealed file, with what the caller may see of its findings."""
    return dossier_file(context, caller, About(kind="plan", id=plan, printed=printed))


@router.get("/factories/{factory}/dossier", responses={**documented(404), **FILE}, response_class=Response)
def factory_dossier(context: Shared, caller: SignedIn, factory: Id, *, printed: Printed = False) -> Response:
    """Give a factory in one sealed file, with what the caller may see of its findings."""
    return dossier_file(context, caller, About(kind="factory", id=factory, printed=printed))


@router.get("/sealing-key", responses=documented())
def published_key(context: Shared, _caller: SignedIn) -> SealingKey:
    """Give the public key that dossiers are sealed with here."""
    return SealingKey(public=public_text(sealing_key(context.settings.sealing_key_file)))


def dossier_file(context: Context, caller: Caller, about: About) -> Response:
    """Answer with a sealed dossier as a file to keep. Raises the problems 404 and 503, as making it does."""
    sealer = Sealer(key=sealing_key(context.settings.sealing_key_file), origin=context.settings.public_url)
    with reading(context.database) as connection:
        data = sealed_dossier(connection, caller, about, sealer, context.clock())
    headers = {"Content-Disposition": f'attachment; filename="mendwork-{about.kind}.zip"'}
    return Response(data, media_type=ZIP, headers=headers)
