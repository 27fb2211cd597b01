"""A browser for tests: it reads a page's forms as browsers do, fills them in and sends them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from httpx2 import AsyncClient, Response

from tests.service.stage import HOST, Theatre, token_of

VOID = {"meta", "link", "input", "br", "img", "hr"}


@dataclass
class Form:
    """A form as it stands: where it is sent, and what is typed in it."""

    action: str
    data: dict[str, list[str]] = field(default_factory=dict)
    labels: set[str] = field(default_factory=set)
    ids: dict[str, str] = field(default_factory=dict)


class Reader(HTMLParser):
    """Reads a page, and refuses one with tags that are not closed or ids that stand twice."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.text = ""
        self._area: str | None = None
        self._select: str | None = None
        self.feed(html)
        self.close()
        assert not self.open, f"not closed: {self.open}"
        assert len(set(self.ids)) == len(self.ids), "an id stands twice"
        for form in self.forms:
            unnamed = {each for each in form.ids if each not in form.labels}
            assert not unnamed, f"without a label: {unnamed}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        assert not {"style", "onclick"} & given.keys()
        assert tag != "script" or given.get("src", "").startswith("/static/"), "a script within the page"
        self.ids += [given["id"]] if "id" in given else []
        if tag not in VOID:
            self.open.append(tag)
        if tag == "a":
            self.links.append(given.get("href", ""))
        elif tag == "form":
            self.forms.append(Form(given["action"]))
        elif self.forms and "form" in self.open:
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        form = self.forms[-1]
        if tag == "label":
            form.labels.add(given["for"])
        if tag in {"input", "select", "textarea"} and given.get("type") != "hidden":
            form.ids[given["id"]] = given["name"]
        if tag == "textarea":
            self._area = given["name"]
            form.data.setdefault(self._area, [""])
        elif tag == "select":
            self._select = given["name"]
            form.data.setdefault(self._select, [""])
        elif tag == "option" and self._select and "selected" in given:
            form.data[self._select] = [given["value"]]
        elif tag == "input" and given.get("type") in {"checkbox", "radio"}:
            if "checked" in given:
                form.data.setdefault(given["name"], []).append(given["value"])
        elif tag == "input":
            form.data[given["name"]] = [given.get("value", "")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> crosses another tag"
        if tag == "textarea" and self._area:
            before = self.forms[-1].data[self._area][0]
            self.forms[-1].data[self._area] = [before.removeprefix("\n")]
            self._area = None
        if tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1].data[self._area][0] += data
        self.text += data


def browser(theatre: Theatre, person: str | None = None) -> AsyncClient:
    """Give a browser in which somebody has signed in."""
    client = theatre.act(None, Accept="text/html")
    if person is not None:
        client.cookies.set("mendwork", token_of(person))
    return client


async def opened(client: AsyncClient, path: str) -> Form:
    """Open a page and give its form (besides the one that signs out)."""
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return form_of(answer)


def form_of(answer: Response) -> Form:
    """Give the form of a page."""
    return next(form for form in Reader(answer.text).forms if form.action != "/sign-out")


async def sent(client: AsyncClient, form: Form, **typed: Any) -> Response:  # noqa: ANN401
    """Fill in a form and send it. Names that are no words are given with `__`: `actions__0__due`."""
    filled = {_name(name): [value] if isinstance(value, str) else value for name, value in typed.items()}
    return await client.post(form.action, data={**form.data, **filled, "send": "yes"})


async def done(client: AsyncClient, path: str, **typed: Any) -> str:  # noqa: ANN401
    """Open a form, fill it in, send it, follow to the page after it, and give that page's text."""
    answer = await sent(client, await opened(client, path), **typed)
    assert answer.status_code == 303, Reader(answer.text).text
    after = await client.get(HOST + answer.headers["Location"])
    text = Reader(after.text).text
    assert "Done:" in text, text
    return text


def _name(name: str) -> str:
    parts = name.split("__")
    return parts[0] + "".join(f"[{each}]" if each.isdecimal() else f".{each}" for each in parts[1:])
