"""Settings come from the environment under `HEARTHLINE_`. A wrong one stops the start with one line that names it."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "HEARTHLINE_"
TEST_PREFIX = "HEARTHLINE_TEST_"


class WrongSetting(ValueError):
    """A setting is unknown or has a value it cannot have. The message is one line that names it."""


class ServiceSettings(BaseSettings):
    """What every service needs. A service adds its own under its own name, such as `HEARTHLINE_NOTIFICATIONS_…`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    data_directory: Path = Field(Path(".hearthline"), description="where the embedded database and local keys live")
    database_url: str | None = Field(None, description="PostgreSQL for the services; empty: the embedded one")
    migration_url: str | None = Field(
        None, description="PostgreSQL as the owner of the schemas; empty: as database_url"
    )
    database_connections: int = Field(8, ge=2, le=200, description="connections per service")
    master_keys: SecretStr | None = Field(None, description="master keys, base64 of 32 bytes, newest first, by comma")
    master_key_file: Path | None = Field(None, description="file with the same; empty: data_directory/master.key")
    kafka_bootstrap: str | None = Field(None, description="Kafka brokers host:port; empty: the log in PostgreSQL")
    kafka_partitions: int = Field(12, ge=1, le=1000)
    kafka_replication: int = Field(1, ge=1, le=9)
    kafka_prefix: str = Field(
        "",
        pattern=r"^[a-zA-Z0-9._-]{0,100}$",
        description="what topics and groups begin with, on brokers shared with others",
    )
    kafka_session_seconds: float = Field(
        10, ge=1, le=600, description="after how long without a heartbeat a consumer counts as gone"
    )
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "PLAIN"
    kafka_username: str | None = None
    kafka_password: SecretStr | None = None
    kafka_cafile: Path | None = None
    issuer: str | None = Field(None, description="OpenID Connect issuer; empty: the built-in one of the local run")
    audience: str = "hearthline"
    clock_file: Path | None = Field(None, description="virtual clock for tests; only with the built-in issuer")
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=1, le=65535)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    time_zone: str = "America/Chicago"
    trace_ratio: float = Field(0.1, ge=0, le=1, description="share of requests that are traced")
    otlp_endpoint: str | None = Field(None, description="where spans are sent (OTLP over HTTP); empty: nowhere")


S = TypeVar("S", bound=ServiceSettings)


def load(cls: type[S], known: Iterable[type[ServiceSettings]] = (), **overrides: object) -> S:
    """The settings of one service from the environment, `overrides` first. Raises WrongSetting in one line."""
    classes: list[type[ServiceSettings]] = [cls, *known]
    names = {PREFIX + name.upper() for each in classes for name in each.model_fields}
    if known:
        for variable in os.environ:
            if variable.startswith(PREFIX) and not variable.startswith(TEST_PREFIX) and variable not in names:
                raise WrongSetting(f"{variable} is not a setting of Hearthline")
    try:
        settings = cls(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise WrongSetting(f"{PREFIX}{str(first['loc'][0]).upper()}: {first['msg']}") from None
    if settings.clock_file and settings.issuer:
        raise WrongSetting(f"{PREFIX}CLOCK_FILE: a virtual clock is refused beside a real issuer")
    return settings
