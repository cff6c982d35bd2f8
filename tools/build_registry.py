"""Builds ``data/raw/communes/registry.csv`` and ``registry.yml`` from the open data set ``vietnamadminunits``.

Needed only to rebuild; at run time nothing depends on the data set:

    pip download --no-deps --dest DOWNLOADS vietnamadminunits==1.0.4
    python -m tools.build_registry DOWNLOADS/vietnamadminunits-1.0.4-py3-none-any.whl

Everything is read out of the wheel itself, so that its checksum covers all that was used. What the
data set does not say is left empty here: nothing is looked up elsewhere and no link is repaired.
"""

import csv
import hashlib
import io
import json
import math
import sqlite3
import sys
import tempfile
import zipfile
from collections import Counter, defaultdict
from pathlib import Path

import yaml

from ntm_lib import paths
from ntm_lib.places.registry import COLUMNS, LAST_DAY_BEFORE, REORGANISED
from ntm_lib.text.names import clean_text

DATABASE = "vietnamadminunits/data/dataset.db"
CONVERTER = "vietnamadminunits/data/converter_2025.json"
FAR_KM = 25  # a unit this far from all it became or was made of has a wrong point, or is an island
EARTH_DIAMETER_KM = 12742


def main(arguments: list[str]) -> None:
    """Writes both files from the wheel whose path is the only argument."""
    (wheel,) = map(Path, arguments)
    rows, source = registry_rows(wheel)
    folder = paths.communes_folder()
    text = registry_text(rows)
    (folder / "registry.csv").write_text(text, encoding="utf-8", newline="")
    (folder / "registry.yml").write_text(description(rows, source, text), encoding="utf-8", newline="")


def registry_rows(wheel: Path) -> tuple[list[dict], dict]:
    """Rows of the registry in its order, and what is known of the source (version, checksums, licence)."""
    with zipfile.ZipFile(wheel) as archive:
        old, new = (_table(archive, t) for t in ("admin_units_legacy", "admin_units"))
        links = _links(json.loads(archive.read(CONVERTER)), old, new)
        source = _source(archive, wheel)
    doubtful = {(key, to) for key in links for to in links[key] if _namesake(key, to, links)}
    wrong_points = _wrong_points(old, new, links)
    codes = {key: unit["wardCode"] for key, unit in new.items()}
    rows = []
    for key, unit in old.items():
        successors = ";".join(sorted(codes[to] for to in links[key]))
        marked = ";".join(sorted(codes[to] for to in links[key] if (key, to) in doubtful))
        rows.append(_row(unit, "", LAST_DAY_BEFORE, successors, marked, key in wrong_points))
    rows += [_row(unit, REORGANISED, "", "", "", key in wrong_points) for key, unit in new.items()]
    return sorted(rows, key=lambda r: (r["code"], r["valid_from"])), source


def registry_text(rows: list[dict]) -> str:
    """The CSV: LF, columns as in ``registry.COLUMNS``."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def description(rows: list[dict], source: dict, text: str) -> str:
    """``registry.yml``: where the registry comes from, what it counts, and what is doubtful in it."""
    before, after = ([r for r in rows if bool(r["valid_to"]) == old] for old in (True, False))
    parts = [r for r in before if ";" in r["successors"]]
    facts = {
        "file": "registry.csv",
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "built_by": "tools/build_registry.py",
        "source": source,
        "units": {
            f"before_{REORGANISED}": {"rows": len(before), **_kinds(before)},
            f"from_{REORGANISED}": {"rows": len(after), **_kinds(after)},
            "merged_or_renamed_whole": len(before) - len(parts),
            "divided": len(parts),
            "links_doubtful": sum(len(r["doubtful"].split(";")) for r in before if r["doubtful"]),
            "coordinates_doubtful": sum(bool(r["point_doubtful"]) for r in rows),
        },
        "columns": COLUMNS,
        "remarks": REMARKS,
    }
    return yaml.dump(facts, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines, such as the licence, as they stand."""


_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None),
)


REMARKS = [
    "The source has 10,040 rows for the time before 1/7/2025: 10,035 communes, wards and townships, and 5 island"
    " districts that had none (Bạch Long Vĩ, Cồn Cỏ, Hoàng Sa, Lý Sơn, Côn Đảo). The 5 have no commune code in"
    " the source; here they stand as kind huyện under H and the four-digit district code (H0318).",
    "A code names a place before and another after 1/7/2025: 3,316 codes were used again, often for a unit with"
    " another name and boundary. Code and period together are the key.",
    "valid_from of the older units is empty: the source is one picture of the time just before 1/7/2025 and does"
    " not say since when a unit existed; earlier mergers are not in it.",
    "The kind is that of the full name; for seven units the source's column wardType says otherwise (10543,"
    " 11848, 15061, 27046, 27076, 31213, 31299).",
    "Several successors mean that the unit was divided; the source does not say which village went where.",
    "A link is marked doubtful when another unit of the same name, in another district, is linked to the same"
    " successor: the source matches by name inside the new province, so at least one of the two is wrong.",
    "Coordinates come from a geocoder. They are marked doubtful where several units share one point, or where a"
    f" unit lies more than {FAR_KM} km from every unit that it became or was made of.",
]


def _source(archive: zipfile.ZipFile, wheel: Path) -> dict:
    (info,) = (n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
    metadata = archive.read(info).decode().splitlines()
    field = {
        name: next(line for line in metadata if line.startswith(f"{name}: ")) for name in ("Name", "Version", "Author")
    }
    return {
        **{name.lower(): line.split(": ", 1)[1] for name, line in field.items()},
        "home": "github.com/tranngocminhhieu/vietnamadminunits",
        "wheel": wheel.name,
        "wheel_sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "files_sha256": {n: hashlib.sha256(archive.read(n)).hexdigest() for n in (DATABASE, CONVERTER)},
        "licence": "MIT",
        "licence_text": archive.read(info.replace("METADATA", "licenses/LICENSE")).decode(),
    }


def _kinds(rows: list[dict]) -> dict[str, int]:
    return dict(sorted(Counter(r["kind"] for r in rows).items()))


def _table(archive: zipfile.ZipFile, table: str) -> dict[str, dict]:
    """Rows of a table of the wheel's database by the key that its converter uses."""
    with tempfile.TemporaryDirectory() as folder:
        with sqlite3.connect(archive.extract(DATABASE, folder)) as connection:
            connection.row_factory = sqlite3.Row
            rows = [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]
        connection.close()
    levels = ("provinceKey", "districtKey", "wardKey") if "districtKey" in rows[0] else ("provinceKey", "wardKey")
    return {"_".join(row[level] or "" for level in levels): row for row in rows}


def _links(converter: dict, old: dict, new: dict) -> dict[str, list[str]]:
    """For the key of every old unit the keys of the new units it became, whole (one) or in part (several)."""
    links = defaultdict(list)
    for province, wards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, keys in wards.items():
            for key in keys:
                links[key].append(f"{province}_{ward}")
    for province, units in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for key, parts in units.items():
            links[key] += [f"{province}_{part['newWardKey']}" for part in parts]
    unknown = (links.keys() ^ old.keys()) | ({to for tos in links.values() for to in tos} ^ new.keys())
    if unknown:
        raise ValueError(f"units without a link, or links without a unit: {sorted(unknown)}")
    return dict(links)


def _namesake(key: str, to: str, links: dict[str, list[str]]) -> bool:
    """Whether a unit of the same name elsewhere is linked to the same successor (see REMARKS)."""
    name = key.rsplit("_", 1)[1]
    return len(links[key]) > 1 and any(
        other != key and other.rsplit("_", 1)[1] == name and to in tos for other, tos in links.items()
    )


def _wrong_points(old: dict, new: dict, links: dict) -> set[str]:
    shared = Counter((u["wardLat"], u["wardLon"]) for u in old.values())
    wrong = {k for k, u in old.items() if u["wardLat"] is not None and shared[u["wardLat"], u["wardLon"]] > 1}
    origins = defaultdict(list)
    for key, tos in links.items():
        for to in tos:
            origins[to].append(key)
    for to, keys in origins.items():
        if all(_km(new[to], old[key]) > FAR_KM for key in keys):
            wrong.add(to)
    for key, tos in links.items():
        relatives = [new[to] for to in tos] + [old[k] for to in tos for k in origins[to] if k != key]
        if all(_km(old[key], unit) > FAR_KM for unit in relatives):
            wrong.add(key)
    return wrong


def _km(a: dict, b: dict) -> float:
    """Distance on the sphere; 0 where one of the two has no point."""
    if a["wardLat"] is None or b["wardLat"] is None:
        return 0
    lat_a, lon_a, lat_b, lon_b = (math.radians(x) for u in (a, b) for x in (u["wardLat"], u["wardLon"]))
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return EARTH_DIAMETER_KM * math.asin(math.sqrt(half))


def _row(unit: dict, valid_from: str, valid_to: str, successors: str, doubtful: str, wrong_point: bool) -> dict:
    island = not unit["wardCode"]
    kind, name = ("huyện", unit["districtShort"]) if island else _kind_and_name(unit["ward"])
    return {
        "code": f"H{int(unit['districtCode']):04}" if island else unit["wardCode"],
        "kind": kind,
        "name": name,
        "district_code": unit.get("districtCode") or "",
        "district": clean_text(unit.get("district") or ""),
        "province_code": unit["provinceCode"],
        "province": clean_text(unit["province"]),
        "latitude": _degrees(unit["wardLat"]),
        "longitude": _degrees(unit["wardLon"]),
        "valid_from": valid_from,
        "valid_to": valid_to,
        "successors": successors,
        "doubtful": doubtful,
        "point_doubtful": "yes" if wrong_point else "",
    }


def _kind_and_name(ward: str) -> tuple[str, str]:
    """Out of the full name: the column wardType contradicts it for seven units (see REMARKS)."""
    full = clean_text(ward)
    kind = next(k for k in ("thị trấn", "đặc khu", "phường", "xã") if full.lower().startswith(f"{k} "))
    return kind, full[len(kind) + 1 :]


def _degrees(value: float | None) -> str:
    return "" if value is None else f"{value:.5f}".rstrip("0").rstrip(".")


if __name__ == "__main__":
    main(sys.argv[1:])
