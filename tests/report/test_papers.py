"""Every paper of communes rich and poor in figures, read as their readers get them: whole, numbered, linked, of one mind."""

import io
import re
import shutil

import pikepdf
import pytest

from ntm_lib.doc.notebook import Document
from ntm_lib.doc.pdf import render_pdf
from ntm_lib.errors import NtmError
from ntm_lib.report.papers import official
from tests.report.papers import RUNS, Paper, made, papers

pytestmark = pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext (poppler-utils) is not installed")
LONGEST = {
    ("hung-my", 2024): 10,
    ("my-bang", 2024): 3,
    ("long-dien-b", 2022): 3,
    ("an-thoi-dong", 2015): 3,
}  # pages of the yearly PDF
# What stands in a folder or in a table of the data and means nothing on paper: files, columns, ids of rows, codes of rules and states.
CODES = re.compile(
    r"\w+\.(?:csv|yml|txt|ipynb)\b|\bHM\d{3}\b|\bP0\d\d\b|\bmake \w+|\bntm-\d|cột (?:value|debt)|no-data|one-source|LaTeX|\$"
)


@pytest.fixture(scope="module", params=RUNS, ids=lambda run: "-".join(map(str, run)))
def run(request) -> tuple[tuple[str, int, str], dict[str, Paper]]:
    """A run and its papers. A warning of Typst raises before any test can read them."""
    return request.param, papers(*request.param)


def test_a_layout_that_does_not_settle_is_no_pdf():
    unsettled = "#context if here().page() == 1 { pagebreak(weak: true) }\n"
    with pytest.raises(RuntimeError, match="did not converge"):
        render_pdf(f"words\n\n{unsettled}more words\n", Document("Báo cáo", "vi", "", "2024-12-31", "", ""))


def test_tables_are_numbered_from_one_to_the_last(run):
    words = "\n".join(run[1]["report"].pages)
    numbers = [int(found) for found in re.findall(r"^ *(?:Bảng|Table) (\d+)\.", words, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers or "Chưa có chỉ tiêu nào có số liệu" in words  # nothing to stand in a table


def test_every_page_but_the_first_has_its_number(run):
    """In front of report and plan is a leaf for the signer, which does not count."""
    for name, paper in run[1].items():
        heads = [page.lstrip("\n").partition("\n")[0].strip() for page in paper.pages][
            1 if name in ("bao-cao", "ke-hoach") else 0 :
        ]
        assert not heads[0].isdigit() and heads[1:] == [str(number) for number in range(2, len(heads) + 1)], name


def test_links_of_the_pdf_are_those_of_the_page_whose_target_it_holds(run):
    for name, paper in run[1].items():
        body = paper.html.partition("<main")[2]
        wanted = [target for target in paper.links if target in paper.anchors]
        assert set(wanted) <= set(re.findall(r'<a [^>]*href="#([^"]*)"', body)), name
        with pikepdf.open(io.BytesIO(paper.pdf)) as pdf:
            links = [
                entry for entry in pdf.objects if isinstance(entry, pikepdf.Dictionary) and entry.get("/S") == "/Link"
            ]
            assert len(links) == len(wanted), name


def test_no_section_is_empty(run):
    """After a heading stands something, before the next one of its level or a higher one."""
    for name, paper in run[1].items():
        pieces = re.split(r"<h([1-4])[ >](.*?)</h\1>", paper.html.partition("<main")[2].partition("</main>")[0])
        found = [
            (int(level), words, re.sub(r"<[^>]*>", "", body).strip())
            for level, words, body in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True)
        ]
        following = [*(level for level, _, _ in found[1:]), 0]
        assert [
            words
            for (level, words, body), then in zip(found, following, strict=True)
            if not body and then <= level and level > 1
        ] == [], name


def test_a_paper_is_no_longer_than_its_reader_reads(run):
    (commune, year, _), made_papers = run
    assert len(made_papers["report"].pages) <= LONGEST.get((commune, year), 10)


def test_no_paper_speaks_of_files_columns_or_codes(run):
    for name, paper in run[1].items():
        assert CODES.findall("\n".join(paper.pages)) == [], name


def test_a_note_explains_only_what_the_tables_have(run):
    (_, _, language), found = run
    if language == "vi":
        words = found["report"].words
        assert ("KH là kế hoạch." in words) is bool(re.search(r"\bKH 20\d\d", words))


def test_quotation_marks_are_of_one_kind(run):
    for name, paper in run[1].items():
        assert not re.search("[«»]", "\n".join(paper.pages)), name
        if name != "report":  # that quotes raw rows as they were typed
            assert '"' not in "\n".join(paper.pages), name


def test_a_working_paper_wears_no_national_title_and_no_signature(run):
    words = "\n".join(run[1]["report"].pages)
    assert not re.search("CỘNG HÒA|SOCIALIST REPUBLIC|Nơi nhận|Recipients|TM\\.", words)


# ---------------------------------------------------------------- of one mind


@pytest.mark.parametrize(("commune", "year"), [("hung-my", 2023), ("my-bang", 2024), ("long-dien-b", 2022)])
def test_counts_are_the_same_in_every_paper(commune, year):
    """Criteria met, as the yearly report, the report on results, its leaf and the page for the public tell them."""
    report, found = made(commune, year), papers(commune, year)
    rows = report.rows("criteria", year=year)
    met = sum(row["verdict"] == "met" for row in rows)
    told = {name: _counts(paper.words) for name, paper in found.items() if not name.startswith("ke-hoach")}
    public = told.pop("thong-tin-cong-khai", set())  # has no count where most criteria are not known
    assert public <= {(met, len(rows))} and bool(public) is all(row["verdict"] != "no-data" for row in rows)
    assert all(counts and counts <= {(met, len(rows))} for counts in told.values()), told


def _counts(words: str) -> set[tuple[int, int]]:
    """(met, all) of every sentence that counts the criteria met."""
    shapes = (
        r"(?:đạt|có) (?P<met>\d+)/(?P<all>\d+) tiêu chí", r"trong (?P<all>\d+) tiêu chí xã có số liệu hoặc công bố đạt (?P<met>\d+) tiêu chí",
        r"xã đạt (?P<met>\d+) trong (?P<all>\d+) tiêu chí", r"trong (?P<all>\d+) tiêu chí có \d+ tiêu chí chưa có số liệu; xã đạt (?P<met>\d+) tiêu chí",
        r"(?P<met>\d+)/(?P<all>\d+) tiêu chí nông thôn mới đạt",
    )  # fmt: skip
    return {(int(m["met"]), int(m["all"])) for shape in shapes for m in re.finditer(shape, words)}


@pytest.mark.parametrize(("commune", "year"), [("hung-my", 2023), ("hung-my", 2024), ("my-bang", 2024)])
def test_money_is_the_same_in_every_paper(commune, year):
    """Totals of a year, wherever they are told: the sum of its sources, never that of several years."""
    known = {"hung-my": {"8.321,7"}, "my-bang": set()}[commune]
    shapes = r"(?:Cộng \d nguồn|Cộng các nguồn|Tổng kinh phí[^:]*:|Tổng số:|Kinh phí:|cộng lại|Kinh phí dự kiến:) ([\d.]+,?\d*)"
    for name, paper in papers(commune, year).items():
        assert set(re.findall(shapes, paper.words)) <= known, name


def test_verdicts_of_indicators_are_the_same_in_every_paper():
    """Of the year with results: value and verdict of each indicator in the yearly report and in the report on results."""
    report, found = made("hung-my", 2023), papers("hung-my", 2023)
    rows = [row for row in report.rows("indicators", year=2023) if row["basis"] == "measured" and row["part"]]
    assert rows
    for row in rows:
        share = f"{int(row['numerator']):,}/{int(row['denominator']):,}".replace(",", ".")
        assert share in found["report"].words and share in found["bao-cao"].words
        assert re.search(
            rf"{row['indicator']}{row['part']} [^;]*?{re.escape(share)}[^;]*?: đạt\.", found["bao-cao"].words
        )


def test_risks_are_the_same_in_both_reports():
    found = papers("hung-my", 2023)
    told = re.findall(r"Chỉ tiêu [\d.]+[a-z]? chỉ cách mức yêu cầu [^.]*\.", found["report"].words)
    assert told and all(text in found["bao-cao"].words for text in told)


def test_money_of_several_years_is_told_as_such_with_its_bound():
    found = papers("my-bang", 2024)
    for name in ("report", "bao-cao"):
        assert "trên 228,7 tỷ đồng (lũy kế nhiều năm, không phải vốn của năm 2024)" in found[name].words


def test_a_commune_that_went_into_a_ward_is_said_to_have():
    assert "Từ 01/07/2025, xã nhập vào phường Mỹ Lâm." in papers("my-bang", 2024)["report"].words


def test_what_a_source_counts_stands_beside_what_the_figures_allow():
    words = papers("an-thoi-dong", 2015)["report"].words
    assert "Trang tin nêu đến tháng 8/2015 xã đạt 18/19 tiêu chí (bộ 2009–2015)." in words
    assert "thành phố Hồ Chí Minh" in words and "tỉnh Hồ Chí Minh" not in words


def test_rules_of_other_years_make_no_paper(tmp_path):
    with pytest.raises(NtmError, match="2021–2025, không phải năm 2015"):
        official.write_documents(made("an-thoi-dong", 2015), tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("commune", "year", "has"),
    [
        ("my-bang", 2024, "Xã có 2 chỉ tiêu có số liệu; 11.1 Tỷ lệ nghèo đa chiều giai đoạn 2021-2025: 1,70% (năm 2024)."),
        ("long-dien-b", 2022, "Xã có 3 chỉ tiêu có số liệu; 17.8a Tỷ lệ hộ có nhà tiêu hợp vệ sinh: 93,50%"),
        ("hong-thai-na-hang", 2023, "Xã chưa có chỉ tiêu nào có số liệu; đến năm 2019 xã đã được công nhận đạt chuẩn nông thôn mới"),
    ],
)  # fmt: skip
def test_too_few_figures_give_one_honest_page_and_nothing_to_sign(tmp_path, commune, year, has):
    (page,) = official.write_documents(made(commune, year), tmp_path)
    assert [page] == list(tmp_path.iterdir())
    paper = Paper("", "", page.read_bytes())
    assert len(paper.pages) == 1 and all(part in paper.words for part in has.split("; "))
    assert (
        "cần ít nhất 5" in paper.words and "nhiều nhất" not in paper.words
    )  # a bound that follows from parts is no figure
    assert not re.search("CỘNG HÒA|Nơi nhận|TM\\.", paper.words)
    assert "18.1, 18.2, 18.3, 18.4, 18.5, 18.6" in paper.words  # what it needs
