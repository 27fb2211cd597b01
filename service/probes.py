"""Small questions to programs on this machine: does a port answer, is it free, what does a page say."""

import asyncio
import contextlib
import http.client
import json
import socket
from typing import Any

LOOPBACK = "127.0.0.1"
PATIENCE = 2.0


def is_free(port: int) -> bool:
    """Whether a loopback port can be listened on now."""
    with socket.socket() as probe:
        # A port whose last connections are still closing is free for a server.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Give a loopback port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port


async def accepts(port: int) -> bool:
    """Whether somebody listens on a loopback port."""
    try:
        async with asyncio.timeout(PATIENCE):
            _, writer = await asyncio.open_connection(LOOPBACK, port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return True


async def answers(port: int, path: str) -> bool:
    """Whether a loopback HTTP server answers a GET with success."""
    return await fetched(port, path) is not None


async def fetched(port: int, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
    """Give the JSON that a loopback HTTP server answers (a POST where there is a `body`).

    None where it does not answer with success; an empty dict where the answer is not JSON.
    """
    return await asyncio.to_thread(_fetched, port, path, body)


def _fetched(port: int, path: str, body: object) -> Any:  # noqa: ANN401 - JSON
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=PATIENCE)
    try:
        if body is None:
            connection.request("GET", path)
        else:
            connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        response = connection.getresponse()
        content = response.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    if response.status >= http.client.BAD_REQUEST:
        return None
    try:
        return json.loads(content)
    except ValueError:
        return {}
