"""Settings, read from the environment (`MENDWORK_…`) or a `.env` file; Temporal's own are `TEMPORAL_…`."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Everything a deployment may set. Defaults are those of the embedded set-up."""

    model_config = SettingsConfigDict(env_prefix="MENDWORK_", env_file=".env", extra="ignore")

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
    metrics_port: int = Field(0, ge=0, le=65535, description="Port of the worker's metrics; 0 for none.")
    trusted_hosts: tuple[str, ...] = Field(("127.0.0.1", "localhost"), description="Host headers accepted.")
    trusted_proxies: str = Field(
        "", description="Addresses of proxies whose X-Forwarded-For is believed, joined by commas."
    )
    command_patience: float = Field(
        5.0, gt=0, description="Seconds a command waits before the answer is 202."
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

    @property
    def database(self) -> str:
        """The SQLAlchemy address in force."""
        return self.database_url or f"sqlite:///{self.home / 'mendwork.db'}"
