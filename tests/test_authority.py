"""Authority files: what they may say, how they are laid over each other, and how a name is looked up."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.authority import SHIPPED, Entry, check, files, load
from archive.authority_files import _COMMON, KINDS, inspect
from archive.errors import ArchiveError, AuthorityError
from archive.folding import fold
from ingest.cli import main


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, and nothing shipped: a test of the rules reads its own few lines, not 9,000 more."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("CUTLINE_CACHE", str(folder))
    monkeypatch.setattr("archive.authority.SHIPPED", tmp_path_factory.mktemp("nothing-shipped"))
    return folder


def folder_of(tmp_path: Path, **files: str) -> Path:
    """A folder of authority files; `units_peru` becomes units-peru.yml."""
    for name, text in files.items():
        (tmp_path / f"{name.replace('__', '-')}.yml").write_text(text, "utf-8")
    return tmp_path


PRESS = """\
- id: harbour-news
  name: Harbour News
  variants: [HN, Harbour News Agency]
  kind: wire
  country: "NO"
  examples: ["(Photo by Kari Lund/Harbour News)"]
  source: general knowledge
"""


# What may stand in a file.

@pytest.mark.parametrize(("text", "line", "says"), [
    pytest.param("- id: a\n  name: NO\n", 2, "yes or no", id="a bare NO is false to YAML, and Norway to us"),
    pytest.param("- id: a\n  name: 010\n", 2, "number", id="a bare 010 is eight"),
    pytest.param("- id: a\n  name: A\n  variants: [B, 2024-05-01]\n", 3, "date", id="a bare date is not text"),
    pytest.param("- id: a\n  name: ~\n", 2, "nothing", id="nothing is not text"),
    pytest.param("- id: a\n  name: [A]\n", 2, "expected text", id="a list where text belongs"),
    pytest.param("- id: a\n  name: A\n  variants: B\n", 3, "expected a list", id="text where a list belongs"),
    pytest.param("- id: a\n  name: A\n  varants: [B]\n", 3, "no such key as 'varants'", id="a key mistyped"),
    pytest.param("- id: a\n  name: A\n  name: B\n", 3, "given twice", id="a key given twice"),
    pytest.param("- id: a\n  name: 'A '\n", 2, "space at its ends", id="untrimmed text"),
    pytest.param("- id: a\n  name: 'A  B'\n", 2, "two spaces", id="two spaces inside a name"),
    pytest.param("- id: a\n  name: ''\n", 2, "is empty", id="empty text"),
    pytest.param("- id: a\n  name: Łódz\u0301\n", 2, "NFC", id="letters taken apart"),
    pytest.param("- id: A b\n  name: A\n", 1, "needs an id", id="an id with a capital and a space"),
    pytest.param("- name: A\n", 1, "needs an id", id="no id"),
    pytest.param("- id: a\n", 1, "needs a name", id="no name"),
    pytest.param("- id: a\n  name: A\n- id: a\n  name: B\n", 3, "this id is taken", id="an id used twice"),
    pytest.param("- id: a\n  name: Łódź\n  variants: [LODZ]\n", 1, "already listed", id="a name that folds so"),
    pytest.param("- id: a\n  name: A\n  part_of: [{id: nobody}]\n", 1, "no other entry", id="no such parent"),
    pytest.param("- id: a\n  name: A\n  succeeded_by: [a]\n", 1, "no other entry", id="its own successor"),
    pytest.param("- id: a\n  name: A\n  exists: {from: last year}\n", 3, "is no date", id="a date in words"),
    pytest.param("- id: a\n  name: A\n  exists: {from: '2020', to: '2014'}\n", 3, "before it begins", id="ends first"),
    pytest.param("- id: a\n  name: A\n  country: UK\n  kind: wires\n", 4, "'wires' is none of", id="a kind unheard of"),
    pytest.param("- id: a\n  name: A\n  country: Norway\n", 3, "ISO 3166", id="a country in words"),
    pytest.param("- id: a\n  name: A\n  state_controlled: 'yes'\n", 3, "needs a source", id="a charge, no source"),
    pytest.param("id: a\nname: A\n", 1, "expected a list of entries", id="one entry, no list"),
    pytest.param("- id: a\n  name: 'A\n", 3, "not YAML", id="a quote left open"),
    pytest.param("- !!python/name:os.system {}\n", 1, "", id="a tag that asks for code"),
])
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    folder = folder_of(tmp_path, agencies=text)
    first = next(problem for problem in inspect((folder,), files(folder)) if problem.fatal)
    assert (Path(first.file).name, first.line) == ("agencies.yml", line)
    assert says in first.message


def test_a_broken_file_is_not_loaded(tmp_path: Path) -> None:
    with pytest.raises(AuthorityError, match=r"agencies\.yml:2: name: NO is read as yes or no: put it in quotes"):
        load(folder_of(tmp_path, agencies="- id: a\n  name: NO\n"))


def test_bytes_that_are_not_utf8_are_told_by_line(tmp_path: Path) -> None:
    (tmp_path / "agencies.yml").write_bytes(b"- id: a\n  name: Caf\xe9\n")
    assert [(p.line, "UTF-8" in p.message) for p in check(tmp_path)] == [(2, True)]


@pytest.mark.parametrize(("name", "says"), [
    ("agences.yml", "no such kind"), ("agencies.yaml", "name it .yml"), ("units-.yml", "is empty"),
])
def test_a_file_that_would_not_be_read_is_told(tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / name).write_text("", "utf-8")
    assert [says in p.message for p in check(tmp_path)] == [True]


def test_all_problems_of_a_folder_are_told_at_once(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, agencies="- id: a\n  name: NO\n- id: b\n  name: 5\n", ranks="- id: c\n  nme: x\n")
    assert [(Path(p.file).name, p.line) for p in check(folder)] == [
        ("agencies.yml", 2), ("agencies.yml", 4), ("ranks.yml", 1), ("ranks.yml", 2),
    ]


def test_an_example_without_the_name_and_a_name_that_fits_two_are_told(tmp_path: Path) -> None:
    hill = "- id: hn2\n  name: Hill News\n  variants: [hn]\n  examples: [Kari]\n"
    folder = folder_of(tmp_path, agencies=PRESS + hill)
    told = check(folder)
    assert [(p.line, p.fatal) for p in told] == [(1, False), (8, False), (8, True)]
    assert "fits hn2 too" in told[0].message and "holds none of its names" in told[2].message
    assert len(load(folder).find("agencies", "HN")) == 2, "neither keeps the folder from being used"


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="no such folder"):
        load(tmp_path / "nowhere")


# Looking up.

def test_case_accents_and_quotes_do_not_count(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, services="- id: x\n  name: Бригада «Хартія»\n  variants: [Łódź Garrison]\n")
    known = load(folder)
    for text in ('БРИГАДА "Хартія"', "lodz  garrison", "Łódź Garrison"):
        assert [entry.id for entry in known.find("services", text)] == ["x"]
    assert known.find("services", "Lodz") == ()
    assert known.find("no-such-kind", "Lodz") == ()


TWINS = """\
- {id: old, name: Old Guard, variants: [OG], exists: {from: "1914", to: "1918-11"}}
- {id: new, name: New Guard, variants: [OG], exists: {from: "2014-05"}}
- {id: ever, name: Ever Guard, variants: [EG]}
- {id: era, name: Era Guard, variants: [EG], exists: {to: "1990"}}
"""


@pytest.mark.parametrize(("text", "when", "ids"), [
    pytest.param("OG", None, ["old", "new"], id="nothing decides: both"),
    pytest.param("OG", "1917-02-03", ["old"], id="the date decides"),
    pytest.param("OG", "2022", ["new"], id="an open end lasts"),
    pytest.param("OG", "1918", ["old"], id="a year overlaps"),
    pytest.param("OG", "1950", ["old", "new"], id="neither existed: the date may be wrong, both stay"),
    pytest.param("OG", "XXXX-04-17", ["old", "new"], id="a date without a year decides nothing"),
    pytest.param("EG", "2001", ["ever"], id="unknown years exclude nothing"),
    pytest.param("EG", "1960", ["ever", "era"], id="both may have existed"),
    pytest.param("Old Guard", "2022", ["old"], id="one candidate is never taken away"),
])
def test_a_name_that_fits_two(tmp_path: Path, text: str, when: str | None, ids: list[str]) -> None:
    folder = folder_of(tmp_path, services=TWINS)
    assert [entry.id for entry in load(folder).find("services", text, when)] == ids


# A newsroom's own folder.

def test_an_added_folder_adds_entries_and_names(tmp_path: Path) -> None:
    one = folder_of(tmp_path, agencies=PRESS)
    two = tmp_path / "two"
    two.mkdir()
    folder_of(two, agencies="- {id: harbour-news, variants: [HNA, ХН], country: SE, without: [HN]}\n"
                            "- {id: hill, name: Hill Photo, part_of: [harbour-news]}\n")
    entry = load(one, two).get("agencies", "harbour-news")
    assert entry.names == ("Harbour News", "Harbour News Agency", "HNA", "ХН")
    assert (entry.country, entry.entry_kind, entry.line) == ("SE", "wire", 1)
    assert load(one, two).find("agencies", "HN") == ()
    assert load(one, two).get("agencies", "hill").part_of == (("harbour-news", "", ""),)
    assert [entry.id for entry in load(one, two).entries("agencies")] == ["harbour-news", "hill"]


def test_years_and_extra_keys_come_through(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, units__test=
        "- {id: top, name: Top Force}\n"
        "- id: a\n  name: A Force\n  arm: [tank, artillery]\n  number: '5'\n  exists: {from: '2014'}\n"
        "  part_of: [{id: top, from: '2014', to: '2016-03'}]\n  succeeded_by: [{id: top, from: '2016'}]\n")
    entry = load(folder).get("units", "a")
    assert entry.extra == {"arm": ("tank", "artillery"), "number": "5"}
    assert entry.part_of == (("top", "2014", "2016-03"),) and entry.succeeded_by == (("top", "2016", ""),)
    assert entry.exists == ("2014", "")


# The compiled file.

def test_a_second_start_reads_no_yaml(tmp_path: Path) -> None:
    """What `cutline parse` pays at every start: the compiled file alone."""
    folder_of(tmp_path, agencies=PRESS)
    code = ("import sys\nfrom pathlib import Path\nfrom archive.authority import load\n"
            f"assert load(Path({str(tmp_path)!r})).find('agencies', 'hn')\nprint('yaml' in sys.modules)")
    said = [subprocess.run([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
                           capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert said == ["True\n", "False\n"]


def test_a_changed_file_is_read_anew_and_a_damaged_cache_too(tmp_path: Path, cache: Path) -> None:
    folder = folder_of(tmp_path, agencies=PRESS)
    assert load(folder).find("agencies", "HN")
    folder_of(tmp_path, agencies=PRESS.replace("HN, ", ""))
    assert not load(folder).find("agencies", "HN")
    for file in cache.iterdir():
        file.write_bytes(file.read_bytes()[:40])
    folder_of(tmp_path, agencies=PRESS)
    assert load(folder).find("agencies", "Harbour News")


KNOWN = load()
EVERY = [entry for kind in KNOWN.kinds() for entry in KNOWN.entries(kind)]


def test_workers_get_a_copy() -> None:
    """A worker on another machine gets the entries with its task."""
    assert pickle.loads(pickle.dumps(KNOWN)).entries("agencies") == KNOWN.entries("agencies")


@settings(deadline=None)  # the first look-up makes the objects
@given(st.sampled_from(EVERY), st.sampled_from([str, str.upper, str.lower, fold]))
def test_every_entry_is_found_by_every_name_of_its(entry: Entry, spelling: Callable[[str], str]) -> None:
    for name in entry.names:
        if fold(spelling(name)) == fold(name):  # ı has no capital of its own
            assert entry in KNOWN.find(entry.kind, spelling(name))


def test_what_is_shipped_has_no_problem() -> None:
    assert [str(problem) for problem in check(SHIPPED) if problem.fatal] == []


@pytest.mark.parametrize("kind", ["agencies", "ranks", "services", "credit_terms"])
def test_every_entry_says_what_it_is_and_where_that_is_from(kind: str) -> None:
    for entry in KNOWN.entries(kind):
        assert entry.entry_kind, entry
        assert entry.source == "general knowledge" or entry.source.startswith("http"), entry


def test_a_charge_of_state_control_rests_on_a_page_that_was_read() -> None:
    charged = [entry for entry in KNOWN.entries("agencies") if entry.state_controlled]
    assert len(charged) >= 20
    assert [entry.id for entry in charged if not entry.source.startswith("http")] == []


# What is shipped.

@pytest.mark.parametrize(("kind", "text", "ids"), [
    pytest.param("agencies", "АР", [], id="Cyrillic letters that only look like AP"),
    pytest.param("agencies", "ТАСС", ["tass"], id="its own script"),
    pytest.param("agencies", "itar-tass", ["tass"], id="an old name"),
    pytest.param("agencies", "PRESS ASSOCIATION", ["pa"], id="capitals"),
    pytest.param("agencies", "Пресс-служба Минобороны РФ", ["ru-mod"], id="a press service is its ministry"),
    pytest.param("agencies", "Russian Defense Ministry Press Service", ["ru-mod"], id="and in English"),
    pytest.param("agencies", "ДСНС у Харківській області", ["ua-dsns-kharkiv"], id="a region's own service"),
    pytest.param("agencies", "Nebraska National Guard", ["nebraska-national-guard"], id="a state's own guard"),
    pytest.param("agencies", "Presidential Press Service", ["kremlin", "turkish-presidency", "ua-president"],
                 id="a name that three bear: all three"),
    pytest.param("agencies", "Pool", [], id="a pool is no agency"),
    pytest.param("agencies", "Handout", [], id="nor is a handout"),
    pytest.param("agencies", "Stringer", [], id="nor a stringer"),
    pytest.param("ranks", "Mass Communication Specialist 2nd Class", ["mass-communication-specialist"], id="a rating"),
    pytest.param("ranks", "mc2", ["mass-communication-specialist"], id="and short"),
    pytest.param("ranks", "Equipment Operator 3rd Class", ["equipment-operator"], id="a Seabee's"),
    pytest.param("ranks", "Chief Mass Communication Specialist", ["mass-communication-specialist"], id="a chief's"),
    pytest.param("ranks", "LPhot", ["leading-photographer"], id="Royal Navy"),
    pytest.param("ranks", "st. szer.", ["pl-ranks"], id="Polish"),
    pytest.param("ranks", "n-srs", ["et-ranks"], id="Estonian"),
    pytest.param("ranks", "Oberstabsgefreiter", ["gefreiter"], id="German"),
    pytest.param("services", "ЗСУ", ["ua-armed-forces"], id="a whole army, in its language"),
    pytest.param("services", "U.S. Marines", ["us-marine-corps"], id="a service, not a unit"),
    pytest.param("credit_terms", "HO", ["handout"], id="a handout"),
    pytest.param("credit_terms", "STR", ["stringer"], id="nobody"),
    pytest.param("credit_terms", "no archives", ["no-archives"], id="a restriction"),
])
def test_what_captions_print_is_known(kind: str, text: str, ids: list[str]) -> None:
    assert sorted(entry.id for entry in KNOWN.find(kind, text)) == ids


def test_nobody_is_no_agency_and_no_rank_is_a_first_name() -> None:
    """Words that would swallow people: a rank that is a first name somewhere, an agency that is an ordinary word."""
    for name in ("Maria", "Mark", "Musa", "Issa", "Pan", "Gal", "Cor", "Des", "Di", "Mac", "Hunter", "Dale", "Sen"):
        assert KNOWN.find("ranks", name) == (), name
    for entry in KNOWN.entries("credit_terms"):
        if entry.entry_kind in ("nobody", "handout", "file", "courtesy", "pool", "undated"):
            assert [name for name in entry.names if KNOWN.find("agencies", name)] == []


def test_flags_and_restrictions_are_said_by_the_entry() -> None:
    for entry in KNOWN.entries("credit_terms"):
        if entry.entry_kind in ("handout", "file", "courtesy", "pool", "undated"):
            assert entry.extra["flag"] == entry.entry_kind
        assert ("restriction" in entry.extra) == (entry.entry_kind == "restriction")


def test_who_owns_whom_goes_round_in_no_circle() -> None:
    by_id = {(entry.kind, entry.id): entry for entry in EVERY}
    for entry in EVERY:
        above, seen = [m.id for m in entry.part_of], set[str]()
        while above:
            parent = by_id.get((entry.kind, above.pop()))
            if parent and parent.id not in seen:
                seen.add(parent.id)
                above += [m.id for m in parent.part_of]
        assert entry.id not in seen


def test_the_guide_names_every_kind_and_key() -> None:
    guide = (Path(__file__).parents[1] / "docs" / "authority-files.md").read_text("utf-8")
    keys = {*_COMMON, *KINDS, *(key for form in KINDS.values() for key in form.extra)}
    assert {key for key in keys if f"`{key}`" not in guide} == set()


def test_the_command_prints_what_is_wrong_and_ends_with_1(tmp_path: Path) -> None:
    folder_of(tmp_path, agencies=PRESS + "- id: b\n  name: 12\n- id: c\n  name: HN\n")
    run = CliRunner().invoke(main, ["check", str(tmp_path)])
    assert run.exit_code == 1
    assert f"{tmp_path}/agencies.yml:9: name: 12 is read as a number: put it in quotes" in run.output
    assert "note: " in run.output and "c: 'HN' fits harbour-news too" in run.output
    folder_of(tmp_path, agencies=PRESS)
    assert CliRunner().invoke(main, ["check", str(tmp_path)]).exit_code == 0
