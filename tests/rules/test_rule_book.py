"""The rule book: whole, linked, the same every time; what a report says of thresholds; what is still to be looked up."""

import csv
import re
from collections import Counter
from html import unescape

import pytest

from ntm_lib import paths, rules
from ntm_lib.report.rule_book import book, book_html, book_pdf
from ntm_lib.report.rule_entries import anchor_of, told_at
from ntm_lib.report.rule_levels import source_words
from ntm_lib.report.rule_list import list_missing, open_thresholds
from ntm_lib.report.sections.criterion import criteria_sections
from ntm_lib.report.sections.evidence import check_first, thresholds_list
from ntm_lib.report.sections.first_page import conclusion
from ntm_lib.tables import records, write_table
from tests.report.reports import report_of
from tests.rules.books import page


def ids(html):
    return re.findall(r' id="([^"]+)"', html)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_indicator_and_part_has_its_anchor_once(language):
    found = Counter(ids(page(language)))
    assert max(found.values()) == 1
    for name in rules.rule_sets():
        for row in records(rules.load_set(name).indicators):
            assert found[anchor_of(name, row["indicator"], row["part"]).lower()] == 1


def test_every_threshold_stands_there_with_document_confidence_and_source():
    text = unescape(re.sub(r"<[^>]+>", "", page()))
    for name in rules.rule_sets():
        for row in records(rules.load_set(name).thresholds):
            assert row["document"] in text
            named = source_words(row["source"], "vi")
            assert (named if isinstance(named, str) else named.text) in text
    assert "docs/" not in text and "van-ban/" not in text  # names of documents, no paths of files
    for words in (
        "từ 70% trở lên",
        "39 triệu đồng/người/năm",
        "Không được có".lower(),
        "Hùng Mỹ",
        "Sau này",
        "xã có hơn 3 trường",
    ):
        assert words in text


def test_no_link_leads_nowhere_and_nothing_is_asked_of_the_network():
    html = page()
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids(html))
    assert not re.findall(r'(?:src|href)="(?!#|https?://)', html)
    assert 'class="find" id="find" role="search" hidden' in html  # without its script the page shows no dead field


def test_the_same_rules_give_the_same_bytes():
    again = book("vi")
    assert book_html(again, "vi").decode() == page()
    assert book_pdf(again, "vi").startswith(b"%PDF")


def test_a_threshold_shows_who_compared_it_and_what_it_was_before(broken):
    path = broken / "ntm-2021-2025" / "thresholds.csv"
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    for row in rows:
        if (row["indicator"], row["column"]) == ("9.2", "tdmnpb"):
            row |= {
                "confidence": "official",
                "source": "318.pdf (SHA-256 00)",
                "note": "đối chiếu: Lò Thị Hoa, 2026-03-01",
                "note_en": "compared by: Lò Thị Hoa, 2026-03-01",
            }
    before = {"replaced_on": "2026-03-01", "replaced_by": "Lò Thị Hoa", "replaced_with": "318/QĐ-TTg"}
    old = {
        **next(row for row in rows if row["indicator"] == "9.2"),
        "threshold": "65",
        "confidence": "unverified",
        **before,
    }
    for file, table in ((path, rows), (broken / "history" / "ntm-2021-2025.csv", [old])):
        file.parent.mkdir(exist_ok=True)
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(table[0]))
            writer.writeheader()
            writer.writerows(table)
    text = re.sub(r"<[^>]+>", " ", book_html(book("vi"), "vi").decode())
    assert "đối chiếu: Lò Thị Hoa, 2026-03-01" in text
    assert "≥ 65 (chưa đối chiếu), thay ngày 2026-03-01, người thay: Lò Thị Hoa" in text


def test_every_threshold_of_a_report_leads_into_the_book():
    listed = thresholds_list(report_of(2024))
    html = criteria_sections(report_of(2024)).html + check_first(report_of(2024)).html + listed.html
    targets = set(re.findall(r'href="\.\./\.\./rule-book/rule-book\.html#([^"]+)"', html))
    asked = {
        anchor_of("ntm-2021-2025", row["indicator"], row["part"])
        for row in report_of(2024).rows("indicators", year=2024)
    }
    assert targets == asked
    rows = re.findall(r"<tr[ >].*?</tr>", listed.html, re.DOTALL)[1:]
    assert len(rows) == len(report_of(2024).rows("thresholds", year=2024)) and all(
        "rule-book.html#" in row for row in rows
    )
    assert {target.lower() for target in targets} <= set(ids(page()))
    assert "rule-book" not in criteria_sections(report_of(2024)).typst  # the PDF is filed alone


@pytest.mark.parametrize("name", rules.rule_sets())
def test_what_a_set_takes_over_from_another_is_told_there(name):
    rule_set, found = rules.load_set(name), set(ids(page()))
    every = records(rule_set.all_indicators)
    assert every and all(told_at(rule_set, row["indicator"], row["part"]).lower() in found for row in every)


def test_the_report_names_what_to_check_first():
    first, listed = conclusion(report_of(2023)).text, check_first(report_of(2023)).text
    assert "2 mức cần đối chiếu trước, vì kết luận phụ thuộc vào chúng: 11.1, 17.9" in first
    assert "nếu mức thấp hơn kết quả này thì chưa đạt; tiêu chí 11 cũng đổi thành chưa đạt" in listed
    assert "cho đến khi nhập mức này" in listed


def test_what_is_missing_stands_in_the_order_of_the_verdicts(monkeypatch, tmp_path):
    report = report_of(2024)
    monkeypatch.setattr(paths, "processed", lambda run: tmp_path / run)
    none = open_thresholds(["hung-my"])
    assert none.without_report == ["hung-my"]
    (tmp_path / "hung-my" / "2024").mkdir(parents=True)
    write_table("decisive", report.decisive, tmp_path / "hung-my" / "2024")
    found = open_thresholds(["hung-my", "my-bang"])
    deciding = [one.rule["indicator"] for one in found.thresholds if one.decides]
    assert {"10.1", "11.1", "14.1", "18.2"} == set(deciding)
    assert [bool(one.decides) for one in found.thresholds] == sorted(
        (bool(one.decides) for one in found.thresholds), reverse=True
    )
    text = list_missing(found, "vi")
    assert "chờ mức (Hùng Mỹ)" in text
    told = [line for line in text.splitlines() if re.match(r"\d+\. ", line)]
    assert len(told) == sum(bool(one.decides or one.waits) for one in found.thresholds)
    assert len(text.splitlines()) < len(told) + 12  # one line a threshold, the rest in one a set
    assert "my-bang" in text.splitlines()[-1]
