"""Makes the font files of this folder. Run by hand when a family gets a new version; the results are committed.

    pip download --no-deps fontpkg-be-vietnam-pro && unzip fontpkg_be_vietnam_pro-*.whl -d SOURCE
    pip install fonttools brotli
    python make_fonts.py SOURCE/fontpkg_be_vietnam_pro/files DEJAVU_FOLDER

DEJAVU_FOLDER holds ``DejaVuSans.ttf`` (matplotlib ships it). For Typst and matplotlib each style is
a TTF with all of Latin; for HTML, where every report carries the font, a WOFF2 with what Vietnamese
and English need. DejaVu Sans gives the marks that Be Vietnam Pro lacks, under the name "NTM Symbols".
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font, save_font

HERE = Path(__file__).resolve().parents[1] / "ntm_lib" / "doc" / "fonts"

VIETNAMESE = "ăâđêôơưĂÂĐÊÔƠƯ" + "".join(chr(c) for c in range(0x1EA0, 0x1EFA))
LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x100), *map(ord, VIETNAMESE), 0x0128, 0x0129, 0x0168, 0x0169]
MARKS = [*map(ord, "–—‘’“”•…‰‹›€₫−≤≥≠≈×÷"), *range(0x300, 0x304), 0x309, 0x323, 0x31B, 0x306, 0x302]
ALL_LATIN = [
    *LATIN,
    *range(0x100, 0x250),
    *range(0x1E00, 0x1F00),
    *range(0x2000, 0x2070),
    *range(0x20A0, 0x20C0),
    *MARKS,
]
SYMBOLS_HTML = list(map(ord, "✓✗○●◌◇◆▲▼△▽→←↑↓■□⚠ℹ☐☑"))
SYMBOLS_ALL = [0x2139, *range(0x2150, 0x2400), *range(0x2460, 0x2500), *range(0x2580, 0x27C0), 0xFFFD]

STYLES = {"Regular": 400, "Italic": 400, "SemiBold": 600}


def subset(
    source: Path,
    target: Path,
    codes: list[int],
    family: str = "",
    features: tuple[str, ...] = ("kern", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum"),
) -> None:
    """Writes ``target`` with the characters ``codes`` of ``source``; the suffix chooses TTF or WOFF2."""
    options = Options(layout_features=list(features), notdef_outline=True, hinting=False, recalc_timestamp=False)
    options.name_IDs, options.name_languages = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17], [0x409]
    options.flavor = "woff2" if target.suffix == ".woff2" else None
    font = load_font(str(source), options)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    if family:
        _rename(font, family)
    save_font(font, str(target), options)


def _rename(font, family: str) -> None:
    names = {1: family, 2: "Regular", 3: family, 4: family, 6: family.replace(" ", "")}
    for record in list(font["name"].names):
        if record.nameID in names:
            record.string = names[record.nameID]
        elif record.nameID in (16, 17):
            font["name"].removeNames(nameID=record.nameID)


def main(be_vietnam: Path, dejavu: Path) -> None:
    """All files of the folder."""
    for style in STYLES:
        source = be_vietnam / f"BeVietnamPro-{style}.ttf"
        subset(source, HERE / f"BeVietnamPro-{style}.ttf", ALL_LATIN)
        subset(source, HERE / f"BeVietnamPro-{style}.woff2", [*LATIN, *MARKS])
    subset(dejavu / "DejaVuSans.ttf", HERE / "NtmSymbols.ttf", SYMBOLS_ALL, family="NTM Symbols", features=())
    subset(dejavu / "DejaVuSans.ttf", HERE / "NtmSymbols.woff2", SYMBOLS_HTML, family="NTM Symbols", features=())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
