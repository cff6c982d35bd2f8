"""Makes and reads small checkouts: one commune, three rule sets, three notebooks of a few cells."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from ntm_lib.parameters import check
from ntm_lib.pipeline.job import Export, Job

ROOT = Path(__file__).resolve().parents[2]

PARAMETERS = """commune = "hung-my"
year = 2024
rule_set = "ntm-2021-2025"
region = ""
scenario = ""
language = "vi"
strict = False"""

NOTEBOOKS = {
    "1_clean": [
        "import csv\nfrom ntm_lib import paths\nfolder = paths.processed('')\nraw = paths.communes_folder() / commune",
        "rows = [row for row in csv.DictReader((raw / 'results.csv').read_text().splitlines()) if row['year'] == str(year)]\nrows",
        "_ = (folder / 'observations.csv').write_text(''.join(row['value'] + '\\n' for row in rows))",
    ],
    "2_status": [
        "from ntm_lib import paths\nfolder = paths.processed('')\nrules = (paths.rules_folder() / rule_set / 'thresholds.csv').read_text()",
        "_ = (folder / 'indicators.csv').write_text((folder / 'observations.csv').read_text() + rules)",
    ],
    "3_report": [
        "from ntm_lib import paths\ntext = (paths.processed('') / 'indicators.csv').read_text()",
        "print(commune, year, scenario, language)\ntext",
    ],
}
# nbconvert's own exporters: what the project's exporters write is for their own tests.
EXPORTS = (Export("3_report", "markdown", "report.md"), Export("1_clean", "script", "1_clean.py"))


def write_notebook(path: Path, cells: list[str], parameters: str = PARAMETERS) -> None:
    first = new_code_cell(parameters, metadata={"tags": ["parameters"]})
    notebook = new_notebook(cells=[new_markdown_cell(f"# {path.stem}"), first, *map(new_code_cell, cells)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for index, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{index}"
    nbformat.write(notebook, path)


def write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def write_rule_set(root: Path, name: str, years: list[int], **more: object) -> None:
    folder = root / "data" / "raw" / "rules" / name
    meta = {"id": name, "years": years, "columns": [{"code": "chung"}, {"code": "tdmnpb"}], **more}
    write_text(folder / "set.yml", json.dumps(meta))
    write_text(folder / "thresholds.csv", f"{name}\n")


def write_commune(root: Path, slug: str, province: str = "tuyen-quang", years: tuple[int, ...] = (2021, 2023)) -> None:
    folder = root / "data" / "raw" / "communes" / slug
    write_text(folder / "commune.yml", f'code: "02314"\nprovince_slug: {province}  # trước 01/7/2025\n')
    write_text(folder / "results.csv", "id,year,value\n" + "".join(f"R{year},{year},{year % 100}\n" for year in years))
    write_text(folder / "plan.csv", "id,year,value\nP1,2024,x\n")
    write_text(folder / "scenarios" / "them-ho.yml", "name: them-ho\n")


def write_checkout(root: Path) -> Job:
    """Writes a small checkout and returns the job of its one commune. NTM_ROOT must be ``root``."""
    write_commune(root, "hung-my")
    write_rule_set(root, "ntm-2021-2025", [2021, 2025], next="ntm-2026-2030")
    write_rule_set(root, "ntm-2026-2030", [2026, 2030])
    write_rule_set(root, "ntm-nang-cao-2021-2025", [2021, 2025], extends="ntm-2021-2025")
    write_text(root / "data/raw/rules/traits.yml", "{}")
    write_text(root / "data/raw/rules/provinces/tuyen-quang/ntm-2021-2025.csv", "x\n")
    write_text(root / "data/raw/rules/provinces/ha-giang/ntm-2021-2025.csv", "y\n")
    (root / "notebooks").mkdir()
    for name, cells in NOTEBOOKS.items():
        write_notebook(root / "notebooks" / f"{name}.ipynb", cells)
    return Job(check({"COMMUNE": "hung-my"}), root, exports=EXPORTS)


def files_of(folder: Path) -> dict[str, bytes]:
    """Name → content of every file below ``folder``, hidden ones and the runner's own notes left out."""
    found = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if not name.startswith(".") and "/." not in name}


def published(root: Path) -> dict[str, bytes]:
    return {
        f"{part}/{name}": data for part in ("outputs", "data/processed") for name, data in files_of(root / part).items()
    }


def copy_of_the_project(root: Path) -> Path:
    """Raw data of Hùng Mỹ, the rules, the layouts and the notebooks."""
    raw, communes = ROOT / "data" / "raw", root / "data" / "raw" / "communes"
    for name in ("rules", "layouts"):
        shutil.copytree(raw / name, root / "data" / "raw" / name)
    shutil.copytree(raw / "communes" / "hung-my", communes / "hung-my")
    for path in (raw / "communes").glob("*.csv"):
        shutil.copy(path, communes)
    shutil.copytree(ROOT / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".*"))
    return root


def run(capsys, *words: str) -> tuple[int, str, str]:
    """Status, output and errors of a command, in this process."""
    from ntm_lib.cli import main

    status = main(list(words))
    return status, *capsys.readouterr()


def ntm(*words: str, root: Path | None = None, **environment: str) -> subprocess.CompletedProcess:
    """Runs ``python -m ntm_lib`` as a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **({"NTM_ROOT": str(root)} if root else {}), **environment}
    command = [sys.executable, "-m", "ntm_lib", *words]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


def make(*words: str, root: Path | None = None, folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess:
    """Runs ``make`` in the environment of the tests."""
    here = {"VIRTUAL_ENV": sys.prefix, **({"NTM_ROOT": str(root)} if root else {})}
    environment = {**os.environ, **here, **environment}
    command = ["make", "--no-print-directory", f"PYTHON={sys.executable}", *words]
    return subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )
