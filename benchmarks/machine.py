"""What a figure was measured on: processors, versions, and how busy others kept the machine meanwhile."""

from __future__ import annotations

import os
import platform
import sqlite3
from pathlib import Path


def busy() -> float:
    """Processes that wanted a processor, on average over the last minute."""
    return os.getloadavg()[0]


def machine(load_before: float) -> str:
    """One line for a results file. `load_before` is `busy()` from before the run."""
    return (
        f"Machine: {os.cpu_count()} processors, {platform.machine()}; Python {platform.python_version()}, SQLite"
        f" {sqlite3.sqlite_version}. When the run began, {load_before:.1f} processes wanted a processor."
    )


def cpu_of(process: int) -> float:
    """Processor seconds that a process has used, its ended children included."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def cpu_with_children(process: int) -> float:
    """The same, with those of its children that still run."""
    found = cpu_of(process)
    for child in Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split():
        try:
            found += cpu_of(int(child))
        except OSError:  # it has just ended, and is counted with its parent the next time
            continue
    return found
