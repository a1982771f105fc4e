"""One photo for other systems: a ninjs 2.1 item (IPTC News in JSON), an XMP sidecar.

Both carry the values that count now, not what the file says. Names of properties are those of the IPTC Photo
Metadata Standard 2025.1 and of ninjs 2.1.
"""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape

from archive.export import _NOT_XML
from archive.search import PhotoRow

_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
}


def _several(text: str | None, between: str = "; ") -> list[str]:
    return text.split(between) if text else []


def ninjs(photo: PhotoRow, base: str) -> dict[str, Any]:
    """A ninjs 2.1 item; `base` is the desk's address without a final slash.

    ninjs has no partial dates, and its `contentcreated` wants a time of day: the date stands as EDTF among the
    descriptions, in the role `datecreated`, so that nothing is made more precise than it is.
    """
    texts = {"caption": photo.caption, "creditline": photo.credit_line, "datecreated": photo.taken}
    places: list[dict[str, Any]] = [
        {"name": name, "rel": "created"} for name in (photo.place, photo.region, photo.country) if name
    ]
    if places and photo.latitude is not None and photo.longitude is not None:
        places[0]["geometry_geojson"] = {"type": "Point", "coordinates": [photo.longitude, photo.latitude]}
    item: dict[str, Any] = {
        "uri": f"{base}/photo/{photo.identity}",
        "type": "picture",
        "representationtype": "incomplete",
        "versioncreated": photo.added,
        "by": ", ".join(_several(photo.photographer)),
        "headlines": [{"role": "main", "value": photo.headline}] if photo.headline else [],
        "descriptions": [{"role": r, "contenttype": "text/plain", "value": v} for r, v in texts.items() if v],
        "people": [{"name": name, "rel": "creator"} for name in _several(photo.photographer)],
        "organisations": [{"name": name, "rel": "shown"} for name in _several(photo.unit)],
        "places": places,
        "infosources": [{"name": name} for name in _several(photo.agency, " → ")],
    }
    if photo.thumbnail:
        item["renditions"] = [{"name": "thumbnail", "href": f"{base}/thumb/{photo.thumbnail}.jpg",
                               "contenttype": "image/jpeg", "width": photo.thumbnail_width,
                               "height": photo.thumbnail_height}]  # fmt: skip
    return {name: value for name, value in item.items() if value}


def xmp(photo: PhotoRow) -> str:
    """An XMP packet for a file beside the picture (`photo.xmp`)."""
    shown = "".join(f"\n     <rdf:li>{_text(name)}</rdf:li>" for name in _several(photo.unit))
    parts = [
        _languages("dc:description", photo.caption),
        _list("dc:creator", "Seq", _several(photo.photographer)),
        _simple("photoshop:Headline", photo.headline),
        _simple("photoshop:Credit", photo.credit_line),
        _simple("photoshop:Source", next(iter(_several(photo.agency, " → ")), None)),
        # XMP dates may stop at the year or the month; what EDTF says beyond that has no form here.
        _simple("photoshop:DateCreated", _xmp_date(photo.taken)),
        _simple("photoshop:City", photo.place),
        _simple("photoshop:State", photo.region),
        _simple("Iptc4xmpCore:CountryCode", photo.country),
        _location(photo),
        f"   <Iptc4xmpExt:OrganisationInImageName>\n    <rdf:Bag>{shown}\n    </rdf:Bag>\n"
        "   </Iptc4xmpExt:OrganisationInImageName>\n" if shown else "",
    ]  # fmt: skip
    declared = "".join(f'\n    xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        ' <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        f'  <rdf:Description rdf:about=""{declared}>\n{"".join(parts)}  </rdf:Description>\n'
        ' </rdf:RDF>\n</x:xmpmeta>\n<?xpacket end="w"?>\n'
    )


def _xmp_date(edtf: str | None) -> str | None:
    return edtf if edtf and re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-\d\d)?)?", edtf) else None


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", text))


def _simple(name: str, value: str | None) -> str:
    return f"   <{name}>{_text(value)}</{name}>\n" if value else ""


def _languages(name: str, value: str | None) -> str:
    if not value:
        return ""
    return f'   <{name}><rdf:Alt><rdf:li xml:lang="x-default">{_text(value)}</rdf:li></rdf:Alt></{name}>\n'


def _list(name: str, kind: str, found: list[str]) -> str:
    items = "".join(f"<rdf:li>{_text(value)}</rdf:li>" for value in found)
    return f"   <{name}><rdf:{kind}>{items}</rdf:{kind}></{name}>\n" if items else ""


def _location(photo: PhotoRow) -> str:
    fields = {"City": photo.place, "ProvinceState": photo.region, "CountryCode": photo.country}
    lines = [_simple(f"Iptc4xmpExt:{name}", value).strip() for name, value in fields.items() if value]
    inner = "".join(f"\n      {line}" for line in lines)
    if not inner:
        return ""
    return (
        "   <Iptc4xmpExt:LocationCreated>\n    <rdf:Bag>\n"
        f'     <rdf:li rdf:parseType="Resource">{inner}\n     </rdf:li>\n'
        "    </rdf:Bag>\n   </Iptc4xmpExt:LocationCreated>\n"
    )
