"""How likely a place phrase is where the picture was taken, by what stands around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.captions.lexicon import words

if TYPE_CHECKING:
    from ingest.captions.places import Phrase, PlaceReader

#: Between a place and its date: nothing but small words.
_TO_DATE = re.compile(
    r"[\s,.(\-–—:|]*+(?:(?:on|am|le|el|vom|in|early|late|since|this|dated|fin|during|w dniu)[\s,]*+)?(?:the\s++)?(?:\w+day,?\s*+)?"
    r"(?:early|late)?\s*", re.I)
_FROM_DATE = re.compile(
    r"[\s,)\-–—:]*+(?:(?:in|at|near|outside|inside|off|on|aboard|over)\s*+)?(?:the\s++)?(?:[\w-]+\s++){0,4}", re.I)
#: Words that put a place into the story, not under the photographer's feet.
_STORY = re.compile(
    r"\b(?:native of|hometown of|home ?town,?|residents? of|born in|based (?:in|at|out of)|home-?ported (?:in|at)"
    r"|headquartered (?:in|at)|stationed (?:in|at)|deployed (?:from|to)|on (?:the|their|his|its|her) way (?:to|back to|from)"
    r"|en route to|heading to|bound for|ambassador to|war in|war on|invasion of|attacks? on|offensive in"
    r"|sanctions on|ties with|border with|facing|towards?|against|arrived? from|returned from|return to"
    r"|back to|back from|came from|fled from|flee|sails? out of|out of|(?<!seen )(?<!viewed )(?<!view )(?<!off )(?<!launched )(?<!launches )(?<!launch )(?<!operating )(?<!operate )(?<!operates )(?<!flying )(?<! off )from|mayor of|governor of|king of|queen of"
    r"|prince of|dukes? of|duchess of|president of|bank of|university of|club|between|evacuated from|ahead of"
    r"|supporters? of|minister of|republic of|lives in|offices (?:on|in)|graves? of|assault on"
    r"|landing on|strikes? on|raid on|for|trip to|roads? to|route to|highway to|visit to|moved to|leaving for|help from|(?<!ern )(?<!north )(?<!south )(?<!east )(?<!west )part of|and|drop at|year in"
    r"|served in|camp for|before|flew (?:in )?through|flown (?:in )?through|routed through)\s+(?:the\s+|northern\s+|southern\s+|eastern\s+|western\s+|central\s+)*\Z",
    re.I)
#: The last words of these phrases; and what stands before the commonest of them, so that few captions are searched.
_STORY_ENDS = ("of", "in", "at", "to", "from", "on", "with", "for", "and", "before", "against", "between", "facing",
               "toward", "towards", "town", "town,", "flee", "club", "through")
_BEFORE_IN = ("born", "based", "ported", "headquartered", "stationed", "war", "attack", "attacks", "offensive", "lives",
              "sanctions", "offices", "assault", "landing", "strike", "strikes", "raid", "drop", "year", "served")
_TURNED = frozenset(("the", "northern", "southern", "eastern", "western", "central"))
#: What may have brought people there or happen there now: a doubt only.
#: There, for once: `votes in his hometown of Mumba`.
_MILES = re.compile(r"\s\d[\d,.]*+\s*+(?:kms?|kilomet|miles|mi)\b")
_AT_HOME = re.compile(r"\bin (?:his|her|their) (?:native |own )?(?:home\s?town|home village) of\s+\Z")
_EVENT = re.compile(r"\b(?:talks|patrols|fighting|operations?|conflict)\s+in\s+(?:the\s+)?\Z", re.I)
#: Where the photographer stood.
_SEEN_FROM = re.compile(r"\b(?:seen|viewed|view|pictured|photographed|visible|filmed|taken) from\s+(?:the\s+|[a-z]+ern\s+){0,2}\Z")
_FLIES_FROM = re.compile(
    r"\b(?:operat(?:es?|ing)|fl(?:y|ies|ying)|(?:lift|tak|blast)(?:e?s|ed|ing)? off|(?<!that )(?<!which )took off|patrol) from\s+(?:the\s+)?\Z")
_FIELD = re.compile(r"(?:\A|\n|[-|]\s)\s{0,40}(?:Место|Location|Place|Ort|Місце|Lieu|Lugar|Luogo)(?: съемки| made)?\s*[:|]\s*\Z", re.I)
_UNDER_WAY = re.compile(r"\b(?:on (?:the|their|his|its|her) way|en route) (?:to|back to|home to) (?:\w+ )?(?:in|at)\s+(?:the\s+)?\Z", re.I)
_WAR = re.compile(
    r"\bamid (?:\w+[’']s |the )?(?:\w+ ){0,3}(?:in|on|of)\s+\Z"
    r"|\b(?:talks|summit|debate|vote|policy|negotiations|resolution)\b[^,.]{0,18}\b(?:on|about|over)\s+\Z"
    r"|\b(?:war|invasion|attack|operation|conflict|aggression|offensive)\b[^,.]{0,18}\b(?:in|on|of|against|with)\s+\Z", re.I)
#: What a strike left is seen where it fell: `a man in the aftermath of air strikes on Beirut's suburbs`.
_AFTERMATH = re.compile(r"\b(?:[Ss]moke|[Ff]lames|aftermath|site|scene|damaged?|destroyed|rubble|ruins)\b[^,.]{0,40} (?:strikes?|attacks?|raids?) on\s+\Z")
#: Where somebody else is held: a date beside it belongs to the sentence.
_HELD = re.compile(r"\b(?:hostages?|prisoners?|captives?|loved ones)\b[^,.]{0,24}\bheld (?:captive |hostage )?in\s+\Z")
_OWNED = re.compile(r"['’]s\s+(?!.{0,40}\b(?:region|province|oblast|state|district|governorate|county|city|airport|suburbs?|outskirts|waterfront)\b)")
#: `close to the Pakistan frontier`: what lies beyond is not where it was taken.
_FRONTIER = re.compile(r"\s+(?:border|frontier)\b")
_BORDER_OF = re.compile(r"\b(?:border|frontier) (?:of|with|to|between)\s+\Z")
_NOUN_BEHIND = re.compile(
    r"\s+(?!January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Aug|Sept|Oct|Nov|Dec"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Credit|Photo|REUTERS|EPA|AFP)(?:[A-Z][\w’']+|\d)")
#: `Capt. Dale Example of Duluth, Minnesota`: behind a person's name; no further than a word is long.
_HOMETOWN = re.compile(
    r"[A-Z][\w’'.-]{1,40} [A-Z][\w’'-]{1,40} \(\Z|[A-Z][\w’'-]{1,40}(?:\s(?:Jr|Sr|II|III)\.?)?,?\s(?:of|from)\s\Z")
_PERSON_OF = re.compile(r"(?<![\w’'-])[A-Z][\w’'-]{1,30}, (?:of|from) \Z")
_FILED = re.compile(r"[^\n]{0,40}\((?:Xinhua|Reuters|AFP|AP)\)\s*(?:--|-|–|—)")
_DATELINE = re.compile(r"\s*(?:[-–—:(|]|\n)")
_GETTY_DATELINE = re.compile(r"\s*[-–—]\s*[A-Z]+\s+\d+|[^.]{0,30}\((?:Xinhua|Reuters)\)")
_SURE = frozenset(("in", "through", "around", "within", "above", "at", "near", "outside", "inside", "off", "aboard", "over", "along", "on", "в", "во", "у", "на", "под",
                   "під", "біля", "поблизу", "bei", "a", "pres de", "cerca de", "oberhalb", "unterhalb", "unweit", "nahe", "недалеко от", "недалеко від", "неподалік", "неподалік від", "au", "en", "w", "возле", "около", "w okolicach", "i", "pa"))
#: Before `Kyiv's main station`: it is in Kyiv; before a country's possessive it may be anything.
_WHERE = ("in", "at", "near", "outside", "on", "through")


def weigh(reader: PlaceReader, p: Phrase) -> float:
    """A number: above 1.2 the phrase is taken for the place of the picture, the highest wins."""
    from ingest.captions.place_joints import HEAD

    text = reader.text
    before, after = text[max(0, p.start - 80) : p.start], text[p.end : p.end + 60]
    near = reader.preposition(p.start)
    head = not text[: p.start].strip(" \n\t<p>*'\"“(") or HEAD.fullmatch(before) is not None or (
        reader.only_dates_before(p.start)
    )
    line = _opens_line(before)
    kinds = {x.kind for x in p.names}
    w = _governed(near.word, near.kind, near.close, head, line)
    if kinds & {"country", "region"}:
        w += 1.0
    if sum(x.kind != "unknown" for x in p.names) >= 2:
        w += 0.7
    if kinds <= {"country"} and text[p.start : p.end].lower() not in words("place_words", "city-state"):
        w -= 1.2
    if kinds <= {"continent"} or all(x.places and x.places[0].kind == "feature" for x in p.names):
        w -= 3.0 if kinds <= {"continent"} else 1.5
    if kinds <= {"venue"}:
        w -= 1.0
    if kinds <= {"unknown"}:
        w -= 1.2
    if "sea" in kinds:
        w += 0.5
    if "site" in kinds:
        w += 1.5 if near.kind != "moving" else 0.6
    if (before[:-1].endswith(("of", "from")) or before.endswith("(")) and _HOMETOWN.search(before):
        w -= 2.6
    if _FILED.match(after):
        w -= 3.0
    hometown = before[:-1].endswith(("of", "from")) and _PERSON_OF.search(before) is not None
    dated = 0.0 if hometown else _beside_date(reader, p)
    w += dated
    if p.start > reader.sentence:
        w -= 1.3
    if dated < 2.0 and may_be_story(before) and _STORY.search(before) and not (
            _AT_HOME.search(before) or _AFTERMATH.search(before)):
        # A venue may stand behind any word; where it is, its own `in` tells: `the Pyramid and Museum in Example`.
        own_in = len(p.names) > 1 and p.names[0].kind in ("venue", "organisation") and p.names[1].link == "in"
        w -= 1.2 if own_in else 4.2
    if dated < 2.0 and _EVENT.search(before):
        w -= 1.8
    if before.rstrip().endswith((":", "|")) and _FIELD.search(before):
        w += 1.5
    if "from" in before and _SEEN_FROM.search(before):
        w += 5.0
    if "from" in before and _FLIES_FROM.search(before):
        w += 2.5
    if _UNDER_WAY.search(before):
        w -= 5.0
    if kinds <= {"country", "region", "continent"} and _WAR.search(before):
        w -= 3.0
    if _HELD.search(before):
        w -= 5.0
    if _OWNED.match(after) and not (near.close and near.word in _WHERE and p.names[0].kind == "settlement"):
        w -= 3.0
    if kinds <= {"country"} and (_FRONTIER.match(after) or _BORDER_OF.search(before)):
        w -= 2.0
    lone = len(p.names) == 1 and p.names[0].kind in ("settlement", "unknown", "region", "country", "venue")
    if p.names[0].kind == "settlement" and not p.names[0].places:
        w += 1.0  # called a town or village by the words before it
    if lone and not head and not dated and after[:1].isspace() and after[1:2].isdecimal() and not _MILES.match(after):
        w -= 2.0
    if lone and reader.english and not line and not head and text[p.start].isascii() and _NOUN_BEHIND.match(after):
        w -= 1.5
    if head and after.startswith(".") and len(p.names) < 3 and text.isupper():
        p.rule = "dateline"  # SINGAPORE. 1941-11. MEN UNLOADING STORES AT MERSING, JOHORE.
    elif head and _DATELINE.match(after):
        w += 1.2
        p.rule = "dateline"
        if _GETTY_DATELINE.match(after):
            w -= 0.8
    return w


def may_be_story(before: str) -> bool:
    """Whether `_STORY` may find something, by the last words alone."""
    words = before.lower().split()
    while words and words[-1] in _TURNED:
        words.pop()
    if not words or not words[-1].endswith(_STORY_ENDS):
        return False
    return words[-1] not in ("in", "at", "on") or (len(words) > 1 and words[-2].endswith(_BEFORE_IN))


def _opens_line(before: str) -> bool:
    """Whether a line, a sentence or a bracket opens here."""
    said = before.rstrip()
    gap = before[len(said) :]
    return not said or said[-1] == "(" or "\n" in gap or (bool(gap) and said[-1] in ".!?:-–|")


def _governed(word: str, kind: str, close: bool, head: bool, line: bool) -> float:
    """By the preposition, or by standing at the head of the text or of a line."""
    if kind == "place" and word == "of":
        return 1.9 - (0.0 if close else 0.2)  # what a picture shows, a little less sure than where it was taken
    if kind == "place":
        return (2.2 if word in _SURE else 1.2) - (0.0 if close else 0.5)
    if head:
        return 1.4
    if line:
        return 1.6
    return -0.3 if kind == "moving" else -0.6


def _beside_date(reader: PlaceReader, p: Phrase) -> float:
    """Whether the date of the picture stands right beside the phrase, or inside it."""
    text = reader.text
    for a, b in reader.taken:
        if p.start <= a and b <= p.end:
            return 2.0
        if a >= p.end and a - p.end < 30 and _TO_DATE.fullmatch(text[p.end : a]):
            return 2.4
        if b <= p.start and p.start - b < 40 and _FROM_DATE.fullmatch(text[b : p.start]):
            return 1.8
    return 0.0
