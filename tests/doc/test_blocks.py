"""Blocks: every text stays text in all three forms, nothing lacks its caption, the same input gives the same bytes."""

import re
from fractions import Fraction
from html.parser import HTMLParser
from typing import get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ntm_lib.doc import blocks as b
from ntm_lib.doc import tree
from ntm_lib.doc.charts import Reading, bullets
from ntm_lib.doc.markup import clean, typst_markup, typst_text
from ntm_lib.doc.notebook import markdown_block
from ntm_lib.doc.style import COLOURS, MARKS, badge, legend
from ntm_lib.doc.write import html, text, typst
from ntm_lib.doc.write.typst import widths_of

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></svg></title><b>",
    '#read("/etc/passwd")',
    "$x^2$ #panic() ]] }} \\",
    '"); #eval("1") //',
    "{{ 7*7 }} {% raw %}",
    "\u202eđảo ngược\u202c",
    "a\x00b\x1b[31m\ud800c",
    "dòng 1\r\ndòng 2\ttab",
    "=SUM(A1:A9)",
    "日本 😀 \ue000",
]


class _Reader(HTMLParser):
    """Tags, attributes and text of a piece of HTML."""

    def __init__(self, html: str):
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


def _every_block(text: str) -> b.Block:
    """One block of each kind with ``text`` in every place that takes one."""
    chart = bullets([Reading(text, "%", None, None)], text, text)
    return b.stack(
        b.heading(text, 2),
        b.paragraph(text, b.strong(text), b.code(text), b.muted(text), b.link(text, text or "x")),
        b.bullets([text, b.inline(text)]),
        b.callout("warning", text, title=text),
        b.facts([(text, text)]),
        b.cards([(text, text, text)]),
        b.table(
            [b.Column(text, row_header=True), text],
            [[text, text], b.group(text)],
            "Bảng " + text,
            anchor=text,
            note=text,
        ),
        b.figure(chart.figure, "Hình " + text, "Mô tả " + chart.alt, anchor=text, note=text, data=chart.data),
        b.details(text, text),
        b.preformatted(text),
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_makes_no_tag_no_attribute_and_stays_readable(text):
    hostile, plain = _Reader(_every_block(text).html), _Reader(_every_block("x").html)
    assert [t for t in hostile.tags if t not in ("span", "text")] == [
        t for t in plain.tags if t not in ("span", "text")
    ]
    assert {name for name, _ in hostile.attributes} == {name for name, _ in plain.attributes}
    assert clean(text) in hostile.text


@pytest.mark.parametrize("text", HOSTILE)
def test_typst_text_is_one_string_literal(text):
    assert re.fullmatch(r'"(?:[^"\\]|\\["\\])*"', typst_text(text))


@given(st.text())
@settings(deadline=None)
def test_typst_markup_holds_string_literals_only(text):
    rest = re.sub(r'#"(?:[^"\\]|\\["\\])*";', "", typst_markup(text))
    assert rest.replace("#h(0.01pt);", "") == ""


@given(st.text())
@example('"' + "0" * 20)  # an entity was once taken for letters and cut
@settings(deadline=None)
def test_html_text_has_no_tag_but_its_own(text):
    assert set(_Reader(b.html_text(text)).tags) <= {"span"}
    assert _Reader(b.html_text(text)).text == clean(text)


def test_marks_that_turn_text_around_are_shown_instead_of_obeyed():
    assert clean("\u202e123\u2069") == "[U+202E]123[U+2069]"


def test_text_is_composed_so_that_both_ways_of_writing_look_the_same():
    assert clean("Hu\u0300ng My\u0303") == "Hùng Mỹ"


def test_a_very_long_word_may_break_everywhere():
    word = "x" * 10_000
    assert b.html_text(word) == f'<span class="long">{word}</span>'
    assert max(len(piece) for piece in re.findall(r'"(x+)"', typst_markup(word))) <= 16


def test_a_long_word_with_entities_is_not_cut_inside_one():
    assert _Reader(b.html_text("&" * 30)).text == "&" * 30


def test_a_block_carries_three_forms_for_jupyter():
    bundle = b.paragraph("Đạt ", b.strong("19/19"))._repr_mimebundle_()
    assert bundle == {
        "text/html": "<p>Đạt <strong>19/19</strong></p>\n",
        "text/vnd.typst": '#par[#"Đạt ";#strong[#"19/19";];]\n\n',
        "text/plain": "Đạt 19/19\n",
    }


def test_running_text_joins_with_plus():
    assert ("a & " + b.strong("b") + " c").html == "a &amp; <strong>b</strong> c"


def test_running_text_refuses_what_is_not_text():
    with pytest.raises(TypeError, match="int"):
        b.paragraph(19)


@pytest.mark.parametrize("missing", [{"caption": " "}, {"alt": ""}])
def test_a_figure_needs_caption_and_alternative(missing):
    chart, _, alt = _chart()
    with pytest.raises(ValueError, match="caption and a text alternative"):
        b.figure(chart, **{"caption": "Hình", "alt": alt, **missing})


def test_a_table_needs_a_caption():
    with pytest.raises(ValueError, match="caption"):
        b.table(["a"], [["1"]], "")


def test_a_row_must_have_as_many_cells_as_there_are_columns():
    with pytest.raises(ValueError, match="row 2 has 1 cells, the table 2 columns"):
        b.table(["a", "b"], [["1", "2"], ["1"]], "Bảng")


@pytest.mark.parametrize(
    "call",
    [
        lambda: b.heading("a", 7),
        lambda: b.callout("danger", "a"),
        lambda: b.Column("a", align="justify"),
        lambda: b.table(["a"], [["1"]], "B", row_classes=["red"]),
        lambda: b.table(["a"], [["1"]], "B", phone="tiny"),
    ],
)
def test_an_unknown_kind_is_refused_with_what_exists(call):
    with pytest.raises(ValueError, match="is one of|is 1 to 6"):
        call()


def test_a_table_names_its_columns_and_rows_for_those_who_hear_it():
    html = b.table(
        [b.Column("Tiêu chí", row_header=True), b.Column("Đạt", align="right")],
        [["Điện", "1"], b.group("Nhóm")],
        "Bảng",
        anchor="t",
    ).html
    assert '<caption id="t-caption">Bảng</caption>' in html
    assert '<th scope="col" class="r">Đạt</th>' in html
    assert '<th scope="row">Điện</th><td class="r" data-label="Đạt">1</td>' in html
    assert '<tr class="group"><th scope="rowgroup" colspan="2">Nhóm</th></tr>' in html


def test_a_table_that_scrolls_can_be_reached_by_keyboard():
    html = b.table(["a"], [["1"]], "Bảng", anchor="t", phone="scroll").html
    assert 'role="region" tabindex="0" aria-labelledby="t-caption"' in html


def test_rows_have_anchors():
    block = b.table(["a"], [["1"]], "Bảng", row_anchors=["row-HM065"])
    assert '<tr id="row-hm065">' in block.html
    assert '#ntm-anchor("row-hm065")' in block.typst


def test_columns_get_what_they_ask_for_and_no_less_than_their_longest_word():
    cells = ["x", "một đoạn văn dài hơn nhiều", "Thôn"]
    table = b.table([b.Column("a", width="50%"), "b", "c"], [cells], "Bảng").content
    widths, size = widths_of(table, [cells])
    assert size == 1
    assert widths[0] / sum(widths) == pytest.approx(0.5)
    assert widths[1] > widths[2] > len("Thôn")


def test_a_table_with_very_many_columns_gets_smaller_letters():
    cells = ["1.234,5"] * 30
    assert widths_of(b.table([f"cột{i}" for i in range(30)], [cells], "Bảng").content, [cells])[1] == 0.72


def test_anchors_come_out_the_same_however_often_they_are_named():
    assert b.anchor_name("Tiêu chí 17.8: Đất") == "tieu-chi-17.8-dat"
    assert b.anchor_name(b.anchor_name("17.8")) == b.anchor_name("17.8") == "a-17.8"


def test_links_go_to_anchors_pages_and_files_and_nowhere_else():
    assert b.link("x", "criterion-17").html == b.link("x", "#criterion-17").html == '<a href="#criterion-17">x</a>'
    assert b.link("x", "https://chinhphu.vn/a?b=1&c=2").html == '<a href="https://chinhphu.vn/a?b=1&amp;c=2">x</a>'
    assert b.link("x", "./indicators.csv").html == '<a href="./indicators.csv">x</a>'
    assert b.link("x", "javascript:alert(1)").html == '<a href="#javascript-alert-1">x</a>'


def test_two_figures_of_a_page_share_no_id_and_each_says_what_it_shows():
    ids = []
    for name in ("one", "two"):
        chart, caption, alt = _chart()
        html = b.figure(chart, caption, alt, anchor=name).html
        ids.append({value for key, value in _Reader(html).attributes if key == "id"})
        assert f'aria-labelledby="{name}-title {name}-desc"' in html
        assert ">17.8 Nhà tiêu<" in html
        assert "<style" not in html  # its rules would reach the whole page
    assert not ids[0] & ids[1]


def test_a_figure_is_the_same_bytes_every_time_and_keeps_its_words():
    first, second = (b.figure(*_chart(), anchor="f") for _ in range(2))
    assert first == second
    assert "17.8 Nhà tiêu" in first.html
    assert "<path" not in first.html.split("17.8 Nhà tiêu")[0].split("<text")[-1]


def _chart():
    reading = Reading("17.8 Nhà tiêu", "%", Fraction(90), Fraction(70), ">=", Fraction(87), None, "met")
    chart = bullets([reading], "2024", "2023")
    return chart.figure, "Kết quả", chart.alt


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_verdict_has_a_sign_and_a_word_and_a_basis_is_named(language):
    words = {badge(verdict, "", language).text for verdict in MARKS}
    assert len(words) == len(MARKS)
    texts = [badge("met", basis, language).text for basis in ("measured", "declared", "planned")]
    assert len(set(texts)) == 3
    assert all(word in legend(language).text for word in texts)


def test_an_unknown_verdict_is_an_error():
    with pytest.raises(KeyError):
        badge("maybe")


@pytest.mark.parametrize("name", [n for n in COLOURS if n not in ("line", "tint")])
def test_colours_of_text_have_enough_contrast_on_white_and_on_tints(name):
    assert _contrast(COLOURS[name], "#ffffff") >= 4.5
    assert _contrast(COLOURS[name], COLOURS["tint"]) >= 4.5


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_markdown_becomes_blocks_and_its_html_stays_text():
    block = markdown_block(
        "## Tiêu đề\n\nMột *hai* **ba** `bốn` [năm](#grid)<br>\n\n- sáu\n  - bảy\n\n1. tám\n\n<script>x</script>\n\n```\na\n  b\n```\n"
    )
    assert '<h2 id="tieu-de">Tiêu đề</h2>' in block.html
    assert (
        '<p>Một <em>hai</em> <strong>ba</strong> <code>bốn</code> <a href="#grid">năm</a>&lt;br&gt;</p>' in block.html
    )
    assert "<ul>\n<li>sáu<ul>\n<li>bảy</li>\n</ul></li>\n</ul>" in block.html
    assert "<ol>\n<li>tám</li>\n</ol>" in block.html
    assert "&lt;script&gt;" in block.html
    assert "<script" not in block.html
    assert '<pre tabindex="0">a\n' in block.html


@pytest.mark.parametrize("writer", [html, typst, text])
def test_every_writer_knows_every_node(writer):
    """A node without its form would be found only when somebody shows one."""
    nodes = {kind for union in (tree.Span, tree.Node, tree.Rendered) for kind in get_args(union) or (union,)}
    assert set(writer._WRITERS) == nodes
