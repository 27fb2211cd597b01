"""What `mendwork up` says when all runs: where to look, and who to be."""

from rich.console import Console

from service.command_line.telling import out, show_json
from service.demo_tokens import read_tokens
from service.embedded import Embedded


def welcome(embedded: Embedded) -> None:
    """Print addresses and tokens for a person."""
    console = out()
    _lines(console, "Mendwork runs. Look at", places(embedded))
    people = read_tokens(embedded.home.demo_tokens)
    if people:
        console.print()
        _lines(
            console,
            "Be somebody, by their token",
            [(f"{each.name}, {each.role}", each.token) for each in people],
        )
    console.print("\nTry it: README.md, “The first ten minutes”. Ctrl-C stops everything; nothing is lost.")


def welcome_json(embedded: Embedded) -> None:
    """Print addresses and tokens for a program."""
    show_json({"places": dict(places(embedded)), "people": read_tokens(embedded.home.demo_tokens)})


def places(embedded: Embedded) -> list[tuple[str, str]]:
    """Give what can be looked at, and where."""
    return [
        ("findings", embedded.url),
        ("API", f"{embedded.url}/api/v1/docs"),
        ("caught mail", embedded.mail_url),
        ("Temporal", embedded.temporal_url),
        ("files", str(embedded.home.folder.resolve())),
    ]


def _lines(console: Console, title: str, rows: list[tuple[str, str]]) -> None:
    width = max(len(name) for name, _ in rows)
    console.print(title, style="bold", markup=False)
    for name, value in rows:
        console.print(f"  {name:<{width}}  {value}", markup=False, highlight=False, soft_wrap=True)
