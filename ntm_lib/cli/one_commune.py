"""Commands on one commune: ``report``, ``scenario``, ``documents``, ``why``, ``status``."""

from collections.abc import Mapping

from ntm_lib import parameters, paths
from ntm_lib.cli.shared import make_and_tell, make_current
from ntm_lib.errors import NtmError, readable
from ntm_lib.language import Translate


def report(values: Mapping[str, str], t: Translate) -> int:
    """The reports of one commune, of a year or of a month; JSON=1: what they conclude and find, for another program."""
    run = parameters.check(values)
    if values.get("JSON") != "1":
        return make_and_tell(run, values, t)
    make_current(run, values, t)
    from ntm_lib.report.machine import run_json

    print(run_json(run), end="")
    return 0


def scenario(values: Mapping[str, str], t: Translate) -> int:
    """Scenarios of one commune side by side with the present."""
    return make_and_tell(parameters.check(values, comparing=True), values, t)


def documents(values: Mapping[str, str], t: Translate) -> int:
    """Publishes ``outputs/<run>-van-ban``. Makes the report first where it is not current, so that text and annex agree."""
    run = parameters.check(values)
    status = make_and_tell(run, values, t)
    from ntm_lib.pipeline import manifest
    from ntm_lib.pipeline.publish import alone, publish, staged
    from ntm_lib.report.context import load_report
    from ntm_lib.report.papers.official import left_out, write_documents

    place = paths.outputs() / f"{run.run_name}-van-ban"
    with alone(f"{run.run_name}-van-ban"), staged(place, t=t) as (folder,):
        carried = [paths.processed(run.run_name) / "indicators.csv", manifest.outputs_folder(run) / manifest.NAME]
        made = load_report(run)
        files = write_documents(made, folder, values.get("FONT", ""), *(file.read_bytes() for file in carried))
        names = [file.name for file in files]
        publish(place)
    print(t("Đã lập văn bản:"))
    for name in names:
        print(f"    {paths.shown(place / name)}")
    if reason := left_out(made):
        print(reason)
    return status


def why(values: Mapping[str, str], t: Translate) -> int:
    """Prints the way of a verdict from the cell to the sentence. Makes the report first where it is not current."""
    run = parameters.check(values)
    make_current(run, values, t)
    from ntm_lib.report.context import load_report
    from ntm_lib.report.why import why as way_of

    print(way_of(load_report(run), values.get("INDICATOR", "")).text())
    return 0


def status(values: Mapping[str, str], t: Translate) -> int:
    """Runs the notebooks up to STAGE here and now, as plain Python; the tables go to ``outputs/<commune>/stage-<run>``."""
    run = parameters.check(values)
    from ntm_lib.pipeline.inputs import notebooks_of
    from ntm_lib.pipeline.make import processed_into, values_for
    from ntm_lib.pipeline.notebooks import run_plainly
    from ntm_lib.pipeline.publish import alone, publish, staged

    known, stage = notebooks_of(run), values.get("STAGE") or "2_status"
    if stage not in known:
        text = t("STAGE: không có sổ tay này.\n    Đọc được: {value}\n    Cho phép: {names}")
        raise NtmError(text.format(value=readable(stage), names=", ".join(known)))
    commune, _, name = run.run_name.partition("/")
    place = paths.outputs() / commune / f"stage-{name}"
    with alone(f"{commune}/stage-{name}"), staged(place, t=t) as (folder,), processed_into(folder):
        for notebook in known[: known.index(stage) + 1]:
            print(t("Sổ tay {name}").format(name=notebook), flush=True)
            run_plainly(paths.root() / "notebooks" / f"{notebook}.ipynb", values_for(run, notebook), t)
        publish(place)
    print(t("Các bảng: {folder}").format(folder=paths.shown(place)))
    return 0
