"""An archive as SQL text, as a version of its tables had it: `python -m tests.frozen_schema` writes today's.

Run it once for each new SCHEMA_VERSION, and never again for an old one: the files under `tests/schemas` are what
archives out there look like.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from archive import corrections, schema
from archive.connection import connect, create
from archive.prepared import prepare
from archive.records import Refusal, Sighting
from archive.store import Store
from tests.test_store import photo

FOLDER = Path(__file__).parent / "schemas"


def tables(db: sqlite3.Connection) -> list[str]:
    """The CREATE statements of all that is not a shadow of full-text search, in a fixed order."""
    rows = db.execute(
        "SELECT m.sql FROM sqlite_master m LEFT JOIN pragma_table_list t ON t.name = m.name AND t.schema = 'main'"
        " WHERE m.sql IS NOT NULL AND coalesce(t.type, '') <> 'shadow' AND m.name NOT LIKE 'sqlite_%'"
        " ORDER BY m.type = 'trigger', m.type = 'index', m.type = 'view', m.type, m.name"
    ).fetchall()
    return [row[0] for row in rows]


def text(db: sqlite3.Connection) -> str:
    """The whole of an archive as SQL that makes it anew."""
    out = [f"{sql};" for sql in tables(db) if not sql.startswith("CREATE TRIGGER")]
    names = [row[0] for row in db.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
                                          " AND name NOT LIKE 'sqlite_%' ORDER BY name")]  # fmt: skip
    for name in names:
        columns = ", ".join(f'quote("{row[0]}")' for row in db.execute(f"SELECT name FROM pragma_table_info('{name}')"))
        out += [f"INSERT INTO {name} VALUES ({', '.join(row)});" for row in db.execute(f"SELECT {columns} FROM {name}")]
    out.append("INSERT INTO photo_search (photo_search) VALUES ('rebuild');")
    out += [f"{sql};" for sql in tables(db) if sql.startswith("CREATE TRIGGER")]
    for pragma in ("application_id", "user_version"):
        out.append(f"PRAGMA {pragma} = {db.execute(f'PRAGMA {pragma}').fetchone()[0]};")
    return "\n".join(out) + "\n"


def made(folder: Path) -> Path:
    """A small archive of today, with a row in nearly every table."""
    path = folder / "desk.db"
    create(path)
    with closing(connect(path, write=True)) as db:
        store = Store(db, "cutline", ["/in"])
        store.add([prepare(photo(conflict=True)), prepare(photo("Sailors rest, April 18.", of="b", path="/in/b.jpg")),
                   Refusal(Sighting("/in/c.jpg"), "no-caption", "It carries none.")])  # fmt: skip
        store.finish()
        corrections.decide(db, 1, "headline", "set", "At rest", "mira")
    return path


def main() -> None:
    """Write the file of today's version."""
    with tempfile.TemporaryDirectory() as folder, closing(connect(made(Path(folder)))) as db:
        (FOLDER / f"{schema.SCHEMA_VERSION}.sql").write_text(text(db), "utf-8")


if __name__ == "__main__":
    main()
