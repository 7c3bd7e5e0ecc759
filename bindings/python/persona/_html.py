"""Populations in notebooks: a small table that follows light and dark themes."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._persona import Column, ColumnSummary, Population

_ROWS = 6
_SUMMARY_ROWS = 100_000

_STYLE = """<style>
.persona table { border-collapse: collapse; font-size: 12px; font-variant-numeric: tabular-nums }
.persona th, .persona td { padding: 3px 10px; text-align: left; white-space: nowrap; border: 0 }
.persona td.n, .persona th.n { text-align: right }
.persona thead th { border-bottom: 1px solid currentColor; font-weight: 600 }
.persona small, .persona caption { opacity: .65; font-weight: 400 }
.persona caption { caption-side: bottom; text-align: left; padding-top: 6px }
.persona tfoot td { border-top: 1px solid rgba(128,128,128,.5) }
.persona div { overflow-x: auto }
</style>"""


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _cell(value: object) -> str:
    if value is None:
        return "<small>missing</small>"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, int):
        return f"{value:,}"
    return escape(", ".join(value) if isinstance(value, list) else str(value))


def _glance(summary: ColumnSummary) -> str:
    if summary.top:
        label, share = summary.top[0]
        return f"{escape(label)} {100 * share:.0f} %"
    if math.isnan(summary.mean):
        return ""
    if summary.field.type == "boolean":
        return f"yes {100 * summary.mean:.0f} %"
    return f"{_number(summary.mean)} &plusmn; {_number(summary.sd)}"


def _class(column: Column) -> str:
    return ' class="n"' if column.type in ("float64", "int32", "int64") else ""


def _row(tag: str, cells: list[str], columns: list[Column]) -> str:
    return "<tr>" + "".join(f"<{tag}{_class(c)}>{cell}</{tag}>" for cell, c in zip(cells, columns)) + "</tr>"


def population_html(population: Population) -> str:
    columns = population.columns
    if not columns:
        return "<i>nobody</i>"
    heads = [f"{escape(c.name)}<br><small>{escape(c.unit or c.type)}</small>" for c in columns]
    rows = [_row("td", [_cell(value) for value in person.values()], columns) for person in population[:_ROWS]]
    if len(population) > _ROWS:
        rows.append(_row("td", ["&#8942;"] * len(columns), columns))
    foot, about = "", f"{len(population):,} people &times; {len(columns)} attributes"
    if len(population):
        summary = population[:_SUMMARY_ROWS].summary()
        foot = f"<tfoot>{_row('td', [f'<small>{_glance(s)}</small>' for s in summary.columns], columns)}</tfoot>"
        about += "; last line: mean &plusmn; sd, or the most frequent label"
        if len(population) > _SUMMARY_ROWS:
            about += f", of the first {_SUMMARY_ROWS:,}"
    return (
        f'{_STYLE}<div class="persona"><div><table><caption>{about}</caption>'
        f"<thead>{_row('th', heads, columns)}</thead><tbody>{''.join(rows)}</tbody>{foot}</table></div></div>"
    )
