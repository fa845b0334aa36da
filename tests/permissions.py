"""Running a command as somebody whom permissions hold back."""

from __future__ import annotations

import sys

GIVE_UP = (
    "import ctypes, os, sys\n"
    "for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH\n"
    "    ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP\n"
    "os.execv(sys.argv[1], sys.argv[1:])\n"
)


def held_back(command: list[str]) -> list[str]:
    """The command in a process that permissions hold back, even where the tests run as root."""
    return [sys.executable, "-c", GIVE_UP, *command]
