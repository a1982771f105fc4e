"""What the desk decides about a photo. It wins over everything any source says, and ingest never writes it.

A decision is a row that is never changed but for being taken back. `set` puts a value in place of one (`old`) or
of all of a property's values, `wrong` takes one or all away, `confirm` says that it is right as it stands. They
are applied in the order they were made, whenever the photo's values are worked out: now, and at every later
reading of its file or caption.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Literal

from archive.connection import now
from archive.edtf import interval
from archive.effective import refresh
from archive.errors import ArchiveError
from archive.events import record
from archive.facets import refresh_facet_counts
from archive.folding import fold, latin
from archive.summary import PLURAL, PROPERTIES, within

Action = Literal["set", "wrong", "confirm"]
#: A value as a person types it, or {"value": ..., "role": ..., "detail": {...}} where more is known of it.
New = str | Mapping[str, object]


def decide(
    db: sqlite3.Connection,
    photo: int,
    property: str,
    action: Action,
    new: New | Sequence[New] | None,
    actor: str,
    *,
    old: str | None = None,
    note: str | None = None,
) -> int:
    """Write one decision, work out the photo's values anew, and return the decision's number.

    In: `photo` as in `photos.id`; `property` one of `summary.PROPERTIES`; `new` for `set` (several only where a
    photo can have several), None otherwise; `old` the value, printed text or name that is meant, None for all.
    A unit or agency may be given by its key or any name the archive knows it by; dates are EDTF.
    Joins the caller's transaction, or makes its own. Raises ArchiveError for what cannot be decided.
    """
    if property not in PROPERTIES:
        raise ArchiveError(f"{property} is no property that can be corrected: one of {', '.join(sorted(PROPERTIES))}.")
    if action not in ("set", "wrong", "confirm"):
        raise ArchiveError(f"{action} is no decision: one of set, wrong, confirm.")
    if not actor:
        raise ArchiveError("A decision needs the name of whoever makes it.")
    values = [new] if isinstance(new, str | Mapping) else list(new or ())
    if action == "set" and not values:
        raise ArchiveError(f"Nothing to set {property} to. To take a value away, mark it wrong.")
    if action != "set" and values:
        raise ArchiveError(f"{action} takes no new value.")
    if len(values) > 1 and property not in PLURAL:
        raise ArchiveError(f"A photo has one {property}, not {len(values)}.")
    entries = [_entry(db, property, value) for value in values]
    with _transaction(db):
        if db.execute("SELECT 1 FROM photos WHERE id = ?", (photo,)).fetchone() is None:
            raise ArchiveError(f"There is no photo number {photo}.")
        made = db.execute(
            "INSERT INTO corrections (photo, property, action, old, new, actor, decided, note)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (photo, property, action, old, json.dumps(entries, ensure_ascii=False) if entries else None, actor, now(),
             note),
        )  # fmt: skip
        record(db, "metadata modification", actor, photo=photo, correction=made.lastrowid, action=action)
        refresh(db, photo)
        refresh_facet_counts(db)
    assert made.lastrowid is not None
    return made.lastrowid


def undo(db: sqlite3.Connection, correction: int, actor: str) -> None:
    """Take a decision back; the row stays, with who took it back and when.

    Raises ArchiveError where there is no such decision, or it was taken back already.
    """
    if not actor:
        raise ArchiveError("Taking a decision back needs the name of whoever does it.")
    with _transaction(db):
        row = db.execute("SELECT photo, undone FROM corrections WHERE id = ?", (correction,)).fetchone()
        if row is None:
            raise ArchiveError(f"There is no decision number {correction}.")
        if row[1] is not None:
            raise ArchiveError(f"Decision number {correction} was taken back already.")
        db.execute("UPDATE corrections SET undone = ?, undone_by = ? WHERE id = ?", (now(), actor, correction))
        record(db, "metadata modification", actor, photo=row[0], correction=correction, action="undo")
        refresh(db, row[0])
        refresh_facet_counts(db)


class _transaction:
    """The caller's transaction if there is one, else one of our own: all or nothing either way."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db, self.own = db, not db.in_transaction

    def __enter__(self) -> None:
        self.db.execute("BEGIN IMMEDIATE" if self.own else "SAVEPOINT decision")

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is None:
            self.db.execute("COMMIT" if self.own else "RELEASE decision")
        elif self.own:
            self.db.execute("ROLLBACK")
        else:
            self.db.execute("ROLLBACK TO decision")
            self.db.execute("RELEASE decision")


def _entry(db: sqlite3.Connection, prop: str, new: New) -> dict[str, object]:
    """A typed value as it is kept: what it is called in the archive, with what is known of it."""
    entry: dict[str, object] = {"value": new} if isinstance(new, str) else dict(new)
    value = entry.get("value")
    if not isinstance(value, str) or not value.strip():
        raise ArchiveError(f"An empty value for {prop}. To take a value away, mark it wrong.")
    value = entry["value"] = value.strip()
    if prop == "date_created":
        undated = value.startswith("XXXX-") and within(f"2024{value[4:]}", value) and interval(f"2024{value[4:]}")
        if interval(value) is None and not undated:
            raise ArchiveError(f"{value} is no date in EDTF: write 2025-04-17, 2025-04, 2025, 194X or 1914/1918.")
    elif prop in ("unit", "agency") and "detail" not in entry:
        entry |= _known(db, prop, value)
    return entry


def _known(db: sqlite3.Connection, prop: str, value: str) -> dict[str, object]:
    table, names = ("units", "unit_names") if prop == "unit" else ("agencies", "agency_names")
    rows = db.execute(f"SELECT key, name, authority FROM {table} WHERE key = ?", (value,)).fetchall()
    if not rows:
        rows = db.execute(
            f"SELECT DISTINCT t.key, t.name, t.authority FROM {names} n JOIN {table} t ON t.id = n.{prop}"
            " WHERE n.folded IN (?, ?)",
            (fold(value), latin(value)),
        ).fetchall()
    if len(rows) > 1:
        keys = ", ".join(sorted(row[0] for row in rows))
        raise ArchiveError(f"{value} is the name of several ({keys}): give the key of the one that is meant.")
    if rows:
        key, name, authority = rows[0]
        return {"value": key, "authority": authority, "detail": {"name": name}}
    return {"value": f"desk:{latin(value)}", "detail": {"name": value}}
