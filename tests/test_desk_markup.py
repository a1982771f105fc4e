"""HTML that is written out by hand: whatever stands in a row, it is only words; addresses ask what they say."""

from __future__ import annotations

from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from archive.desk.cards import CARD, card, cut, row
from archive.desk.facet_lists import facet_lists
from archive.desk.markup import Addresses, attribute, text
from archive.facets import FacetValue
from archive.query import Query, Term, parse_query
from archive.search import PhotoRow

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), max_size=40) | st.sampled_from(
    ['"><script>alert(1)</script>', "' onmouseover='x", "</bdi></p><img src=x>", "&lt;b&gt; &amp;", "{{ 7*7 }}", ""]
)


class Seen(HTMLParser):
    """The elements of a piece of HTML in order, and all its words."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.words = ""
        self.feed(str(html))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.words += data


def photo(caption: str, place: str, unit: str, credit: str, thumbnail: str | None = None) -> PhotoRow:
    return PhotoRow(1, "0" * 32, 1, "picture", None, None, None, caption, None, "2025-04-17", "taken", "exact", place,
                    None, None, None, None, None, unit, credit, credit, credit, None, (unit,), "exact", 1, True, None,
                    thumbnail, 480, 320)  # fmt: skip


@given(words, words, words, words)
def test_a_card_is_the_same_elements_whatever_its_words(caption: str, place: str, unit: str, credit: str) -> None:
    """Compared with a card of plain words that is empty in the same places."""

    def plain(value: str) -> str:
        return "x" if value else ""

    for thumbnail in (None, "f" * 64):
        made = Seen(card(photo(caption, place, unit, credit, thumbnail), "/"))
        same = Seen(card(photo(plain(caption), plain(place), plain(unit), plain(credit), thumbnail), "/"))
        assert (made.tags, made.attributes) == (same.tags, same.attributes)
        if thumbnail is None:
            assert cut(caption, CARD) in made.words
        assert cut(place, 80) in made.words


@given(words, words, st.lists(words, max_size=3))
def test_a_row_of_the_list_holds_its_words_and_marks(caption: str, unit: str, wanted: list[str]) -> None:
    made = Seen(row(photo(caption, "", unit, ""), "/", wanted))
    assert {*made.tags} <= {"tr", "td", "a", "span", "b", "i", "input", "bdi", "mark"}
    assert cut(unit, 90) in made.words
    assert caption[:40] in made.words


@given(words)
def test_text_and_attributes_are_read_back(value: str) -> None:
    assert unescape(text(value)) == value
    quoted = attribute(value)
    assert (quoted[0], quoted[-1], unescape(quoted[1:-1])) == ('"', '"', value)
    assert '"' not in quoted[1:-1] and "<" not in quoted[1:-1]


@given(words, words)
def test_an_address_asks_for_what_it_says(typed: str, more: str) -> None:
    """With one term more, and without it again; views and orders stay."""
    query = parse_query(typed)
    term = next(iter(parse_query(more).terms), Term("unit", "155"))
    at = Addresses("/desk/", query, "&sort=added&view=list")

    def asked(address: str) -> tuple[str, list[str]]:
        parts = urlsplit(unescape(address[1:-1]))
        given = parse_qs(parts.query, keep_blank_values=True)
        assert (parts.path, given["sort"], given["view"]) == ("/desk/", ["added"], ["list"])
        return given.get("q", [""])[0], list(given)

    assert parse_query(asked(at.adding(str(term)))[0]) == query.adding(term) or term in query.terms
    for own in query.terms:
        assert asked(at.toggled(str(own)))[0] == str(query.without(own))


def test_a_value_that_is_asked_for_opens_the_search_again() -> None:
    found = {"unit": [FacetValue("a", "56th <Brigade>", 1204, "unit", "56th <Brigade>"),
                      FacetValue("b", "A company", 3, "unit", "b", "a")]}  # fmt: skip
    query = Query((Term("unit", "b"),))
    html = facet_lists(found, query, 2000, Addresses("/", query))
    seen = Seen(html)
    assert seen.words.strip() == "Unit56th <Brigade>1,204A company3"
    assert '<li class="in"><a href="/" class="on" aria-current="true">' in html
    assert 'href="/?q=unit%3Ab+unit%3A%2256th+%3CBrigade%3E%22"' in html
