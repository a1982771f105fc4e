"""The authority files, turned into the dictionaries that the caption grammar looks words up in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from archive.folding import fold


@dataclass(frozen=True)
class Entry:
    id: str
    name: str
    variants: tuple
    entry_kind: str
    country: str = ""
    value: str = ""
    needs: str = "any"


@lru_cache
def entries(kind):
    out = []
    for root in (Path("/work/lab/seed"), Path(__file__).parents[2] / "archive/authorities"):
        for f in sorted(root.glob(kind + "*.yml")):
            for e in yaml.load(f.read_text(), yaml.CSafeLoader):
                out.append(Entry(e["id"], e["name"], tuple(map(str, e.get("variants", []))), e.get("kind", ""), str(e.get("country", "")), str(e.get("value","")), str(e.get("needs","any"))))
    return tuple(out)


@lru_cache
def words(kind, ident):
    for e in entries(kind):
        if e.id == ident:
            return frozenset(v.lower() for v in e.variants)
    raise KeyError(ident)


@lru_cache
def terms(kind):
    out = set()
    for e in entries("credit_terms"):
        if e.entry_kind == kind:
            out.update([e.name, *e.variants] if kind == "post-nominal" else [fold(v) for v in (e.name, *e.variants)])
    return frozenset(out)


@lru_cache
def _agencies():
    return {fold(n): e for e in entries("agencies") for n in (e.name, *e.variants)}


def agency_named(text):
    return _agencies().get(fold(text))


@lru_cache
def _ranks():
    return frozenset(fold(n) for e in entries("ranks") for n in (e.name, *e.variants))


@lru_cache(4096)
def is_rank(text):
    return fold(text).rstrip(".") in _ranks() or fold(text) in _ranks()


@lru_cache
def value_words(kind):
    out = {}
    for e in entries("dates"):
        if e.entry_kind == kind:
            for v in (e.name, *e.variants):
                out[v.lower()] = int(e.value or 0)
    return out


@lru_cache
def unit_words(kind):
    """lower-case variant -> (id, value, needs) for one kind of unit word"""
    out = {}
    for e in entries("unit_words"):
        if e.entry_kind == kind:
            for v in (e.name, *e.variants):
                out[v.lower()] = (e.id, e.value, e.needs)
    return out


@lru_cache
def nationalities():
    return frozenset("""ukrainian russian american british french german polish italian spanish israeli syrian iraqi afghan
    turkish chinese japanese korean indian pakistani iranian egyptian libyan sudanese congolese nigerian malian somali
    estonian latvian lithuanian finnish swedish norwegian danish dutch belgian canadian australian romanian bulgarian
    greek serbian bosnian croatian hungarian czech slovak georgian armenian azerbaijani belarusian moldovan kazakh
    indonesian philippine filipino thai vietnamese taiwanese mexican colombian brazilian chilean venezuelan haitian
    rwandan kenyan ethiopian ugandan yemeni saudi jordanian lebanese palestinian kurdish u.s us uk soviet nazi
    republic uruguayan cambodian zealand nato eu un bavarian scottish welsh irish english burmese myanmar
    argentine peruvian cuban algerian tunisian moroccan ghanaian senegalese chadian zimbabwean african""".split())


@lru_cache
def unit_entries():
    from ingest.captions.tokens import Tokens
    out = {}
    for e in entries("units"):
        for v in (e.name, *e.variants):
            toks = tuple(Tokens(v).low)
            out.setdefault(toks[0], {}).setdefault(toks, set()).add(e.id)
    return {k: sorted(((t, tuple(sorted(i))) for t, i in v.items()), key=lambda x: -len(x[0])) for k, v in out.items()}
