"""Formations in shorthand: `VMFA-121`, `2 PARA`, `1-506th IN`, `3/7 Marines`, `79 ОДШБр`."""

from __future__ import annotations

from ingest.captions.unit_scan import UnitScan


class DesignationRules(UnitScan):
    """Rules for shorthand."""

    def squadron_prefix(self, i: int) -> None:
        t, n = self.t, len(self.t)
        k = i + 1
        if not (t.word[i].isupper() or t.word[i] == "Sdis"):
            return
        if k + 1 < n and t.word[k] == "-" and t.glued(k) and t.word[k + 1].isdecimal() and t.glued(k + 1):
            if k + 2 < n and t.glued(k + 2) and t.word[k + 2].isalnum():
                return  # an aircraft: HC-130J
            self.add(i, k + 2, "squadron-designation", t.word[k + 1], "squadron", 1)
        elif k < n and t.word[k].isdecimal() and not t.glued(k) and len(t.word[i]) >= 3:
            behind = k + 3 if self.word(k + 1) == "/" and t.glued(k + 1) and self.word(k + 2).isdecimal() else k + 1
            self.add(i, behind, "squadron-designation", t.word[behind - 1], "squadron", 1)  # VMM 261, BLT 3/2

    def headquarters(self, i: int) -> None:
        """`HHC, 1-4 Infantry Battalion`: a headquarters' own company by its letters, before the unit it belongs to."""
        if self.word(i).isupper() and (self.low(i + 1) == "," or self.number_ending_at(i + 1)):
            self.add(i, i + 1, "headquarters", None, "company")

    def contingent(self, i: int) -> None:
        """`INDBATT`, `IRISHBATT`: a nation's battalion with the United Nations."""
        if self.word(i).isupper():
            self.add(i, i + 1, "contingent", None, "battalion")

    def short(self, i: int) -> None:
        """`2 PARA`, `1-506th IN`, `26th MEU`, `45 Cdo RM`, `79 ОДШБр`, `106-й гв. вдд`, `1RNZIR`."""
        t, n = self.t, len(self.t)
        w = t.word[i]
        low = t.low[i]
        if w.isascii() and not (w.isupper() or w in ("Cdo", "Commando", "SCOTS", "RPIMa", "RAMa", "R22eR", "MarDiv")):
            return
        j = i - 1
        first = i
        if j >= 1 and t.word[j] == "." and t.low[j - 1] in ("гв", "отд", "окр"):
            first = j - 1
            j -= 2
        elif j >= 0 and t.low[j] in ("гв", "отд"):
            first = j
            j -= 1
        if j >= 0 and t.low[j] == "royal":
            j -= 1  # 1 ROYAL ANGLIAN
        elif low == "commando" and self.word(j) == ")" and self.word(j - 1) == "RM":
            j -= 3  # 48 (RM) Commando
        got = self.number_ending_at(j)
        if not got:
            return
        first = got[0]
        if (
            low in ("re", "id", "ra", "in", "ri", "gr", "ca", "mi", "ar", "mp", "en", "fa", "ad", "sg", "ig", "wg")
            and t.word[j].isdecimal()
            and len(t.word[j]) == 4
        ):
            return
        if (
            low in ("in", "re", "en", "mi", "ca", "ad", "ar")
            and t.word[j].isdecimal()
            and "-" not in [t.word[j - 1] if j else ""]
            and "/" not in [t.word[j - 1] if j else ""]
        ):
            return
        if first and t.word[first - 1] in "." and t.glued(first):
            return
        e = i + 1
        if e < n and t.word[e] in ("RM",) and low in ("cdo", "commando"):
            e += 1
        elif e + 3 < n and t.word[e] == "(" and low in ("cdo",):
            close = next((k for k in range(e, min(n, e + 6)) if t.word[k] == ")"), None)
            if close and close + 1 < n and t.word[close + 1] == "RM":
                e = close + 2
        if not w.isascii():
            e = self.named_after(e)
            e = max(e, self.quoted(e))
        else:
            if e < n and t.word[e] in ("GUARDS",):
                e += 1
        self.add(first, e, "short-designation", got[1], low, 1)

    def slash(self, i: int) -> None:
        """`3/7 Marines`, `2/25 ID`, `1/9 Cav`: battalion and regiment in American shorthand."""
        t, n = self.t, len(self.t)
        if not 0 < i < n - 1:
            return
        if not (t.word[i - 1].isdecimal() and t.word[i + 1].isdecimal() and t.glued(i) and t.glued(i + 1)):
            return
        if i >= 2 and t.low[i - 2] == "blt":
            return  # short for Battalion Landing Team, which is named before
        if i >= 2 and t.glued(i - 1) and t.word[i - 2] not in '(“"':
            return
        if len(t.word[i - 1]) > 2 or len(t.word[i + 1]) > 3:
            return
        e = i + 2
        if e < n and t.glued(e) and t.word[e] in "/":
            return
        nxt = t.word[e] if e < n else ""
        if nxt in (
            "Marines",
            "Marine",
            "ID",
            "IN",
            "Inf",
            "Cav",
            "CAV",
            "AR",
            "FA",
            "BCT",
            "Infantry",
            "Cavalry",
        ) or nxt.upper() in ("IBCT", "SBCT", "ABCT"):
            self.add(i - 1, e + 1, "slash-designation", t.word[i - 1], "battalion", 2)
        elif (t.low[i - 2] if i >= 2 else "" in ("with",)) and not self.words.isdisjoint(("marines", "marine", "battalion")):
            self.add(i - 1, e, "slash-designation", t.word[i - 1], "battalion", 1)
