"""A fault in a file of the rules, as data: the same for terminal, report and test."""

from dataclasses import dataclass

from ntm_lib.language import translator


@dataclass(frozen=True)
class Problem:
    """One fault. ``row`` is the line in the file, the heading is 1; 0 is the file as a whole.

    ``column`` is a heading of a CSV file or an entry of a YAML file; ``read`` what stands there;
    ``what`` is wrong and ``action`` what to do, both in the language asked for.
    """

    file: str
    row: int
    column: str
    read: str
    what: str
    action: str

    def in_words(self, language: str = "vi") -> str:
        """One line for a terminal: place, what is wrong, what to do."""
        t = translator(language)
        place = [self.file]
        place += [t("dòng {row}").format(row=self.row)] if self.row else []
        place += [t("cột {column}").format(column=self.column)] if self.column else []
        read = t(' (đang là "{read}")').format(read=self.read) if self.read else ""
        return f"{', '.join(place)}: {self.what}{read}. {self.action}".strip()
