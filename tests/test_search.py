"""Searching gives the same answers as reading every row and looking: on a made archive, for queries of all kinds."""

from __future__ import annotations

import datetime as dt
import gc
import random
import re
import shutil
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.edtf import Interval
from archive.facets import FACETS, refresh_facet_counts
from archive.folding import readings
from archive.known import known
from archive.plan import country_codes, plan_query
from archive.query import Term, parse_query
from archive.search import Page, every, facets, loosen, search, these
from benchmarks.corpus import write

PHOTOS = 1500
TAKE_OUT = "INSERT INTO photo_search (photo_search, rowid, caption, words, terms) VALUES ('delete', ?, ?, ?, ?)"
PUT_IN = "INSERT INTO photo_search (rowid, caption, words, terms) VALUES (?, ?, ?, ?)"
TODAY = dt.date(2025, 4, 26)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "made.db"
    write(path, PHOTOS, seed=7)
    return path


@pytest.fixture
def conn(made: Path) -> Iterator[sqlite3.Connection]:
    """As Datasette opens it: read-only, rows as `sqlite3.Row`."""
    db = sqlite3.connect(f"file:{made}?mode=ro", uri=True)
    db.row_factory = sqlite3.Row
    yield db
    db.close()


# The reference: every row as plain data, each term a plain test.


def tokens(text: str) -> list[str]:
    """What the tokenizer makes of a text: runs of letters and digits, without case and accents."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.findall(r"[^\W_]+", plain.lower())


def holds(words: list[str], phrase: list[str]) -> bool:
    return any(words[i : i + len(phrase)] == phrase for i in range(len(words) - len(phrase) + 1))


ORDINAL = re.compile(r"(?<=\d)(st|nd|rd|th)$")


@lru_cache
def ways_of(text: str) -> list[list[str]]:
    """Typed text as words: as it stands, and in plain Latin letters."""
    return [tokens(text), *(tokens(reading) for reading in readings(text))]


@lru_cache
def codes(country: str) -> list[str]:
    return country_codes(country)


class Reference:
    def __init__(self, path: Path) -> None:
        db = sqlite3.connect(path)
        db.row_factory = sqlite3.Row

        def lists(sql: str) -> dict[int, list[Any]]:
            found: dict[int, list[Any]] = {}
            for row in db.execute(sql):
                found.setdefault(row[0], []).append(row[1] if len(row) == 2 else tuple(row[1:]))
            return found

        above = ("WITH RECURSIVE up(photo, unit) AS (SELECT photo, unit FROM photo_units UNION SELECT up.photo,"
                 " p.parent FROM up JOIN unit_parents p ON p.unit = up.unit) SELECT photo, unit FROM up")
        self.units, self.agencies = lists(above), lists("SELECT photo, agency, role FROM photo_agencies")
        self.people, self.restrictions = lists("SELECT photo, photographer FROM photo_photographers"), lists(
            "SELECT photo, kind FROM restrictions")
        self.names = {kind: db.execute(f"SELECT id, key, name FROM {table}").fetchall() for kind, table in
                      (("unit", "units"), ("agency", "agencies"), ("by", "photographers"), ("place", "places"))}
        self.started = dict(db.execute("SELECT id, substr(started, 1, 10) FROM accessions").fetchall())
        self.photos = db.execute("SELECT p.*, t.text FROM photos p JOIN texts t ON t.id = p.caption"
                                 " ORDER BY p.slot DESC").fetchall()
        self.words = {p["id"]: (tokens(p["text"]), tokens(p["words"])) for p in self.photos}
        self.found: dict[tuple[str, str], set[int]] = {}
        self.key = {(kind, row[0]): row[1] for kind, rows in self.names.items() for row in rows}

    def named(self, kind: str, typed: str) -> set[int]:
        if (kind, typed) not in self.found:
            self.found[kind, typed] = self._named(kind, typed)
        return self.found[kind, typed]

    def _named(self, kind: str, typed: str) -> set[int]:
        rows = self.names[kind]
        if by_key := {i for i, key, _ in rows if key == typed}:
            return by_key
        plain = {i: [ORDINAL.sub("", t) for r in readings(name)[:1] for t in tokens(r)]
                 for i, _, name in rows}
        asked = [ORDINAL.sub("", t) for t in tokens(readings(typed)[0])]
        whole = {i for i, name in plain.items() if name == asked}
        return whole or {i for i, name in plain.items() if asked and all(
            any(w == a if a[0].isdigit() else w.startswith(a) for w in name) for a in asked)}

    def says(self, photo: int, text: str) -> bool:
        ways = ways_of(text)
        return any(holds(words, way) for way in ways for words in self.words[photo] if way)

    def test(self, p: Any, term: Term) -> bool:
        n, value = p["id"], term.value
        roles = {"agency": None, "origin": "origin", "via": "distributor", "provider": "handout"}
        marks = {"conflict": p["conflicts"] > 0, "picture": p["kind"] == "picture", "caption": p["kind"] == "caption",
                 "date": p["taken_from"] is not None, "partial-date": (p["taken_from"] or 0) < (p["taken_to"] or 0),
                 "undated": p["taken_from"] is None, "pool": p["pool"] is not None}
        match term.field:
            case "":
                return self.says(n, value) if term.phrase else all(self.says(n, w) for w in value.split())
            case "unit":
                return bool(self.named("unit", value) & set(self.units.get(n, ())))
            case "by":
                return bool(self.named("by", value) & set(self.people.get(n, ())))
            case "place":
                return bool(self.named("place", value) & {p["place"], p["region"]})
            case "region":
                return p["region"] in self.named("place", value)
            case "country":
                return p["country"] in codes(value)
            case "pool":
                return p["pool"] is not None and (not value or self.says(n, value))
            case "standing":
                return bool(p["standing"] == value)
            case "flag":
                return value in (p["flags"] or "").split()
            case "restriction":
                return any(value in kind for kind in self.restrictions.get(n, ()))
            case "has" | "is" if value in marks:
                return bool(marks[value])
            case "is":
                return value in (p["flags"] or "").split() or p["taken_role"] == value
            case "added":
                assert term.days
                return term.days.first <= dt.date.fromisoformat(self.started[p["added"]]).toordinal() <= term.days.last
            case "date" | "perhaps":
                assert term.days
                if term.days.last == 0:
                    return p["taken_from"] is None
                first, last = p["taken_from"], p["taken_to"]
                within = first is not None and term.days.first <= first and last <= term.days.last
                touches = first is not None and first <= term.days.last and last >= term.days.first
                return within if term.field == "date" else touches and not within
            case field:
                return any(a in self.named("agency", value) and roles[field] in (None, role)
                           for a, role in self.agencies.get(n, ()))

    def search(self, terms: tuple[Term, ...]) -> list[Any]:
        return [p for p in self.photos if all(self.test(p, t) != t.negated for t in terms if t.understood)]

    def apart(self, terms: tuple[Term, ...]) -> int:
        dated = [t for t in terms if t.field == "date" and not t.negated and t.days and t.days.last]
        if not dated or any(t.field == "perhaps" and t.understood and not t.negated for t in terms):
            return 0
        first, last = max(t.days.first for t in dated if t.days), min(t.days.last for t in dated if t.days)
        others = [t for t in terms if t not in dated]
        return len(self.search((*others, Term("perhaps", "", days=Interval(first, last))))) if first <= last else 0

    def facets(self, photos: list[Any]) -> dict[str, Counter[str]]:
        found: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
        for p in photos:
            n = p["id"]
            found["unit"].update(self.key["unit", u] for u in self.units.get(n, ()))
            for agency, role in self.agencies.get(n, ()):
                key = self.key["agency", agency]
                found["agency"][key] += 1
                found[{"origin": "origin", "distributor": "via", "handout": "provider"}[role]][key] += 1
            found["photographer"].update(self.key["by", x] for x in self.people.get(n, ()))
            found["country"][p["country"].lower()] += 1
            found["region"][self.key["place", p["region"]]] += 1
            found["flag"].update((p["flags"] or "").split())
            found["standing"][p["standing"]] += 1
            found["has"].update(["conflict"] * (p["conflicts"] > 0) + ["partial-date"] * (
                p["taken_from"] is not None and p["taken_from"] < p["taken_to"]))
            if re.match(r"\d{4}", p["taken"] or "") and "X" not in p["taken"]:
                found["year"][p["taken"][:4]] += 1
                if len(p["taken"]) > 4:
                    found["month"][p["taken"][:7]] += 1
        return found


@pytest.fixture(scope="session")
def reference(made: Path) -> Reference:
    return Reference(made)


def queries(reference: Reference, n: int) -> Iterator[str]:
    """Queries of one to three terms about things that are there, and a few that are not."""
    pick = random.Random(3)
    words = [w for p in reference.photos[:400] for w in p["text"].split() if not set(w) & set('":-')]

    def phrase() -> str:
        text = pick.choice(reference.photos)["text"].replace('"', "").split()
        at = pick.randrange(len(text))
        return f'"{" ".join(text[at : at + pick.randrange(1, 4)])}"'

    def name(kind: str) -> str:
        _, key, called = pick.choice(reference.names[kind])
        parts = called.split()
        return pick.choice([key, f'"{called}"', pick.choice(parts), pick.choice(parts)[:3]])

    def date() -> str:
        y, m, d = pick.randrange(2004, 2026), pick.randrange(1, 13), pick.randrange(1, 29)
        return pick.choice([f"{y}", f"{y}-{m:02}", f"{y}-{m:02}-{d:02}", f"<{y}", f">={y}-{m:02}", f"{y}..{y + 2}",
                            f"{y}-{m:02}-{d:02}..{y + 1}", f"{y // 10}0s", "unknown"])

    makers = [
        lambda: pick.choice(words), lambda: pick.choice(words), phrase, lambda: f"unit:{name('unit')}",
        lambda: f"{pick.choice(['agency', 'origin', 'via', 'provider'])}:{name('agency')}", lambda: f"by:{name('by')}",
        lambda: f"{pick.choice(['place', 'region'])}:{name('place')}", lambda: f"date:{date()}",
        lambda: f"perhaps:{date()}", lambda: f"country:{pick.choice(reference.photos)['country']}",
        lambda: pick.choice(["pool:", "pool:kremlin", "has:conflict", "has:date", "has:partial-date", "is:file",
                             "is:released", "is:pool", "is:handout", "is:undated", "flag:handout", "flag:pool",
                             "is:caption", "has:picture", "restriction:embargo", "restriction:archives"]),
        lambda: f"standing:{pick.choice(['exact', 'variant', 'inferred', 'ambiguous', 'unknown'])}",
        lambda: f"added:{pick.choice(['2010', '2012-03', '<2008', '2020..'])}",
    ]  # fmt: skip
    for _ in range(n):
        terms = [pick.choice(makers)() for _ in range(pick.choice((1, 1, 2, 2, 3)))]
        yield " ".join("-" * (pick.random() < 0.15) + term for term in terms)


def known_names(reference: Reference, terms: tuple[Term, ...]) -> bool:
    """Whether each name is somebody's: a name that is not is looked for as words, which other tests show."""
    kinds = {"unit": "unit", "by": "by", "place": "place", "region": "place",
             **dict.fromkeys(("agency", "origin", "via", "provider"), "agency")}  # fmt: skip
    return all(0 < len(reference.named(kinds[t.field], t.value)) <= 1000 for t in terms if t.field in kinds)


def test_a_thousand_queries_answer_as_reading_every_row_does(conn: sqlite3.Connection, reference: Reference) -> None:
    found = 0
    for typed in queries(reference, 1000):
        query = parse_query(typed, today=TODAY)
        if not known_names(reference, query.terms):
            continue
        expected = reference.search(query.terms)
        page = search(conn, query, limit=20)
        assert [p.id for p in page.photos] == [p["id"] for p in expected[:20]], typed
        assert page.total == len(expected) if page.total_is_exact else page.total == 1000 < len(expected), typed
        assert page.apart == min(reference.apart(query.terms), 1000), typed
        newest = search(conn, query, order="added", limit=20)
        assert [p.id for p in newest.photos] == sorted((p["id"] for p in expected), reverse=True)[:20], typed
        counted = {name: {v.value: v.photos for v in values} for name, values in facets(conn, query, most=9999).items()}
        assert counted == {name: dict(c) for name, c in reference.facets(expected).items()}, typed
        assert search(conn, query, limit=20).total == len(expected), typed
        found += bool(expected)
    assert found > 500


def test_pages_by_key_give_each_photo_once(conn: sqlite3.Connection, reference: Reference) -> None:
    query = parse_query("servicemen", today=TODAY)
    for order in ("taken", "added"):
        seen, after = [], None
        while True:
            page: Page = search(conn, query, order=order, after=after, limit=37)  # type: ignore[arg-type]
            seen += [p.id for p in page.photos]
            after = page.next
            if after is None:
                break
        expected = [p["id"] for p in reference.search(query.terms)]
        assert seen == (expected if order == "taken" else sorted(expected, reverse=True))
        assert [p.id for p in every(conn, query, order=order, at_a_time=10)] == seen  # type: ignore[arg-type]


def test_chosen_photos_come_in_the_order_they_were_chosen(conn: sqlite3.Connection) -> None:
    page = search(conn, parse_query("servicemen"), limit=5).photos
    chosen = [page[3].identity, "f" * 32, page[0].identity, page[3].identity]
    assert these(conn, chosen) == (page[3], page[0])


@pytest.mark.parametrize("after", ["", "x", "-1", "1e9", "²", "9" * 40])
def test_a_page_key_that_is_none_starts_at_the_top(conn: sqlite3.Connection, after: str) -> None:
    assert search(conn, parse_query(""), after=after, limit=3) == search(conn, parse_query(""), limit=3)


@pytest.mark.parametrize(
    ("caption", "typed", "found"),
    [
        ("Sergey Bobylev waits", "Бобылев", True),
        ("Фото: Сергей Бобылёв", "bobylev", True),
        ("Фото: Сергей Бобылёв", "Бобылев", True),
        ("A street in Łódź, Poland", "lodz", True),
        ("A street in Lodz, Poland", "Łódź", True),
        ("Jørn Hånsen", "hansen", True),
        ("Jorn Hansen", "Hånsen", True),
        ("Київ, 24 лютого", "kyiv", True),
        ("Kyiv, Feb. 24", "Київ", True),
        ("Straße in Düren", "strasse", True),
        ("İzmir, Turkey", "izmir", True),
        ("An F-16 lands", "F-16", True),
        ("An F 16 lands", "F-16", True),
        ("16 planes, F among them", "F-16", False),
        ("the 1-32 Cavalry", "1-32", True),
        ("D'Arcy and O’Brien", "O'Brien", True),
        ("a U.S. base", "U.S.", True),
        ("let us go", "U.S.", False),
        ("an AT&T mast", "AT&T", True),
        ("clear a trench", '"clear a trench"', True),
        ("a trench to clear", '"clear a trench"', False),
        ("bobylev", "bobyl*", True),
        # A word that looks like one of the index's own tokens is a word of the text only.
        ("the u12 final", "u12", True),
        ("nothing of the kind", "xcaption", False),
        ("nothing of the kind", "sexact", False),
        ("zero\0byte", "zero", True),
    ],
)
def test_words_are_found_across_alphabets_accents_and_signs(
    tmp_path: Path, made: Path, caption: str, typed: str, found: bool
) -> None:
    path = tmp_path / "one.db"
    shutil.copy(made, path)
    with sqlite3.connect(path) as db:
        recaption(db, 1, caption)
    reader = sqlite3.connect(path)
    assert (1 in {p.id for p in every(reader, parse_query(typed))}) is found


def recaption(db: sqlite3.Connection, photo: int, caption: str) -> None:
    """Give a photo another caption, and its words as the store writes them."""
    from archive.summary import _words

    slot, old, words, terms = db.execute(
        "SELECT w.* FROM photos p JOIN photo_words w ON w.slot = p.slot WHERE p.id = ?", (photo,)
    ).fetchone()
    db.execute(TAKE_OUT,
               (slot, old, words, terms))  # fmt: skip
    fresh = _words(caption, [], [])
    db.execute("UPDATE texts SET text = ? WHERE id = (SELECT caption FROM photos WHERE id = ?)", (caption, photo))
    db.execute("UPDATE photos SET words = ? WHERE id = ?", (fresh, photo))
    db.execute(PUT_IN, (slot, caption, fresh, terms))


def test_a_unit_is_found_by_number_ordinal_and_parent(conn: sqlite3.Connection) -> None:
    def ids(typed: str) -> set[int]:
        return {p.id for p in every(conn, parse_query(typed))}

    assert ids("unit:155") == ids("unit:155th") == ids("unit:155-я") and ids("unit:155")
    assert not ids("unit:155") & ids("unit:55") - ids("unit:155 unit:55")
    child = 'unit:"155th Airborne Battalion"'
    parent = next(v.parent for v in facets(conn, parse_query("unit:155"), most=999)["unit"] if v.parent)
    assert ids(f"unit:{parent} unit:155")
    assert ids(f"unit:{parent} {child}") <= ids(child)


def test_a_name_that_nobody_has_is_looked_for_as_words(conn: sqlite3.Connection) -> None:
    page = search(conn, parse_query("unit:howitzer"))
    assert page.hints == ("No unit here is called howitzer; looking for the words.",)
    assert page.total == search(conn, parse_query("howitzer")).total > 0


def test_what_is_kept_of_a_result_is_nothing_to_the_garbage_collector(conn: sqlite3.Connection) -> None:
    first = facets(conn, parse_query("unit:155"))
    kept = known(conn).result(plan_query(conn, parse_query("unit:155"), known(conn)))
    gc.collect()
    gc.collect()
    assert kept is not None and not any(gc.is_tracked(v) for values in kept[2].values() for v in values)
    assert facets(conn, parse_query("unit:155")) == first


def test_where_nothing_is_found_the_term_to_drop_is_named(conn: sqlite3.Connection) -> None:
    query = parse_query("servicemen zzzzz")
    assert search(conn, query).total == 0
    assert [(str(less.term), str(less.query), less.total) for less in loosen(conn, query)] == [
        ("zzzzz", "servicemen", search(conn, parse_query("servicemen")).total)
    ]


HOSTILE = st.one_of(
    st.text(max_size=80),
    st.lists(
        st.sampled_from(['"', "'", "*", "NEAR(", ")", "(", "AND", "OR", "NOT", "-", "^", ":", "{words}", "caption", "+",
                         "\0", "unit:", "date:", "by:", "place:", "country:", "added:", "perhaps:", "x", "F-16", "%",
                         "_", "--", "<2024", "\ud800", "\u202e", "💥", "ⅷ", "ᾳ", "\u0301", "restriction:", "pool:",
                         "\\"]),
        max_size=10,
    ).map(" ".join),
)  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HOSTILE)
def test_whatever_is_typed_gives_an_answer(conn: sqlite3.Connection, typed: str) -> None:
    query = parse_query(typed)
    page = search(conn, query, limit=2)
    assert page.total >= len(page.photos)
    facets(conn, query)
    loosen(conn, query)


def test_fifty_thousand_characters_are_an_answer(conn: sqlite3.Connection) -> None:
    for typed in ("x" * 50_000, "ab " * 17_000, '"' * 50_000, "unit:a " * 8_000, "-b" * 25_000, "Ж" * 50_000):
        assert search(conn, parse_query(typed)).total >= 0


def test_counts_follow_every_change(tmp_path: Path, made: Path, reference: Reference) -> None:
    path = tmp_path / "changing.db"
    shutil.copy(made, path)
    writer, reader = sqlite3.connect(path, isolation_level=None), sqlite3.connect(path)
    everything, conflicts = parse_query(""), parse_query("has:conflict")

    def counted(typed: str) -> int:
        return {v.value: v.photos for v in facets(reader, parse_query(typed))["has"]}.get("conflict", 0)

    before = counted("")
    assert before == counted("is:caption") == search(reader, conflicts).total > 0
    for photo in (5, 6, 7):
        slot, caption, words, terms = writer.execute(
            "SELECT w.* FROM photos p JOIN photo_words w ON w.slot = p.slot WHERE p.id = ?", (photo,)
        ).fetchone()
        assert "xconflict" not in terms
        writer.execute("BEGIN")
        writer.execute(TAKE_OUT, (slot, caption, words, terms))  # fmt: skip
        # One stays, one moves to another day, one moves to a place far beyond what its day held.
        new = {5: slot, 6: (dt.date(2030, 1, 1).toordinal() << 20) + 1, 7: slot + 5000}[photo]
        terms += " xconflict"
        writer.execute("UPDATE photos SET slot = ?, terms = ? WHERE id = ?", (new, terms, photo))
        writer.execute(PUT_IN,
                       (new, caption, words, terms))  # fmt: skip
        if photo != 6:
            refresh_facet_counts(writer)
        writer.execute("COMMIT")
        now = before + photo - 4
        assert search(reader, conflicts).total == now
        assert counted("") == counted("is:caption") == now
        assert search(reader, everything).total == PHOTOS
    slot, caption, words, terms = writer.execute("SELECT * FROM photo_words ORDER BY slot LIMIT 1").fetchone()
    writer.execute("PRAGMA foreign_keys = OFF")
    writer.execute(TAKE_OUT,
                   (slot, caption, words, terms))  # fmt: skip
    writer.execute("DELETE FROM photos WHERE slot = ?", (slot,))
    assert search(reader, everything, count_to=9999).total == PHOTOS - 1
    refresh_facet_counts(writer)
    kept = dict(writer.execute("SELECT facet || ':' || value, photos FROM facet_counts WHERE facet <> ''").fetchall())
    writer.execute("DELETE FROM facet_counts")
    refresh_facet_counts(writer)
    anew = dict(writer.execute("SELECT facet || ':' || value, photos FROM facet_counts WHERE facet <> ''").fetchall())
    assert kept == anew
