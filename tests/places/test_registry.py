"""The registry of communes: what it counts, what it finds, and how it is built."""

import hashlib
import json
import sqlite3
import subprocess
import sys
import unicodedata
import zipfile
from collections import Counter

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.places import registry
from tools import build_registry

FOLDER = paths.communes_folder()


def _codes(text):
    return [u.code for u in registry.find(text)]


def test_checksum_in_the_description_is_that_of_the_file():
    described = yaml.safe_load((FOLDER / "registry.yml").read_text(encoding="utf-8"))
    assert described["sha256"] == hashlib.sha256((FOLDER / "registry.csv").read_bytes()).hexdigest()
    assert (
        described["source"]["licence"] == "MIT"
        and "Permission is hereby granted" in described["source"]["licence_text"]
    )


def test_counts_are_those_stated_before_and_after():
    before = [u for u in registry.units() if u.valid_to]
    after = [u for u in registry.units() if not u.valid_to]
    assert (len(before), len(after)) == (10040, 3321)
    assert Counter(u.kind for u in before)["huyện"] == 5  # island districts without communes
    assert Counter(u.kind for u in after) == {"xã": 2621, "phường": 687, "đặc khu": 13}
    assert (len({u.province_code for u in before}), len({u.province_code for u in after})) == (63, 34)


def test_code_and_period_are_a_key_and_codes_have_five_characters():
    keys = [(u.code, u.valid_from) for u in registry.units()]
    assert len(set(keys)) == len(keys) and keys == sorted(keys)
    assert {len(u.code) for u in registry.units()} == {5}


def test_every_unit_became_one_that_exists_and_every_unit_of_today_was_made_of_some():
    after = {u.code for u in registry.units() if not u.valid_to}
    before = [u for u in registry.units() if u.valid_to]
    assert all(u.successors for u in before)
    assert {code for u in before for code in u.successors} == after
    assert all(set(u.doubtful) <= set(u.successors) and len(u.successors) > 1 for u in before if u.doubtful)


def test_file_is_nfc_with_unix_line_ends():
    data = (FOLDER / "registry.csv").read_bytes()
    assert b"\r" not in data and unicodedata.is_normalized("NFC", data.decode("utf-8"))


@pytest.mark.parametrize(
    "text",
    [
        "hùng mỹ",
        "Hùng Mỹ",
        "HÙNG MỸ",
        unicodedata.normalize("NFD", "Hùng Mỹ"),
        "Hùng\u00a0Mỹ",
        "xã Hùng Mỹ",
        "xã Hùng Mỹ, huyện Chiêm Hóa",
        "Hùng Mỹ, Chiêm Hoá, Tuyên Quang",
        "hùng mỹ chiêm hóa tuyên quang",
        "hung my chiem hoa",
        "hung mỹ tuyen quang",
        "02314",
    ],
)
def test_hung_my_is_found_however_it_is_written(text):
    assert _codes(text) == ["02314"]


def test_without_marks_all_that_it_may_mean_are_found():
    assert {"02314", "29407"} <= set(_codes("hung my"))
    assert set(_codes("HUNG-MY")) == set(_codes("hung my"))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("phuong 04, TP. Mỹ Tho", "28252"),
        ("xa phien, hau giang", "31495"),
        ("Ðắk Ơ, Đồng Nai", "25225"),
        ("Hùng Mĩ, Chiêm Hóa", "02314"),
        ("thị trấn Yên Viên", "00526"),
        ("đặc khu côn đảo", "26732"),
        ("Phường Đúc", "19780"),
        ("ea bhốk", "24550"),
    ],
)
def test_kinds_numbers_and_spellings_are_understood(text, code):
    assert _codes(text) == [code]


def test_part_of_a_name_finds_the_names_that_hold_it():
    assert all("thôn" in u.name.lower() for u in registry.find("thôn"))


@pytest.mark.parametrize("text", ["", " , ", "zzzz", "'"])
def test_nothing_is_found_for_nothing(text):
    assert registry.find(text) == []


def test_ambiguous_name_is_refused_with_the_candidates():
    with pytest.raises(NtmError, match="12 đơn vị") as refusal:
        registry.resolve("Tân Mỹ")
    assert "02308  xã Tân Mỹ, huyện Chiêm Hóa, tỉnh Tuyên Quang (đến 30/06/2025)" in refusal.value.message
    assert "mã 5 chữ số" in refusal.value.message


def test_unknown_name_is_refused_with_what_is_near():
    with pytest.raises(NtmError, match="Không có") as refusal:
        registry.resolve("xã Hùng Mỹy")
    assert "02314" in refusal.value.message and "make communes FIND" in refusal.value.message


def test_date_tells_the_older_unit_from_its_successor_of_the_same_code():
    assert registry.resolve("02308", "2024-12-31").district == "Huyện Chiêm Hóa"
    assert registry.resolve("Tân Mỹ, Tuyên Quang", "2025-12-31").district == ""


def test_refusals_are_worded_in_english_too():
    with pytest.raises(NtmError, match="different administrative units"):
        registry.resolve("Tân Mỹ", language="en")
    with pytest.raises(NtmError, match="No commune"):
        registry.resolve("Hùng Mỹy", language="en")


def test_hung_my_and_tan_my_became_tan_my():
    assert [(link.unit.code, link.how) for link in registry.predecessors("02308")] == [
        ("02308", "whole"),
        ("02314", "whole"),
    ]
    assert [(link.unit.full_name, link.how) for link in registry.successors("02314")] == [
        ("xã Tân Mỹ, tỉnh Tuyên Quang", "whole")
    ]


def test_divided_unit_has_several_successors_in_part():
    links = registry.successors("00988")
    assert len(links) > 1 and {link.how for link in links} == {"part"}


def test_link_taken_from_a_namesake_is_doubtful():
    assert {link.how for link in registry.successors("10798")} == {"doubtful"}


def test_listing_says_what_became_of_each():
    assert registry.listing(registry.find("hùng mỹ")).splitlines() == [
        "02314  xã Hùng Mỹ, huyện Chiêm Hóa, tỉnh Tuyên Quang (đến 30/06/2025)",
        "       → toàn bộ vào 02308 xã Tân Mỹ, tỉnh Tuyên Quang",
    ]
    assert "until 30 June 2025" in registry.listing(registry.find("hùng mỹ"), "en")
    assert "Không tìm thấy" in registry.listing([])


def test_listing_of_many_says_how_many_are_left_out():
    assert registry.listing(registry.find("tân")).splitlines()[-1].startswith("… và ")


def test_looking_up_loads_nothing_heavy():
    code = "import sys; from ntm_lib.places import registry; registry.find('hùng mỹ'); print('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


@given(st.text(max_size=40))
def test_any_text_can_be_looked_up(text):
    assert all(isinstance(u, registry.Unit) for u in registry.find(text))


@given(st.sampled_from(registry.units()))
@example(next(u for u in registry.units() if u.kind == "huyện"))
def test_full_name_finds_the_unit(unit):
    assert unit in registry.find(unit.full_name)


# --- building ------------------------------------------------------------------------------------

_OLD = [
    "provinceCode",
    "province",
    "provinceKey",
    "districtCode",
    "district",
    "districtShort",
    "districtKey",
    "ward",
    "wardCode",
    "wardKey",
    "wardLat",
    "wardLon",
]
_NEW = ["provinceCode", "province", "provinceKey", "ward", "wardCode", "wardKey", "wardLat", "wardLon"]


def _old(code, ward, district, lat=20.0):
    key = ward.lower().replace(" ", "") if ward else None
    return (
        "01",
        "Tỉnh A",
        "a",
        f"00{district}",
        f"Huyện {district}",
        str(district),
        f"h{district}",
        ward,
        code,
        key,
        lat,
        105.0,
    )


def _new(code, ward):
    return ("01", "Tỉnh A", "a", ward, code, ward.lower().replace(" ", ""), 20.0, 105.0)


def _wheel(folder, old, new, whole, divided):
    database = folder / "dataset.db"
    with sqlite3.connect(database) as connection:
        for table, columns, rows in (("admin_units_legacy", _OLD, old), ("admin_units", _NEW, new)):
            connection.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
            connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})", rows)
    connection.close()
    parts = {key: [{"newWardKey": to} for to in tos] for key, tos in divided.items()}
    converter = {"DICT_PROVINCE_WARD_NO_DIVIDED": {"a": whole}, "DICT_PROVINCE_WARD_DIVIDED": {"a": parts}}
    with zipfile.ZipFile(folder / "x.whl", "w") as archive:
        archive.write(database, build_registry.DATABASE)
        archive.writestr(build_registry.CONVERTER, json.dumps(converter))
        archive.writestr("x-1.dist-info/METADATA", "Name: x\nVersion: 1\nAuthor: Y\n")
        archive.writestr("x-1.dist-info/licenses/LICENSE", "MIT License\n\nText\n")
    return folder / "x.whl"


def test_rows_are_built_from_the_wheel(tmp_path):
    wheel = _wheel(
        tmp_path,
        [_old("00001", "Xã B", 1), _old("00002", "Xã C", 1, 20.1), _old(None, None, 7, None)],
        [_new("00001", "Xã B"), _new("00009", "Đặc khu D")],
        {"xãb": ["a_h1_xãb"], "đặckhud": ["a_h7_"]},
        {"a_h1_xãc": ["xãb", "đặckhud"]},
    )
    rows, source = build_registry.registry_rows(wheel)
    assert [(r["code"], r["kind"], r["name"], r["successors"], r["valid_from"]) for r in rows] == [
        ("00001", "xã", "B", "00001", ""),
        ("00001", "xã", "B", "", "2025-07-01"),
        ("00002", "xã", "C", "00001;00009", ""),
        ("00009", "đặc khu", "D", "", "2025-07-01"),
        ("H0007", "huyện", "7", "00009", ""),
    ]
    assert source["version"] == "1" and source["wheel_sha256"] == hashlib.sha256(wheel.read_bytes()).hexdigest()
    assert not any(r["doubtful"] for r in rows)


def test_divided_namesakes_make_their_links_doubtful(tmp_path):
    divided = {"a_h1_xãb": ["xãb", "xãc"], "a_h2_xãb": ["xãb", "xãc"]}
    wheel = _wheel(
        tmp_path,
        [_old("00001", "Xã B", 1), _old("00002", "Xã B", 2, 21.0)],
        [_new("00001", "Xã B"), _new("00002", "Xã C")],
        {},
        divided,
    )
    rows, _ = build_registry.registry_rows(wheel)
    assert [r["doubtful"] for r in rows if r["valid_to"]] == ["00001;00002", "00001;00002"]


def test_unit_without_a_link_stops_the_build(tmp_path):
    wheel = _wheel(tmp_path, [_old("00001", "Xã B", 1)], [_new("00001", "Xã B")], {}, {})
    with pytest.raises(ValueError, match="without a link"):
        build_registry.registry_rows(wheel)


def test_building_twice_gives_the_same_bytes(tmp_path):
    wheel = _wheel(tmp_path, [_old("00001", "Xã B", 1)], [_new("00001", "Xã B")], {"xãb": ["a_h1_xãb"]}, {})
    rows, source = build_registry.registry_rows(wheel)
    text = build_registry.registry_text(rows)
    assert text == build_registry.registry_text(build_registry.registry_rows(wheel)[0])
    assert "MIT License\n" in yaml.safe_load(build_registry.description(rows, source, text))["source"]["licence_text"]
