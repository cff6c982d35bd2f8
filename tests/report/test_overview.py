"""Many communes counted: bands, criteria, risks; and the page at the size of a country."""

import csv
import io
import os
import random
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from ntm_lib import language
from ntm_lib.report.overview.overview_page import missing, overview_html, place_map, summary, withdrawal_list
from ntm_lib.report.overview.overview_read import (
    BANDS,
    Entry,
    Overview,
    Place,
    band_counts,
    by_criteria,
    criterion_counts,
    exposed,
    most_missed,
    read_overview,
)
from ntm_lib.report.overview.overview_table import communes_table, met_text, overview_csv
from tests.report.many_communes import ROOT, write_many

CRITERIA = [str(n) for n in range(1, 20)]

# Communes meeting each of criteria 1 … 19, Đắk Lắk 2015, 152 communes; total 1.586 of 2.888 (54,9 %), average 10,43.
# http://infonet.vn/dak-lak-da-co-7-xa-dat-tieu-chi-nong-thon-moi-post178632.info
DAK_LAK = (152, 13, 61, 95, 53, 15, 39, 137, 48, 74, 68, 123, 95, 113, 132, 67, 36, 123, 142)

# Communes at 19, 15–18, 10–14 and fewer than 10 criteria, Yên Bái 2021, 150 communes.
YEN_BAI = (86, 3, 33, 28)


def entry(slug: str = "a", met=(), unmet=(), year: int = 2024, **more) -> Entry:
    """A commune; criteria in neither list are without data."""
    verdicts = {
        c: ("met", "measured") if c in met else ("unmet", "measured") if c in unmet else ("no-data", "")
        for c in CRITERIA
    }
    return Entry(Place(slug, slug), year, f"{slug}/{year}", verdicts, **more)


def with_count(count: int, slug: str = "a") -> Entry:
    return entry(slug, CRITERIA[:count], CRITERIA[count:])


def dak_lak() -> list[Entry]:
    """152 communes with as many meeting each criterion as published; which ones is drawn."""
    draw = random.Random(1)
    meeting = {c: set(draw.sample(range(152), count)) for c, count in zip(CRITERIA, DAK_LAK, strict=True)}
    return [
        entry(f"xa-{n}", [c for c in CRITERIA if n in meeting[c]], [c for c in CRITERIA if n not in meeting[c]])
        for n in range(152)
    ]


def test_the_published_figures_of_dak_lak_come_out():
    entries = dak_lak()
    assert tuple(count.met for count in criterion_counts(entries)) == DAK_LAK
    assert sum(entry.met for entry in entries) == 1586 and sum(entry.total for entry in entries) == 2888
    assert [count.criterion for count in most_missed(entries)[:3]] == ["2", "6", "17"]
    assert [count.unmet for count in most_missed(entries)[:3]] == [139, 137, 116]
    assert "1" not in {count.criterion for count in most_missed(entries)}


def test_the_published_bands_of_yen_bai_come_out():
    numbers = [19] * YEN_BAI[0] + [16] * YEN_BAI[1] + [12] * YEN_BAI[2] + [7] * 20 + [3] * 8
    counts = band_counts([with_count(n, f"xa-{i}") for i, n in enumerate(numbers)])
    assert [counts[band] for band in BANDS[:3]] == [86, 3, 33]
    assert counts[5, 9] + counts[0, 4] == YEN_BAI[3]
    assert counts[None] == 0


@pytest.mark.parametrize(
    ("count", "band"),
    [
        (19, (19, 19)),
        (18, (15, 18)),
        (15, (15, 18)),
        (14, (10, 14)),
        (10, (10, 14)),
        (9, (5, 9)),
        (5, (5, 9)),
        (4, (0, 4)),
        (0, (0, 4)),
    ],
)
def test_bands_end_where_they_are_published_to_end(count, band):
    assert with_count(count).band == band


def test_a_band_is_told_only_where_what_is_unknown_cannot_change_it():
    assert entry(met=CRITERIA[:15], unmet=CRITERIA[17:]).band == (15, 18)
    assert entry(met=CRITERIA[:15], unmet=CRITERIA[18:]).known is None
    assert entry(met=CRITERIA[:13]).band is None
    assert met_text(entry(met=CRITERIA[:13]), "vi") == "13–19"


def test_an_announced_number_counts_where_criteria_are_not_named():
    announced = entry(met=CRITERIA[:1], announced=11)
    assert (announced.known, announced.band) == (11, (10, 14))
    assert (met_text(announced, "vi"), met_text(announced, "en")) == ("11c", "11d")
    assert entry(met=CRITERIA[:3], unmet=CRITERIA[3:], announced=11).known == 3


def test_a_criterion_that_does_not_apply_does_not_keep_a_commune_from_the_first_band():
    spared = entry(met=CRITERIA[:18])
    spared = Entry(spared.place, 2024, spared.run, spared.verdicts | {"19": ("not-applicable", "")})
    assert (spared.met, spared.total, spared.band) == (18, 18, (19, 19))


def test_the_nearest_to_withdrawal_come_first():
    entries = [entry("far", exposure=6), entry("now", exposure=0), entry("near", exposure=2), entry("unknown")]
    assert [e.place.slug for e in exposed(entries, 2)] == ["now", "near"]


def test_criteria_of_two_rule_sets_are_never_counted_together():
    other = Entry(Place("b", "b"), 2026, "b/2026", {str(n): ("met", "measured") for n in range(1, 11)})
    assert [[e.year for e in group] for group in by_criteria([entry(), other])] == [[2026], [2024]]


# From files


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    """A folder with communes out of Hùng Mỹ's tables, and their slugs."""
    root = tmp_path_factory.mktemp("country")
    shutil.copytree(ROOT / "data/raw/rules", root / "data/raw/rules")
    before = os.environ.get("NTM_ROOT")
    os.environ["NTM_ROOT"] = str(root)
    yield root, write_many(root, 40)
    if before is None:
        del os.environ["NTM_ROOT"]
    else:
        os.environ["NTM_ROOT"] = before


def test_every_year_that_a_run_knows_is_read_once(country):
    _, slugs = country
    overview = read_overview(slugs, title="Thử")
    assert overview.years == [2024, 2023, 2021]
    assert [len(overview.of_year(year)) for year in overview.years] == [40, 40, 40]
    assert {e.run for e in overview.of_year(2021)} == {f"{slug}/2024" for slug in slugs}
    assert len(overview.latest) == 40
    assert read_overview(slugs, [2023]).years == [2023]


def test_communes_stand_in_the_order_of_the_vietnamese_alphabet(country):
    names = [e.place.name for e in read_overview(country[1]).of_year(2024)]
    assert names == sorted(names, key=language.collation_key)


def test_a_commune_without_tables_or_with_damaged_ones_is_named_and_stops_nothing(country):
    root, slugs = country
    folder = root / "data/processed" / slugs[3] / "2024"
    kept = (folder / "criteria.csv").read_text("utf-8")
    hidden = root / "data/processed" / slugs[0]
    hidden.rename(root / "hidden")
    (folder / "criteria.csv").write_text("hỏng\n1\n", encoding="utf-8")
    try:
        overview = read_overview(slugs)
    finally:
        (folder / "criteria.csv").write_text(kept, encoding="utf-8")
        (root / "hidden").rename(hidden)
    reasons = {place.slug: why for place, why in overview.missing}
    assert reasons[slugs[0]] == ""
    assert "không đọc được" in reasons[slugs[3]]
    assert len(overview.latest) == 38


def test_what_is_concluded_is_read_from_the_summary_and_nothing_else(country):
    root, slugs = country
    for entry_ in read_overview(slugs).entries:
        text = (root / "data/processed" / entry_.run / "summary.csv").read_text("utf-8")
        (row,) = (row for row in csv.DictReader(io.StringIO(text)) if row["year"] == str(entry_.year))
        told = (entry_.exposure, entry_.unmet_in_all, entry_.announced, entry_.with_value, entry_.indicators)
        names = ("until_withdrawal", "unmet_in_all", "published_met", "with_value", "indicators")
        assert told == tuple(int(row[name]) if row[name] else None for name in names)
        assert entry_.plan == (row["measured"] == row["declared"] == "0" and row["planned"] + row["aimed"] != "00")


def test_a_count_that_leaves_criteria_unmet_is_told_where_none_is_named():
    found = Overview("", (entry("a", announced=9, unmet_in_all=10, exposure=0),))
    assert "10 tiêu chí, theo công bố | đã đến mức thu hồi" in withdrawal_list(found, "vi").text


def test_communes_of_which_nobody_knows_the_number_and_old_reports_are_named():
    found = Overview("", (entry("a"), entry("b", announced=9)), stale=("b/2024",))
    text = missing(found, "vi").text
    assert "1 xã chưa rõ đạt bao nhiêu tiêu chí" in text and "a (2024)" in text and "b (2024)" not in text
    assert "1 báo cáo cũ hơn số liệu hiện có, cần lập lại: b (2024)." in summary(found, "vi").text


def aimed(slug: str, count: int = 19) -> Entry:
    """A commune that meets the first criteria by its plan alone."""
    verdicts = {c: ("met", "aimed") if int(c) <= count else ("unmet", "planned") for c in CRITERIA}
    return Entry(Place(slug, slug), 2024, f"{slug}/2024", verdicts, plan=True)


def test_every_commune_stands_in_one_state_and_those_without_report_are_counted():
    """A plan is no result, and what is not known no state of its own: neither is averaged with the others."""
    full, lacking, unclear = with_count(19, "full"), with_count(18, "lacking"), entry("unclear", CRITERIA[:13])
    found = Overview(
        "", (full, lacking, unclear, aimed("plan"), aimed("plan-lacking", 17)), ((Place("none", "none"), ""),)
    )
    assert sorted(entry.state for entry in found.latest) == ["met", "planned", "unclear", "unmet", "unmet"]
    rows = [line.split(" | ") for line in summary(found, "vi").text.splitlines() if " | " in line][1:]
    assert sum(int(row[1]) for row in rows) == 6 and ["chưa có báo cáo", "1", "none"] in rows
    assert "bình quân" not in overview_html(found, "vi")["overview.html"].lower()


def test_a_row_of_marks_says_what_each_verdict_rests_on():
    verdicts = {
        "1": ("met", "measured"),
        "2": ("met", "declared"),
        "3": ("met", "planned"),
        "4": ("met", "aimed"),
        "5": ("unmet", ""),
        "6": ("no-data", ""),
    }
    one = Entry(Place("a", "a"), 2024, "a/2024", verdicts)
    html = communes_table([one], "Xã", "communes", Overview("", (one,)), "vi").html
    assert "<td class=m>✓<td class=d>✓c<td class=p>✓k<td class=a>✓m<td class=u>✗<td>–" in html


def test_the_map_shows_who_has_a_sure_point_and_names_who_has_none():
    here = with_count(19, "Đây")
    here = replace(here, place=replace(here.place, point=(22.0, 105.2)))
    found = Overview("", (here, with_count(3, "Kia")), around=((21.9, 105.0), (22.2, 105.4)))
    block = place_map(found, "vi")
    assert "đạt đủ tiêu chí, theo số liệu hoặc công bố: Đây." in block.text
    assert "Không có điểm chắc chắn: Kia." in block.html and "<svg" in block.html
    assert "<svg" not in place_map(replace(found, around=()), "vi").html


def test_the_table_for_spreadsheets_holds_no_formula():
    hostile = Entry(Place("a", "=1+1", "00001", "@x", "-y"), 2024, "a/2024", {"1": ("met", "measured")})
    (row,) = csv.DictReader(io.StringIO(overview_csv(Overview("", (hostile,)))))
    assert (row["name"], row["district"], row["province"], row["criterion_1"]) == (
        "'=1+1",
        "'@x",
        "'-y",
        "met measured",
    )


def test_hostile_names_are_text_on_the_page():
    hostile = Entry(
        Place("a", "<script>x</script>", "00001", '" onload="x', "</table>"), 2024, "a/2024", {"1": ("met", "measured")}
    )
    page = overview_html(Overview("<b>x</b>", (hostile,), ((Place("b", "<img src=x>"), "<i>"),)), "vi")["overview.html"]
    assert page.count("<script") == 1
    assert "<img" not in page
    assert 'onload="' not in page
    assert page.count("</table>") == 4


def test_the_page_allows_its_own_script_and_no_other(country):
    import base64
    import hashlib
    import re

    page = overview_html(read_overview(country[1]), "vi")["overview.html"]
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page
    assert "default-src 'none'" in page


@pytest.mark.parametrize("spoken", ["vi", "en"])
def test_the_same_tables_give_the_same_bytes_in_each_language(country, spoken):
    first, second = (overview_html(read_overview(country[1], language=spoken), spoken) for _ in range(2))
    assert first == second
    assert sorted(first) == ["overview-2021.html", "overview-2023.html", "overview-2024.html", "overview.html"]


def test_a_country_stays_under_five_megabytes(country):
    """3,321 communes and three years, of which this is a sample: what a row takes, times their number."""
    few, many = (read_overview(country[1][:count]) for count in (10, 40))
    for name, page in overview_html(many, "vi").items():
        growth = len(page.encode()) - len(overview_html(few, "vi")[name].encode())
        assert len(page.encode()) + growth / 30 * 3281 < 3_000_000


def test_an_overview_of_nothing_says_so():
    page = overview_html(Overview("Trống", (), ((Place("a", "A"), ""),)), "vi")["overview.html"]
    assert "1 xã chưa lập báo cáo" in page


def test_links_lead_to_the_reports(country):
    page = overview_html(read_overview(country[1]), "vi")["overview.html"]
    place = Path("outputs/overview-all")
    assert f"<a href=../{country[1][5]}/2024/report.html>" in page
    assert os.path.normpath(place / ".." / country[1][5] / "2024") == os.path.normpath(f"outputs/{country[1][5]}/2024")


def test_what_there_is_none_of_takes_no_place():
    """No column without a count, no nought of communes, no distance to withdrawal where nothing is concluded."""
    unknown = Entry(Place("a", "A"), 2023, "a/2023", dict.fromkeys(CRITERIA, ("no-data", "")), exposure=6)
    overview = Overview("", (unknown, aimed("b")))
    page = overview_html(overview, "vi")["overview.html"]
    assert "Không xã nào mới đạt thêm hoặc không còn đạt tiêu chí nào so với năm trước." in page
    heads = re.findall(r"<th[^>]*>([^<]*)</th>", page[page.index('id="criteria-1"') :].partition("</thead>")[0])
    assert "Chưa đạt" in heads and "Đạt theo công bố" not in heads and "Mới đạt" not in heads
    row = next(line for line in page.splitlines() if "href=../a/2023/report.html" in line)
    assert row.split("<td>")[-5] == "–"
