"""Titles and descriptions of tables and columns, whatever the archive's file is called."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from archive.desk.archives import known_name, tables_of_public_copy
from archive.desk.public import denied

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
    """What a newsroom's own metadata says under `archive`, else what is shipped, under the database's own name; of a
    public copy, which tables nobody looks at, too."""
    name = known_name(datasette)
    if name is None:
        return {}
    theirs = (datasette._metadata_local.get("databases") or {}).get(ARCHIVE)
    about = theirs or (shipped().get("databases") or {}).get(ARCHIVE) or {}
    closed = denied(tables_of_public_copy(datasette))
    if not closed:
        return {} if name == ARCHIVE else {"databases": {name: about}}
    tables = about.get("tables") or {}
    return {"databases": {name: {**about, "tables": tables | {t: {**tables.get(t, {}), **closed[t]} for t in closed}}}}
