"""One visual language for HTML, PDF and charts: colours, fonts, and the marks of verdicts.

Every mark is a sign and a word, so that it can be read in grey print and heard; colour repeats
what they say. How the verdict came about shows in the frame: filled (measured), outlined
(declared), dashed (planned), dotted (only aimed at).
"""

from functools import cache
from pathlib import Path
from typing import Any

from ntm_lib.doc import tree
from ntm_lib.doc.blocks import Inline, inline
from ntm_lib.language import translator

FONTS = Path(__file__).parent / "fonts"
TEMPLATES = Path(__file__).parent / "templates"

FAMILY = "Be Vietnam Pro"
SYMBOLS = "NTM Symbols"

# On white every one has a contrast of at least 4.5:1 (a test computes it). report.css and report.typ repeat the first six.
COLOURS = {
    "ink": "#1b2733",
    "muted": "#52606d",
    "met": "#0b6b3a",
    "unmet": "#a8201a",
    "planned": "#4b3a8c",
    "warning": "#855100",
    "info": "#0b4f7d",
    "line": "#c9d2d9",  # rules and frames only, never text
    "tint": "#f3f6f4",  # backgrounds only
}

MARKS = {"met": "✓", "unmet": "✗", "no-data": "–", "not-applicable": "○"}


def verdict_word(verdict: str, language: str) -> str:
    """``Đạt``, ``Chưa đạt``, ``Chưa có số liệu``, ``Không áp dụng``."""
    t = translator(language)
    return {
        "met": t("Đạt"),
        "unmet": t("Chưa đạt"),
        "no-data": t("Chưa có số liệu"),
        "not-applicable": t("Không áp dụng"),
    }[verdict]


def basis_remark(basis: str, language: str) -> str:
    """What stands beside a verdict that no measured value supports: ``theo công bố``, ``theo kế hoạch``."""
    t = translator(language)
    return {
        "measured": "",
        "": "",
        "declared": t("theo công bố"),
        "planned": t("theo kế hoạch"),
        "aimed": t("theo mục tiêu"),
    }[basis]


def badge(verdict: str, basis: str = "", language: str = "vi", word: str = "", remark: str = "") -> Inline:
    """Mark and word of a verdict, framed by its basis. Raises KeyError for an unknown verdict or basis.

    ``word`` and ``remark`` replace the usual ones where they would say the wrong thing.
    """
    mark, word, remark = (
        MARKS[verdict],
        word or verdict_word(verdict, language),
        remark or basis_remark(basis, language),
    )
    if verdict in ("met", "unmet"):  # framed, so it must not break
        word = word.replace(" ", "\N{NO-BREAK SPACE}")
    return Inline(tree.Badge(verdict, basis, mark, word, remark))


def legend(language: str = "vi", shown: set[str] | None = None) -> Inline:
    """What the marks and frames mean, to stand below a grid: one mark a line, a last line is left open for remarks.

    ``shown``: the bases that occur, or the verdict of what has none; all marks without it.
    """
    t = translator(language)
    meanings = {
        "measured": (badge("met", "measured", language), t("có số liệu so với ngưỡng")),
        "declared": (badge("met", "declared", language), t("xã công bố, chưa có số liệu kiểm chứng")),
        "planned": (badge("met", "planned", language), t("mục tiêu của kế hoạch hoặc kịch bản")),
        "aimed": (badge("met", "aimed", language), t("kế hoạch nêu sẽ đạt, không có con số")),
        "unmet": (badge("unmet", "measured", language), t("kết luận là chưa đủ mức quy định")),
        "no-data": (badge("no-data", "", language), t("không có giá trị hoặc chưa biết ngưỡng")),
        "not-applicable": (badge("not-applicable", "", language), t("chỉ tiêu không dùng cho xã này")),
    }
    items = [
        inline(mark, f" ({meaning})") for name, (mark, meaning) in meanings.items() if shown is None or name in shown
    ]
    return Inline(tree.Legend(tuple(item.content for item in items)))


@cache
def register_fonts() -> None:
    """Makes the packaged fonts known to matplotlib, once a process."""
    from matplotlib import font_manager

    for path in sorted(FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(path)


def chart_settings() -> dict[Any, Any]:
    """matplotlib settings of all charts: to be used as ``with rc_context(chart_settings())``."""
    register_fonts()
    return {
        "font.family": [FAMILY, SYMBOLS],
        "font.size": 9,
        "text.color": COLOURS["ink"],
        "axes.edgecolor": COLOURS["muted"],
        "axes.labelcolor": COLOURS["ink"],
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.linewidth": 0.8,
        "axes.axisbelow": True,
        "grid.color": COLOURS["line"],
        "grid.linewidth": 0.6,
        "xtick.color": COLOURS["muted"],
        "ytick.color": COLOURS["ink"],
        "hatch.linewidth": 0.8,
        "figure.facecolor": "white",
        "figure.dpi": 72,
        "axes.unicode_minus": True,
    }
