"""Which texts have to be translated: read out of the templates and the code, and merged into the catalogues.

`python -m notifications.extraction` brings `translations/*.po` up to date after a text has changed.
"""

import ast
from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.pofile import read_po, write_po

from notifications.languages import CATALOGUES, DRAFTS, SOURCE, TRANSLATED
from remediation.catalogue import CLUSTERS

ROOT = Path(__file__).parents[1]
SPEAKING = frozenset({"notifications", "remediation", "service"})
"""The packages whose texts people read: letters, the rules' refusals, and pages."""
_TEMPLATES = {"trimmed": "true", "silent": "false"}
_METHODS: list[tuple[str, Any]] = [
    ("**.j2", "jinja2.ext:babel_extract"),
    ("**.html", "jinja2.ext:babel_extract"),
    ("service/api/bodies.py", "notifications.extraction:texts_of_bodies"),
    ("service/api/gatherings.py", "notifications.extraction:texts_of_bodies"),
    ("service/api/meeting_bodies.py", "notifications.extraction:texts_of_bodies"),
    ("service/api/visits.py", "notifications.extraction:texts_of_bodies"),
    ("remediation/refusals.py", "notifications.extraction:texts_of_rules"),
    ("remediation/rules/*.py", "notifications.extraction:texts_of_rules"),
    ("remediation/gatherings/**.py", "notifications.extraction:texts_of_rules"),
    ("remediation/**.py", "ignore"),
    ("**.py", "python"),
]
_OPTIONS = {"**.j2": _TEMPLATES, "**.html": _TEMPLATES}
_MARKS = {
    "_": None,
    "N_": None,
    "say": None,
    "say_many": (1, 2),
    "not_found": None,
    "gettext": None,
    "ngettext": (1, 2),
}


def source() -> Catalog:
    """Give every text of letters and pages, untranslated. Raises jinja2's error for a broken template."""
    catalogue = Catalog(project="Mendwork", charset="utf-8", fuzzy=False)
    found = extract_from_dir(ROOT, _METHODS, _OPTIONS, keywords=_MARKS, directory_filter=_speaks)
    for file, _line, text, notes, context in sorted(found, key=lambda each: (each[0], each[1])):
        catalogue.add(text, locations=[(Path(file).as_posix(), 0)], auto_comments=notes, context=context)
    for name in _names():
        catalogue.add(name, locations=[("remediation/catalogue.py", 0)])
    return catalogue


def texts_of_bodies(
    file: BinaryIO,
    keywords: Mapping[str, Any],
    tags: Collection[str],
    options: Any,  # noqa: ANN401 - as Babel gives it
) -> Iterator[tuple[Any, ...]]:
    """Give the marked texts of the commands' bodies, and what each is about: its class's docstring."""
    code = file.read()
    yield from extract_python(BytesIO(code), keywords, tags, options)
    for node in ast.parse(code).body:
        if isinstance(node, ast.ClassDef) and "Body" in {ast.unparse(base) for base in node.bases}:
            yield node.lineno, None, ast.get_docstring(node), []


def texts_of_rules(
    file: BinaryIO,
    _keywords: Mapping[str, Any],
    _tags: Collection[str],
    options: Any,  # noqa: ANN401, ARG001 - as Babel gives it
) -> Iterator[tuple[Any, ...]]:
    """Give the sentences of refusals without values in them; `service/refusing.py` has the others."""
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant):
            named = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if ast.unparse(named) in {"message", "sentence"} and node.value.value:
                yield node.lineno, None, node.value.value, []


def _names() -> Iterator[str]:
    """Give the names of clusters and compliance points, which stand in a catalogue that programs read."""
    for cluster in CLUSTERS:
        yield cluster.name
        yield from (point.name for point in cluster.points)


def _speaks(folder: str | PathLike[str]) -> bool:
    return Path(folder).relative_to(ROOT).parts[0] in SPEAKING


def translated(code: str) -> Catalog:
    """Give a language's catalogue as it stands in its file."""
    with _file(code).open("rb") as file:
        return read_po(file, locale=code)


def update(code: str) -> None:
    """Merge changed texts into a language's catalogue; new ones come in without a translation."""
    catalogue = translated(code) if _file(code).exists() else Catalog(locale=code, project="Mendwork")
    catalogue.update(source(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.fuzzy = False
    catalogue.header_comment = _header(code)
    with _file(code).open("wb") as file:
        # Without line numbers: an edit elsewhere in a template then leaves the catalogues alone.
        write_po(file, catalogue, width=100, ignore_obsolete=True, sort_by_file=True, include_lineno=False)


def _header(code: str) -> str:
    state = "A draft, until somebody who speaks it has read it." if code in DRAFTS else "Complete."
    return f"# Mendwork in {Locale.parse(code).get_display_name(SOURCE)}. {state}"


def _file(code: str) -> Path:
    return CATALOGUES / f"{code}.po"


if __name__ == "__main__":
    for each in (*TRANSLATED, *DRAFTS):
        update(each)
