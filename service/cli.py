"""The program `mendwork`: its commands, and what it says when something goes wrong."""

import sys
from collections.abc import Callable

import typer

from service.command_line import checking, directory, importing, looking, running
from service.command_line.faults import exit_code, sentence_of
from service.command_line.telling import err

ABOUT = """
Sees to it that the promises made after a factory assessment are kept.

`mendwork up` starts everything on this machine; README.md leads through the first ten minutes.
Settings are environment variables (MENDWORK_…, and TEMPORAL_… for the Temporal server) or lines of `.env`.
Exit codes: 0 done, 1 it went wrong, 2 it was asked wrongly.
"""

app = typer.Typer(
    name="mendwork",
    help=ABOUT,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)

COMMANDS: tuple[tuple[str, Callable[..., None]], ...] = (
    ("up", running.up),
    ("serve", running.serve),
    ("worker", running.worker),
    ("migrate", running.migrate_database),
    ("import", importing.import_assessment),
    ("demo", importing.load_demo),
    ("doctor", checking.doctor),
    ("resurrect", checking.resurrect_findings),
    ("token", directory.token),
    ("letters", looking.list_letters),
    ("catcher", running.catcher),
)
for name, command in COMMANDS:
    app.command(name)(command)
app.add_typer(looking.finding, name="finding")
app.add_typer(looking.ledger, name="ledger")
app.add_typer(directory.policy, name="policy")


def main() -> None:
    """Run the command line. Expected faults become one sentence and exit code 1, never a traceback."""
    try:
        app(prog_name="mendwork")
    except Exception as error:
        sentence = sentence_of(error)
        if sentence is None:
            raise
        err().print(f"mendwork: {sentence}", markup=False, highlight=False, soft_wrap=True)
        sys.exit(exit_code(error))


if __name__ == "__main__":
    main()
