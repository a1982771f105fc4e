"""“Always read this name as ...”: an entry in the newsroom's own authority files, and what it changes, seen first."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

from archive.corrections import decide
from archive.desk.archives import rows
from archive.desk.correcting import written
from archive.desk.page import Wrong, config
from archive.desk.writes import text
from archive.folding import fold, latin

#: kind → (authority files' name, table, table of names, its column).
_KINDS = {
    "unit": ("units", "units", "unit_names", "photo_units"),
    "agency": ("agencies", "agencies", "agency_names", "photo_agencies"),
}
#: Photos that one entry may change in one go.
MOST = 20_000


async def always_json(datasette: Any, request: Any, actor: str, body: dict[str, Any]) -> dict[str, Any]:
    """`POST /-/cutline/always`: {kind: unit | agency, name, as, preview?}.

    `as` is the id of an authority entry, or a name of it. With `preview` nothing is written: the answer says which
    entry it is, how many photos would change, and shows the first of them and the YAML.
    """
    kind, name, target = text(body, "kind"), text(body, "name", most=300), text(body, "as", most=300)
    if kind not in _KINDS:
        raise Wrong(400, "kind: expected unit or agency.")
    name = " ".join(str(name).split())
    entry = _entry(kind, str(target), _folder(datasette))
    folder = _folder(datasette)
    yaml_text = entry_yaml(entry["id"], name)
    preview = body.get("preview") is True

    def write(conn: sqlite3.Connection) -> list[dict[str, Any]]:
        found = photos_named(conn, str(kind), name, entry["id"])
        if preview:
            return found
        new = {"value": entry["id"], "authority": entry["id"], "detail": {"name": entry["name"]}}
        conn.execute("BEGIN IMMEDIATE")
        try:
            for photo in found:
                decide(conn, photo["photo"], str(kind), "set", {**new, "role": photo["role"]} if photo["role"] else new,
                       actor, old=photo["value"], note=f"always: {name}")  # fmt: skip
            if folder is not None:
                add_entry(folder / f"{_KINDS[str(kind)][0]}-desk.yml", entry["id"], name)
        except BaseException:
            conn.execute("ROLLBACK")
            raise
        conn.execute("COMMIT")
        return found

    found = await written(datasette, write)
    return {
        "preview": preview,
        "as": entry,
        "photos": len(found),
        "first": [{"id": p["identity"], "verbatim": p["verbatim"], "now": p["now"]} for p in found[:20]],
        "yaml": yaml_text,
        "file": f"{_KINDS[str(kind)][0]}-desk.yml" if folder else None,
    }


def _folder(datasette: Any) -> Path | None:
    """The newsroom's own authority files: plugins: cutline: authority in metadata.yml."""
    folder = config(datasette).get("authority")
    return Path(folder) if folder else None


def _entry(kind: str, target: str, folder: Path | None) -> dict[str, str]:
    from archive.authority import load

    files = _KINDS[kind][0]
    known = load(*([folder] if folder and folder.is_dir() else []))
    try:
        found = [known.get(files, target)]
    except KeyError:
        found = list(known.find(files, target))
    if len(found) != 1:
        what = "several entries have" if found else "no authority entry has"
        names = ": " + ", ".join(e.id for e in found) if found else ""
        raise Wrong(400, f"{what} the id or name {target}{names}. Give the id of the one that is meant.")
    return {"id": found[0].id, "name": found[0].name}


def photos_named(conn: sqlite3.Connection, kind: str, name: str, key: str) -> list[dict[str, Any]]:
    """Photos that print this name and do not read it as `key` yet. Raises Wrong where they are too many."""
    _, table, names, links = _KINDS[kind]
    folded = {fold(name), latin(name)}
    found: dict[tuple[int, str], dict[str, Any]] = {}
    for row in rows(
        conn,
        f"SELECT DISTINCT e.id, e.key, e.name FROM {names} n JOIN {table} e ON e.id = n.{kind}"
        " WHERE n.folded IN (SELECT value FROM json_each(?))",
        json.dumps(sorted(folded)),
    ):
        if row["key"] == key:
            continue
        for s in rows(
            conn,
            f"SELECT s.photo, s.value, s.verbatim, s.role, p.identity FROM {links} l JOIN statements s"
            f" ON s.photo = l.photo AND s.property = ? AND s.value = ? AND s.rank = 0 JOIN photos p ON p.id = s.photo"
            f" WHERE l.{kind} = ? LIMIT ?",
            kind, row["key"], row["id"], MOST + 1,
        ):  # fmt: skip
            if {fold(s["verbatim"]), latin(s["verbatim"])} & folded:
                found.setdefault((s["photo"], s["value"]), {**s, "now": row["name"]})
    if len(found) > MOST:
        raise Wrong(400, f"More than {MOST:,} photos print {name}: write the entry by hand and run cutline reparse.")
    return list(found.values())


def entry_yaml(id: str, name: str) -> str:
    """An overlay entry: names are added to those that the entry has."""
    return f"- id: {json.dumps(id)}\n  variants: [{json.dumps(name, ensure_ascii=False)}]\n"


def _entry_of(id: str) -> re.Pattern[str]:
    return re.compile(rf"(^- id: {re.escape(json.dumps(id))}\n  variants: \[)([^\n]*)(\]\n)", re.M)


def add_entry(file: Path, id: str, name: str) -> None:
    """Add a name to an entry of a newsroom's file, whole or not at all. Raises Wrong for a file that is not ours.

    The file's own form is kept: entries that were there stay letter by letter.
    """
    before = file.read_text("utf-8") if file.exists() else "# Names that the desk decided on its pages.\n"
    quoted = json.dumps(name, ensure_ascii=False)
    matched = _entry_of(id).search(before)
    if matched:
        if quoted in matched[2]:
            return
        after = before[: matched.end(2)] + f", {quoted}" + before[matched.end(2) :]
    else:
        after = before.rstrip("\n") + "\n" + entry_yaml(id, name)
    file.parent.mkdir(parents=True, exist_ok=True)
    number, half = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    with os.fdopen(number, "w", encoding="utf-8") as out:
        out.write(after)
        out.flush()
        os.fsync(out.fileno())
    Path(half).chmod(0o644)
    Path(half).replace(file)


