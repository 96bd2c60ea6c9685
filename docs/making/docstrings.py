"""Docstrings as Sphinx reads them: tables of Markdown, and indented blocks of modules."""

from typing import Any


def adapt(app: Any, what: str, name: str, value: Any, options: Any, lines: list[str]) -> None:
    """Change the lines of a docstring in place; see ``autodoc-process-docstring``."""
    del app, name, value, options
    lines[:] = _tables(_blocks(lines) if what == "module" else lines)


def _blocks(lines: list[str]) -> list[str]:
    """An indented block of a module's docstring is shown as it stands."""
    made: list[str] = []
    for line in lines:
        begins = line.startswith("    ") and made and not made[-1].strip()
        if begins and not any(each.startswith("    ") for each in made[-2:]):
            made += ["::", ""]
        made.append(line)
    return made


def _tables(lines: list[str]) -> list[str]:
    made: list[str] = []
    inside = False
    for line in lines:
        if not line.startswith("|"):
            inside = False
            made.append(line)
            continue
        if not inside:
            made += ["", ".. list-table::", "   :header-rows: 1", ""]
            inside = True
        if set(line) <= set("|-: "):
            continue
        first, *others = (cell.strip() for cell in line.strip("|").split("|"))
        made += [f"   * - {first}", *(f"     - {cell}" for cell in others)]
    return made
