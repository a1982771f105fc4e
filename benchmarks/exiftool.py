"""How far the reader agrees with exiftool, on any folders of real pictures.

`python -m benchmarks.exiftool FOLDER...` holds the value that cutline believes against the value that exiftool has for
the source that is believed first, field by field, and writes `benchmarks/results/exiftool.md`; `--show` prints every
value that differs. exiftool must be installed. Every file goes through a worker with the limits that an ingest has.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from archive.errors import RefusedFile
from ingest.embedded import flat, read
from ingest.reconcile import reconcile
from ingest.workers import Workers

RESULTS = Path(__file__).parent / "results" / "exiftool.md"
#: The formats that cutline reads, by the ends of names; what a file really is, its bytes decide.
ENDS = frozenset(
    [
        ".jpg",
        ".jpeg",
        ".jpe",
        ".tif",
        ".tiff",
        ".png",
        ".webp",
        ".heic",
        ".heif",
        ".avif",
        ".psd",
        ".psb",
        ".dng",
        ".nef",
        ".cr2",
        ".arw",
        ".orf",
        ".rw2",
        ".jxl",
    ]
)
Kind = Literal["text", "many", "day", "moment", "degrees"]
Verdict = Literal["agrees", "charset", "other source", "differs", "missed", "only cutline"]


class Field(NamedTuple):
    """A field as `cutline read --json` calls it, and exiftool's tags for it, XMP before IIM before Exif."""

    name: str
    xmp: str | None = None
    iim: str | None = None
    exif: str | None = None
    kind: Kind = "text"


FIELDS = (
    Field("caption", "XMP-dc:Description", "IPTC:Caption-Abstract", "IFD0:ImageDescription"),
    Field("headline", "XMP-photoshop:Headline", "IPTC:Headline"),
    Field("title", "XMP-dc:Title", "IPTC:ObjectName"),
    Field("byline", "XMP-dc:Creator", "IPTC:By-line", "IFD0:Artist", "many"),
    Field("credit", "XMP-photoshop:Credit", "IPTC:Credit"),
    Field("source", "XMP-photoshop:Source", "IPTC:Source"),
    Field("copyright", "XMP-dc:Rights", "IPTC:CopyrightNotice", "IFD0:Copyright"),
    Field("city", "XMP-photoshop:City", "IPTC:City"),
    Field("state", "XMP-photoshop:State", "IPTC:Province-State"),
    Field("country", "XMP-photoshop:Country", "IPTC:Country-PrimaryLocationName"),
    Field("instructions", "XMP-photoshop:Instructions", "IPTC:SpecialInstructions"),
    Field("keywords", "XMP-dc:Subject", "IPTC:Keywords", kind="many"),
    Field("date_created", "XMP-photoshop:DateCreated", "IPTC:DateCreated", kind="day"),
    Field("datetime_original", exif="ExifIFD:DateTimeOriginal", kind="moment"),
    Field("gps_lat", exif="Composite:GPSLatitude", kind="degrees"),
    Field("gps_lon", exif="Composite:GPSLongitude", kind="degrees"),
)
_WANTED = sorted({tag for f in FIELDS for tag in f[1:4] if tag} | {"IPTC:CodedCharacterSet"})
_DIGESTS = ("Photoshop:IPTCDigest", "File:CurrentIPTCDigest")


def view(path: str) -> dict[str, object]:
    """What `cutline read --json` says of a file. Raises RefusedFile."""
    embedded = read(path, fixity=False)
    return flat(embedded, reconcile(embedded.texts))


def pictures(folders: Sequence[Path]) -> Iterator[str]:
    """The files that are held against each other, in a fixed order."""
    for folder in folders:
        for at, inner, names in os.walk(folder):
            inner.sort()
            yield from (str(Path(at, n)) for n in sorted(names) if Path(n).suffix.lower() in ENDS)


def theirs(paths: Sequence[str]) -> dict[str, Mapping[str, object]]:
    """exiftool's tags of every file, with the group that each came from."""
    asked = [f"-{tag}" for tag in (*_WANTED, *_DIGESTS)]
    command = ["exiftool", "-j", "-n", "-G1", "-a", "-q", "-q", "-m", "-charset", "filename=utf8", *asked, "-@", "-"]
    done = subprocess.run(command, input="\n".join(paths), capture_output=True, text=True, check=False)
    return {row["SourceFile"]: row for row in json.loads(done.stdout or "[]", strict=False)}


def plain(value: object, kind: Kind) -> str:
    """A value as it is compared: one space between words, names in order, a date as precise as it is."""
    if value is None:
        return ""
    if isinstance(value, list):
        if kind != "many":
            return plain(value[0], kind) if value else ""
        return "; ".join(sorted(filter(None, (plain(v, "text") for v in value))))
    text = " ".join(unicodedata.normalize("NFC", str(value)).replace("\0", "").split())
    if kind == "degrees":
        return f"{float(text):.3f}" if re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", text) else ""
    if kind in ("day", "moment"):
        digits = re.match(r"(\d{4})\D?(\d\d)?\D?(\d\d)?(?:[T ](\d\d):(\d\d):?(\d\d)?)?", text)
        if digits is None or digits[1] == "0000":
            return ""
        parts = [part for part in digits.groups()[: 3 if kind == "day" else 6] if part]
        return " ".join(parts[: parts.index("00", 1, 3)] if "00" in parts[1:3] else parts)
    return text


def preferred(field: Field, row: Mapping[str, object]) -> list[str]:
    """exiftool's values of a field, the one that is believed first (MWG 2.0, chapter 5) in front."""
    order = [field.xmp, field.iim, field.exif]
    stored, current = (row.get(tag) for tag in _DIGESTS)
    if stored and current and stored != current:
        order = [field.iim, field.xmp, field.exif]
    values = (plain(row.get(tag), field.kind) for tag in order if tag)
    return [value for value in values if value]


def verdict(field: Field, ours: object, row: Mapping[str, object]) -> Verdict | None:
    """How one field of one file compares; None where neither has it."""
    said, true = plain(ours, field.kind), preferred(field, row)
    if not true:
        return "only cutline" if said else None
    if not said:
        return "missed"
    if _same(said, true[0], field.kind):
        return "agrees"
    if "IPTC:CodedCharacterSet" not in row and said in (_as_utf8(value) for value in true):
        return "charset"
    return "other source" if said in true[1:] else "differs"


def _same(said: str, true: str, kind: Kind) -> bool:
    if kind in ("day", "moment"):
        return said.startswith(true) or true.startswith(said)
    if said != true and "?" in true:  # how exiftool prints a byte that it cannot decode
        return re.fullmatch(re.escape(true).replace(r"\?", "."), said) is not None
    return said == true


def _as_utf8(text: str) -> str | None:
    """What exiftool read as cp1252, read as UTF-8: the charset that nobody declared. None where it is the same."""
    if text.isascii():
        return None
    try:
        raw = b"".join(c.encode("cp1252") if ord(c) > 0xFF or c.isascii() else bytes([ord(c)]) for c in text)
        return plain(raw.decode("utf-8"), "text")
    except UnicodeError:
        return None


def compare(paths: Sequence[str], jobs: int, show: bool) -> tuple[dict[str, Counter[str]], Counter[str]]:
    """Verdicts by field, and how the files fared."""
    tallies: dict[str, Counter[str]] = {field.name: Counter() for field in FIELDS}
    fared: Counter[str] = Counter()
    rows = theirs(paths)
    with Workers(view, jobs) as workers:
        for path, got in workers.map(paths):
            fared[got.reason if isinstance(got, RefusedFile) else "read"] += 1
            ours = {} if isinstance(got, RefusedFile) else got
            row = rows.get(path, {})
            for field in FIELDS:
                found = verdict(field, ours.get(field.name), row)
                if found is None:
                    continue
                tallies[field.name][found] += 1
                if show and found not in ("agrees", "charset"):
                    print(f"{path}: {field.name}: {found}")
                    print(f"  cutline  {ours.get(field.name)}\n  exiftool {preferred(field, row)}")
    return tallies, fared


def report(tallies: Mapping[str, Counter[str]], fared: Counter[str], version: str) -> str:
    """The figures as Markdown."""
    columns: tuple[Verdict, ...] = ("agrees", "charset", "other source", "differs", "missed", "only cutline")
    refused = ", ".join(f"{number} {reason}" for reason, number in sorted(fared.items()) if reason != "read")
    lines = [
        "# Reading, held against exiftool", "",
        f"`python -m benchmarks.exiftool`: {sum(fared.values()):,} files, exiftool {version}; {fared['read']:,} read,",
        f"refused: {refused or 'none'}. `charset` (counted as agreement): IIM in no declared charset that is valid",
        "UTF-8, which exiftool reads as cp1252. `only cutline`: exiftool has no value in the sources compared.", "",
        "| field | files | agreement | " + " | ".join(columns) + " |", "|---|---:|---:|" + "---:|" * len(columns),
    ]  # fmt: skip
    for name, tally in tallies.items():
        files = sum(tally.values()) - tally["only cutline"]
        good = f"{100 * (tally['agrees'] + tally['charset']) / files:.1f} %" if files else ""
        lines.append(f"| {name} | {files} | {good} | " + " | ".join(str(tally[column]) for column in columns) + " |")
    return "\n".join([*lines, ""])


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--show", action="store_true", help="print every value that differs")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    version = subprocess.run(["exiftool", "-ver"], capture_output=True, text=True, check=True).stdout.strip()
    text = report(*compare(list(pictures(given.folders)), given.jobs, given.show), version)
    RESULTS.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
