"""Communes for measuring, made from Hùng Mỹ: other codes, other names, slightly other figures."""

import random
import re
import shutil
from pathlib import Path

SOURCE = "hung-my"
DECIMAL = re.compile(r"(?<=\d,)\d(?=%| |$)")


def write_communes(checkout: Path, root: Path, count: int, seed: int = 1) -> list[str]:
    """Writes a checkout's data, rules and notebooks below ``root``, with ``count`` communes beside Hùng Mỹ; their slugs.

    The same seed gives the same communes. Figures differ in their last decimal, so that no two
    reports are alike and cleaning finds something to remark on in each.
    """
    shutil.copytree(checkout / "data" / "raw" / "rules", root / "data" / "raw" / "rules")
    shutil.copytree(checkout / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".*"))
    communes = root / "data" / "raw" / "communes"
    shutil.copytree(checkout / "data" / "raw" / "communes" / SOURCE, communes / SOURCE)
    for file in (checkout / "data" / "raw" / "communes").glob("*.csv"):
        shutil.copy(file, communes)
    chance = random.Random(seed)
    slugs = [f"xa-{number:05}" for number in range(1, count + 1)]
    for number, slug in enumerate(slugs, 1):
        _write_commune(communes / SOURCE, communes / slug, number, chance)
    return slugs


def _write_commune(source: Path, folder: Path, number: int, chance: random.Random) -> None:
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("scenarios"))
    commune = (folder / "commune.yml").read_text("utf-8")
    for name, value in (("code", f'"{number:05}"'), ("slug", folder.name), ("name", f"Xã thử {number}")):
        commune = re.sub(rf"^{name}: .*$", f"{name}: {value}", commune, count=1, flags=re.MULTILINE)
    (folder / "commune.yml").write_text(commune, "utf-8")
    results = (folder / "results.csv").read_text("utf-8")
    (folder / "results.csv").write_text(DECIMAL.sub(lambda _: str(chance.randint(0, 9)), results), "utf-8")
