"""`python -m samples FOLDER`: draw the sample photographs into FOLDER/photos and put the article beside them."""

from __future__ import annotations

import io
import random
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from itertools import groupby
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from samples.metadata import exif, iim, jpeg_with, xmp

if TYPE_CHECKING:
    from PIL import Image

HERE = Path(__file__).parent


def entries() -> list[dict[str, Any]]:
    """What `captions.yml` says, in its order."""
    import yaml

    found: list[dict[str, Any]] = yaml.safe_load((HERE / "captions.yml").read_text("utf-8"))
    return found


def painted(scene: str) -> Image.Image:
    """The picture that a scene's name stands for; the same at every call. Raises KeyError for an unknown scene."""
    for module in iter_modules([str(HERE / "scenes")]):
        paint = getattr(import_module(f"samples.scenes.{module.name}"), scene, None)
        if paint is not None:
            picture: Image.Image = paint(random.Random(scene))
            return picture
    raise KeyError(scene)


def captioned(picture: bytes, entry: Mapping[str, Any]) -> bytes:
    """A JPEG with the blocks that an entry of `captions.yml` asks for."""
    blocks = entry.get("blocks", ["iim", "xmp", "exif"])
    caption, charset = entry["caption"], entry.get("charset", "utf-8")
    legacy, packet, camera = (dict(entry.get(block, {})) for block in ("iim", "xmp", "exif"))
    if "iim" in blocks:
        legacy["caption"] = caption
    if "xmp" in blocks:
        packet["dc:description"] = caption
    if "exif" in blocks:
        camera["ImageDescription"] = caption
    return jpeg_with(
        picture,
        iim=iim(legacy, charset=charset, declared=charset == "utf-8") if legacy else b"",
        xmp=xmp(packet) if packet else b"",
        exif=exif(camera, gps=entry.get("gps")) if camera else b"",
    )


def _write(task: tuple[str, list[dict[str, Any]], Path]) -> int:
    """One scene painted once, written under each of its captions."""
    scene, wanted, folder = task
    out = io.BytesIO()
    painted(scene).save(out, "JPEG", quality=84, optimize=True)
    for entry in wanted:
        (folder / entry["file"]).write_bytes(captioned(out.getvalue(), entry))
    return len(wanted)


def write(folder: Path) -> Iterator[int]:
    """All photographs into FOLDER/photos and the article beside it; yields how many files each step wrote."""
    photos = folder / "photos"
    photos.mkdir(parents=True, exist_ok=True)
    (folder / "article.txt").write_text((HERE / "article.txt").read_text("utf-8"), "utf-8")
    tasks = [(scene, list(group), photos) for scene, group in groupby(entries(), lambda entry: entry["scene"])]
    with ProcessPoolExecutor(2) as pool:
        yield from pool.map(_write, tasks)


def main() -> None:
    """Write them, and say so."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m samples FOLDER")
    total = 0
    for count in write(Path(sys.argv[1])):
        total += count
        print(f"\rDrawing sample photographs: {total}", end="", flush=True)
    print(f"\nWrote {total} photographs and an article to {sys.argv[1]}")


if __name__ == "__main__":
    main()
