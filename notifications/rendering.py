"""Rendering: one wording for each letter, set in two layouts, plain text and HTML.

A letter's folder holds its `subject.j2` and its `body.j2`. The body is rendered twice: the folders `_text`
and `_html` give the layout and its parts. The two forms of a letter can therefore not drift apart.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from notifications.languages import Language
from notifications.occasion import Letter

TEMPLATES = Path(__file__).parent / "templates"
Flavour = Literal["text", "html"]
Values = Mapping[str, object]


def render(folder: str, language: Language, values: Values) -> Letter:
    """Give the letter of a template folder. Raises jinja2's `UndefinedError` when a value is missing."""
    subject = _line(_fill("text", language, "subject.j2", {**values, "folder": folder}))
    full = {**values, "subject": subject, "lang": language.code}
    full |= {"witnesses": values.get("witnesses", ())}
    full |= {"dir": language.direction, "draft": language.draft}
    text = _fill("text", language, f"{folder}/body.j2", full)
    html = _fill("html", language, f"{folder}/body.j2", full)
    return Letter(subject=subject, text=_tidy(text), html=_inliner().inline(html))


def _fill(flavour: Flavour, language: Language, name: str, values: Values) -> str:
    return _environment(flavour, language).get_template(name).render(values)


@cache
def _environment(flavour: Flavour, language: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([TEMPLATES / f"_{flavour}", TEMPLATES]),
        autoescape=flavour == "html",  # noqa: S701 - plain text has nothing to escape
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(language.words, newstyle=True)  # type: ignore[attr-defined]
    environment.filters["capital"] = _capital
    parts = environment.get_template("parts.j2").module
    environment.globals |= {name: part for name, part in vars(parts).items() if not name.startswith("_")}
    return environment


@cache
def _inliner() -> CSSInliner:
    # The rules for dark screens cannot be inlined: they stay in a style element.
    return CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _line(text: str) -> str:
    return " ".join(text.split())


def _tidy(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"
