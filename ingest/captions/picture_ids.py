"""The numbers of pictures that stand behind a credit."""

from __future__ import annotations

import re

#: Numbers of pictures behind a credit: `File# 180808-N-RP773-014`, `(15377264f)`, `204-7`, `(111-SC-990172)`.
_ID_AT_END = re.compile(
    r"[\s,(]{0,8}(?:File\s?#|#\s?[\w-]{0,12}\d[\w-]{0,20}|Identifier \d+|MIKAN \d+|[A-Z]{2}\d{2}-\d{4}-\d{4}-\d{3}|RAF-T \d+|[A-Z]{2,4}/\d{2}/\d{2,5}(?:/[A-Z]{2})?|\d{6}-[A-Z]-[A-Z]{2}\d{3}-\d+\w*|\(?[0-9]{6,}[a-z]{0,2}\)?|\b[A-Z]{1,3}\s?\d{3,6}|\d{2,4}-\d+"
    r"|\([^()]{0,30}\d[^()]{0,30}\)|\((?i:released)\))[\s).]*"
)
#: What every such number has.
_FIGURE = re.compile(r"[\d#]|released\)", re.I)


def before_ids(text: str, start: int, end: int) -> int:
    """Where the ids begin that stand side by side at a credit's end; `end` where there are none."""
    if not _FIGURE.search(text, max(start - 1, end - 40), end):
        return end
    first = at = -1
    for found in _ID_AT_END.finditer(text, start, end):
        if found.start() != at:
            first = found.start()
        at = found.end()
    return first if at >= end - 1 and first >= 0 else end
