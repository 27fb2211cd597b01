"""The program `mendwork`: its commands, and what it says when something goes wrong."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module

import typer

from service.command_line.faults import exit_code, sentence_of
from service.command_line.telling import err

ABOUT = """
Sees to it that the promises made after a factory assessment are kept.

`mendwork up` starts everything on this machine; README.md leads through the first ten minutes.
Settings are environment variables (MENDWORK_…, and TEMPORAL_… for the Temporal server) or lines of `.env`.
Exit codes: 0 done, 1 it went wrong, 2 it was asked wrongly.
"""

COMMANDS = {
    "up": "running:up",
    "serve": "running:serve",
    "worker": "running:worker",
    "migrate": "migrating:migrate_database",
    "import": "importing:import_assessment",
    "demo": "importing:load_demo",
    "doctor": "checking:doctor",
    "reconcile": "reconciling:reconcile",
    "resurrect": "reconciling:resurrect",
    "simulate": "simulating:simulate",
    "finding": "looking:finding",
    "letters": "looking:list_letters",
    "ledger": "looking:ledger",
    "dossier": "dossiers:dossier",
    "verify": "dossiers:verify",
    "paper": "papers:paper",
    "directory": "founding:directory",
    "changes": "founding:list_changes",
    "policy": "reprojecting:policy",
    "crosswalk": "crosswalks:crosswalk",
    "calendar": "reprojecting:show_or_change_calendar",
    "token": "directory:token",
    "factories": "places:list_factories",
    "evidence": "evidence:evidence",
    "sessions": "sessions:sessions",
    "absence": "absences:absence",
    "catcher": "running:catcher",
}
"""Each command, and where it stands under service/command_line."""


def app_for(words: Sequence[str]) -> typer.Typer:
    """Give the application that understands these words.

    One command is loaded alone: `mendwork up` starts several, and each would load all of Mendwork.
    """
    app = typer.Typer(
        name="mendwork",
        help=ABOUT,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
        context_settings={"help_option_names": ["-h", "--help"]},
        callback=_no_options,  # keeps an application with one command from becoming that command
    )
    for name in words[:1] if words and words[0] in COMMANDS else COMMANDS:
        module, _, attribute = COMMANDS[name].partition(":")
        command = getattr(import_module(f"service.command_line.{module}"), attribute)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    return app


def _no_options() -> None:
    """Take nothing before the command."""


def run() -> int:
    """Run the command line and give the exit code. Expected faults become one sentence, never a traceback."""
    try:
        app_for(sys.argv[1:])(prog_name="mendwork")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except Exception as error:  # what has no sentence of its own is a bug, and goes on below
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
