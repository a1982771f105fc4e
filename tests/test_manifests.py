"""Deliveries: what each form calls a caption, a by-line, a date, and what is wrong with one that is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.errors import RefusedFile
from archive.records import Sighting
from ingest.manifests import Item, items, property_of
from ingest.photograph import from_item

NEWSML = """<?xml version="1.0" encoding="UTF-8"?>
<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>
<newsItem guid="tag:1"><itemMeta><title>No caption</title></itemMeta><contentMeta>
  <contentCreated>2025-04-17T10:00:00+03:00</contentCreated>
  <located type="cptype:city"><name>Sudzha</name>
    <broader type="cptype:statprov"><name>Kursk region</name></broader>
    <broader type="cptype:country"><name>Russia</name></broader></located>
  <creator><name>Ivan Danilov</name></creator><infoSource literal="Sputnik"/>
  <creditline>Sputnik via AP</creditline><headline>At rest</headline>
  <description role="drol:summary">A summary</description>
  <description role="drol:caption">Marines rest &amp; wait.</description>
</contentMeta></newsItem>
<newsItem guid="tag:2"><contentMeta><headline>Only this</headline></contentMeta></newsItem>
</itemSet></newsMessage>"""
NINJS_1 = {"uri": "x", "type": "picture", "byline": "Ivan Danilov", "description_text": "Marines rest.",
           "place": [{"name": "Sudzha"}], "subject": [{"name": "war"}], "contentcreated": "2025-04-17"}  # fmt: skip
NINJS_2 = {
    "uri": "x", "bylines": [{"byline": "Ivan Danilov"}], "infosources": [{"name": "Sputnik"}],
    "headlines": [{"role": "main", "value": "At rest"}],
    "descriptions": [{"role": "summary", "value": "S"}, {"role": "caption", "value": "Marines rest."}],
}  # fmt: skip

GOOD = [
    # name, content, caption, (property, text) pairs that have to be there
    ("a.csv", "Caption,By-line\nMarines rest.,Ivan Danilov\n", "Marines rest.", [("creator", "Ivan Danilov")]),
    ("a.csv", "\ufeffdescription;City\nMarines rest.;Sudzha\n", "Marines rest.", [("city", "Sudzha")]),
    ("a.tsv", "city\tcaption\nSudzha\tMarines, rest.\n", "Marines, rest.", [("city", "Sudzha")]),
    ("a.csv", 'caption,x\n"Marines\nrest, ""here"".",1\n', 'Marines\nrest, "here".', [(None, "1")]),
    ("a.jsonl", '{"caption": "Marines rest.", "Headline": "H"}\n{"caption": "B"}\n', "Marines rest.",
     [("headline", "H")]),
    ("a.json", json.dumps([{"caption": "Marines rest."}]), "Marines rest.", []),
    ("a.json", json.dumps(NINJS_1), "Marines rest.",
     [("creator", "Ivan Danilov"), ("keyword", "war"), ("date_created", "2025-04-17")]),
    ("a.json", json.dumps(NINJS_2), "Marines rest.",
     [("creator", "Ivan Danilov"), ("source", "Sputnik"), ("headline", "At rest")]),
    ("a.xml", NEWSML, "Marines rest & wait.",
     [("creator", "Ivan Danilov"), ("source", "Sputnik"), ("credit_line", "Sputnik via AP"), ("headline", "At rest"),
      ("state", "Kursk region"), ("country", "Russia"), ("date_created", "2025-04-17T10:00:00+03:00")]),
]  # fmt: skip


def read(folder: Path, name: str, content: str | bytes) -> list[Item]:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    kind = {".csv": "csv", ".tsv": "csv", ".xml": "newsml"}.get(path.suffix, "json")
    return list(items(str(path), kind))


@pytest.mark.parametrize(("name", "content", "caption", "fields"), GOOD)
def test_the_first_item(tmp_path: Path, name: str, content: str, caption: str,
                        fields: list[tuple[str | None, str]]) -> None:  # fmt: skip
    first = read(tmp_path, name, content)[0]
    assert (first.number, first.caption, first.error) == (1, caption, None)
    assert set(fields) <= {(f.property, f.text) for f in first.fields}


BAD = [
    # name, content, what the refusal says
    ("a.csv", "a,b\n1,2\n", "No column is called caption or description"),
    ("a.csv", "", "No column is called caption"),
    ("a.csv", b"caption\n\0\n", "zero bytes"),
    ("a.json", "{", "no JSON"),
    ("a.json", "3", "Neither an object nor a list"),
    ("a.xml", "<a>", "well-formed"),
    ("a.xml", "<a/>", "without a newsItem"),
    ("a.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "entities"),
]


@pytest.mark.parametrize(("name", "content", "says"), BAD)
def test_what_is_no_delivery(tmp_path: Path, name: str, content: str | bytes, says: str) -> None:
    with pytest.raises(RefusedFile, match=says):
        read(tmp_path, name, content)


def test_a_bad_item_costs_only_itself(tmp_path: Path) -> None:
    found = read(tmp_path, "a.jsonl", '{"caption": "A"}\nnonsense\n[1]\n{"id": 4}\n{"caption": "B"}\n')
    assert [(item.number, item.caption, bool(item.error)) for item in found] == [
        (1, "A", False), (2, "", True), (3, "", True), (4, "", True), (5, "B", False),
    ]  # fmt: skip
    assert [bool(item.error) for item in read(tmp_path, "a.xml", NEWSML)] == [False, True]
    assert [item.caption for item in read(tmp_path, "a.csv", "caption,city\nA,x\n ,y\n\nB\n")] == ["A", "", "B"]


def test_a_table_from_a_spreadsheet_is_in_its_charset(tmp_path: Path) -> None:
    assert read(tmp_path, "a.csv", "caption\nSoldiers in Mönchengladbach\n".encode("cp1252"))[0].caption == (
        "Soldiers in Mönchengladbach"
    )


@pytest.mark.parametrize(
    ("column", "prop"),
    [("Date Created", "date_created"), ("date_created", "date_created"), ("By-line", "creator"), ("IMAGE_NO", None),
     ("Caption/Abstract", "description"), ("Country Code", "country_code")],
)  # fmt: skip
def test_columns_are_known_by_several_names(column: str, prop: str | None) -> None:
    assert property_of(column) == prop


def test_fields_are_statements_with_their_characters(tmp_path: Path) -> None:
    item = read(tmp_path, "a.csv", "caption,city,date,by\nA soldier rests., Sudzha ,2025-04-17T10:00,I. D.\n")[0]
    photo = from_item(item, Sighting("/a.csv", 1)).photo
    said = {s.property: s for s in photo.statements}
    assert (said["date_created"].value, said["city"].value) == ("2025-04-17", "Sudzha")
    for s in photo.statements:
        assert s.text is not None and s.span is not None
        assert photo.texts[s.text].text[s.span.start : s.span.end] == s.verbatim


def test_half_a_surrogate_pair_moves_no_character(tmp_path: Path) -> None:
    item = read(tmp_path, "a.jsonl", '{"caption": "A \\ud83d soldier."}\n{"caption": "B"}\n')[0]
    assert from_item(item, Sighting("/a.jsonl", 1)).photo.texts[0].text == "A \ufffd soldier."
