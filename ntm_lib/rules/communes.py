"""The description of a commune, ``commune.yml``: who it is and which traits it has, from when to when.

What the commune has achieved does not belong here.
"""

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeGuard

from ntm_lib import paths, yaml_text
from ntm_lib.errors import SHOWN, NtmError, readable
from ntm_lib.language import Translate, translator
from ntm_lib.model import Row
from ntm_lib.problems import Problem
from ntm_lib.rules.files import SLUG, Stamp, read_csv, read_yaml, stamp
from ntm_lib.tables import records
from ntm_lib.yaml_text import Entry

CODE = re.compile(r"[0-9]{5}")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
REQUIRED = ("code", "slug", "name", "province", "province_slug", "traits")
TEXTS = ("code", "slug", "name", "kind", "district", "district_code", "province", "province_slug")
FACTS = ("households", "population", "villages")
KEYS = (*TEXTS, "code_note", "display", "profile", "traits", "calendar", "merged_into")
_COUNT = re.compile(r"[0-9]{1,9}")
_YEAR = re.compile(r"(19|20)[0-9]{2}")
_WORDS = {True: "yes", False: "no"}


def load_commune(slug: str, language: str = "vi") -> Row:
    """Content of ``data/raw/communes/<slug>/commune.yml``, checked, with what public lists say of its traits; treat it as read-only.

    ``code`` is a text of five digits. Raises NtmError for a slug that is none, an unknown commune
    (naming those that exist), a missing entry, an unknown trait or value, or a date that is none.
    """
    folder = paths.communes_folder()
    path, traits = folder / slug / "commune.yml", paths.rules_folder() / "traits.yml"
    if not SLUG.fullmatch(slug) or not (path.is_symlink() or path.exists()):
        known = ", ".join(sorted(p.parent.name for p in folder.glob("*/commune.yml")))
        raise NtmError(
            translator(language)('Không có xã "{slug}". Các xã đang có: {known}').format(slug=slug, known=known)
        )
    if not path.is_file():
        yaml_text.read(path, language)  # a folder or a broken link: refused as what it is
    return _load(path, language, stamp(path, traits, traits_file()))


def trait_names(rules_folder: Path) -> dict[str, Row]:
    """``traits.yml``: trait → name, type, values, each with ``vi`` and ``en``."""
    return _trait_names(rules_folder / "traits.yml", stamp(rules_folder / "traits.yml"))


def trait(commune: Row, name: str, on_date: str) -> str | None:
    """Value of a trait on an ISO date; None where it is not known.

    ``traits`` may overlap: the entry that begins last counts.
    """
    valid = [
        e
        for e in commune.get("traits") or ()
        if e["trait"] == name and (e.get("from") or "") <= on_date <= (e.get("to") or "9999")
    ]
    latest = max(valid, key=lambda e: e.get("from") or "", default=None)
    return None if latest is None else _text(latest.get("value"))


def facts(commune: Row, name: str) -> list[Row]:
    """What ``profile`` says of households, population or villages: one entry, or for population several by year."""
    stated = (commune.get("profile") or {}).get(name) or []
    return stated if isinstance(stated, list) else [stated]


@cache
def _trait_names(path: Path, version: Stamp) -> dict[str, Row]:
    return dict(read_yaml(path))


@cache
def _load(path: Path, language: str, version: Stamp) -> Row:
    entry = yaml_text.read(path, language)
    if faults := faults_of(entry, path.parent.name, trait_names(paths.rules_folder()), language):
        raise NtmError(
            translator(language)("Tệp {file}:").format(file=paths.shown(path))
            + "".join(f"\n- {f}" for f in faults[:SHOWN])
        )
    commune: Row = entry.value
    for key in FACTS:
        for fact in facts(commune, key):
            fact |= {
                name: int(fact[name]) for name in ("value", "year") if fact.get(name) is not None
            }  # written in quotes or not
    # A ward may be called 1.
    return with_known_traits(
        commune | {key: str(commune[key]) for key in TEXTS if commune.get(key) is not None}, language
    )


def _text(value: Any) -> str | None:
    """A value of a trait as text; ``true`` and ``false`` of YAML are yes and no."""
    if value in (None, ""):
        return None
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


# ---------------------------------------------------------------- what is wrong with it, entry by entry; what it says against the registry: checks.commune


def faults_of(root: Entry, folder: str, names: Mapping[str, Mapping[str, Any]], language: str = "vi") -> list[str]:
    """The faults of a description that stands in ``folder``, as texts; ``names``: see ``communes.trait_names``."""
    t = translator(language)
    if root.items is None:
        return [t("phải là các mục dạng tên: giá trị")]
    return [
        *(t('thiếu mục "{key}"').format(key=key) for key in REQUIRED if not _given(root.at(key))),
        *_unknown(root, KEYS, t),
        *_text_faults(root, folder, t),
        *_profile_faults(root.at("profile"), t),
        *_trait_list_faults(root.at("traits"), names, t),
        *_block_faults(root, t),
    ]


def _unknown(block: Entry, known: tuple[str, ...], t: Translate) -> Iterator[str]:
    """Entries whose name nobody reads: a slip of the pen would be lost."""
    for key, line, _ in block.items or ():
        if key not in known:
            yield t("dòng {line}: ").format(line=line) + t('không có mục "{key}"; các mục: {known}').format(
                key=readable(key), known=", ".join(known)
            )


def _text_faults(root: Entry, folder: str, t: Translate) -> Iterator[str]:
    for key in TEXTS:
        entry = root.at(key)
        if entry is not None and entry.scalar is None:
            yield _at(entry, t) + t('mục "{key}" phải là một dòng chữ').format(key=key)
    code, slug, province = (root.at(key) for key in ("code", "slug", "province_slug"))
    if _given(code) and not CODE.fullmatch(_shown(code)):
        yield _at(code, t) + t('mã xã "{code}" phải gồm 5 chữ số, viết trong ngoặc kép để giữ số 0 ở đầu').format(
            code=_shown(code)
        )
    if _given(slug) and _shown(slug) != folder:
        yield _at(slug, t) + t('mục slug là "{slug}" nhưng thư mục là "{folder}"').format(
            slug=_shown(slug), folder=folder
        )
    if _given(province) and not SLUG.fullmatch(_shown(province)):
        yield _at(province, t) + t('province_slug "{slug}" phải là tên tỉnh không dấu, ví dụ tuyen-quang').format(
            slug=_shown(province)
        )


def _profile_faults(profile: Entry | None, t: Translate) -> Iterator[str]:
    """Households, population, villages: each ``{value, year, document}``, or a list of these by year."""
    if profile is None or profile.is_empty:
        return
    if profile.items is None:
        yield _at(profile, t) + t('mục "{key}" phải là các mục con dạng tên: giá trị').format(key="profile")
        return
    yield from _unknown(profile, FACTS, t)
    for key, _, facts in profile.items:
        for fact in facts.members if facts.members is not None and key == "population" else (facts,):
            if key in FACTS and _given(fact):
                yield from _fact_faults(key, fact, t)


def _fact_faults(key: str, fact: Entry, t: Translate) -> Iterator[str]:
    if fact.items is None:
        text = t('mục "{key}" phải viết như {{value: 1466, year: 2024, document: số văn bản}}')
        yield _at(fact, t) + text.format(key=key)
        return
    value, year = fact.at("value"), fact.at("year")
    if split := next(
        (name for name, _, _ in fact.items if name.strip().isdigit()), ""
    ):  # {value: 1,466} is two entries
        text = t('"{key}" là "{text}": chỉ ghi chữ số, không dấu chấm, không đơn vị, ví dụ value: {example}')
        yield _at(fact, t) + text.format(key=key, text=f"{_shown(value)},{split}", example=f"{_shown(value)}{split}")
    if _given(value) and _shown(value).strip("0") == "" != _shown(value):
        yield _at(value, t) + t('"{key}" là 0; chưa biết thì ghi null').format(key=key)
    elif _given(value) and not _COUNT.fullmatch(_shown(value)):
        text = t('"{key}" là "{text}": chỉ ghi chữ số, không dấu chấm, không đơn vị, ví dụ value: {example}')
        yield _at(value, t) + text.format(key=key, text=_shown(value), example=_digits(_shown(value)))
    if _given(year) and not _YEAR.fullmatch(_shown(year)):
        yield _at(year, t) + t('năm của "{key}" là "{text}": phải có bốn chữ số, ví dụ year: 2024').format(
            key=key, text=_shown(year)
        )


def _trait_list_faults(traits: Entry | None, names: Mapping[str, Mapping[str, Any]], t: Translate) -> Iterator[str]:
    if not _given(traits):
        return
    if traits.members is None:
        yield _at(traits, t) + t('mục "{key}" phải là một danh sách, mỗi dòng bắt đầu bằng "- trait:"').format(
            key="traits"
        )
        return
    for entry in traits.members:
        name = entry.at("trait")
        if entry.items is None or name is None or name.scalar is None:
            yield _at(entry, t) + t('mỗi đặc điểm phải viết như "- {{trait: region, value: tdmnpb}}"').format()
        else:
            yield from _trait_faults(entry, names, t)
    yield from _twice(traits.members, t)


def _twice(traits: Sequence[Entry], t: Translate) -> Iterator[str]:
    """Two values of one trait from one day on: by which the thresholds were chosen would be chance."""
    seen: dict[tuple[str, str], str] = {}
    for entry in traits:
        name, value = _shown(entry.at("trait")), _shown(entry.at("value"))
        first = seen.setdefault((name, _shown(entry.at("from"))), value) if _given(entry.at("value")) else value
        if first != value:
            text = t('đặc điểm "{name}" có hai giá trị từ cùng một ngày: "{first}" và "{value}"; giữ một giá trị')
            yield _at(entry, t) + text.format(name=name, first=first, value=value)


def _trait_faults(entry: Entry, names: Mapping[str, Mapping[str, Any]], t: Translate) -> Iterator[str]:
    name, value = _shown(entry.at("trait")), entry.at("value")
    if name not in names:
        yield _at(entry, t) + t('đặc điểm "{name}" không có trong traits.yml; các đặc điểm: {known}').format(
            name=name, known=", ".join(names)
        )
        return
    allowed = names[name].get("values")
    text = _WORDS[value.value] if value is not None and isinstance(value.value, bool) else _shown(value)
    if _given(value) and (text not in allowed if allowed else not _COUNT.fullmatch(text)):
        wanted = ", ".join(map(str, allowed)) if allowed else t("một số nguyên")
        yield _at(value, t) + t(
            'đặc điểm "{name}" có giá trị "{value}"; được phép: {wanted}, hoặc null nếu chưa biết'
        ).format(name=name, value=text, wanted=wanted)
    yield from (fault for key in ("from", "to") for fault in _date_faults(entry.at(key), f'{name}", "{key}', t))


def _block_faults(root: Entry, t: Translate) -> Iterator[str]:
    for key in ("display", "calendar", "merged_into"):
        entry = root.at(key)
        if _given(entry) and entry.items is None:
            yield _at(entry, t) + t('mục "{key}" phải là các mục con dạng tên: giá trị').format(key=key)
    into, holidays = root.at("merged_into"), root.at("calendar", "holidays")
    if into is not None and into.items is not None:
        code, name = into.at("code"), into.at("name")
        if not _given(code) or not CODE.fullmatch(_shown(code)):
            yield _at(code or into, t) + t(
                'mã xã "{code}" phải gồm 5 chữ số, viết trong ngoặc kép để giữ số 0 ở đầu'
            ).format(code=_shown(code))
        if not _given(name) or name.scalar is None:
            yield _at(name or into, t) + t('mục "{key}" phải là một dòng chữ').format(key="merged_into: name")
        yield from _date_faults(into.at("date"), "merged_into: date", t)
    if _given(holidays) and (holidays.members is None or any(day.scalar is None for day in holidays.members)):
        yield _at(holidays, t) + t('mục "{key}" phải là một danh sách ngày, ví dụ ["2024-04-30"]').format(
            key="holidays"
        )


def _date_faults(entry: Entry | None, key: str, t: Translate) -> Iterator[str]:
    if _given(entry) and not _is_date(_shown(entry)):
        yield _at(entry, t) + t('"{key}" phải là ngày có trong lịch, dạng 2024-03-01, đang là "{value}"').format(
            key=key, value=_shown(entry)
        )


def _is_date(text: str) -> bool:
    try:
        return bool(DATE.fullmatch(text) and datetime.date.fromisoformat(text))
    except ValueError:
        return False


def _given(entry: Entry | None) -> TypeGuard[Entry]:
    return entry is not None and not (entry.scalar is not None and entry.is_empty)


def _shown(entry: Entry | None) -> str:
    """The text of an entry, not pages of it."""
    return "" if entry is None else "…" if entry.scalar is None else readable(entry.scalar.strip())


def _digits(text: str) -> str:
    """The number that a fact most likely is, as it must be written: ``1.466 hộ`` → 1466."""
    written = re.fullmatch(r"\D*?(\d{1,3}(?:[.,\s]\d{3})+|\d{1,9})(?:\s*\D+)?", text)
    return re.sub(r"\D", "", written[1]) if written and not text.startswith(("-", "−")) else "1466"


def _at(entry: Entry | None, t: Translate) -> str:
    return t("dòng {line}: ").format(line=entry.line if entry else 1)


# ---------------------------------------------------------------- traits by public lists


COLUMNS = ("province", "district", "commune", "name", "trait", "value", "from", "to", "document", "source", "note")
REORGANISED = "2025-07-01"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


def traits_file() -> Path:
    return paths.communes_folder() / "traits.csv"


def with_known_traits(commune: dict[str, Any], language: str = "vi") -> dict[str, Any]:
    """The description with the entries of the table for traits of which it states no value. Raises NtmError for a table with faults."""
    stated = commune.get("traits") or ()
    given = {entry["trait"] for entry in stated if entry.get("value") not in (None, "")}
    found = [entry for entry in _entries_of(commune, language) if entry["trait"] not in given]
    if not found:
        return commune
    told = {entry["trait"] for entry in found}
    return commune | {"traits": [*(entry for entry in stated if entry["trait"] not in told), *found]}


def trait_faults(language: str = "vi") -> list[Problem]:
    """What is wrong in the table: a row of no or several places, an unknown trait or value, a date that is none."""
    if not traits_file().is_file():
        return []
    known, file = read_yaml(paths.rules_folder() / "traits.yml"), paths.shown(traits_file())
    return [
        Problem(f"rules-trait/{case}", {}, file, "", str(row["row"]), column, str(row[column]))
        for row in records(read_csv(traits_file(), COLUMNS, language))
        for column, case in _faults(row, known)
    ]


def _faults(row: Mapping[str, Any], known: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Column and case of each fault of a row."""
    places = [c for c in ("province", "district", "commune") if row[c]]
    if len(places) != 1:
        yield "commune", "place"
    if row["commune"] and not re.fullmatch(r"[0-9]{5}", row["commune"]):
        yield "commune", "commune"
    if row["district"] and not re.fullmatch(r"[0-9]{3}", row["district"]):
        yield "district", "district"
    values = (known.get(row["trait"]) or {}).get("values")
    if row["trait"] not in known:
        yield "trait", "unknown"
    elif values and row["value"] not in {str(value) for value in values}:
        yield "value", "value"
    for column in ("from", "to"):
        if row[column] and not re.fullmatch(_DATE, row[column]):
            yield column, "date"
    if not row["source"] and not row["document"]:
        yield "source", "source"


def _entries_of(commune: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    """Entries as commune.yml would have them, of the commune, its district and its province."""
    if not traits_file().is_file():
        return []
    is_old, code = bool(commune.get("district_code")), commune.get("code")
    places = {("commune", code), ("district", commune.get("district_code")), ("province", commune.get("province_slug"))}
    return [
        entry
        for place, entry in _table(traits_file(), language, stamp(traits_file()))
        if place in places and is_old == ((entry["from"] or "") < REORGANISED)
    ]


@cache
def _table(path: Path, language: str, version: tuple[Any, ...]) -> tuple[tuple[tuple[str, str], dict[str, Any]], ...]:
    if faults := trait_faults(language):
        raise NtmError("\n".join(fault.in_words(language) for fault in faults[:12]))
    rows = records(read_csv(path, COLUMNS, language))
    return tuple((_place(row), _entry(row)) for row in rows)


def _place(row: Mapping[str, Any]) -> tuple[str, str]:
    return next((column, str(row[column])) for column in ("commune", "district", "province") if row[column])


def _entry(row: Mapping[str, Any]) -> dict[str, Any]:
    source = ", ".join(filter(None, (row["document"], row["source"])))
    return {
        "trait": row["trait"], "value": row["value"], "from": row["from"] or None, "to": row["to"] or None,
        "reason": row["note"], "source": source,
    }  # fmt: skip
