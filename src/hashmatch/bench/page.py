"""A report as one HTML file that loads nothing from elsewhere."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any, Final

from hashmatch.bench import wording
from hashmatch.bench.results import Report

CAPTIONS: Final = {
    "latency": "Latency of single queries, asked one after the other on one thread.",
    "throughput": "Queries a second in batches.",
    "memory": "Bytes by which the process grew, for each code of the list.",
}
NOTES: Final = """
Each recipe runs in a process of its own. In each round every recipe answers the same queries, one
recipe after the other; the first round warms up and does not count.

Numbers are medians over the rounds; ratios are the medians of the rounds' ratios. The steady p99 is
taken over queries, of each query's median: it leaves out what interrupted the machine.

Recall is told by brute force in the same run; “same sets” means that ids and distances were equal
to the last.

A number in brackets beside a batch is how many queries a slow recipe was given of it.
"""
POLICY: Final = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""The page asks for nothing from elsewhere, and could not if it did."""
STYLE: Final = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff;
       max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
.table { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .7rem; border-bottom: 1px solid #ddd; text-align: right;
         white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
.facts td { text-align: left; white-space: normal; }
img { max-width: 100%; height: auto; } figure { margin: 1rem 0; }
figcaption { color: #555; } pre { background: #f5f5f5; padding: .8rem; overflow-x: auto; }
"""


def render(report: Report, plots: Mapping[str, bytes]) -> str:
    """The page, with the plots (PNG, by name) inside it."""
    tables = (
        ("One query", wording.query_table(report.results, report.peer)),
        ("Batches", wording.batch_table(report.results, report.peer)),
        ("The index", wording.index_table(report.results)),
    )
    asked = report.workload | {"rounds": report.rounds, "peer": report.peer}
    return document(
        "hashmatch bench index",
        report.measured,
        [
            *(f"<h2>{name}</h2>{table(cells)}" for name, cells in tables),
            *(figure(plot, CAPTIONS[name]) for name, plot in plots.items()),
        ],
        asked,
        report.machine,
        NOTES,
        report.command,
    )


def document(
    title: str,
    measured: str,
    body: Iterable[str],
    asked: Mapping[str, Any],
    machine: Mapping[str, Any],
    notes: str,
    command: str,
) -> str:
    """A page of tables and figures, with what is needed to make sense of them.

    Args:
        title: its heading.
        measured: when.
        body: HTML, in pieces.
        asked: what was to be measured, by name.
        machine: see `hashmatch.bench.machine.describe`.
        notes: how it was measured; paragraphs with blank lines between them.
        command: that measures it again.
    """
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>",
        f"<h1>{escape(title)}</h1><p>Measured {escape(measured)}.</p>",
        *body,
        "<h2>What was asked</h2>",
        _facts(asked),
        "<h2>The machine</h2>",
        _facts(machine),
        "<h2>How it was measured</h2>",
        *(f"<p>{note}</p>" for note in notes.strip().split("\n\n")),
        f"<pre>{escape(command)}</pre>" if command else "",
        "</body></html>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def table(cells: wording.Table) -> str:
    """A table of HTML."""
    heads, rows = cells
    lines = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows]
    return (
        '<div class="table"><table><thead><tr>'
        + "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
        + "</tr></thead><tbody>"
        + "".join(f"<tr>{line}</tr>" for line in lines)
        + "</tbody></table></div>"
    )


def _facts(facts: Mapping[str, Any]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(name.replace("_", " "))}</th>'
        f"<td>{escape(_words(name, value))}</td></tr>"
        for name, value in facts.items()
    )
    return f'<div class="table"><table class="facts"><tbody>{rows}</tbody></table></div>'


def _words(name: str, value: Any) -> str:
    """A plain value as a person would write it."""
    if value is None:
        return wording.DASH
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_words(key, each)}" for key, each in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(_words(name, each) for each in value) or wording.DASH
    if name == "memory":
        return wording.size(value)
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def figure(plot: bytes, words: str) -> str:
    """A PNG file within the page, with words below it."""
    data = b64encode(plot).decode("ascii")
    caption = escape(words)
    return (
        f'<figure><img src="data:image/png;base64,{data}" alt="{caption}">'
        f"<figcaption>{caption}</figcaption></figure>"
    )
