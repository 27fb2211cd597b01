"""docs/webhooks.md: its receiver works as it stands, and what it lists is what there is."""

import json
import re
import threading
from http.server import HTTPServer
from pathlib import Path
from typing import Any

import pytest

from notifications.outgoing.sending import Fault, Parcel, sender
from remediation.hooks import KINDS_OF
from service.api.outgoing import FindingMessage
from storage.hooks import new_secret
from tests.hooks.receivers import LOOPBACK

DOCUMENT = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text(encoding="utf-8")


def the_receiver(secrets: list[str]) -> dict[str, Any]:
    """Run the document's receiver, with these secrets."""
    [code] = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(code, "docs/webhooks.md", "exec"), names)  # noqa: S102 - our own document
    names["SECRETS"][:] = secrets
    names["Receiver"].log_message = lambda *_: None
    return names


async def test_the_documents_receiver_takes_what_is_ours_once_and_refuses_the_rest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    secret = new_secret()
    names = the_receiver([new_secret(), secret])
    server = HTTPServer(("127.0.0.1", 0), names["Receiver"])
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    url = f"http://127.0.0.1:{server.server_port}/"
    body = json.dumps({"type": "webhook.test", "data": {"webhook": "h"}})
    try:
        async with sender(LOOPBACK) as out:
            ours = Parcel(id="msg_1", url=url, body=body, secrets=(secret,))
            assert [(await out.send(ours)).status for _ in range(2)] == [204, 204]
            forged = Parcel(id="msg_2", url=url, body=body, secrets=(new_secret(),))
            assert (await out.send(forged)).status == 401
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
    assert capsys.readouterr().out.count("webhook.test") == 1


def test_its_example_is_a_message_and_every_kind_and_fault_stands_there() -> None:
    [example] = re.findall(r"\n(\{\"type\".*?\}\})\n```", DOCUMENT, re.DOTALL)
    assert FindingMessage.model_validate_json(example.replace("\n", "")).data.finding == "f1"
    for topic, kinds in KINDS_OF.items():
        assert f"| `{topic.value}` | " + ", ".join(f"`finding.{each}`" for each in kinds) + " |" in DOCUMENT
    assert all(f"`{each.value}`" in DOCUMENT for each in Fault if each)
