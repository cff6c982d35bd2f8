"""What is new since a revision or a kept report, end to end in a small git checkout with Hùng Mỹ."""

import csv
import html
import io
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_lib.cli import main
from ntm_lib.report import states
from ntm_lib.report.difference import differences_csv, words_apart
from ntm_lib.report.states import State, difference

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests/golden/hung-my-2024"


# Pure comparison


def test_cells_rows_and_the_order_of_what_is_gone():
    before = State(raw={("plan", "A"): {"value": "1", "note": "x"}, ("plan", "B"): {"value": "2"}})
    after = State(raw={("plan", "A"): {"value": "3", "note": "x"}, ("plan", "C"): {"value": "4"}})
    found = [(c.key[1], c.column, c.before, c.after) for c in difference(before, after).raw]
    assert found == [("A", "value", "1", "3"), ("C", "", "", "value: 4"), ("B", "", "value: 2", "")]


@pytest.mark.parametrize(
    ("value", "threshold", "cause"),
    [("44", "45", "result"), ("49", "50", "rule"), ("44", "50", "both"), ("49", "45", "other")],
)
def test_what_moved_is_told_from_value_and_threshold(value, threshold, cause):
    key = ("2024", "10.1", "")

    def state(value, threshold, verdict):
        row = {"verdict": verdict, "value": value}
        return State(
            thresholds={key: {"operator": ">=", "threshold": threshold}},
            indicators={key: row},
            criteria={("2024", "10"): {"verdict": verdict}},
        )

    found = difference(state("49", "45", "met"), state(value, threshold, "unmet"))
    assert [change.cause for change in (*found.criteria, *found.indicators)] == [cause, cause]


def test_nothing_is_nothing():
    state = State(lines={"1": ("a", "b")}, meta={"years.1": "2021"})
    assert difference(state, state).is_empty


def _page(*lines: str) -> State:
    return State(lines={"1": lines})


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("94,27 %", "94,27%", ["94,27 %", "94,27%"]),
        ("Lưu: BCD", "Lưu: BCĐ", ["BCD", "BCĐ"]),
        ("a b", "a  b", [" ", "  "]),
    ],
)
def test_a_blank_or_a_mark_that_differs_is_found_and_marked(before, after, told):
    assert difference(_page(before), _page(after)).sentences == [("1", before, after)]
    assert [text for side in words_apart(before, after) for differs, text in side if differs] == told


@given(st.text("ab %1", max_size=12), st.text("ab %1", max_size=12))
def test_pieces_make_up_the_texts_and_differ_where_the_texts_do(before, after):
    sides = words_apart(before, after)
    assert tuple("".join(text for _, text in side) for side in sides) == (before, after)
    assert any(differs for side in sides for differs, _ in side) == (before != after)


def test_what_the_rule_set_says_besides_its_thresholds_counts_as_a_rule():
    found = difference(
        State(meta={"years.2": "2025"}), State(meta={"years.2": "2025", "dossier.1.id": "bao-cao"})
    ).rules
    assert [(change.column, change.before, change.after) for change in found] == [("dossier.1.id", "", "bao-cao")]


def test_every_part_of_the_published_report_is_compared():
    """Whatever the third notebook shows."""
    cells = json.loads((ROOT / "notebooks/3_report.ipynb").read_text("utf-8"))["cells"]
    shown = {
        line for cell in cells for line in re.findall(r"^(\w+\.\w+)\(report\)$", "".join(cell["source"]), re.MULTILINE)
    }
    compared = set(re.findall(r"\), (\w+\.\w+)\)", Path(states.__file__).read_text("utf-8")))
    assert shown and shown <= compared


def test_lines_of_the_first_page_stand_side_by_side():
    found = difference(
        _page("a", "19 tiêu chí giữ nguyên", "c"), _page("a", "Thu nhập không còn đạt", "18 tiêu chí giữ nguyên", "c")
    ).sentences
    assert found == [("1", "", "Thu nhập không còn đạt"), ("1", "19 tiêu chí giữ nguyên", "18 tiêu chí giữ nguyên")]


def test_a_line_like_no_other_stands_alone():
    assert difference(_page("a", "b"), _page("x", "y")).sentences == [
        ("1", "a", ""),
        ("1", "b", ""),
        ("1", "", "x"),
        ("1", "", "y"),
    ]


def test_the_list_holds_everything_and_no_formula():
    states = (
        State(raw={("plan", "X"): {"value": "=1+1"}}, files={"a.csv": "1"}),
        State(raw={("plan", "X"): {"value": "@x"}}, files={"b.csv": "1"}, findings={"f": "-lạ"}),
    )
    rows = list(csv.reader(io.StringIO(differences_csv(difference(*states)))))
    assert rows == [
        ["list", "key", "column", "before", "after"], ["raw", "plan X", "value", "'=1+1", "'@x"], ["findings", "", "", "", "'-lạ"],
        ["files", "b.csv", "added", "", ""], ["files", "a.csv", "removed", "", ""],
    ]  # fmt: skip


def test_the_states_are_left_as_they_are():
    before, after = State(raw={("a", "1"): {"x": "1"}}), State(raw={("a", "1"): {"x": "2"}})
    difference(before, after)
    assert (before.raw, after.raw) == ({("a", "1"): {"x": "1"}}, {("a", "1"): {"x": "2"}})


# From checkouts


def git(root: Path, *words: str) -> None:
    who = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}
    day = {"GIT_AUTHOR_DATE": "2024-11-01T12:00:00", "GIT_COMMITTER_DATE": "2024-11-01T12:00:00"}
    subprocess.run(["git", *words], cwd=root, env={**os.environ, **who, **day}, check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path, monkeypatch) -> Path:
    """Hùng Mỹ and the rules, committed once; NTM_ROOT of this process."""
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    root = tmp_path / "xã thử"
    shutil.copytree(ROOT / "data/raw/rules", root / "data/raw/rules")
    shutil.copytree(ROOT / "data/raw/communes/hung-my", root / "data/raw/communes/hung-my")
    git(tmp_path, "init", "-q", str(root))
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Số liệu <b>trước</b> khi thẩm tra")
    monkeypatch.setenv("NTM_ROOT", str(root))
    return root


def replaced(path: Path, pattern: str, new: str) -> None:
    text = path.read_text("utf-8")
    changed = re.sub(pattern, new, text, count=1, flags=re.MULTILINE)
    assert changed != text
    path.write_text(changed, encoding="utf-8", newline="")


def run(capsys, *words: str) -> tuple[int, str, str]:
    status = main(["diff", "COMMUNE=hung-my", "YEAR=2024", *words])
    return status, *capsys.readouterr()


def published(checkout: Path) -> tuple[str, pikepdf.Pdf]:
    (folder,) = (checkout / "outputs/hung-my").glob("diff-*")
    assert re.fullmatch(r"diff-[0-9a-f]{10}(-en)?", folder.name)
    return (folder / "diff.html").read_text("utf-8"), pikepdf.open(io.BytesIO((folder / "diff.pdf").read_bytes()))


def test_a_figure_and_a_rule_that_moved_are_told_with_all_that_follows(capsys, checkout):
    folder = checkout / "data/raw/communes/hung-my"
    replaced(folder / "plan.csv", r"^(HM088,.*?),49 triệu", r"\1,44 triệu")
    replaced(checkout / "data/raw/rules/ntm-2021-2025/thresholds.csv", r"^(17\.8,,tdmnpb,>=),70", r"\1,95")
    status, said, complaint = run(capsys, "SINCE=HEAD")
    assert (status, complaint) == (0, "")
    assert "1 ô số liệu thô" in said
    page, pdf = published(checkout)
    for text in (
        "plan HM088",
        "49 triệu đồng/người/năm",
        "44 triệu đồng/người/năm",
        "17.8",
        "Ý kiến của người thẩm tra",
    ):
        assert text in page
    assert "Số liệu &lt;b&gt;trước&lt;/b&gt; khi thẩm tra" in page
    assert "<script" not in page
    assert "01/11/2024" in page
    assert str(checkout) not in page
    assert pdf.Root.MarkInfo.Marked


EDITS = {
    "a cell": ("data/raw/communes/hung-my/plan.csv", r"^(HM116,.*?),vận động thêm 56 hộ", r"\1,vận động thêm 57 hộ", ("HM116", "57")),
    "a rule": ("data/raw/rules/ntm-2021-2025/thresholds.csv", r"^(17\.8,,tdmnpb,>=),70", r"\1,72", ("17.8", "72")),
    "a template": ("ntm_lib/doc/templates/report.typ", r"margin: \(top: 20mm", "margin: (top: 21mm", ("report.typ", "21mm")),
    "a wording": ("ntm_lib/wording/words.py", r'"Đạt"', '"Đã đạt"', ("words.py", "Đã")),
    "a translation": ("ntm_lib/locale/en.po", r'^msgstr "Met"', 'msgstr "Reached"', ("en.po", "Reached")),
    "a heading": ("notebooks/3_report.ipynb", r"## 1\. Kết luận", "## 1. Tóm tắt", ("3_report.ipynb", "Tóm")),
}  # fmt: skip


def test_one_of_everything_is_edited_and_found_word_by_word(capsys, checkout):
    """Cell, rule, template, wording, translation, heading: each stands on the page with the changed words in bold."""
    for file, *_ in EDITS.values():
        (checkout / file).parent.mkdir(parents=True, exist_ok=True)
        if not (checkout / file).exists():
            shutil.copyfile(ROOT / file, checkout / file)
    words = checkout / "ntm_lib/wording/words.py"
    words.write_text(words.read_text("utf-8") + '\nWORD = "Đạt"\n', encoding="utf-8")
    git(checkout, "add", "-A")
    git(checkout, "commit", "-q", "-m", "Trước")
    for file, pattern, new, _ in EDITS.values():
        replaced(checkout / file, pattern, new)
    assert run(capsys, "SINCE=HEAD")[0] == 0
    page, _ = published(checkout)
    plain = html.unescape(page)
    for what, (_, _, _, told) in EDITS.items():
        assert all(text in plain for text in told), what
    assert all(re.search(rf"<strong>[^<]*{word}", plain) for word in ("57", "21mm", "Reached", "Tóm"))
    (folder,) = (checkout / "outputs/hung-my").glob("diff-*")
    rows = list(csv.DictReader(io.StringIO(_attached(folder / "diff.pdf"))))
    assert {row["list"] for row in rows} >= {"raw", "rules", "indicators", "sentences", "files", "program"}
    sentences = [row for row in rows if row["list"] == "sentences"]
    assert any("57" in row["after"] and "56" in row["before"] for row in sentences)


def _attached(pdf: Path) -> str:
    with pikepdf.open(pdf) as document:
        return document.attachments["differences.csv"].get_file().read_bytes().decode("utf-8")


def test_two_runs_write_the_same_bytes_and_nothing_new_is_said_to_be_so(capsys, checkout):
    first = run(capsys, "SINCE=HEAD", "LANGUAGE=en")
    files = {path.name: path.read_bytes() for path in (checkout / "outputs").rglob("diff.*")}
    assert run(capsys, "SINCE=HEAD", "LANGUAGE=en") == first
    assert {path.name: path.read_bytes() for path in (checkout / "outputs").rglob("diff.*")} == files
    assert "Nothing differs" in published(checkout)[0]


@pytest.mark.parametrize("since", ["khong-co", "--all", "-x", "HEAD~99", "$(touch x)", "../..", "HEAD:data"])
def test_an_unknown_revision_is_one_plain_message(capsys, checkout, since):
    status, said, complaint = run(capsys, f"SINCE={since}")
    assert (status, said) == (1, "")
    assert complaint.startswith("SINCE:")
    assert "Cần làm:" in complaint
    assert not (checkout / "outputs/hung-my").exists()


def test_no_git_and_no_since_are_one_plain_message(capsys, checkout, monkeypatch):
    assert "chưa nêu" in run(capsys)[2]
    shutil.rmtree(checkout / ".git")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(checkout.parent))
    assert "không có git" in run(capsys, "SINCE=HEAD")[2]
    monkeypatch.setenv("PATH", "")
    assert "không có git" in run(capsys, "SINCE=HEAD")[2]


def test_data_of_then_that_cannot_be_read_names_the_revision(capsys, checkout):
    (checkout / "data/raw/communes/hung-my/results.csv").write_text("id,lạ\n1,2\n", encoding="utf-8")
    git(checkout, "commit", "-q", "-am", "hỏng")
    git(checkout, "checkout", "-q", "HEAD~1", "--", "data")
    status, _, complaint = run(capsys, "SINCE=HEAD")
    assert status == 1
    assert "Không đánh giá được số liệu của phiên bản" in complaint


def kept(checkout: Path, **changes: object) -> Path:
    """A manifest with the tables of the golden run beside it."""
    import hashlib

    folder = checkout / "lưu"
    folder.mkdir(exist_ok=True)
    for path in GOLDEN.glob("*.csv"):
        shutil.copy(path, folder)
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.csv")}
    manifest = {
        "run": "hung-my/2024",
        "parameters": {"commune": "hung-my", "year": 2024},
        "inputs": {},
        "tables": digests,
        "fingerprint": "0123456789abcdef",
    }
    (folder / "manifest.json").write_text(json.dumps(manifest | changes), encoding="utf-8")
    return folder


def test_a_kept_manifest_with_its_tables_serves_as_well(capsys, checkout):
    kept(checkout)
    replaced(checkout / "data/raw/communes/hung-my/plan.csv", r"^(HM088,.*?),49 triệu", r"\1,44 triệu")
    status, said, complaint = run(capsys, "SINCE=lưu/manifest.json")
    assert (status, complaint) == (0, "")
    assert "1 ô số liệu thô" in said
    assert "plan HM088" in published(checkout)[0]


@pytest.mark.parametrize(
    "changes",
    [
        {"fingerprint": "/../../pwn"}, {"fingerprint": "/../2024"}, {"fingerprint": 5}, {"parameters": []}, {"tables": [1]},
    ],
    ids=str,
)  # fmt: skip
def test_nothing_that_a_manifest_from_elsewhere_holds_becomes_a_path(capsys, checkout, changes):
    kept(checkout, **changes)
    before = sorted(path for path in checkout.rglob("*") if ".ntm" not in path.parts)
    status, said, complaint = run(capsys, "SINCE=lưu/manifest.json")
    assert (status, said) == (1, "")
    assert "SINCE" in complaint and "Cần làm:" in complaint and "Lỗi của chương trình" not in complaint
    assert sorted(path for path in checkout.rglob("*") if ".ntm" not in path.parts) == before


def test_a_manifest_of_another_commune_or_altered_tables_are_refused(capsys, checkout):
    kept(checkout, parameters={"commune": "my-bang", "year": 2024})
    assert "không phải của xã và năm đang xét" in run(capsys, "SINCE=lưu/manifest.json")[2]
    folder = kept(checkout)
    (folder / "criteria.csv").write_text("x", encoding="utf-8")
    assert "đã bị sửa" in run(capsys, "SINCE=lưu")[2]
    (folder / "criteria.csv").unlink()
    assert "thiếu các bảng criteria.csv" in run(capsys, "SINCE=lưu")[2]
    (folder / "manifest.json").write_text("[]", encoding="utf-8")
    assert "không đọc được manifest.json" in run(capsys, "SINCE=lưu/manifest.json")[2]
