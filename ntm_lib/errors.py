"""The one exception that officials read, and how much of what was read it shows. Programming errors stay ordinary exceptions."""

SHOWN = 12  # names or faults listed in a message; a province has hundreds of communes


class NtmError(Exception):
    """A fault of the input or of a parameter, worded for somebody who does not program.

    ``message`` says what is wrong, where (file, sheet, row, column), what was read, what is
    allowed and what to do; it is already in the language of the run.
    """

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


def readable(value: str) -> str:
    """What was read, fit for a message: nothing that moves a terminal's cursor, and not pages of it."""
    shown = "".join(character if character.isprintable() else "�" for character in value)
    return shown if len(shown) <= 60 else shown[:59] + "…"
