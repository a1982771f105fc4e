"""Ships: `USS Nitze`, `KRI 365 Diponegoro`, `frigate „Hessen“`, `the Chinese destroyer Zunyi`."""

from __future__ import annotations

from ingest.captions.lexicon import nationalities
from ingest.captions.unit_scan import UnitScan

_UPPER_STOP = frozenset(("takes", "sails", "and", "in", "with", "at", "on", "during"))


class ShipRules(UnitScan):
    """Rules for ships."""

    def ship(self, i: int) -> None:
        t, n = self.t, len(self.t)
        j = i + 1
        if j < n and t.word[j].isdigit() and not t.glued(j):
            j += 1
        name = j
        open_quote = ""
        if j < n and t.word[j] in "\"“‘'«„":
            open_quote = t.word[j]
            j += 1
            name = j
        while j < n and j - name < 6:
            w = t.word[j]
            if w == "." and t.glued(j) and j > name and (len(t.word[j - 1]) == 1 or t.low[j - 1] in ("st", "jr", "sr")):
                j += 1
                continue
            if w in "-" and t.glued(j) and j + 1 < n and t.glued(j + 1):
                j += 1
                continue
            if (
                w in ("the", "de", "of", "da", "della", "di", "del")
                and j > name
                and j + 1 < n
                and self.is_word(j + 1)
                and self.capital(j + 1)
            ):
                j += 1
                continue
            if t.low[j] in ("'s", "’s"):
                break
            if self.is_word(j) and self.capital(j) and t.low[j] not in ("during", "and"):
                if (
                    t.word[i].isupper()
                    and len(t.word[name]) > 2
                    and not t.word[name].isupper()
                    and w in ("Carrier", "Amphibious", "Strike", "Expeditionary")
                    and j > name
                ):
                    break
                if w.isupper() and t.word[name].isupper() and t.low[j] in _UPPER_STOP:
                    break
                j += 1
                continue
            break
        while j > name and (t.word[j - 1] in ".-" and not t.word[j - 2][:1].isupper()):
            j -= 1
        if j > name:
            if open_quote and j < n and t.word[j] in "\"”’'»“":
                j += 1
            first = i
            # Her Majesty's Canadian Ship (HMCS) FREDERICTON
            self.add(first, j, "ship", None, "ship", 3)

    def ship_by_type(self, i: int) -> None:
        t, n = self.t, len(self.t)
        if not any(
            i - len(p) + 1 >= 0 and tuple(t.low[i - len(p) + 1 : i + 1]) == p for p in self.ship_types[t.low[i]]
        ):
            return
        low = t.low[i]
        k = i + 1
        if k < n and t.word[k] == ",":
            return
        if low == "cutter" and self.capital(i):
            j = k
            while j < n and self.is_word(j) and self.capital(j) and j - k < 3:
                j += 1
            if j > k:
                f = i
                while f and t.low[f - 1] in ("guard", "coast"):
                    f -= 1
                self.add(f, j, "ship", None, "ship", 3)
            return
        if k < n and t.low[k] in self.kinds["ship-prefix"] and t.word[k].isupper():
            return
        q = self.quoted(k)
        if q > k:
            inner = (k + 1, q - 1)
            if t.word[q - 1] == ")":
                inner = (k + 1, q - 4)
            self.add(inner[0], inner[1], "ship-name", None, "ship", 2)
            return
        if (
            k < n
            and self.is_word(k)
            and self.capital(k)
            and t.low[k] not in self.kinds["stop"]
            and t.low[k] not in nationalities()
            and t.low[k] not in self.kinds["echelon"]
        ):
            j = k
            while (
                j < n
                and (
                    (self.is_word(j) and self.capital(j))
                    or (t.word[j] == "-" and t.glued(j) and j + 1 < n and self.is_word(j + 1))
                )
                and j - k < 4
            ):
                j += 1
            if j < n and t.low[j] in ("'s", "’s"):
                return
            if t.low[k] in ("north", "south", "group", "strike"):
                return
            self.add(k, j, "ship-name", None, "ship", 1)
