"""The rule book of the real rules, made once a process: by it the tests of the book and of its page in a browser look."""

from functools import cache

from ntm_lib.report.rule_book import book, book_html


@cache
def page(language: str = "vi") -> str:
    """The page of the rule book (HTML)."""
    return book_html(book(language), language).decode()
