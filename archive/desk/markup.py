"""HTML that a page has hundreds of, written out by hand: cards, values of facets, bars.

A template takes ten times as long for them, and they were most of what a search page cost. The rule of this module:
whatever comes from outside goes through `text` (content) or `attribute`, and nothing else goes in unseen.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from urllib.parse import quote_plus

from markupsafe import Markup

from archive.query import Query, Term

__all__ = ["Addresses", "Markup", "attribute", "number", "quoted", "text"]


def text(value: str) -> str:
    """Any text as the content of an element."""
    return escape(value, quote=False)


def attribute(value: str) -> str:
    """Any text as the value of an attribute, in its quotes."""
    return f'"{escape(value)}"'


#: A value as a part of an address; the same few thousand are asked again and again.
quoted = lru_cache(maxsize=1 << 14)(quote_plus)


def number(value: int) -> str:
    """`1,204`."""
    return f"{value:,}"


class Addresses:
    """Addresses of one search with one term more or less, without encoding all of it anew each time.

    `tail` is what else the address says (`&view=list`), `root` the desk's own path with its final slash.
    """

    def __init__(self, root: str, query: Query, tail: str = "") -> None:
        """Addresses made here are ready to be an attribute's value: nothing in them needs escaping but &."""
        self._root, self._query, self._tail = root, query, escape(tail)
        self._asked = {str(term): term for term in query.terms}
        self._before = quote_plus(str(query)) + "+" if query.terms else ""

    def asks(self, typed: str) -> bool:
        """Whether the search has this term already."""
        return typed in self._asked

    def adding(self, typed: str) -> str:
        """The search and one more term."""
        return f'"{self._root}?q={self._before}{quoted(typed)}{self._tail}"'

    def toggled(self, typed: str) -> str:
        """The search with this term, or without it where it has it."""
        term = self._asked.get(typed)
        return self.adding(typed) if term is None else self.without(term)

    def without(self, term: Term) -> str:
        """The search less one term."""
        rest = quote_plus(str(self._query.without(term)))
        if not rest:
            return f'"{self._root}{self._tail.replace("&amp;", "?", 1)}"'
        return f'"{self._root}?q={rest}{self._tail}"'
