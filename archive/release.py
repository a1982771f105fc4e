"""Whether a photo may leave the house today: what its restrictions say, read with the least trust.

A restriction that is not known here, an embargo or a term without a day that can be read, an instruction that the
grammar did not understand: each withholds the photo until the desk has decided.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Collection, Iterable
from typing import NamedTuple

from archive.corrections import decide, undo
from archive.edtf import Interval, interval
from archive.summary import Restriction

#: Kinds of restrictions that say how a published picture may be used, not that it may not be shown.
LEAVE = frozenset({
    "altered", "editorial-use-only", "licence", "mandatory-credit", "no-commercial-use", "no-marketing", "no-resales",
    "third-party",
})  # fmt: skip
#: Kinds that hold until a day: before it (embargo) or after it (expiry) the photo stays.
DATED = frozenset({"embargo", "expiry"})
#: The desk's own: the photo is taken out at the next publication.
WITHDRAWN = "withdrawn"

#: A day has ended everywhere 12 hours after its midnight in UTC, and begins somewhere 14 hours before it.
_LAST_ZONE, _FIRST_ZONE = dt.timedelta(hours=12), dt.timedelta(hours=14)


class Verdict(NamedTuple):
    """Whether a photo leaves, and why not."""

    #: None where it leaves; else a short stable reason: the restriction's kind, "embargo without a date" ...
    withheld: str | None
    #: The day after which a copy that holds the photo has to be made anew, EDTF; None where nothing ends.
    until: str | None = None


def verdict(restrictions: Iterable[Restriction], now: dt.datetime, allow: Collection[str] = ()) -> Verdict:
    """In: what counts for one photo, the moment in UTC, further kinds that this house lets leave.

    An embargo is over when its last day has ended in every time zone; a term ends when the day after its last one
    has begun in any. `allow` does not reach dated kinds nor what the desk withdrew. Raises nothing.
    """
    ends: list[tuple[int, str]] = []
    for r in restrictions:
        if r.kind in DATED:
            days = interval(r.until) if r.until and r.until[-1].isdigit() else None
            if days is None or r.until is None:
                return Verdict(f"{r.kind} without a date")
            if not _open(r.kind, days, now):
                return Verdict(r.kind)
            if r.kind == "expiry":
                ends.append((days.last, r.until))
        elif r.kind not in LEAVE and (r.kind == WITHDRAWN or r.kind not in allow):
            return Verdict(r.kind)
    return Verdict(None, min(ends)[1] if ends else None)


def _open(kind: str, days: Interval, now: dt.datetime) -> bool:
    if kind == "embargo":
        return days.last < (now - _LAST_ZONE).toordinal()
    # A term that is only known to the month may end on its first day.
    return days.first >= (now + _FIRST_ZONE).toordinal()


def set_withdrawn(db: sqlite3.Connection, identity: str, actor: str, note: str | None, *, back: bool = False) -> bool:
    """Withdraw a photo or take that back, as a decision of the desk's; whether anything changed.

    Inside the caller's transaction. Raises ArchiveError.
    """
    live = db.execute(
        "SELECT c.id, c.photo FROM corrections c JOIN photos p ON p.id = c.photo WHERE p.identity = ?"
        " AND c.property = 'restriction' AND c.old = ? AND c.action = 'set' AND c.undone IS NULL",
        (identity, WITHDRAWN),
    ).fetchall()
    if back:
        for number, _ in live:
            undo(db, number, actor)
        return bool(live)
    if live:
        return False
    photo = db.execute("SELECT id FROM photos WHERE identity = ?", (identity,)).fetchone()[0]
    decide(db, photo, "restriction", "set", WITHDRAWN, actor, old=WITHDRAWN, note=note)
    return True
