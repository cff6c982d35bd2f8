"""YAML is read as text within limits, by one parser: whatever stands in a file, it is read or refused by file and line."""

import time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_lib import paths, yaml_text
from ntm_lib.errors import NtmError
from ntm_lib.pipeline.inputs import province_of
from ntm_lib.places import named
from ntm_lib.rules.files import read_yaml

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
GOOD = 'code: "02314"\nname: Hùng Mỹ\nprovince_slug: tuyen-quang\ntraits:\n  - {trait: region, value: tdmnpb, from: 2021-01-01}\n'


def write(path, data: str | bytes):
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 02314", {"a": "02314"}),
        ("a: no\nb: true\nc: null\nd: ~\ne:", {"a": "no", "b": True, "c": None, "d": None, "e": None}),
        ("a: 9.5\nb: 2024-03-01\nc: 12", {"a": "9.5", "b": "2024-03-01", "c": 12}),
        ("a: 'null'\nb: \"12\"\nc: !!str 12", {"a": "null", "b": "12", "c": "12"}),
        ("a: !!timestamp 2024-99-99\nb: !!int x\nc: !!bool maybe", {"a": "2024-99-99", "b": "x", "c": "maybe"}),
        ("a: " + "9" * 5000, {"a": "9" * 5000}),
        ("a: &p x\nb: *p", {"a": "x", "b": "x"}),
        ("", None),
        ("- 1\n- [2, {3: 4}]", [1, [2, {3: 4}]]),
    ],
)
def test_nothing_is_guessed(tmp_path, text, value):
    assert yaml_text.read(write(tmp_path / "a.yml", text)).value == value


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ("a: 1\nb: " + "[" * 100_000, 2),
        ("a:\n" + "".join(" " * n + "b:\n" for n in range(1, 60)), 21),
        (BOMB, 5),
        ("a: &a [*a]", 1),
        ("a: 1\nb: 2\na: 3", 3),
        ("a: 1\n---\nb: 2", 2),
        ("a: !!python/object/apply:os.system [id]", 1),
        ("a: !!binary aGFsbG8=", 1),
        ("a: 1\n? [b]\n: 2", 2),
        ("a: &x {b: 1}\nc:\n  <<: *x", 3),
        ("a: b: c", 1),
        ("a: [1\nb: 2\n", 2),
        (b"a: 1\nb: \xff\xfe\xfa", 2),
        ("a: 1\nb: \x00", 2),
        ("a: *unknown", 1),
    ],
)
def test_what_is_no_plain_yaml_is_refused_by_file_and_line(tmp_path, data, line):
    start = time.monotonic()
    with pytest.raises(NtmError) as error:
        yaml_text.read(write(tmp_path / "a.yml", data))
    assert f"a.yml, dòng {line}: " in error.value.message
    assert len(error.value.message) < 300
    assert time.monotonic() - start < 5


def test_a_file_too_large_a_folder_and_a_missing_one_are_refused(tmp_path):
    (tmp_path / "b.yml").mkdir()
    (tmp_path / "c.yml").symlink_to("c.yml")
    write(tmp_path / "a.yml", "a: " + "x" * 1_000_001)
    for name in "abcd":
        with pytest.raises(NtmError, match=f"{name}.yml"):
            yaml_text.read(tmp_path / f"{name}.yml")


def test_notepad_may_save_it_as_utf_16(tmp_path):
    assert yaml_text.read(write(tmp_path / "a.yml", "name: Hùng Mỹ\n".encode("utf-16"))).value == {"name": "Hùng Mỹ"}


@given(
    st.recursive(
        st.one_of(
            st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.text("abcù –:#'\"*&!{}[],\n01.", max_size=12)
        ),
        lambda below: st.one_of(
            st.lists(below, max_size=4), st.dictionaries(st.text("abcd_", min_size=1, max_size=6), below, max_size=4)
        ),
        max_leaves=20,
    )
)
@settings(max_examples=60, deadline=None)
def test_what_a_program_writes_is_read_again(tmp_path_factory, value):
    folder = tmp_path_factory.mktemp("yaml")
    text = yaml.safe_dump(value, allow_unicode=True)
    assert yaml_text.read(write(folder / "a.yml", text)).value == value


@given(st.integers(0, len(GOOD) - 1), st.text("abù:-#'\"*&!{}[],\n\t 0%@`|>?\x00\x85", max_size=4), st.integers(0, 3))
@settings(max_examples=120, deadline=None)
def test_a_damaged_description_is_read_alike_by_all_or_refused_by_all(tmp_path_factory, place, inserted, removed):
    """The fingerprint, PROVINCE= and the rules ask one parser: what one takes for the province, so does the other."""
    root = tmp_path_factory.mktemp("root")
    folder = root / "data" / "raw" / "communes" / "xa"
    folder.mkdir(parents=True)
    path = write(folder / "commune.yml", GOOD[:place] + inserted + GOOD[place + removed :])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NTM_ROOT", str(root))
        try:
            value = read_yaml(path)
        except NtmError as error:
            assert "commune.yml, dòng " in error.message
            assert (province_of("xa"), named.description("xa")) == ("", {})
            return
        stated = value.get("province_slug") if isinstance(value, dict) else None
        assert province_of("xa") in ("", str(stated))
        assert named.line_of("xa", "code") == (
            ""
            if not isinstance(value, dict) or isinstance(value.get("code"), dict | list | None)
            else str(value["code"])
        )


@pytest.mark.parametrize(
    "line",
    [
        '"province_slug": ha-giang',
        "province_slug : ha-giang",
        "province_slug: !!str ha-giang",
        "province_slug: >-\n  ha-giang",
        "province_slug: &p ha-giang",
        "? province_slug\n: ha-giang",
        "{province_slug: ha-giang}",
    ],
)
def test_the_province_is_the_same_for_all_however_it_is_written(tmp_path, monkeypatch, line):
    monkeypatch.setenv("NTM_ROOT", str(tmp_path))
    folder = paths.communes_folder() / "xa"
    folder.mkdir(parents=True)
    path = write(folder / "commune.yml", line + "\n")
    assert province_of("xa") == read_yaml(path)["province_slug"] == "ha-giang"


def test_a_scenario_refuses_references(tmp_path):
    with pytest.raises(NtmError, match="dòng 2: không dùng được ký hiệu"):
        yaml_text.read(write(tmp_path / "a.yml", "a: &x 1\nb: *x"), references=False)
