"""Communes for measuring, made from Hùng Mỹ: other codes, other names, slightly other figures, and a thin twin of each."""

import random
import re
import shutil
from pathlib import Path

SOURCE, THIN = "hung-my", "it-"
FIGURES = 4  # rows of results.csv that a thin commune has
OTHER = "tinh-thu"  # province of every second commune
SHARE = re.compile(r"[0-9]/[0-9.]+ hộ")
DECIMAL = re.compile(r"(?<=\d,)\d(?=%| |$)")


def write_communes(checkout: Path, root: Path, count: int, seed: int = 1) -> list[str]:
    """Writes a checkout's data, rules and notebooks below ``root``, with ``count`` communes beside Hùng Mỹ; their slugs.

    The same seed gives the same communes. Figures differ in their last decimal, so that no two reports are alike and
    cleaning finds something to remark on in each. A slug after ``THIN`` names the same commune with four figures. Beyond
    the first 200 two of three are thin themselves.
    """
    for name in ("rules", "layouts"):
        shutil.copytree(checkout / "data" / "raw" / name, root / "data" / "raw" / name)
    shutil.copytree(checkout / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".*"))
    communes = root / "data" / "raw" / "communes"
    shutil.copytree(checkout / "data" / "raw" / "communes" / SOURCE, communes / SOURCE)
    for file in (checkout / "data" / "raw" / "communes").glob("*.csv"):
        shutil.copy(file, communes)
    chance = random.Random(seed)
    slugs = [f"xa-{number:05}" for number in range(1, count + 1)]
    for number, slug in enumerate(slugs, 1):
        _write_commune(communes / SOURCE, communes / slug, number, chance, number > 200 and number % 3 > 0)
        if number <= 60:
            _write_commune(communes / SOURCE, communes / f"{THIN}{slug}", 50_000 + number, chance, True)
    return slugs


def change_province(root: Path) -> set[str]:
    """Writes a threshold of the other province; slugs of its communes."""
    place = root / "data" / "raw" / "rules" / "provinces" / OTHER / "ntm-2021-2025.csv"
    place.parent.mkdir(parents=True, exist_ok=True)
    heading = (root / "data" / "raw" / "rules" / "ntm-2021-2025" / "thresholds.csv").read_text("utf-8").splitlines()[0]
    place.write_text(heading + "\n", "utf-8")
    communes = root / "data" / "raw" / "communes"
    return {
        file.parent.name
        for file in communes.glob("*/commune.yml")
        if f"province_slug: {OTHER}" in file.read_text("utf-8")
    }


def _write_commune(source: Path, folder: Path, number: int, chance: random.Random, is_thin: bool) -> None:
    if is_thin:
        folder.mkdir()
        for name in ("commune.yml", "documents.csv", "results.csv"):
            shutil.copy(source / name, folder)
    else:
        shutil.copytree(source, folder, ignore=shutil.ignore_patterns("scenarios"))
    commune = (folder / "commune.yml").read_text("utf-8")
    given = {"code": f'"{number:05}"', "slug": folder.name, "name": f"Xã thử {number}"}
    if number % 2:
        given["province_slug"] = OTHER
    for name, value in given.items():
        commune = re.sub(rf"^{name}: .*$", f"{name}: {value}", commune, count=1, flags=re.MULTILINE)
    (folder / "commune.yml").write_text(commune, "utf-8")
    heading, *results = (folder / "results.csv").read_text("utf-8").splitlines(keepends=True)
    kept = [row for row in results if SHARE.search(row)][:FIGURES] if is_thin else results
    text = heading + "".join(kept)
    (folder / "results.csv").write_text(DECIMAL.sub(lambda _: str(chance.randint(0, 9)), text), "utf-8")
