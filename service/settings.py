"""Settings, read from the environment (`MENDWORK_…`) or a `.env` file; Temporal's own are `TEMPORAL_…`."""

import os
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

MOST_BY_ITSELF = 4
"""So many processes serve at most where nobody says how many: each takes memory of its own."""


class ProviderSettings(BaseModel):
    """An organisation whose own accounts let its staff in, by OpenID Connect."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern="^[a-z0-9][a-z0-9-]{0,29}$", description="Its name in addresses of ours.")
    name: str = Field(min_length=1, max_length=60, description="What the button on the sign-in page says.")
    issuer: str = Field(description="Its issuer address, exactly as it writes it.")
    client_id: str = Field(min_length=1, description="What it knows this service by.")
    client_secret_file: Path | None = Field(
        None, description="File with the secret; none for public clients."
    )
    domains: tuple[str, ...] = Field((), description="Mail domains it may speak for; empty for all.")

    @field_validator("issuer")
    @classmethod
    def _by_https(cls, issuer: str) -> str:
        address = urlsplit(issuer)
        if address.scheme != "https" and not (address.scheme == "http" and _is_loopback(address.hostname)):
            message = "an issuer's address begins with https://, except on this machine itself"
            raise ValueError(message)
        return issuer

    def secret(self) -> str | None:
        """Give the client's secret as the file says now. Raises OSError where it cannot be read."""
        file = self.client_secret_file
        return file.read_text(encoding="utf-8").strip() if file else None


def _is_loopback(host: str | None) -> bool:
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return host == "localhost"


def _processes() -> int:
    mine = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
    return min(len(mine), MOST_BY_ITSELF)


class Settings(BaseSettings):
    """Everything a deployment may set. Defaults are those of the embedded set-up."""

    model_config = SettingsConfigDict(env_prefix="MENDWORK_", env_file=".env", extra="ignore")

    development: bool = Field(default=False, description="Serves /style, which shows all components.")
    home: Path = Field(Path("var"), description="Folder of the embedded set-up's files.")
    database_url: str = Field("", description="SQLAlchemy address; empty means SQLite in the home folder.")
    evidence_url: str = Field(
        "",
        description="Where photos and documents lie: empty means the folder `evidence` in the home folder; "
        "`file:///folder`, or `s3://bucket/prefix` with the AWS_ variables that S3 clients know.",
    )
    public_url: str = Field("http://127.0.0.1:8080", description="Address that letters link to.")
    host: str = Field("127.0.0.1", description="Address the service listens on.")
    port: int = Field(8080, ge=1, le=65535, description="Port the service listens on.")
    processes: int = Field(
        default_factory=_processes,
        ge=1,
        le=64,
        description="Processes of the service; where nothing is said, one a processor, at most four.",
    )
    metrics_port: int = Field(0, ge=0, le=65535, description="Port of the worker's metrics; 0 for none.")
    trusted_hosts: tuple[str, ...] = Field(("127.0.0.1", "localhost"), description="Host headers accepted.")
    trusted_proxies: str = Field(
        "", description="Addresses of proxies whose X-Forwarded-For is believed, joined by commas."
    )
    providers: tuple[ProviderSettings, ...] = Field(
        (), description="Organisations whose own accounts let their staff in, as JSON."
    )
    command_patience: float = Field(
        5.0, gt=0, description="Seconds a command waits before the answer is 202."
    )

    sealing_key: Path | None = Field(
        None, description="File of the key that seals dossiers; made in the home folder where none is named."
    )

    hooks_allow: tuple[IPv4Network | IPv6Network, ...] = Field(
        (),
        description="Networks of one's own that webhooks may reach, at any port and by plain http, as JSON: "
        '["10.1.0.0/16"]. All others only reach the internet, by https at port 443.',
    )

    smtp_host: str = Field("127.0.0.1", description="Mail server.")
    smtp_port: int = Field(1025, ge=1, le=65535, description="Its port.")
    smtp_security: str = Field("none", pattern="^(none|starttls|tls)$", description="none, starttls or tls.")
    smtp_username: str = Field("", description="Empty where the server asks for none.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Its password.")
    mail_sender: str = Field(
        "Mendwork <mendwork@localhost.localdomain>", description="Sender of all letters."
    )
    gather_minutes: int = Field(5, ge=0, description="Minutes a morning's letters wait for one another.")

    @field_validator("providers")
    @classmethod
    def _each_once(cls, providers: tuple[ProviderSettings, ...]) -> tuple[ProviderSettings, ...]:
        if len({each.id for each in providers}) < len(providers):
            message = "two providers have the same id: give each its own"
            raise ValueError(message)
        return providers

    @property
    def sealing_key_file(self) -> Path:
        """The file of the key that seals dossiers."""
        return self.sealing_key or self.home / "sealing.key"

    @property
    def database(self) -> str:
        """The SQLAlchemy address in force."""
        return self.database_url or f"sqlite:///{self.home / 'mendwork.db'}"
