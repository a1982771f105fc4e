"""PostgreSQL and tantivy, asked what cutline is asked, on the same captions.

Runs in an environment of its own (tantivy, psycopg), started by `benchmarks.peers`. Reads the captions from an archive,
then answers lines of JSON: what to ask in, milliseconds, and ids found, out.

    python benchmarks/peer_engines.py ARCHIVE FOLDER SOCKET_FOLDER PORT
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FACETS = ("unit", "agency", "country", "year")
_ROWS = (
    "SELECT p.id, p.slot, coalesce(t.text, ''), coalesce(p.taken_from, 0), coalesce(p.unit, ''),"
    " coalesce(p.agency, ''), coalesce(p.country, ''), coalesce(substr(p.taken, 1, 4), ''), p.terms FROM photos p"
    " LEFT JOIN texts t ON t.id = p.caption ORDER BY p.id"
)
Row = tuple[int, int, str, int, str, str, str, str, list[int]]


def rows(archive: str) -> Iterator[Row]:
    """(id, slot, caption, day, unit, agency, country, year, units with those above them)."""
    with sqlite3.connect(f"file:{archive}?mode=ro", uri=True) as db:
        for *row, terms in db.execute(_ROWS):
            units = [int(token[1:]) for token in terms.split() if token[0] == "u"]
            yield (*row, units)


class Postgres:
    """A table with a tsvector in a GIN index, units in another, B-trees on the order and on the day; analysed."""

    def __init__(self, archive: str, folder: str, port: str) -> None:
        import psycopg

        self.db = psycopg.connect(host=folder, port=port, user="postgres", dbname="postgres", autocommit=True)
        self.db.execute("CREATE TABLE photos (id int PRIMARY KEY, slot bigint, caption text, day int, unit text,"
                        " agency text, country text, year text, units int[], words tsvector)")  # fmt: skip
        with self.db.cursor() as cursor, cursor.copy(
            "COPY photos (id, slot, caption, day, unit, agency, country, year, units) FROM STDIN"
        ) as copy:
            for row in rows(archive):
                copy.write_row(row)
        self.db.execute("UPDATE photos SET words = to_tsvector('simple', caption)")
        for index in ("gin (words)", "gin (units)", "btree (slot DESC)", "btree (day)"):
            self.db.execute(f"CREATE INDEX ON photos USING {index}")
        self.db.execute("VACUUM (FULL, ANALYZE) photos")

    def ask(self, wanted: dict[str, Any]) -> list[int]:
        where, values = [], []
        if wanted["words"]:
            where.append("words @@ to_tsquery('simple', %s)")
            values.append(" & ".join(wanted["words"]))
        if wanted["unit"]:
            where.append("units @> ARRAY[%s::int] AND day BETWEEN %s AND %s")
            values += [wanted["unit"], *wanted["days"]]
        condition = " AND ".join(where)
        if not wanted["facets"]:
            found = self.db.execute(
                f"SELECT id, caption, unit, agency, country, year FROM photos WHERE {condition}"
                " ORDER BY slot DESC LIMIT 50",
                values,
            ).fetchall()
            return [row[0] for row in found]
        each = " UNION ALL ".join(
            f"(SELECT {name}, count(*) FROM hits GROUP BY {name} ORDER BY 2 DESC LIMIT 30)" for name in FACETS
        )
        named = ", ".join(FACETS)
        counted = self.db.execute(
            f"WITH hits AS MATERIALIZED (SELECT {named} FROM photos WHERE {condition}) {each}", values
        )
        return [row[1] for row in counted.fetchall()]


class Tantivy:
    """One index in one segment: words with positions, units and days as numbers, the order as a fast field."""

    def __init__(self, archive: str, folder: str) -> None:
        import tantivy

        made = tantivy.SchemaBuilder()
        made.add_text_field("caption", stored=True)
        for name in FACETS:
            made.add_text_field(name, stored=True, fast=True, tokenizer_name="raw", index_option="basic")
        for name in ("id", "slot", "day"):
            made.add_integer_field(name, stored=name == "id", indexed=True, fast=True)
        made.add_integer_field("units", indexed=True)
        Path(folder).mkdir()
        self.index = tantivy.Index(made.build(), path=folder)
        writer = self.index.writer(heap_size=500_000_000, num_threads=1)
        for number, slot, caption, day, unit, agency, country, year, units in rows(archive):
            made_of = {"id": number, "slot": slot, "caption": caption, "day": day, "unit": unit, "agency": agency,
                       "country": country, "year": year, "units": units}  # fmt: skip
            writer.add_document(tantivy.Document(**made_of))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def ask(self, wanted: dict[str, Any]) -> list[int]:
        import tantivy

        terms = [f"+caption:{word}" for word in wanted["words"]]
        if wanted["unit"]:
            terms += [f"+units:{wanted['unit']}", "+day:[{} TO {}]".format(*wanted["days"])]
        query = self.index.parse_query(" ".join(terms), ["caption"])
        if wanted["facets"]:
            asked = {name: {"terms": {"field": name, "size": 30}} for name in FACETS}
            counted = self.searcher.aggregate(query, asked)
            return [bucket["doc_count"] for name in FACETS for bucket in counted[name]["buckets"]]
        hits = self.searcher.search(query, 50, count=False, order_by_field="slot", order=tantivy.Order.Desc).hits
        return [self.searcher.doc(address)["id"][0] for _, address in hits]


def main(archive: str, folder: str, socket: str, port: str) -> None:
    """Load both, say how long that took, then answer until the input ends."""
    engines: dict[str, Postgres | Tantivy] = {}
    start = time.perf_counter()
    engines["tantivy"] = Tantivy(archive, folder)
    tantivy_took, start = time.perf_counter() - start, time.perf_counter()
    engines["postgres"] = Postgres(archive, socket, port)
    print(json.dumps({"tantivy": tantivy_took, "postgres": time.perf_counter() - start}), flush=True)
    for line in sys.stdin:
        wanted = json.loads(line)
        start, used = time.perf_counter(), time.process_time()
        found = engines[wanted["engine"]].ask(wanted)
        took = (time.perf_counter() - start) * 1000
        print(json.dumps([took, (time.process_time() - used) * 1000, found]), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
