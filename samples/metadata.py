"""Write the metadata that press photographs carry: IPTC-IIM, XMP and Exif, into a JPEG.

Written byte by byte from the specifications (IPTC-IIM 4.2; Adobe Photoshop image resources; XMP part 3), so
that what cutline reads is never written by what it reads with. A `bytes` value goes in as it is: that is how
a wrong charset, a missing declaration or a field cut in the middle of a letter is made.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from html import escape

Text = str | bytes
#: A plain value, a list (Bag, Seq or language alternative, by property), or a structure (or list of them).
XmpValue = str | Sequence[str] | Mapping[str, str] | Sequence[Mapping[str, str]]

#: Datasets of IIM record 2 by their names in the IPTC Photo Metadata Standard.
DATASETS = {
    "object_name": 5, "urgency": 10, "category": 15, "supplemental_category": 20, "keywords": 25,
    "release_date": 30, "release_time": 35, "instructions": 40, "date_created": 55, "time_created": 60,
    "byline": 80, "byline_title": 85, "city": 90, "sublocation": 92, "state": 95, "country_code": 100,
    "country": 101, "job_id": 103, "headline": 105, "credit": 110, "source": 115, "copyright": 116,
    "caption": 120, "caption_writer": 122,
}  # fmt: skip

_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
}

_ALTERNATIVES = {"dc:description", "dc:title", "dc:rights", "xmpRights:UsageTerms"}
_SEQUENCES = {"dc:creator", "dc:date"}

#: The Exif tags of the first directory; every other name goes into the Exif directory.
_FIRST_DIRECTORY = {
    "ImageDescription", "Make", "Model", "Orientation", "Software", "DateTime", "Artist", "Copyright",
}  # fmt: skip

_PHOTOSHOP = b"Photoshop 3.0\0"
_SEGMENT_LIMIT = 65533
_UTF8 = b"\x1b%G"


def iim(
    fields: Mapping[str, Text | Sequence[Text]] | Iterable[tuple[int, int, Text]],
    *,
    charset: str = "utf-8",
    declared: bool = True,
) -> bytes:
    """Datasets as one IIM block, in the order given.

    In: names of `DATASETS` with a value or a list of values, or (record, dataset, value) triples. `declared`
    writes dataset 1:90, which only UTF-8 has an escape for here; older files leave it out. Raises KeyError for an
    unknown name, UnicodeEncodeError where `charset` has no such letter.
    """
    out = bytearray()
    if declared and charset == "utf-8":
        out += _dataset(1, 90, _UTF8)
    out += _dataset(2, 0, b"\x00\x04")
    for record, number, value in _triples(fields):
        out += _dataset(record, number, value if isinstance(value, bytes) else value.encode(charset))
    return bytes(out)


def _triples(
    fields: Mapping[str, Text | Sequence[Text]] | Iterable[tuple[int, int, Text]],
) -> Iterable[tuple[int, int, Text]]:
    if not isinstance(fields, Mapping):
        yield from fields
        return
    for name, values in fields.items():
        for value in [values] if isinstance(values, str | bytes) else values:
            yield 2, DATASETS[name], value


def _dataset(record: int, number: int, value: bytes) -> bytes:
    """`1C record dataset length value`; from 32,768 bytes on the length is itself preceded by its length."""
    if len(value) < 0x8000:
        return struct.pack(">BBBH", 0x1C, record, number, len(value)) + value
    return struct.pack(">BBBHI", 0x1C, record, number, 0x8004, len(value)) + value


def image_resource(number: int, data: bytes, name: bytes = b"") -> bytes:
    """One Photoshop image resource: `8BIM`, its number, a padded Pascal string, the padded data."""
    label = bytes([len(name)]) + name
    return (
        b"8BIM"
        + struct.pack(">H", number)
        + label
        + b"\0" * (len(label) % 2)
        + struct.pack(">I", len(data))
        + data
        + b"\0" * (len(data) % 2)
    )


def xmp(properties: Mapping[str, XmpValue], *, lang: str = "x-default") -> bytes:
    """Properties (`dc:description`, `Iptc4xmpExt:LocationShown` ...) as one XMP packet.

    A text becomes the form that its property asks for (language alternative, ordered or unordered list); a
    mapping becomes a structure. Raises KeyError for a prefix that is not known here.
    """
    prefixes = dict.fromkeys(_prefixes(properties))
    spaces = "".join(f' xmlns:{prefix}="{_NAMESPACES[prefix]}"' for prefix in prefixes)
    body = "".join(f"<{name}>{_xmp_value(name, value, lang)}</{name}>" for name, value in properties.items())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about=""{spaces}>{body}</rdf:Description></rdf:RDF></x:xmpmeta>'
        '<?xpacket end="w"?>'
    ).encode()


def _prefixes(properties: Mapping[str, XmpValue]) -> Iterable[str]:
    for name, value in properties.items():
        yield name.partition(":")[0]
        for item in [value] if isinstance(value, Mapping) else value:
            if isinstance(item, Mapping):
                yield from (field.partition(":")[0] for field in item)


def _xmp_value(name: str, value: XmpValue, lang: str) -> str:
    if name in _ALTERNATIVES:
        return f'<rdf:Alt><rdf:li xml:lang="{lang}">{escape(str(value), quote=False)}</rdf:li></rdf:Alt>'
    if isinstance(value, str) and name not in _SEQUENCES:
        return escape(value, quote=False)
    items = [value] if isinstance(value, str | Mapping) else value
    kind = "Seq" if name in _SEQUENCES else "Bag"
    return f"<rdf:{kind}>{''.join(_xmp_item(item) for item in items)}</rdf:{kind}>"


def _xmp_item(item: str | Mapping[str, str]) -> str:
    if isinstance(item, str):
        return f"<rdf:li>{escape(item, quote=False)}</rdf:li>"
    fields = "".join(f"<{name}>{escape(value, quote=False)}</{name}>" for name, value in item.items())
    return f'<rdf:li rdf:parseType="Resource">{fields}</rdf:li>'


def exif(tags: Mapping[str, Text | int], *, gps: tuple[float, float] | None = None) -> bytes:
    """Exif tags by name (`DateTimeOriginal`, `Artist` ...) and a position in degrees (north, east), as a TIFF block.

    Raises KeyError for a name that Exif does not have.
    """
    from PIL import ExifTags, Image

    block = Image.Exif()
    inner = block.get_ifd(ExifTags.IFD.Exif)
    for name, value in tags.items():
        if name in _FIRST_DIRECTORY:  # bytes, because Pillow itself would replace every letter beyond ASCII
            block[ExifTags.Base[name]] = value.encode() if isinstance(value, str) else value
        else:
            inner[ExifTags.Base[name]] = value
    if gps is not None:
        position = block.get_ifd(ExifTags.IFD.GPSInfo)
        north, east = gps
        position[ExifTags.GPS.GPSLatitudeRef] = "N" if north >= 0 else "S"
        position[ExifTags.GPS.GPSLatitude] = _sexagesimal(north)
        position[ExifTags.GPS.GPSLongitudeRef] = "E" if east >= 0 else "W"
        position[ExifTags.GPS.GPSLongitude] = _sexagesimal(east)
    return block.tobytes().removeprefix(b"Exif\0\0")


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    minutes, seconds = divmod(round(abs(degrees) * 360000) / 100, 60)
    whole, minutes = divmod(minutes, 60)
    return whole, minutes, round(seconds, 2)


def jpeg_with(picture: bytes, *, iim: bytes = b"", xmp: bytes = b"", exif: bytes = b"") -> bytes:
    """A JPEG with these blocks in place of whatever metadata it carried; the picture's own data stays bit for bit.

    Raises ValueError where `picture` is no JPEG, or Exif or XMP are longer than one segment holds.
    """
    if not picture.startswith(b"\xff\xd8"):
        raise ValueError("not a JPEG: it must start with FF D8")
    kept, rest = _without_metadata(picture)
    out = bytearray(b"\xff\xd8")
    if exif:
        out += _segment(0xE1, b"Exif\0\0" + exif)
    if xmp:
        out += _segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp)
    if iim:
        resource = image_resource(0x0404, iim)
        step = _SEGMENT_LIMIT - len(_PHOTOSHOP)
        for start in range(0, len(resource), step):  # a long resource runs on over several segments
            out += _segment(0xED, _PHOTOSHOP + resource[start : start + step])
    return bytes(out) + kept + rest


def _segment(marker: int, payload: bytes) -> bytes:
    if len(payload) > _SEGMENT_LIMIT:
        raise ValueError(f"a block of {len(payload)} bytes does not fit one JPEG segment ({_SEGMENT_LIMIT})")
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def _without_metadata(picture: bytes) -> tuple[bytes, bytes]:
    """The segments that belong to the picture, and everything from the scan on."""
    kept, position = bytearray(), 2
    while position + 4 <= len(picture) and picture[position + 1] != 0xDA:
        marker, length = picture[position + 1], int.from_bytes(picture[position + 2 : position + 4], "big")
        if marker not in (0xE0, 0xE1, 0xED):  # JFIF, Exif and XMP, Photoshop
            kept += picture[position : position + 2 + length]
        position += 2 + length
    return bytes(kept), picture[position:]
