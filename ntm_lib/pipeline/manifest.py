"""``manifest.json``: what a report was made from, and whether it still is what those inputs give.

No time, no path of a machine: two runs from the same inputs write the same bytes.
"""

import errno
import json
import os
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ntm_lib import paths
from ntm_lib.errors import NtmError
from ntm_lib.language import translator
from ntm_lib.parameters import Parameters
from ntm_lib.pipeline.inputs import Digests, digest_of_text, library_files, run_files

NAME = "manifest.json"
# Packages on whose version a report's bytes depend most; the whole list is requirements.lock, itself an input.
PACKAGES = ("matplotlib", "nbconvert", "pandas", "papermill", "typst")


class Checker:
    """Compares published reports with their inputs. What all communes share is read once."""

    def __init__(self) -> None:
        self.shared = Digests("shared")
        self._seen: dict[Path, str] = {}
        self._library: dict[str, str] = {}

    def input_digests(self, parameters: Parameters, own: Digests) -> dict[str, str]:
        """Name → digest of every input. Raises NtmError where one is missing or cannot be read."""
        folder = f"data/raw/communes/{parameters.commune}/"
        digests = {}
        try:
            self._library = self._library or self.shared.of_all(library_files())
            for name, path in run_files(parameters).items():
                digests[name] = own.of(path) if name.startswith(folder) else self._shared(path)
        except OSError as error:
            raise _unreadable(error, parameters.language) from error
        return digests | self._library

    def forget(self) -> None:
        """Looks at each file again; what has not been touched since is still not read again."""
        self._seen, self._library = {}, {}

    def remember_shared(self, parameters: Parameters) -> None:
        """Leaves the digests of what all communes share for the workers, so that each need not read it all."""
        if not self._seen:
            self.input_digests(parameters, Digests(parameters.commune))
            self.shared.save()

    def _shared(self, path: Path) -> str:
        if path not in self._seen:
            self._seen[path] = self.shared.of(path)
        return self._seen[path]

    def is_current(self, parameters: Parameters) -> bool:
        """Whether the published report is whole, unaltered, and made from just these inputs."""
        manifest = read(outputs_folder(parameters))
        if not manifest:
            return False
        own = Digests(parameters.commune)
        told = _told(parameters, self.input_digests(parameters, own))
        current = all(manifest.get(part) == value for part, value in told.items()) and is_whole(
            parameters, manifest, own
        )
        own.save()
        self.shared.save()
        return current


def _unreadable(error: OSError, language: str) -> NtmError:
    t = translator(language)
    text = t("Không đọc được tệp {file}: {reason}.\n    Cần làm: kiểm tra tệp còn ở đó và được phép đọc, rồi chạy lại.")
    reasons = {
        errno.EACCES: t("không có quyền đọc"),
        errno.ELOOP: t("liên kết vòng, không dẫn đến tệp nào"),
        errno.ENXIO: t("không phải tệp thường (ống dẫn hoặc thiết bị)"),
    }
    return NtmError(text.format(file=paths.shown(error.filename), reason=reasons.get(error.errno or 0, error.strerror)))


def outputs_folder(parameters: Parameters) -> Path:
    return paths.outputs() / parameters.run_name


def tables_folder(parameters: Parameters) -> Path:
    """Where the run's processed tables are published, whatever folder they are being written to now."""
    return paths.root() / "data" / "processed" / parameters.run_name


def fingerprint(parameters: Parameters, inputs: Mapping[str, str]) -> str:
    """Digest of all that decides what a report says. The engine and the number of jobs do not."""
    pieces = [json.dumps(parameters.for_notebooks(), sort_keys=True), sys.version.split()[0]]
    return digest_of_text([*pieces, *(f"{name} {digest}" for name, digest in sorted(inputs.items()))])


def _told(parameters: Parameters, inputs: Mapping[str, str]) -> dict[str, object]:
    """What a manifest says of the inputs of a run."""
    return {
        "run": parameters.run_name,
        "parameters": parameters.for_notebooks(),
        "inputs": dict(sorted(inputs.items())),
        "versions": versions(),
        "fingerprint": fingerprint(parameters, inputs),
    }


@cache
def versions() -> dict[str, str]:
    """Versions of Python and of ``PACKAGES``, by the names of the folders that installing leaves: pandas-2.3.0.dist-info.

    ``importlib.metadata`` would say the same, but takes longer to load than all else that is asked of a current report.
    """
    names = [name for folder in reversed(sys.path) if os.path.isdir(folder) for name in os.listdir(folder)]
    parts = [name.removesuffix(".dist-info").split("-") for name in names if name.endswith(".dist-info")]
    installed = {part[0].lower(): part[1] for part in parts if len(part) == 2}
    return {"python": sys.version.split()[0], **{name: installed[name] for name in PACKAGES}}


def tables_are_whole(run_name: str, digests: Digests) -> bool:
    """Whether the published tables of a run are those that its manifest lists, and so those that its report was made from."""
    tables = paths.root() / "data" / "processed" / run_name
    try:
        return digests.of_all(_files(tables)) == read(paths.outputs() / run_name).get("tables")
    except OSError:
        return False


def is_whole(parameters: Parameters, manifest: Mapping, digests: Digests) -> bool:
    """Whether the files that the manifest lists, and no others, stand where they were published."""
    places = {"outputs": outputs_folder(parameters), "tables": tables_folder(parameters)}
    try:
        return all(digests.of_all(_files(folder)) == manifest.get(part) for part, folder in places.items())
    except OSError:
        return False


def _files(folder: Path) -> dict[str, Path]:
    """Name → file of what a published folder holds, but for the manifest and what a file manager hides there."""
    found = ((path.relative_to(folder).as_posix(), path) for path in sorted(folder.rglob("*")) if path.is_file())
    return {name: path for name, path in found if name != NAME and not name.startswith(".")}


def read(folder: Path) -> dict:
    """The manifest in a folder; empty where there is none or it cannot be read."""
    try:
        manifest = json.loads((folder / NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def attachments(parameters: Parameters, inputs: Mapping[str, str], tables: Path) -> list[dict]:
    """Name, content, mime and description of the files that a PDF carries: its figures, and what they were made from.

    Not the manifest itself: that holds the digest of the PDF. ``run.json`` is its first part, with the
    raw files, rules and notebooks one by one and the program as one digest.
    """
    t = translator(parameters.language)
    data = {name: digest for name, digest in inputs.items() if name.startswith(("data/", "notebooks/"))}
    program = digest_of_text(f"{name} {digest}" for name, digest in sorted(inputs.items()) if name not in data)
    run = {"run": parameters.run_name, "parameters": parameters.for_notebooks(), "inputs": data, "program": program}
    files = {
        "indicators.csv": (
            "text/csv",
            t("Kết luận từng chỉ tiêu, với giá trị, ngưỡng và căn cứ"),
            tables / "indicators.csv",
        ),
        "run.json": ("application/json", t("Tham số và tệp đầu vào, mỗi tệp một mã băm SHA-256"), None),
    }
    text = json.dumps(run, ensure_ascii=False, indent=1) + "\n"
    return [
        {
            "name": name,
            "content": path.read_bytes() if path else text.encode(),
            "mime": mime,
            "description": description,
        }
        for name, (mime, description, path) in files.items()
        if path is None or path.is_file()
    ]


def write(parameters: Parameters, inputs: Mapping[str, str], outputs: Path, tables: Path) -> None:
    """Writes the manifest of finished ``outputs`` and ``tables`` into ``outputs``."""
    own = Digests(parameters.commune)
    manifest = {
        **_told(parameters, inputs),
        "outputs": own.of_all(_files(outputs)),
        "tables": own.of_all(_files(tables)),
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
    (outputs / NAME).write_text(text, "utf-8", newline="")
