"""The program `mendwork`: its commands, and what it says when something goes wrong."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress

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


def run() -> int:
    """Run the command line and give the exit code. Expected faults become one sentence, never a traceback."""
    try:
        app(prog_name="mendwork")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except Exception as error:
        sentence = sentence_of(error)
        if sentence is None:
            raise
        err().print(f"mendwork: {sentence}", markup=False, highlight=False, soft_wrap=True)
        return exit_code(error)
    return 0


def main() -> None:
    """Run the command line and end the process.

    At once, because Temporal's library now and then aborts a Python that shuts down in the usual way,
    and the exit code would then be lost. Nothing is open any more at this point but the two streams.
    """
    code = run()
    for stream in (sys.stdout, sys.stderr):
        with suppress(BrokenPipeError):  # a reader such as `head` has seen enough
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
