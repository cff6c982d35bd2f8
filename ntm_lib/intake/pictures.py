"""Photos and scans that a commune names as evidence: small pictures for the report, without what a camera writes into a file."""

import hashlib
import io
import struct
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

PHOTOS = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif")
SIDE, QUALITY = 900, 70  # pixels of the longer side, quality of the JPEG
MOST = 40_000_000  # pixels that are opened: a larger picture is no photo of a telephone
BYTES = 60_000_000  # of a file that is opened
ALL = 100  # pictures of one report, some 10 MB
UNREADABLE = (
    OSError, ValueError, RuntimeError, SyntaxError, TypeError, LookupError, ArithmeticError, MemoryError, struct.error,
)  # fmt: skip
NO = ("", "không", "khong", "no", "0")  # what a cell says where nobody can be recognised


def pictures(folder: Path, evidence: Iterable[Mapping[str, str]]) -> Iterator[tuple[str, bytes, str]]:
    """(file, JPEG, name) of each file of ``evidence`` in the commune's ``folder`` that is a photo or a scan and may be shown.

    One marked as showing faces is not; one that is not there, outside the folder or cannot be opened is not either.
    ``name``: by the content, so that the same picture has the same name.
    """
    made = 0
    for file in dict.fromkeys(row["file"] for row in evidence if row.get("faces", "").strip().casefold() in NO):
        path = _inside(folder, file)
        if path and made < ALL and (data := reduced(path)):
            made += 1
            yield file, data, f"{hashlib.sha256(data).hexdigest()[:16]}.jpg"


def _inside(folder: Path, file: str) -> Path | None:
    try:
        path = (folder / file).resolve()
        return (
            path if path.is_relative_to(folder.resolve()) and path.is_file() and path.stat().st_size <= BYTES else None
        )
    except (OSError, ValueError):
        return None


def reduced(path: Path) -> bytes | None:
    """A photo, or the first page of a scan (PDF), as a small JPEG: upright, in RGB, without place, time, camera or preview.
    None for what is neither, or cannot be opened.
    """
    suffix = path.suffix.casefold()
    if suffix not in (*PHOTOS, ".pdf"):
        return None
    try:
        image = _page(path) if suffix == ".pdf" else _photo(path)
        image.thumbnail((SIDE, SIDE))
        clean = image.convert("RGB")
        clean.info = {}
        target = io.BytesIO()
        clean.save(target, "JPEG", quality=QUALITY, optimize=True)
        return target.getvalue()
    except UNREADABLE:  # whatever somebody has named .jpg: it is told as not shown, and the report is made
        return None


def _photo(path: Path) -> Any:
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # the size is looked at below, before anything is unpacked
    image = Image.open(path)
    if image.width * image.height > MOST:
        raise ValueError("too large")
    image.draft("RGB", (2 * SIDE, 2 * SIDE))
    return ImageOps.exif_transpose(image)


def _page(path: Path) -> Any:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        page = document[0]
        return page.render(scale=min(3.0, 2 * SIDE / max(page.get_width(), page.get_height(), 1))).to_pil()
    finally:
        document.close()
