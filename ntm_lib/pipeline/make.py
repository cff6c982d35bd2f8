"""Makes the reports of one job, in the process that calls it: notebooks, exports, manifest, publishing."""

import contextlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ntm_lib import paths
from ntm_lib.errors import SHOWN, NtmError
from ntm_lib.language import translator
from ntm_lib.parameters import OF_LAST_NOTEBOOK, Parameters
from ntm_lib.pipeline import manifest
from ntm_lib.pipeline.inputs import Digests, marks, notebooks_of, run_files
from ntm_lib.pipeline.job import MADE, UNCHANGED, Export, Job
from ntm_lib.pipeline.notebooks import execute
from ntm_lib.pipeline.publish import alone, publish, staged

ATTEMPTS = 3


def make(job: Job, waiting: Callable[[], None] = lambda: None) -> str:
    """Makes and publishes the report unless it is current; returns ``made`` or ``unchanged``.

    Raises NtmError, the last good report untouched; the notebooks of the failed run are then in
    ``failed_folder``. Waits, after calling ``waiting``, while another run works on the same report.
    """
    parameters = job.parameters
    with alone(parameters.run_name, waiting):
        if not job.force and manifest.Checker().is_current(parameters):
            return UNCHANGED
        for _ in range(ATTEMPTS):
            if _made_from_one_state(job):
                shutil.rmtree(failed_folder(parameters), ignore_errors=True)
                return MADE
    t = translator(parameters.language)
    raise NtmError(
        t(
            "Số liệu của {run} liên tục thay đổi trong khi lập báo cáo.\n    Cần làm: lưu và đóng các tệp, rồi chạy lại."
        ).format(run=parameters.run_name)
    )


def failed_folder(parameters: Parameters) -> Path:
    """Where the notebooks of the last run are kept if it failed: ``outputs/hung-my/failed-2024``."""
    place = manifest.outputs_folder(parameters)
    return place.with_name(f"failed-{place.name}")


def _made_from_one_state(job: Job) -> bool:
    """Whether the inputs stayed as they were while the report was made; only then it is published."""
    parameters = job.parameters
    untouched = marks(run_files(parameters).values())
    checker, own = manifest.Checker(), Digests(job.parameters.commune)
    before = checker.input_digests(parameters, own)
    refuse_other_library(before, parameters.language)
    places = manifest.tables_folder(parameters), manifest.outputs_folder(parameters)
    with staged(*places, t=translator(parameters.language)) as (tables, outputs):
        executed = _run_notebooks(job, tables, outputs)
        export(executed, job.exports, outputs, manifest.attachments(parameters, before, tables))
        checker.forget()
        if checker.input_digests(parameters, own) != before or marks(run_files(parameters).values()) != untouched:
            return False  # also where it changed and changed back: what was read in between is known to nobody
        manifest.write(parameters, before, outputs, tables)
        for place in places:  # the report last: until then the old one stands, and the run counts as not done
            publish(place)
    own.save()
    return True


def refuse_other_library(inputs: Mapping[str, str], language: str) -> None:
    """Raises NtmError if the library on the disk is not the one that this process was forked with, or a package was edited."""
    preload = sys.modules.get("ntm_lib.pipeline.preload")
    if preload and preload.ALTERED:
        t = translator(language)
        text = t(
            "Gói đã cài trong .venv bị sửa sau khi cài, nên báo cáo có thể khác ở máy khác: {names}.\n    Cần làm: xóa thư mục .venv rồi chạy lại; môi trường sẽ được làm lại từ requirements.lock."
        )
        raise NtmError(text.format(names=", ".join(preload.ALTERED[:SHOWN])))
    if preload and any(inputs.get(name) != digest for name, digest in preload.LOADED.items()):
        t = translator(language)
        raise NtmError(
            t(
                "Chương trình (ntm_lib) đã thay đổi sau khi tiến trình này khởi động.\n    Cần làm: chạy lại; trên cụm máy thì khởi động lại các dask worker trước."
            )
        )


def _run_notebooks(job: Job, tables: Path, outputs: Path) -> dict[str, object]:
    """Name → executed notebook. Of a run that fails they are kept where the analyst can open them."""
    parameters = job.parameters
    t = translator(parameters.language)
    executed = {}
    try:
        with processed_into(tables):
            for name in notebooks_of(parameters):
                source = paths.root() / "notebooks" / f"{name}.ipynb"
                executed[name] = execute(source, outputs / source.name, values_for(parameters, name), job.engine, t)
                _name_scenario(executed[name], parameters)
    except NtmError as error:
        _keep(outputs, failed_folder(parameters))
        text = t("{message}\n    Sổ tay dang dở: {folder}")
        error.message = text.format(message=error.message, folder=paths.shown(failed_folder(parameters)))
        error.args = (error.message,)
        raise
    return executed


def _name_scenario(notebook: Any, parameters: Parameters) -> None:
    """Tells a notebook under a scenario what the scenario is called: its pages carry that, not the name of a file."""
    if parameters.scenario or parameters.compared:
        from ntm_lib.plan.scenario_file import scenario_titles

        title = scenario_titles(parameters.commune, parameters.scenario, parameters.compared)
        notebook.metadata.setdefault("ntm", {})["scenario_title"] = title


def values_for(parameters: Parameters, notebook: str) -> dict[str, object]:
    """What is injected into a notebook of the run: some parameters are only for the last."""
    values = parameters.for_notebooks()
    is_last = notebook == notebooks_of(parameters)[-1]
    return {name: value for name, value in values.items() if is_last or name not in OF_LAST_NOTEBOOK}


def _keep(outputs: Path, folder: Path) -> None:
    with contextlib.suppress(OSError):  # a full disk: the message matters more
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(outputs, folder)


@contextlib.contextmanager
def processed_into(folder: Path) -> Iterator[None]:
    """Lets the notebooks, in this process or in a kernel, write their tables to ``folder`` (see ``paths.processed``)."""
    os.environ["NTM_PROCESSED"] = str(folder)
    try:
        yield
    finally:
        del os.environ["NTM_PROCESSED"]


def export(
    executed: Mapping[str, object], exports: tuple[Export, ...], folder: Path, attachments: Sequence[Mapping] = ()
) -> None:
    """Writes each export of the executed notebooks into ``folder``; those that can carry files carry ``attachments``."""
    for wanted in exports:
        content = _exported(executed[wanted.notebook], wanted, attachments)
        (folder / wanted.file).write_bytes(content if isinstance(content, bytes) else content.encode())


def _exported(notebook: object, wanted: Export, attachments: Sequence[Mapping]) -> str | bytes:
    """What the nbconvert exporter of the name makes; of our own without nbconvert, which takes longer to load than they to write."""
    from ntm_lib.doc import render

    if writer := render.WRITERS.get(wanted.exporter):
        return writer(notebook, attachments) if wanted.exporter == "ntm-pdf" else writer(notebook)
    from nbconvert.exporters import get_exporter

    content, _ = get_exporter(wanted.exporter)().from_notebook_node(notebook, {"metadata": {"name": wanted.notebook}})
    return content
