"""Titles and descriptions of tables and columns, whatever the archive's file is called."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from archive.desk.archives import known_name

#: The name under `databases` in metadata.yml that stands for the archive.
ARCHIVE = "archive"
_HERE = Path(__file__).resolve().parent.parent


@functools.cache
def shipped() -> dict[str, Any]:
    """The metadata that comes with cutline: of a checkout, or of the wheel. Empty where neither is there."""
    import yaml

    for path in (_HERE.parent / "metadata.yml", _HERE / "metadata.yml"):
        if path.is_file():
            loaded = yaml.safe_load(path.read_text("utf-8"))
            return loaded if isinstance(loaded, dict) else {}
    return {}


def of_tables(datasette: Any) -> dict[str, Any]:
    """What a newsroom's own metadata says under `archive`, else what is shipped, under the database's own name."""
    name = known_name(datasette)
    if name is None or name == ARCHIVE:
        return {}
    theirs = (datasette._metadata_local.get("databases") or {}).get(ARCHIVE)
    return {"databases": {name: theirs or (shipped().get("databases") or {}).get(ARCHIVE) or {}}}
