"""Providers: organisations whose own accounts let their staff in, by OpenID Connect.

They are spoken with by authorization code and PKCE. Nothing that one says is believed before its signature,
issuer, audience, time and nonce were checked.
"""

import base64
import binascii
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
from authlib.integrations.base_client.sync_app import BaseApp, OAuth2Mixin  # type: ignore[import-untyped]
from authlib.integrations.base_client.sync_openid import OpenIDMixin  # type: ignore[import-untyped]
from authlib.integrations.httpx_client import OAuth2Client  # type: ignore[import-untyped]
from httpx2 import HTTPError
from joserfc.errors import JoseError

from service.settings import ProviderSettings, Settings

DISCOVERY = "/.well-known/openid-configuration"
SCOPE = "openid email"
PATIENCE = 5.0
"""Seconds for each answer of a provider."""
SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Those with a key that only the provider has. Neither `none` nor what our own secret could sign."""
LEEWAY = 60
"""Seconds by which its clock and ours may differ."""


class ProviderSilentError(Exception):
    """The provider does not answer, or says nothing that OpenID Connect knows."""


class NotBelievedError(Exception):
    """What came back is not what this provider says to this service about the sign-in begun here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A sign-in that one browser has begun, and keeps. What the provider gets is derived from `value`."""

    value: str
    leads_to: str
    shared: bool

    def derived(self, what: str) -> str:
        """Give a value that only the browser which began could have sent, another for each use."""
        return sha256(f"{what} {self.value}".encode()).hexdigest()


def begin(leads_to: str, *, shared: bool) -> Begun:
    """Begin a sign-in that leads to one of our pages."""
    return Begun(value=secrets.token_urlsafe(32), leads_to=leads_to, shared=shared)


def packed(begun: Begun) -> str:
    """Give a begun sign-in as a cookie keeps it."""
    return base64.urlsafe_b64encode(json.dumps(asdict(begun)).encode()).decode()


def unpacked(cookie: str) -> Begun | None:
    """Give what a cookie keeps, or None where it is none of ours."""
    try:
        kept = Begun(**json.loads(base64.urlsafe_b64decode(cookie)))
    except (binascii.Error, ValueError, TypeError):
        return None
    typed = isinstance(kept.value, str) and isinstance(kept.leads_to, str) and isinstance(kept.shared, bool)
    return kept if typed else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a provider says of an account. `address` is empty unless it vouches for it."""

    issuer: str
    subject: str
    address: str


class _Client(OAuth2Mixin, OpenIDMixin, BaseApp):  # type: ignore[misc]
    """Authlib's parts, put together for plain functions: discovery, PKCE, the token, its signature."""

    client_cls = OAuth2Client


class Provider:
    """Speaks with one provider. Where it is found and its keys are kept once they were fetched."""

    def __init__(self, settings: ProviderSettings, back: str) -> None:
        """`back` is our address to which it sends people."""
        self.settings = settings
        self._back = back
        self._client = _Client(
            None,
            client_id=settings.client_id,
            client_secret=settings.secret(),
            server_metadata_url=settings.issuer.rstrip("/") + DISCOVERY,
            client_kwargs={"scope": SCOPE, "code_challenge_method": "S256", "timeout": PATIENCE},
        )

    def address(self, begun: Begun) -> str:
        """Give the provider's address to which the browser is sent. Raises ProviderSilentError."""
        self._discover()
        asked = {"state": self._state(begun), "nonce": begun.derived("nonce")}
        verifier = begun.derived("verifier")
        made = self._client.create_authorization_url(self._back, code_verifier=verifier, **asked)
        address: str = made["url"]
        return address

    def began(self, begun: Begun, state: str) -> bool:
        """Whether this state was given to this provider for the sign-in that the browser has begun."""
        return hmac.compare_digest(self._state(begun).encode(), state.encode())

    def claims(self, begun: Begun, code: str) -> Claims:
        """Exchange the code for what the provider says. Raises ProviderSilentError and NotBelievedError."""
        self._discover()
        try:
            token = self._client.fetch_access_token(
                self._back, code=code, code_verifier=begun.derived("verifier")
            )
            said = self._checked(token, begun.derived("nonce"))
            return self._read(said if "email" in said else {**self._userinfo(token, said), **said})
        except (HTTPError, RuntimeError) as error:
            raise ProviderSilentError from error
        except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError) as error:
            raise NotBelievedError from error

    def _state(self, begun: Begun) -> str:
        # Another one for each provider: what one of them learns opens nothing at another.
        return begun.derived(f"state {self.settings.id}")

    def _discover(self) -> None:
        try:
            found = self._client.load_server_metadata()
        except (HTTPError, ValueError) as error:
            raise ProviderSilentError from error
        if found.get("issuer") != self.settings.issuer or not found.get("authorization_endpoint"):
            self._client.server_metadata.clear()
            raise ProviderSilentError
        known = found.get("id_token_signing_alg_values_supported") or ["RS256"]
        found["id_token_signing_alg_values_supported"] = [each for each in known if each in SIGNATURES]

    def _checked(self, token: dict[str, Any], nonce: str) -> Mapping[str, Any]:
        expected = {
            "iss": {"essential": True, "value": self.settings.issuer},
            "aud": {"essential": True, "value": self.settings.client_id},
        }
        said: Mapping[str, Any] | None = self._client.parse_id_token(
            token, nonce=nonce, claims_options=expected, leeway=LEEWAY
        )
        if said is None:
            raise NotBelievedError
        return said

    def _userinfo(self, token: dict[str, Any], said: Mapping[str, Any]) -> Mapping[str, Any]:
        # Some put the address there only. It counts if it is about the same account.
        if "userinfo_endpoint" not in self._client.server_metadata:
            return {}
        told: Mapping[str, Any] = self._client.userinfo(token=token)
        if told["sub"] != said["sub"]:
            raise NotBelievedError
        return told

    def _read(self, said: Mapping[str, Any]) -> Claims:
        address, subject = said.get("email"), said["sub"]
        vouched = said.get("email_verified") is True and isinstance(address, str)
        if not isinstance(subject, str) or not subject:
            raise NotBelievedError
        return Claims(
            issuer=self.settings.issuer,
            subject=subject,
            address=str(address) if vouched and self._speaks_for(str(address)) else "",
        )

    def _speaks_for(self, address: str) -> bool:
        domains = {each.casefold() for each in self.settings.domains}
        return not domains or address.rpartition("@")[2].casefold() in domains


def providers_of(settings: Settings, path: str) -> dict[str, Provider]:
    """Give the providers of a deployment by id; `path` is ours to come back to, with `{provider}` in it.

    Raises OSError where a secret's file cannot be read.
    """
    public = settings.public_url.rstrip("/")
    return {
        each.id: Provider(each, public + path.replace("{provider}", each.id)) for each in settings.providers
    }
