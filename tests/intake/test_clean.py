"""Rows in are observations and rejects out, each with its address, and corrections are data with a guard."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ntm_lib.errors import NtmError
from ntm_lib.intake import clean, read_commune, schema, stop_on_rejects
from ntm_lib.intake.raw import Raw
from ntm_lib.intake.schema import RawRow
from ntm_lib.wording.problem_words import worded
from tests.intake.raw_rows import as_csv, planned, result

CORRECTION = {
    "id": "C1", "file": "results.csv", "row_id": "R1", "column": "indicator", "expect": "17.8", "action": "set", "value": "17.9",
    "reason": "in nhầm", "decided_by": "An", "decided_on": "2024-03-01",
}  # fmt: skip


def cleaned(folder, files):
    folder(files)
    return clean(read_commune("thu"))


def observed(folder, *rows):
    return cleaned(folder, {"results.csv": list(rows)}).observations


def test_an_observation_keeps_the_text_the_value_and_the_address(folder):
    row = observed(folder, result()).iloc[0]
    assert (row.observation, row.text, row.value, row.unit) == ("R1", "1.276/1.413 hộ đạt 90,3%", "90.3", "%")
    assert (row.numerator, row.denominator, row.year) == ("1276", "1413", 2023)
    assert (row.file, row.sheet, row.row, row.column) == ("communes/thu/results.csv", "", "2", "value")


@pytest.mark.parametrize("kind", ["measured", "declared"])
def test_an_increase_is_not_taken_for_the_level_reached(folder, kind):
    """«tăng 3%» of poor households is not 3 % of poor households."""
    row = observed(folder, result(value="tăng 3%", kind=kind)).iloc[0]
    assert (row.text, row.value) == ("tăng 3%", "")


def test_a_part_of_a_part_can_be_entered(folder):
    assert observed(folder, result(part="d2.a")).iloc[0].part == "d2.a"


def test_a_row_without_id_is_known_by_its_place(folder):
    assert observed(folder, result(id="")).observation.tolist() == ["results.csv:2"]


@pytest.mark.parametrize(
    ("change", "column", "word"),
    [
        ({"value": "1.41,3 hộ"}, "value", "hàng nghìn"),
        ({"value": "1,4% + 0,3%"}, "value", "nhiều số"),
        ({"value": "nhiều"}, "value", "không đọc được"),
        ({"value": "=1+1"}, "value", "nhiều số"),
        ({"value": "<script>alert()</script>"}, "value", "không đọc được"),
        ({"year": "20222"}, "year", "bốn chữ số"),
        ({"year": "trước 2011"}, "year", "bốn chữ số"),
        ({"year": ""}, "year", "không được để trống"),
        ({"kind": "đo"}, "kind", "measured"),
        ({"criterion": "mười"}, "criterion", "tiêu chí"),
        ({"criterion": "07"}, "criterion", "1 đến 19"),
        ({"criterion": "20"}, "criterion", "1 đến 19"),
        ({"indicator": "17.08"}, "indicator", "17.8"),
        ({"indicator": "17-Aug"}, "indicator", "17.8"),
        ({"part": "abc"}, "part", "chữ thường"),
        ({"id": "a;b"}, "id", "mã dòng"),
        ({"item": "x" * 30_000}, "item", "10.000"),
    ],
)
def test_a_row_that_cannot_be_used_is_a_reject_with_column_text_and_remedy(folder, change, column, word):
    outcome = cleaned(folder, {"results.csv": [result() | change, result("R2")]})
    assert outcome.observations.observation.tolist() == ["R2"]
    reject = worded(outcome.rejects, "vi").iloc[0]
    assert (reject.file, reject.row, reject.column) == ("communes/thu/results.csv", "2", column)
    assert word in reject.message
    assert len(reject.text) < 100
    with pytest.raises(NtmError, match="dòng 2") as error:
        stop_on_rejects(outcome)
    assert column in error.value.message


def test_every_reject_is_listed_in_one_message(folder):
    outcome = cleaned(folder, {"results.csv": [result("R1", "?"), result("R2"), result("R3", "??")]})
    with pytest.raises(NtmError, match=r"(?s)Có 2 dòng.*dòng 2.*dòng 4"):
        stop_on_rejects(outcome)


def test_nothing_is_raised_where_all_is_read(folder):
    stop_on_rejects(cleaned(folder, {"results.csv": [result()]}))


def test_what_is_ambiguous_is_kept_without_value(folder):
    row = observed(folder, result(value="1,413 hộ")).iloc[0]
    assert (row.text, row.value) == ("1,413 hộ", "")


def test_a_second_row_with_the_same_id_is_a_reject_that_names_the_first(folder):
    outcome = cleaned(folder, {"results.csv": [result(), result()]})
    assert len(outcome.observations) == 1
    assert "communes/thu/results.csv:2" in worded(outcome.rejects, "vi").iloc[0].message


def test_a_change_says_up_or_down_and_from_which_year(folder):
    outcome = cleaned(
        folder,
        {"plan.csv": [planned(), planned("K2", "giảm 30 hộ"), planned("K3", "30 hộ"), planned("K4", base_year="")]},
    )
    values = outcome.observations.set_index("observation").value.to_dict()
    assert values == {"K1": "56", "K2": "-30", "K3": ""}
    assert outcome.parsed["K3"].doubt == "direction"
    assert outcome.rejects.iloc[0].column == "base_year"


def test_a_target_in_words_stays_as_words(folder):
    outcome = cleaned(folder, {"plan.csv": [planned(value="“vững mạnh, rộng khắp”", kind="target")]})
    assert (outcome.observations.iloc[0].text, outcome.observations.iloc[0].value) == ("“vững mạnh, rộng khắp”", "")


def test_works_and_funding_are_read_in_the_units_of_the_tables(folder):
    outcome = cleaned(
        folder,
        {
            "works.csv": [
                {
                    "id": "W1", "year": "2024", "criterion": "2", "item": "đường", "quantity": "510 m",
                    "cost": "1,5 tỷ", "deadline": "quý IV năm 2024",
                },
                {
                    "id": "W2", "year": "2024", "criterion": "2", "item": "biển báo", "quantity": "hệ thống biển báo",
                    "cost": "", "deadline": "",
                },
                {
                    "id": "W3", "year": "2024", "criterion": "2", "item": "cầu", "quantity": "1 cầu, 2 cống",
                    "cost": "", "deadline": "",
                },
            ],
            "funding.csv": [
                {
                    "id": "F1", "year": "2024", "source": "total", "name": "Tổng", "amount": "8.321,7",
                    "allocated": "", "spent": "",
                }
            ],
        },
    )  # fmt: skip
    first, second = outcome.works.itertuples()
    assert (first.quantity, first.unit, first.cost, first.deadline, first.state) == (
        "0.51",
        "km",
        "1500",
        "2024-Q4",
        "planned",
    )
    assert (second.quantity, second.unit) == ("", "")
    assert outcome.rejects.column.tolist() == ["quantity"]
    assert outcome.funding.planned.tolist() == ["8321.7"]
    assert (first.indicator, first.part) == ("", "")  # a file from before there was such a column


def test_a_work_may_say_for_which_part_of_its_indicator_it_counts(folder):
    row = {"id": "W1", "year": "2024", "criterion": "17", "indicator": "17.8", "item": "nhà tắm", "quantity": "67 hộ"}
    outcome = cleaned(folder, {"works.csv": [row | {"part": "b"}, row | {"id": "W2", "part": "B1"}]})
    assert outcome.works[["indicator", "part"]].values.tolist() == [["17.8", "b"]]
    assert outcome.observations["part"].tolist() == ["b"]
    assert outcome.rejects.column.tolist() == ["part"]


@pytest.mark.parametrize(
    ("criterion", "files"),
    [("17; 18", []), ("17,18", []), ("17; 20", ["assignments.csv"]), ("17;", ["assignments.csv"])],
)
def test_a_duty_may_be_for_several_criteria_and_a_figure_not(folder, criterion, files):
    duty = {"id": "G1", "who": "Chủ tịch", "duty": "phụ trách", "criterion": criterion}
    figure = result() | {"criterion": criterion}
    rejects = cleaned(folder, {"assignments.csv": [duty], "results.csv": [figure]}).rejects
    assert [text.rpartition("/")[2] for text in rejects.file] == [*files, "results.csv"]
    assert {*rejects.column} == {"criterion"}


def test_villages_are_named_as_the_registry_names_them(folder):
    outcome = cleaned(
        folder,
        {
            "villages.csv": [
                {"id": "V1", "village": "Rõm", "variants": "Rôm"},
                {"id": "V2", "village": "Cao Bình", "variants": ""},
            ],
            "results.csv": [
                result(village="thôn Cao Bình; Rôm"),
                result("R2", village="Cao Bìn"),
                result("R3", village="Xa Lạ"),
            ],
        },
    )
    villages = outcome.observations.set_index("observation").village
    assert (villages["R1"], villages["R2"], villages["R3"]) == ("Cao Bình; Rõm", "Cao Bình", "Xa Lạ")
    assert outcome.matches.how.tolist() == ["exact", "variant", "near", "none"]


def test_a_correction_sets_the_cell_and_the_source_text_stays(folder):
    outcome = cleaned(folder, {"results.csv": [result()], "corrections.csv": [CORRECTION]})
    row = outcome.observations.iloc[0]
    assert (row.indicator, row.correction, row.text) == ("17.9", "C1", "1.276/1.413 hộ đạt 90,3%")
    entry = outcome.corrections[0]
    assert (entry.before, entry.after, entry.decided_by) == ("17.8", "17.9", "An")


def test_a_corrected_value_is_read_and_the_text_is_still_that_of_the_source(folder):
    correction = CORRECTION | {"column": "value", "expect": "90,3", "value": "90,3%"}
    row = cleaned(folder, {"results.csv": [result(value="90,3")], "corrections.csv": [correction]}).observations.iloc[0]
    assert (row.text, row.value, row.unit) == ("90,3", "90.3", "%")


def test_a_dropped_row_is_a_reject_with_the_reason_and_does_not_stop_the_run(folder):
    outcome = cleaned(folder, {"results.csv": [result()], "corrections.csv": [CORRECTION | {"action": "drop"}]})
    assert outcome.observations.empty
    assert "C1" in worded(outcome.rejects, "vi").iloc[0].message
    stop_on_rejects(outcome)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"expect": "17.7"}, "nguồn đã đổi"),
        ({"row_id": "R9"}, "có 0 dòng"),
        ({"file": "khac.csv"}, "không có bảng"),
        ({"column": "chi_tieu"}, "không có cột"),
        ({"action": "fix"}, "set, drop, flag"),
        ({"action": "drop", "column": "", "expect": ""}, "expect"),
        ({"action": "flag", "column": "", "expect": ""}, "expect"),
    ],
)
def test_a_correction_that_does_not_apply_stops_the_run(folder, change, word):
    with pytest.raises(NtmError, match="C1") as error:
        cleaned(folder, {"results.csv": [result()], "corrections.csv": [CORRECTION | change]})
    assert word in error.value.message


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (
            {"results.csv": "id,year,criterion,indicator,trị số,kind\n"},
            ["results.csv", "trị số", "thiếu cột «value»", "được phép"],
        ),
        ({"results.csv": "id,yaer,criterion,indicator,value,kind\n"}, ["year"]),
        ({"results.csv": "id,year,year,criterion,indicator,value,kind\n"}, ["hai lần"]),
        ({"results.csv": ""}, ["rỗng"]),
        ({"results.csv": 'id,year,criterion,indicator,value,kind\nR1,2023,17,17.8,"90%,measured\n'}, ["nháy kép"]),
    ],
)
def test_a_damaged_table_ends_in_a_message_that_names_it(folder, files, words):
    with pytest.raises(NtmError) as error:
        cleaned(folder, files)
    assert all(word in error.value.message for word in words)


@pytest.mark.parametrize("slug", ["../../etc", "x; touch /tmp/y", "", "Hùng Mỹ", "khong-co"])
def test_a_commune_is_a_name_never_a_path(folder, slug):
    folder({})
    with pytest.raises(NtmError, match="Không có xã"):
        read_commune(slug)


def test_a_missing_required_file_is_named(folder):
    (folder({}) / "results.csv").unlink()
    with pytest.raises(NtmError, match="results.csv"):
        read_commune("thu")


def test_a_damaged_correction_stops_the_run(folder):
    text = as_csv([CORRECTION])
    with pytest.raises(NtmError, match="corrections.csv, dòng 2"):
        cleaned(folder, {"results.csv": [result()], "corrections.csv": text.rsplit(",", 1)[0] + "\n"})


@pytest.mark.parametrize(
    "address", ["../../../secret.txt", "/etc/hostname.txt", "x" * 400 + ".txt", "https://a/b.txt", "khong-co.txt"]
)
def test_an_address_outside_the_folder_is_no_text(folder, address):
    (
        folder({"documents.csv": [{"document": "A", "title": "t", "address": address}]}).parents[3] / "secret.txt"
    ).write_text("x")
    assert read_commune("thu").texts == {}


def test_a_row_with_too_few_or_too_many_cells_is_a_reject(folder):
    text = as_csv([result(), result("R2"), result("R3")]).splitlines()
    text[1], text[2] = text[1][: text[1].rindex(",")], text[2] + ",thừa"
    outcome = cleaned(folder, {"results.csv": "\n".join(text)})
    assert outcome.observations.observation.tolist() == ["R3"]
    assert sorted(outcome.rejects.row) == ["2", "3"]


def test_a_bare_number_takes_the_unit_of_its_indicator(folder):
    import pandas as pd

    folder({"results.csv": [result(value="90,3"), result("R2", "1.413")]})
    indicators = pd.DataFrame([{"indicator": "17.8", "part": "", "unit": "%", "name_vi": "", "kind": "share"}])
    values = clean(read_commune("thu"), indicators=indicators).observations[["value", "unit"]].values.tolist()
    assert values == [["90.3", "%"], ["", "%"]]


cells = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12) | st.sampled_from(
    ["90,3%", "2023", "17.8", "measured", "R1", ""]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(result(), cells)), max_size=8))
def test_rows_in_are_observations_and_rejects(folder, rows):
    folder({"results.csv": as_csv([result(), *rows])})
    raw = read_commune("thu")
    outcome = clean(raw)
    assert len(outcome.observations) + len(outcome.rejects) == len(raw.tables["results"])


def test_decisions_of_recognition_are_read_with_their_days():
    row = {"id": "Q1", "level": "ntm", "date": "25/12/2020", "number": "9/QĐ-UBND", "withdrawn_on": "2023-05-01"}
    rows = tuple(
        RawRow("communes/x/recognition.csv", "", at, row | cells)
        for at, cells in enumerate(
            ({}, {"id": "Q2", "level": "gioi"}, {"id": "Q3", "date": "12/2020"}, {"id": "Q4", "date": ""}), start=2
        )
    )
    found = clean(Raw("x", {**dict.fromkeys(schema.TABLES, ()), "recognition": rows}, {}, {}))
    assert [(d["observation"], d["date"], d["withdrawn_on"]) for d in found.decisions] == [
        ("Q1", "2020-12-25", "2023-05-01")
    ]
    assert found.observations[["table", "year", "item"]].values.tolist() == [["recognition", 2020, "9/QĐ-UBND"]]
    assert found.rejects["column"].tolist() == ["level", "date", "date"]
