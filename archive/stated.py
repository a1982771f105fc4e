"""How statements are kept: what thousands have in common once, of each one only what is its own.

The view `statements` shows each whole, with the characters that the record law finds in its text. A unit, a place or
an agency is stated of thousands of photos in the same words; kept whole, they were more than half of an archive.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from archive.records import SourceText, Span, Statement

#: What statements share: property, rule, standing, role, rank, authority, source (empty for that of the text), value
#: and detail (empty where they are the statement's own).
Form: TypeAlias = tuple[str, str, str, str, int, str, str, str, str]
#: Text (an index, once stored a number; None for none), form (once stored a number), value (None for the form's, or
#: the characters), verbatim (None for the text's own characters), start, end, detail.
Kept: TypeAlias = tuple[int | None, Form, str | None, str | None, int | None, int | None, str | None]

#: Of these, value and detail come back with thousands of photos.
_SHARED = frozenset({"unit", "agency", "location_created", "location_shown", "pool", "flag"})
_FORM = "property, rule, standing, role, rank, authority, source, value, detail"
_FIND = f"SELECT id FROM statement_forms WHERE ({_FORM}) = (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_ADD = f"INSERT INTO statement_forms ({_FORM}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT = (
    'INSERT INTO statement_rows (photo, n, text, form, value, verbatim, start, "end", detail)'
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_READ = 'SELECT text, form, value, verbatim, start, "end", detail FROM statement_rows WHERE photo = ?'
_CURRENT = " AND (text IS NULL OR text IN (SELECT id FROM texts WHERE photo = ? AND current)) ORDER BY n"
#: Columns of the view, as `whole` takes them.
WHOLE = 'property, value, verbatim, source, rule, standing, text, start, "end", authority, role, rank, detail'
#: Forms remembered; more are asked for again.
_REMEMBERED = 50_000

json_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def keep(statements: Iterable[Statement], texts: Sequence[SourceText]) -> tuple[Kept, ...]:
    """Statements as they are kept. `Statement.text` indexes `texts`. Pure."""
    # SQLite's substr() ends at a NUL, so of such a text the characters are kept beside it.
    cut_from = [None if "\0" in text.text else text.text for text in texts]
    out: list[Kept] = []
    for s in statements:
        at, span, value, verbatim = s.text, s.span, s.value, s.verbatim
        detail = json_text(s.detail) if s.detail else ""
        shared = s.property in _SHARED
        own: str | None = None if value == verbatim else value
        start = end = None
        printed: str | None = verbatim
        source = s.source
        if span is not None:
            start, end = span
        if at is not None:
            text = cut_from[at]
            if text is not None and start is not None and text[start:end] == verbatim:
                printed = None
            if source == texts[at].source:
                source = ""
        form: Form = (s.property, s.rule, s.standing, s.role or "", s.rank, s.authority or "", source,
                      (own or "") if shared else "", detail if shared else "")  # fmt: skip
        own = None if shared and own else own
        out.append((at, form, own, printed, start, end, None if shared or not detail else detail))
    return tuple(out)


def whole(row: tuple[Any, ...], texts: Mapping[int, int]) -> Statement:
    """A row of `WHOLE` as a statement; `texts` are the places of its photo's texts, by their numbers."""
    text, start, end, detail = row[6], row[7], row[8], row[12]
    span = None if start is None else Span(start, end)
    return Statement._make((*row[:6], None if text is None else texts[text], span, *row[9:12],
                            json.loads(detail) if detail else {}))  # fmt: skip


def before_parts(db: sqlite3.Connection) -> Iterator[tuple[int, list[int], tuple[Kept, ...]]]:
    """Each photo of an archive that keeps statements whole: its number, its texts' numbers, its statements."""
    numbers = db.execute("SELECT DISTINCT photo FROM statements ORDER BY photo").fetchall()
    for (photo,) in numbers:
        texts = db.execute("SELECT id, source, text FROM texts WHERE photo = ? ORDER BY id", (photo,)).fetchall()
        at = {row[0]: n for n, row in enumerate(texts)}
        rows = db.execute(f"SELECT {WHOLE} FROM statements WHERE photo = ? ORDER BY id", (photo,))
        statements = [whole(row, at) for row in rows]
        yield photo, list(at), keep(statements, [SourceText(source, text) for _, source, text in texts])


class Statements:
    """The rows of statements. Knows the numbers of forms: to `forget()` after a rollback."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """`db` is open to write, and inside a transaction whenever something is added."""
        self._db = db
        self.forget()

    def forget(self) -> None:
        """Ask the archive again for the number of each form."""
        self._numbers: dict[Form, int] = {}

    def rows(self, photo: int, texts: Sequence[int], statements: Iterable[Kept],
             first: int = 0) -> list[tuple[object, ...]]:  # fmt: skip
        """What `insert` takes, for one photo whose texts have these numbers; its places run from `first`."""
        return [(photo, n, *row) for n, row in enumerate(self._stored(texts, statements), first)]

    def insert(self, rows: Iterable[tuple[object, ...]]) -> None:
        """Write rows, of any number of photos."""
        self._db.executemany(_INSERT, rows)

    def add(self, photo: int, texts: Sequence[int], statements: Iterable[Kept]) -> None:
        """Write more statements of one photo, behind those it has."""
        last = self._db.execute("SELECT max(n) FROM statement_rows WHERE photo = ?", (photo,)).fetchone()[0]
        self.insert(self.rows(photo, texts, statements, 0 if last is None else last + 1))

    def are(self, photo: int, texts: Sequence[int], statements: Iterable[Kept]) -> bool:
        """Whether exactly these are stated by a photo's current texts, in this order."""
        found = self._db.execute(_READ + _CURRENT, (photo, photo)).fetchall()
        return found == self._stored(texts, statements)

    def remove(self, photo: int, texts: Sequence[int], *, unread: bool = False) -> None:
        """Take away what these texts state; `unread` also what was read in no text."""
        self._db.execute(
            "DELETE FROM statement_rows WHERE photo = ? AND (text IN (SELECT value FROM json_each(?))"
            f"{' OR text IS NULL' if unread else ''})",
            (photo, json.dumps(list(texts))),
        )

    def _stored(self, texts: Sequence[int], statements: Iterable[Kept]) -> list[tuple[object, ...]]:
        known = self._numbers
        out: list[tuple[object, ...]] = []
        for at, form, value, verbatim, start, end, detail in statements:
            number = known.get(form)
            if number is None:
                number = self._number(form)
            out.append((None if at is None else texts[at], number, value, verbatim, start, end, detail))
        return out

    def _number(self, form: Form) -> int:
        if len(self._numbers) >= _REMEMBERED:
            self.forget()
        row = self._db.execute(_FIND, form).fetchone()
        number = row[0] if row else self._db.execute(_ADD, form).lastrowid
        assert number is not None
        self._numbers[form] = number
        return number
