"""Keeps notebooks that run one after another in one process from seeing what the last one changed."""

import builtins
import contextlib
import getpass
import os
import sys
import warnings
from collections.abc import Iterator
from typing import TextIO


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
