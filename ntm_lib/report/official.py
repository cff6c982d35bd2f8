"""Official documents of one run: the report on results (Báo cáo) and the plan (Kế hoạch), in every form."""

from ntm_lib.report.context import Report
from ntm_lib.report.markup import Block
from ntm_lib.report.official_assessment import assessment_parts
from ntm_lib.report.official_block import to_block
from ntm_lib.report.official_form import signing_date
from ntm_lib.report.official_model import Letterhead, OfficialDocument, numbered
from ntm_lib.report.official_plan import plan_parts


def assessment(report: Report) -> Block:
    """The report on the results of the year."""
    return to_block(assessment_document(report))


def plan(report: Report) -> Block:
    """The plan of the year after the results."""
    return to_block(plan_document(report))


def assessment_document(report: Report) -> OfficialDocument:
    return _document(report, assessment_parts(report))


def plan_document(report: Report) -> OfficialDocument:
    return _document(report, plan_parts(report))


def _document(report: Report, parts) -> OfficialDocument:
    parts = numbered(parts)
    head = next(part for part in parts if isinstance(part, Letterhead))
    return OfficialDocument(f"{head.kind}: {head.subject}", report.language, signing_date(report), scenario_line(report), parts)


def scenario_line(report: Report) -> str:
    """What every page of a document made under a scenario carries; empty for the real figures."""
    if not report.parameters.scenario:
        return ""
    name = report.parameters.scenario_title(report.language)
    return report.t("KỊCH BẢN, không phải số liệu chính thức: {name}").format(name=name)
