"""Runs the cells of a notebook in this process: no kernel to start, no socket to wait for.

The shell is ipykernel's own, and what it would send to a client is handed, message by message, to
the client that papermill uses with kernels. So a notebook run here has the outputs that a kernel
gives it; what the two differ in by nature (process ids, timing) is for ``normalise``.

Two things need a kernel (ENGINE=kernel): the state of live widgets, and what a C library or a
subprocess writes past Python's ``sys.stdout``.
"""

import atexit
import builtins
import contextlib
import getpass
import io
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from typing import TextIO

from ipykernel.compiler import XCachingCompiler
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.profiledir import ProfileDir
from jupyter_client.session import Session
from papermill.clientwrap import PapermillNotebookClient
from traitlets import Type
from traitlets.config import Config

INLINE = "module://matplotlib_inline.backend_inline"


class CapturingSession(Session):
    """Hands each message to ``deliver`` instead of a socket."""

    deliver: Callable[[dict], object] = staticmethod(lambda message: None)

    def send(self, stream, msg_or_type, content=None, parent=None, ident=None, **unused):
        """Called by the shell's display hook and publisher with a whole message, or with its type and content."""
        message = msg_or_type if isinstance(msg_or_type, dict) else self.msg(msg_or_type, content, parent)
        self.deliver(message)
        return message


class BareProfile(ProfileDir):
    """A profile without the folders that a kernel makes for its logs, passwords and start-up files."""

    def check_dirs(self) -> None:
        """None is needed."""


class WarmShell(ZMQInteractiveShell):
    """The shell of a kernel, without the kernel."""

    compiler_class = Type(XCachingCompiler)  # names the cells as a kernel does, which warnings and tracebacks show

    def enable_gui(self, gui=None) -> None:
        """There is no event loop to hook into; figures are shown when a cell ends."""


class CapturedStream(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of a cell."""

    encoding = "utf-8"

    def __init__(self, name: str, session: CapturingSession):
        self.name = name
        self.session = session

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if text:
            self.session.send(None, "stream", {"name": self.name, "text": text})
        return len(text)


def run_notebook(nb_man) -> None:
    """Runs the notebook that papermill manages. The process is left as it was found."""
    client = PapermillNotebookClient(nb_man)
    client.reset_execution_trackers()
    session = CapturingSession()
    with (
        as_found(),
        shell_in_place(session) as shell,
        streams(CapturedStream("stdout", session), CapturedStream("stderr", session)),
    ):
        run_cells(nb_man, client, session, shell)


@contextlib.contextmanager
def shell_in_place(session: CapturingSession) -> Iterator[WarmShell]:
    """A fresh shell as ``get_ipython()``, with a folder of its own in place of the user's ~/.ipython."""
    # History would start a thread and write a database.
    config = Config({"HistoryManager": {"enabled": False}})
    with tempfile.TemporaryDirectory() as folder:
        WarmShell.clear_instance()
        shell = WarmShell.instance(config=config, ipython_dir=folder, profile_dir=BareProfile(location=folder))
        shell.displayhook.session = shell.display_pub.session = session
        show_figures_inline(shell)
        try:
            yield shell
        finally:
            # Its clean-up at exit would sweep the whole memory, and its files are gone by then.
            atexit.unregister(shell.atexit_operations)
            shell.restore_sys_module_state()
            WarmShell.clear_instance()


def show_figures_inline(shell: WarmShell) -> None:
    """What a kernel does when pyplot is first imported; here pyplot may have been imported long before."""
    from IPython.core.pylabtools import activate_matplotlib
    from matplotlib_inline import backend_inline
    from matplotlib_inline.config import InlineBackend

    activate_matplotlib(INLINE)
    InlineBackend.clear_instance()
    # Otherwise figure formats are set once per process, for the shell of the first notebook.
    backend_inline.configure_inline_support.current_backend = "unset"
    backend_inline.configure_inline_support(shell, INLINE)


def run_cells(nb_man, client: PapermillNotebookClient, session: CapturingSession, shell: WarmShell) -> None:
    """Runs cell after cell. As with a kernel, a cell that may raise is tagged ``raises-exception``."""
    for index, cell in enumerate(nb_man.nb.cells):
        nb_man.cell_start(cell, index)
        tags = cell.metadata.get("tags", [])
        runs = cell.cell_type == "code" and cell.source.strip() and client.skip_cells_with_tag not in tags
        failed = runs and not run_cell(cell, index, client, session, shell) and "raises-exception" not in tags
        if failed:
            nb_man.cell_exception(cell, cell_index=index)
        nb_man.cell_complete(cell, cell_index=index)
        if failed:
            return


def run_cell(cell, index: int, client: PapermillNotebookClient, session: CapturingSession, shell: WarmShell) -> bool:
    """Whether the cell ran without an error. Its outputs arrive meanwhile, as messages."""
    session.deliver = lambda message: client.process_message(message, cell, index)
    client.clear_before_next_output = False
    cell.execution_count = shell.execution_count
    result = shell.run_cell(cell.source, store_history=True)
    return result.success and not shell._last_traceback_during_displayhook


@contextlib.contextmanager
def as_found() -> Iterator[None]:
    """Puts back what a notebook may change beyond its own variables: a kernel would be new each time.

    Modules stay imported and keep what they have cached; that is what makes the next one quick.
    """
    environment, folder, path, main = dict(os.environ), os.getcwd(), list(sys.path), sys.modules["__main__"]
    with warnings.catch_warnings(), _without_keyboard(), _matplotlib_as_found(), _pandas_as_found():
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(environment)
            os.chdir(folder)
            sys.path[:] = path
            sys.modules["__main__"] = main


@contextlib.contextmanager
def streams(stdout: TextIO, stderr: TextIO) -> Iterator[None]:
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        yield


@contextlib.contextmanager
def _without_keyboard() -> Iterator[None]:
    """A cell that asks a question fails at once, with the error of a kernel without a client, instead of waiting."""
    from IPython.core.error import StdinNotImplementedError

    def refuse(prompt: str = "", *_: object) -> str:
        raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")

    asking = builtins.input, getpass.getpass
    builtins.input, getpass.getpass = refuse, refuse
    try:
        yield
    finally:
        builtins.input, getpass.getpass = asking


@contextlib.contextmanager
def _matplotlib_as_found() -> Iterator[None]:
    import matplotlib.pyplot as plt

    backend = plt.get_backend()
    with plt.rc_context():
        try:
            yield
        finally:
            plt.close("all")
            plt.switch_backend(backend)


@contextlib.contextmanager
def _pandas_as_found() -> Iterator[None]:
    import pandas as pd

    try:
        yield
    finally:
        with warnings.catch_warnings(action="ignore"):  # resetting an option that is on its way out warns
            pd.reset_option("all")
