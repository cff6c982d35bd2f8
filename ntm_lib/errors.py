"""The one exception that officials read. Programming errors stay ordinary exceptions."""


class NtmError(Exception):
    """A fault of the input or of a parameter, worded for somebody who does not program.

    ``message`` says what is wrong, where (file, sheet, row, column), what was read, what is
    allowed and what to do; it is already in the language of the run.
    """

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message
