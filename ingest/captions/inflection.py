"""Endings of place names in grammatical cases → the nominatives they may come from. Rules, no names.

Russian and Ukrainian decline the names of places, each word of them; Polish, Czech and Latvian too. A rule here only
proposes: a candidate counts when the gazetteer knows it, so rules may be generous. All in folded form
(`archive.folding.fold`): small letters, `ё` as `е`, Latin letters without accents.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

#: No phrase gives more candidates than this; names are short, hostile text is not.
LIMIT = 96

#: ending → endings of the nominative, for adjectives and for nouns alike, longest first. Zaliznyak's paradigms for
#: Russian, the orthography of 2019 for Ukrainian, cut down to what names of places show.
_CYRILLIC: tuple[tuple[str, tuple[str, ...]], ...] = (
    # adjectives: Курской области, Київській області, Красноярского края, Нижнем Новгороде, Новій Каховці
    ("ского", ("ский", "ское", "ск")), ("скому", ("ский", "ское")), ("ском", ("ский", "ское", "ск")),
    ("ским", ("ский", "ское", "ск")), ("ской", ("ская", "ской")), ("скую", ("ская",)),
    ("ського", ("ський", "ське", "ск")), ("ському", ("ський", "ське", "ск")), ("ським", ("ський", "ське", "ськ")),
    ("ській", ("ська", "ський")), ("ської", ("ська",)), ("ську", ("ська", "ськ")), ("ською", ("ська",)),
    ("цького", ("цький", "цьке")), ("цькому", ("цький", "цьке")), ("цькій", ("цька",)), ("цької", ("цька",)),
    ("цьку", ("цька", "цьк")), ("цькою", ("цька",)), ("цким", ("цкий", "цк")), ("цкой", ("цкая",)),
    ("цкого", ("цкий",)), ("цком", ("цкий", "цк")), ("цкую", ("цкая",)),
    ("ового", ("овий", "овый", "ів", "ов")),
    ("ого", ("ый", "ий", "ой", "ое")), ("его", ("ий", "ее")), ("ому", ("ый", "ий", "е")), ("ему", ("ий", "е")),
    ("ом", ("ый", "ий", "ое", "ой", "", "о")), ("ем", ("ий", "ее", "ь", "й", "е")), ("ой", ("ая", "ой", "а", "ый")),
    ("ей", ("ая", "яя", "я", "ь", "ье")), ("ую", ("ая",)), ("юю", ("яя",)), ("ым", ("ый", "ое", "ой", "")),
    ("им", ("ий", "ее", "е")), ("ых", ("ые",)), ("их", ("ие", "і")), ("ої", ("а",)), ("ій", ("а", "ий", "я", "я")),
    ("ою", ("а", "ая")), ("ею", ("а", "я")), ("єю", ("я",)),
    # nouns, Ukrainian: Львові, Харкові, Києвом, Мар'їнкою, Вовчанська, Слов'янську, Бахмутом
    ("ові", ("", "ов", "ів")), ("еві", ("", "ев", "їв", "ь")), ("ова", ("ів", "ово", "ов")),
    ("ева", ("їв", "ево", "ев")),
    ("єва", ("їв",)), ("єві", ("їв",)), ("єву", ("їв",)), ("євом", ("їв",)), ("ову", ("ів", "ово", "ова")),
    ("овом", ("ів", "ово", "ов")), ("еву", ("їв", "ев")), ("евом", ("їв", "ево", "ев")), ("ноля", ("ніль", "нополь")),
    ("поля", ("піль", "поль")), ("полі", ("піль", "поль", "поля")), ("полем", ("піль", "поль")),
    ("полю", ("піль", "поль")), ("поле", ("поль",)), ("ці", ("ка", "ця", "ці", "це")), ("зі", ("га",)), ("сі", ("ха",)),
    ("щині", ("щина",)), ("щину", ("щина",)), ("щини", ("щина",)), ("щиною", ("щина",)), ("чині", ("чина",)),
    ("нці", ("нець", "нка", "нці")), ("нця", ("нець",)), ("нцю", ("нець",)), ("нцем", ("нець",)), ("нка", ("нок",)),
    ("ья", ("ье",)), ("ье", ("ье", "ья")), ("ьи", ("ья", "ье")), ("ью", ("ь", "ье", "ья")), ("ьем", ("ье",)),
    ("жжі", ("жжя",)), ("жжю", ("жжя",)), ("ттям", ("ття",)), ("жжям", ("жжя",)), ("ю", ("я", "ь", "й")),
    ("ии", ("ия",)), ("ию", ("ия",)), ("ией", ("ия",)), ("ії", ("ія",)), ("ію", ("ія",)), ("ією", ("ія",)),
    ("це", ("ец", "цо", "ца", "цк")), ("ця", ("ець",)), ("ца", ("ец", "цо")), ("цу", ("ец", "ца")),
    ("цем", ("ец", "ць")),
    ("цом", ("ец",)), ("ке", ("к", "ка", "ок", "ко")), ("ка", ("ок", "к")), ("ки", ("ка", "ки")),
    ("ку", ("к", "ка", "ок")),
    ("ок", ("ки",)), ("ек", ("ки", "ьки")), ("ам", ("ы", "и", "а")), ("ами", ("ы", "и", "а")), ("ах", ("ы", "и", "а")), ("ях", ("и", "ы", "я", "і")),
    ("ями", ("и", "і")), ("ям", ("и", "і")), ("ов", ("ы",)), ("цах", ("цы",)), ("івців", ("івці",)), ("вців", ("вці",)),
    ("вцях", ("вці",)), ("вцями", ("вці",)), ("вцев", ("вцы",)), ("вцах", ("вцы",)), ("сел", ("сла",)),
    ("мах", ("мы", "ми")), ("мами", ("мы", "ми")), ("м", ("",)),
    ("е", ("", "а", "о", "я", "ь", "й")), ("і", ("", "а", "о", "я", "ь", "е")), ("у", ("", "а", "о")),
    ("а", ("", "о")), ("и", ("а", "я", "ь", "ы", "")), ("ы", ("а", "")), ("я", ("ь", "й", "е", "я")),
    ("ї", ("я", "ї")), ("єм", ("й", "я")), ("їв", ("ї",)), ("ів", ("и", "і")),
)

#: Polish (w Warszawie, Gołdapi, Krakowie), Czech (v Praze, Brně), Latvian (Alūksnē, Ādažos), German genitive.
_LATIN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("owie", ("ow", "owo", "owa")), ("awie", ("awa", "aw")), ("zie", ("d", "da", "z")), ("dzi", ("dz",)),
    ("iu", ("", "ie", "n")), ("nie", ("n", "na", "no")), ("lu", ("l", "le")), ("cie", ("t", "ta", "to")),
    ("sku", ("sk", "sko")), ("cku", ("ck", "cko")), ("skiem", ("skie",)), ("skim", ("skie", "ski")), ("im", ("ie",)),
    ("wej", ("wa",)), ("nej", ("na",)), ("skiego", ("skie", "ski")), ("skiej", ("ska",)), ("ach", ("y", "e", "i")), ("rze", ("r", "ra", "rz", "ro")),
    ("le", ("la", "lo", "l")), ("mie", ("m", "ma")), ("pie", ("p", "pa")), ("bie", ("b", "ba", "bie")),
    ("api", ("ap",)), ("wiu", ("w",)), ("ice", ("ica", "ika")), ("icach", ("ice",)), ("ycach", ("yce",)),
    ("ze", ("ha", "ga")), ("ne", ("no", "na", "n", "ne")), ("ovu", ("ov",)), ("ove", ("ov", "ova")),
    ("os", ("i",)), ("us", ("i",)), ("as", ("a",)), ("es", ("e",)), ("iu", ("ie",)), ("u", ("", "a", "o", "i")), ("y", ("a",)), ("i", ("a", "")),
    ("s", ("",)), ("a", ("",)), ("e", ("a", "")),
)

_PARTS = re.compile(r"([\s-]+)")


def nominatives(folded: str) -> Iterator[str]:
    """Candidates for the nominative of a folded name, likeliest first, without the name itself; at most `LIMIT`.

    Words are taken one by one (`курской области`), parts between hyphens too (`ростове-на-дону`). Latin endings are
    tried only on one or two words of four letters or more, five together, where little else can match.
    """
    if len(folded) > 80:
        return
    rules = _LATIN if folded.isascii() else _CYRILLIC
    parts = _PARTS.split(folded)
    if rules is _LATIN and (len(parts) > 3 or min(map(len, parts[::2])) < 4 or len(folded) < 5):
        return
    choices = [[part] if index % 2 else _word(part, rules) for index, part in enumerate(parts)]
    seen = {folded}
    for combination in itertools.islice(itertools.product(*choices), LIMIT):
        candidate = "".join(combination)
        if candidate not in seen:
            seen.add(candidate)
            yield candidate


def _word(word: str, rules: tuple[tuple[str, tuple[str, ...]], ...]) -> list[str]:
    """The word itself, then what its endings may stand for. Words of two letters (`на`, `де`) are left as they are."""
    found = [word]
    if len(word) < 3:
        return found
    for ending, bases in rules:
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            found += [word[:len(word) - len(ending)] + base for base in bases]
    return list(dict.fromkeys(found))
