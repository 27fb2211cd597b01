"""Runs a command that cannot outlive its parent: `python -m service.tether PARENT COMMAND …`.

On Linux the kernel ends the command when the parent goes, even by SIGKILL. Elsewhere the command just runs.
A program of its own, because code between fork and exec is not safe in a process with threads.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
_PARENT_IS_GONE = 3


def main() -> None:
    """Tie this process to the parent given by its id, then become the command."""
    parent, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it went before the kernel was told
            sys.exit(_PARENT_IS_GONE)
    os.execvp(command[0], command)  # noqa: S606 - no shell is what we want


if __name__ == "__main__":
    main()
