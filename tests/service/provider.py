"""A real OpenID provider as a process of its own, and a server in front of it that can be made to lie."""

import json
import subprocess
import sys
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx2
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from tests.temporal_server import free_port

PATIENCE = 30.0
PATHS = {"/.well-known/openid-configuration", "/jwks", "/oauth2/token", "/userinfo", "/oauth2/authorize"}

# Nothing here is encrypted, and reading all the certificates there are takes longer than a test.
PLAIN = httpx2.Client(verify=False)

Change = Callable[[dict[str, Any]], dict[str, Any]]


def as_it_is(said: dict[str, Any]) -> dict[str, Any]:
    return said


@contextmanager
def a_process() -> Iterator[str]:
    """Run `oidc-provider-mock` on a free port, and give its address."""
    port = free_port()
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "oidc_provider_mock",
        "--port",
        str(port),
        "--require-nonce",
        "true",
    ]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(process, address)
            yield address
        finally:
            process.terminate()


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    until = monotonic() + PATIENCE
    while True:
        assert process.poll() is None, "the provider has ended"
        try:
            PLAIN.get(address + "/jwks").raise_for_status()
        except httpx2.TransportError:
            assert monotonic() < until, "the provider does not answer"
        else:
            return


@dataclass
class Front:
    """Hands everything on to the provider, and may change what it says on the way back."""

    behind: str
    address: str = ""
    said: Change = as_it_is
    """Changes the claims of ID tokens; they are signed anew, by `key`."""
    found: Change = as_it_is
    """Changes the discovery document."""
    told: Change = as_it_is
    """Changes what `/userinfo` answers."""
    down: bool = False
    broken: bool = False
    own: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "front"}))
    key: RSAKey = field(init=False)
    published: list[RSAKey] = field(init=False)
    algorithm: str = "RS256"
    challenges: dict[str, str] = field(default_factory=dict)
    exchanges: list[dict[str, str]] = field(default_factory=list)

    def honest(self) -> None:
        """Tell the truth again."""
        self.said = self.found = self.told = as_it_is
        self.down = self.broken = False
        self.algorithm = "RS256"
        self.key = self.own
        self.published = [self.own]

    def account(self, subject: str, **claims: Any) -> None:  # noqa: ANN401 - claims
        """Keep an account at the provider."""
        PLAIN.put(f"{self.behind}/users/{subject}", json=claims).raise_for_status()

    def consent(self, address: str, subject: str, action: str = "authorize") -> str:
        """Sign in at the provider as its account, and give where it then sends the browser."""
        query = {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}
        answer = PLAIN.post(address, data={"sub": subject, "action": action})
        assert answer.status_code == 302, answer.text
        back = answer.headers["Location"]
        code = parse_qs(urlsplit(back).query).get("code", [""])[0]
        self.challenges[code] = query.get("code_challenge", "")
        return str(back)

    def answer(self, path: str, got: httpx2.Response) -> bytes:
        if (
            not got.is_success
            or path not in PATHS
            or not got.headers["Content-Type"].startswith("application/json")
        ):
            return got.content
        said = got.json()
        if path == "/.well-known/openid-configuration":
            said = self.found(said)
        elif path == "/userinfo":
            said = self.told(said)
        elif path == "/jwks" and self.said is not as_it_is:
            said["keys"] += [each.as_dict(private=False) for each in self.published]
        elif path == "/oauth2/token" and self.said is not as_it_is:
            said["id_token"] = self._signed(said["id_token"])
        return json.dumps(said).encode()

    def _signed(self, token: str) -> str:
        part = token.split(".")[1]
        claims = self.said(json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4))))
        header = {"alg": self.algorithm, "kid": self.key.kid}
        if self.algorithm == "none":
            parts = [
                urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=") for each in (header, claims)
            ]
            return ".".join((*parts, ""))
        key = OctKey.import_key("s3cret-of-this-service") if self.algorithm == "HS256" else self.key
        return jwt.encode(header, claims, key)

    def proves(self, form: dict[str, str]) -> bool:
        """Whether the code's exchange carries the verifier of its challenge, as PKCE asks."""
        digest = sha256(form.get("code_verifier", "").encode()).digest()
        return urlsafe_b64encode(digest).decode().rstrip("=") == self.challenges.get(form.get("code", ""))


@contextmanager
def a_front(behind: str) -> Iterator[Front]:
    """Serve a front of the provider on a free port."""
    front = Front(behind)
    front.honest()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._pass(b"")

        def do_POST(self) -> None:
            self._pass(self.rfile.read(int(self.headers["Content-Length"])))

        def _pass(self, body: bytes) -> None:
            if front.down:
                self.connection.close()
                return
            path = urlsplit(self.path).path
            form = dict(parse_qsl(body.decode()))
            if path == "/oauth2/token":
                front.exchanges.append(form)
            wrong = front.broken or (path == "/oauth2/token" and not front.proves(form))
            headers = {name: value for name, value in self.headers.items() if name != "Accept-Encoding"}
            got = PLAIN.request(self.command, behind + self.path, headers=headers, content=body)
            content = b"{}" if wrong else front.answer(path, got)
            self.send_response(500 if front.broken else 400 if wrong else got.status_code)
            for name in ("Content-Type", "Location"):
                if name in got.headers:
                    self.send_header(name, got.headers[name])
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the server's own name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    front.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield front
    finally:
        server.shutdown()
        server.server_close()
