"""``make documents``: the papers that are signed, edited in Word, printed and posted, from a report that is current."""

from collections.abc import Mapping

from ntm_lib import parameters, paths
from ntm_lib.cli.shared import make_and_tell
from ntm_lib.language import Translate


def documents(values: Mapping[str, str], t: Translate) -> int:
    """Publishes ``outputs/<run>-van-ban``. Makes the report first where it is not current, so that text and annex agree."""
    run = parameters.check(values)
    status = make_and_tell(run, values, t)
    from ntm_lib.pipeline import manifest
    from ntm_lib.pipeline.locks import alone
    from ntm_lib.pipeline.publish import publish, staged
    from ntm_lib.report.context import load_report
    from ntm_lib.report.papers.official import write_documents

    place = paths.outputs() / f"{run.run_name}-van-ban"
    with alone(f"{run.run_name}-van-ban"), staged(place) as (folder,):
        carried = [paths.processed(run.run_name) / "indicators.csv", manifest.outputs_folder(run) / manifest.NAME]
        files = write_documents(
            load_report(run), folder, values.get("FONT", ""), *(file.read_bytes() for file in carried)
        )
        names = [file.name for file in files]
        publish(place)
    print(t("Đã lập văn bản:"))
    for name in names:
        print(f"    {paths.shown(place / name)}")
    return status
