"""The history of a commune that was formed from others, read from the folders of those that have one.

What may be added, and why the rest may not, is for ``merge``; here the predecessors are found, cleaned
as they are for their own reports, and what is missing of them becomes a finding.
"""

from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from ntm_lib.intake import cleaning
from ntm_lib.intake.cleaning import Cleaned
from ntm_lib.intake.raw import Raw, read_commune
from ntm_lib.language import number, translator
from ntm_lib.places import named, registry
from ntm_lib.places.merge import merge_observations
from ntm_lib.rules import load_commune
from ntm_lib.tables import as_table, empty


class Merged(NamedTuple):
    """Tables ``observations`` (sums over the predecessors, of the years before the merger) and ``findings``."""

    observations: pd.DataFrame
    findings: pd.DataFrame


def clean(raw: Raw, language: str = "vi", indicators: pd.DataFrame | None = None) -> Cleaned:
    """``cleaning.clean`` of a commune, with the history of those that it was formed from. Raises NtmError as the two do."""
    history = history_of_merged(raw.slug, language)
    found = tuple(history.findings.to_dict("records"))
    return replace(cleaning.clean(raw, language, indicators), history=history.observations, history_findings=found)


def history_of_merged(slug: str, language: str = "vi") -> Merged:
    """What the predecessors of the commune ``slug`` reported, added up; empty for a commune that was not formed from others.

    Raises NtmError where a predecessor's folder cannot be read.
    """
    if not named.was_formed(slug):
        return Merged(empty("observations"), empty("findings"))
    successor = load_commune(slug, language)
    cleaned = {other: cleaning.clean(read_commune(other, language), language) for other in named.predecessors_of(slug)}
    described = {other: load_commune(other, language) for other in cleaned}
    pairs = [(described[other], cleaned[other].observations) for other in cleaned]
    observations, findings = merge_observations(pairs, successor, language)
    more = [
        *_without_folder(successor, {meta["code"] for meta in described.values()}, language),
        *(
            _unread(successor, described[other], cleaned[other], language)
            for other in cleaned
            if len(cleaned[other].rejects)
        ),
    ]
    return Merged(observations, as_table("findings", [*findings.to_dict("records"), *more]))


def _without_folder(successor: dict, known: set[str], language: str) -> list[dict]:
    """A finding for each predecessor that has no folder: until it has one, nothing can be added."""
    t = translator(language)
    message = t(
        "Xã {name} nhập vào {successor} nhưng không có thư mục số liệu, nên không cộng được số liệu các năm trước."
    )
    return [
        {
            "finding": f"merge-no-folder:{successor['code']}:{link.unit.code}",
            "code": "merge-no-folder",
            "severity": "warning",
            "text": f"{link.unit.code} {link.unit.full_name}",
            "message": message.format(name=link.unit.name, successor=successor["name"]),
            "action": t(
                "Tạo thư mục cho xã cũ bằng make template (NAME={code}) và ghi merged_into trong commune.yml của xã đó."
            ).format(code=link.unit.code),
        }
        for link in registry.predecessors(successor["code"])
        if link.unit.code not in known
    ]


def _unread(successor: dict, predecessor: dict, cleaned: Cleaned, language: str) -> dict:
    t = translator(language)
    return {
        "finding": f"merge-unread:{successor['code']}:{predecessor['code']}",
        "code": "merge-unread",
        "severity": "warning",
        "message": t(
            "{n} dòng của {name} để riêng vì không đọc được hoặc bị bỏ theo đính chính, nên không cộng vào xã mới."
        ).format(n=number(len(cleaned.rejects), language), name=predecessor["name"]),
        "action": t("Kiểm tra bằng make check COMMUNE={slug}.").format(slug=predecessor["slug"]),
    }
