"""What the explorer works on: the levers of a commune's plan, what they do, and the scenario file they make.

No widget in here: ``explorer`` shows it, ``explorer_view`` words it.
"""

import datetime
import os
from collections.abc import Mapping
from fractions import Fraction

from ntm_lib import paths
from ntm_lib.errors import NtmError, readable
from ntm_lib.existing import SLUG
from ntm_lib.judge import in_numbers_of
from ntm_lib.plan.live import Answer, Lever, Live
from ntm_lib.plan.scenario_file import load_scenario
from ntm_lib.plan.scenario_model import Key
from ntm_lib.plan.scenario_text import scenario_text
from ntm_lib.plan.side_by_side import present_year
from ntm_lib.report.context import Report

FACTS = ("name", "title", "author", "date", "reason")

Amounts = Mapping[Key, Fraction]


class Model:
    """One commune and year under a planner's hands. ``start``: where the plan puts the levers; ``first``: what it gives."""

    def __init__(self, report: Report):
        observations = in_numbers_of(report.observations, report.rule_set.id, report.language)
        criteria = [c["id"] for c in report.rule_set.meta["criteria"]]
        base_year = present_year(report.observations, report.year)
        thresholds = report.of_year("thresholds", report.year)
        self.report = report
        self.live = Live(
            observations, thresholds, report.year, base_year, report.rule_set.id, criteria, report.language
        )
        self.levers: list[Lever] = self.live.levers()
        self.start = {lever.key: lever.start for lever in self.levers}
        self.first = self.live.ask(self.start)

    def ask(self, moved: Amounts, unit_costs: Amounts) -> Answer:
        """Verdicts, margins and cost with the levers where they are."""
        return self.live.ask(moved, unit_costs)

    def save(self, moved: Amounts, unit_costs: Amounts, facts: Mapping[str, str]) -> str:
        """Writes the scenario file and returns its place, as it may be shown.

        Raises NtmError, nothing written, where a fact is missing, the name is none or is taken, or
        where the file would not be accepted.
        """
        facts = {fact: facts.get(fact, "").strip() for fact in FACTS}
        self._refuse(facts)
        folder = paths.communes_folder() / self.report.parameters.commune / "scenarios"
        path = folder / f"{facts['name']}.yml"
        folder.mkdir(exist_ok=True)
        text = scenario_text(self.live.as_scenario(moved, unit_costs, **facts))
        try:
            with path.open("x", encoding="utf-8", newline="") as file:
                file.write(text)
        except FileExistsError as error:
            raise NtmError(
                self.report.t("Đã có kịch bản tên này: {file}. Chọn tên khác.").format(file=paths.shown(path))
            ) from error
        try:
            load_scenario(self.report.parameters.commune, facts["name"], self.report.rule_set.id, self.report.language)
        except NtmError:
            os.unlink(path)
            raise
        return paths.shown(path)

    def _refuse(self, facts: Mapping[str, str]) -> None:
        t = self.report.t
        names = {
            "name": t("tên tệp"),
            "title": t("tiêu đề"),
            "author": t("người lập"),
            "date": t("ngày"),
            "reason": t("lý do"),
        }
        empty = [names[fact] for fact in FACTS if not facts[fact]]
        if empty:
            raise NtmError(t("Chưa ghi: {names}.").format(names=", ".join(empty)))
        if not SLUG.fullmatch(facts["name"]):
            text = t(
                "Tên tệp “{name}” không dùng được: chỉ gồm chữ thường không dấu, chữ số và dấu gạch nối, ví dụ nha-tieu-30."
            )
            raise NtmError(text.format(name=readable(facts["name"])))
        try:
            datetime.date.fromisoformat(facts["date"])
        except ValueError as error:
            raise NtmError(
                t("Ngày “{date}” không đúng; viết như 2024-03-01.").format(date=readable(facts["date"]))
            ) from error
