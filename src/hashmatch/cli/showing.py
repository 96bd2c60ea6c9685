"""Text that others chose, such as the name of a file, as a terminal and a line can bear it."""


def shown(text: str) -> str:
    """The text, with all that is not printable written as an escape.

    A name may hold a line break that forges a line of output, sequences that a terminal obeys, or
    bytes that are no UTF-8.
    """
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )
