"""What is taken away: exact to the character, in an order and with names that do not change."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import tracemalloc
from collections.abc import Iterator
from itertools import islice, repeat
from pathlib import Path
from typing import Any

import defusedxml.ElementTree as ElementTree
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import contract, export, sidecars
from archive.errors import ArchiveError
from archive.query import parse_query
from archive.search import PhotoRow, every, facets, search
from archive.suggest import suggest
from benchmarks.corpus import write as make

#: Fixed: programs read these. A new one goes at the end.
COLUMNS = (
    "id,date,date_role,date_standing,unit,location,place,region,country,latitude,longitude,photographer,agency,"
    "credit_line,pool,flags,headline,caption,standing,conflicts,restricted,kind,format,width,height,added,thumbnail"
)


@pytest.fixture(scope="module")
def conn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("export") / "made.db"
    make(path, 1200, seed=5)
    db = sqlite3.connect(path)
    yield db
    db.close()


def a_photo(**values: Any) -> PhotoRow:
    plain: dict[str, Any] = dict.fromkeys(PhotoRow._fields)
    plain |= {"id": 1, "identity": "ab" * 16, "slot": 1, "kind": "picture", "flags": (), "conflicts": 0,
              "restricted": False, "added": "2025-04-26T10:00:00Z"}  # fmt: skip
    return PhotoRow(**(plain | values))


FULL = a_photo(
    caption='He said "go" & <left>,\nthen =1+1', headline="Trench", taken="2025-04-17", taken_role="taken",
    taken_standing="exact", location="Kursk region, Russia", region="Kursk region", country="RU", latitude=51.7,
    longitude=-36.2, unit="155th Naval Infantry Brigade; Pacific Fleet", photographer="Ivan Danilov; Bo Wren",
    agency="Sputnik → Associated Press", credit_line="Ivan Danilov/Sputnik via AP", flags=("pool", "file"),
    standing="variant", conflicts=1, restricted=True, format="JPEG", width=640, height=480, thumbnail="cd" * 32,
)  # fmt: skip


def test_the_columns_and_their_order_are_fixed() -> None:
    assert ",".join(contract.NAMES) == COLUMNS
    assert next(export.as_csv([])) == COLUMNS + "\r\n"
    assert list(contract.photo_object(FULL)) == COLUMNS.split(",")


def test_docs_name_every_field_and_address() -> None:
    text = (Path(__file__).resolve().parent.parent / "docs" / "api.md").read_text("utf-8")
    for field in contract.FIELDS:
        assert f"| `{field.name}` | {field.about} |" in text
    for address in contract.openapi()["paths"]:
        assert f"`{address}`" in text


def test_csv_holds_every_photo_of_the_archive_exactly(conn: sqlite3.Connection) -> None:
    text = "".join(export.as_csv(every(conn, parse_query(""))))
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    expected = conn.execute(
        "SELECT p.identity, coalesce(p.taken, ''), t.text, coalesce(p.flags, ''), p.latitude FROM photos p"
        " JOIN texts t ON t.id = p.caption ORDER BY p.slot DESC"
    ).fetchall()
    assert [(r["id"], r["date"], r["caption"], r["flags"], float(r["latitude"])) for r in rows] == expected
    assert len(rows) == 1200


def test_the_json_forms_say_the_same_as_the_csv(conn: sqlite3.Connection) -> None:
    query = parse_query("servicemen")
    lines = [json.loads(line) for line in "".join(export.as_ndjson(every(conn, query))).splitlines()]
    assert lines == json.loads("".join(export.as_json(every(conn, query))))
    rows = list(csv.DictReader(io.StringIO("".join(export.as_csv(every(conn, query))), newline="")))
    assert [line["id"] for line in lines] == [row["id"] for row in rows]
    assert [line["caption"] for line in lines] == [row["caption"] for row in rows]


def test_nothing_found_is_an_empty_answer_in_every_form() -> None:
    assert "".join(export.as_json([])) == "[]\n"
    assert "".join(export.as_ndjson([])) == ""
    feed = ElementTree.fromstring("".join(export.as_atom([], base="http://desk", title="t", search="/search.atom?q=x")))
    assert feed.findall("{http://www.w3.org/2005/Atom}entry") == []


@given(st.text(max_size=40))
def test_any_caption_survives_csv_and_json(caption: str) -> None:
    photo = a_photo(caption=caption)
    written = "".join(export.as_csv([photo]))
    assert next(csv.DictReader(io.StringIO(written, newline="")))["caption"] == caption
    assert json.loads("".join(export.as_json([photo])))[0]["caption"] == caption


@given(st.text(max_size=40), st.floats(allow_nan=False) | st.none())
def test_csv_is_what_the_csv_module_writes(words: str, latitude: float | None) -> None:
    photo = a_photo(caption=words, headline=words[::-1], latitude=latitude)
    expected = io.StringIO()
    cells = [getattr(photo, field.attribute) for field in contract.FIELDS]
    cells = [" ".join(c) if isinstance(c, tuple) else int(c) if isinstance(c, bool) else c for c in cells]
    csv.writer(expected, lineterminator="\r\n").writerows([contract.NAMES, cells])
    assert "".join(export.as_csv([photo])) == expected.getvalue()


@given(st.text(max_size=40))
def test_any_caption_is_well_formed_xml(caption: str) -> None:
    photo = a_photo(caption=caption, headline=caption, photographer=caption)
    ElementTree.fromstring("".join(export.as_atom([photo], base="http://desk", title=caption, search="/x?q=<&>")))
    ElementTree.fromstring(sidecars.xmp(photo).encode())


@pytest.mark.parametrize("cell", ["=1+1", "+49 30", "-3 degrees", "@home", "\tx", "＝1"])
def test_spreadsheets_run_no_cell_of_a_safe_csv(cell: str) -> None:
    safe = "".join(export.as_csv([a_photo(caption=cell, latitude=-3.5)], safe=True))
    assert safe.startswith("\ufeff")
    row = next(csv.DictReader(io.StringIO(safe.removeprefix("\ufeff"), newline="")))
    assert row["caption"] == f"'{cell}"
    assert row["latitude"] == "-3.5"
    exact = next(csv.DictReader(io.StringIO("".join(export.as_csv([a_photo(caption=cell)])), newline="")))
    assert exact["caption"] == cell


def test_a_hundred_times_the_photos_take_the_same_memory() -> None:
    def peak(photos: int) -> int:
        tracemalloc.start()
        for write in (export.as_csv, export.as_ndjson, export.as_json):
            for _ in write(islice(repeat(FULL), photos)):
                pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(50_000) < 1.5 * peak(500)


def test_atom_has_what_a_reader_shows() -> None:
    pieces = export.as_atom([FULL], base="http://desk", title="unit:155", search="/search.atom?q=unit%3A155")
    feed = ElementTree.fromstring("".join(pieces))
    atom = "{http://www.w3.org/2005/Atom}"
    entry = feed.find(f"{atom}entry")
    assert feed.findtext(f"{atom}updated") == "2025-04-26T10:00:00Z"
    assert entry.findtext(f"{atom}id") == "urn:cutline:photo:" + "ab" * 16
    assert entry.findtext(f"{atom}summary") == FULL.caption
    assert [n.text for n in entry.iter(f"{atom}name")] == ["Ivan Danilov", "Bo Wren"]
    assert entry.find(f"{atom}link").get("href") == "http://desk/photo/" + "ab" * 16


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("before", "utf-8")

    def breaks() -> Iterator[str]:
        yield "half"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        export.write(path, breaks())
    assert path.read_text("utf-8") == "before"
    export.write(path, export.as_csv([FULL]))
    assert path.read_bytes().decode() == "".join(export.as_csv([FULL]))
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]
    with pytest.raises(ArchiveError, match="cannot be written"):
        export.write(tmp_path / "nowhere" / "out.csv", ["x"])


def test_parquet_has_the_same_columns(tmp_path: Path) -> None:
    from pyarrow import parquet

    export.write_parquet(tmp_path / "out.parquet", [FULL, a_photo()])
    table = parquet.read_table(tmp_path / "out.parquet")
    assert ",".join(table.column_names) == COLUMNS
    assert table.to_pylist() == json.loads("".join(export.as_json([FULL, a_photo()])))


def test_ninjs_adds_no_precision_to_a_date() -> None:
    item = sidecars.ninjs(a_photo(taken="2025-04", caption="A trench"), "http://desk")
    assert item["uri"] == "http://desk/photo/" + "ab" * 16
    assert "contentcreated" not in item
    assert {d["role"]: d["value"] for d in item["descriptions"]} == {"caption": "A trench", "datecreated": "2025-04"}
    whole = sidecars.ninjs(FULL, "http://desk")
    assert [s["name"] for s in whole["infosources"]] == ["Sputnik", "Associated Press"]
    assert whole["places"][0]["geometry_geojson"]["coordinates"] == [-36.2, 51.7]


def test_an_xmp_sidecar_is_read_back() -> None:
    root = ElementTree.fromstring(sidecars.xmp(FULL).encode())
    dc, rdf = "{http://purl.org/dc/elements/1.1/}", "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
    photoshop, ext = "{http://ns.adobe.com/photoshop/1.0/}", "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
    assert root.find(f".//{dc}description/{rdf}Alt/{rdf}li").text == FULL.caption
    assert [e.text for e in root.findall(f".//{dc}creator/{rdf}Seq/{rdf}li")] == ["Ivan Danilov", "Bo Wren"]
    assert root.findtext(f".//{photoshop}DateCreated") == "2025-04-17"
    assert root.findtext(f".//{ext}LocationCreated//{ext}ProvinceState") == "Kursk region"
    assert "DateCreated" in sidecars.xmp(a_photo(taken="2025-04"))
    assert "DateCreated" not in sidecars.xmp(a_photo(taken="194X"))


def test_the_command_line_prints_and_writes_the_same(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from ingest.cli import main

    archive = tmp_path / "made.db"
    make(archive, 300, seed=5)
    run, asked = CliRunner(), ["servicemen", "--archive", str(archive)]
    for form in ("csv", "json", "ndjson"):
        printed = run.invoke(main, ["search", *asked, f"--{form}"])
        written = run.invoke(main, ["export", str(tmp_path / f"out.{form}"), *asked])
        assert (printed.exit_code, written.exit_code) == (0, 0), written.output
        assert (tmp_path / f"out.{form}").read_bytes() == printed.stdout_bytes != b""
    found = [json.loads(line)["id"] for line in printed.stdout_bytes.splitlines()]
    few = run.invoke(main, ["search", *asked, "--ndjson", "--limit", "3"]).stdout_bytes.splitlines()
    assert [json.loads(line)["id"] for line in few] == found[:3]
    assert run.invoke(main, ["export", str(tmp_path / "out.parquet"), *asked]).exit_code == 0
    refused = run.invoke(main, ["export", str(tmp_path / "out.xls"), *asked])
    assert refused.exit_code == 2 and "ends in none of .csv" in refused.stderr


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """The part of JSON Schema that the contract uses."""
    names: dict[type, str] = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array",
                              dict: "object", type(None): "null"}  # fmt: skip
    kinds = schema.get("type", names[type(value)])
    kind = names[type(value)]
    if kind not in kinds and not (kind == "integer" and "number" in kinds):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if isinstance(value, dict) and "properties" in schema:
        known = schema["properties"]
        return set(schema["required"]) <= set(value) <= set(known) and all(fits(v, known[k]) for k, v in value.items())
    if isinstance(value, list):
        return all(fits(v, schema["items"]) for v in value)
    return True


@pytest.mark.parametrize("typed", ["", "servicemen date:2012", "date:soon -unit:nobody", "zzzz"])
def test_the_answers_fit_their_schemas(conn: sqlite3.Connection, typed: str) -> None:
    query = parse_query(typed)
    answer = contract.search_answer(query, search(conn, query), facets=facets(conn, query))
    assert fits(json.loads(json.dumps(answer)), contract.search_schema())
    assert not fits({**answer, "total": None}, contract.search_schema())
    suggested = contract.suggest_answer("unit:1", suggest(conn, "unit:1"))
    assert suggested["suggestions"] and fits(suggested, contract.suggest_schema())


def test_the_openapi_document_points_at_schemas_that_are_there() -> None:
    document = contract.openapi("http://desk")
    text = json.dumps(document)
    for name in ("Search", "Photo", "Suggestions"):
        assert f'"#/components/schemas/{name}"' in text and name in document["components"]["schemas"]
    assert document["openapi"].startswith("3.1")
