"""What a caption's reading holds, as the caption prints it: for rows of input and expected output."""

from __future__ import annotations

from ingest.captions import Reading


def printed(reading: Reading, *fields: str) -> dict[str, object]:
    """The fields asked for, as the caption prints them."""
    row = reading.as_json()
    where = next(iter(row["locations"]), {})
    when = next(iter(row["dates"]), {})
    return {
        field: {
            "people": [p["text"] for p in row["photographers"]],
            "agencies": [a["text"] for a in row["agencies"]],
            "units": [u["text"] for u in row["units"]],
            "flags": sorted(f["flag"] for f in row["flags"]),
            "credit": (row["credit_line"] or {}).get("text"),
            "place": where.get("place"),
            "region": where.get("region"),
            "country": where.get("country"),
            "date": when.get("edtf"),
        }[field]
        for field in fields
    }
