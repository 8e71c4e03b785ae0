"""Draws charts, as SVG that is small enough to be read by people too."""

import math
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("svg")

from matplotlib import pyplot, ticker

from bench.curves import Chart, Panel

COLORS = ("#0057b8", "#e07a00", "#6aa5e3", "#f0b56b")
MARKERS = ("o", "s", "^", "D")
STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "pingate",
    "font.family": "sans-serif",
    "font.size": 8.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#888888",
    "axes.titlesize": 9,
    "axes.grid": True,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.6,
    "xtick.color": "#444444",
    "ytick.color": "#444444",
}


def draw(chart: Chart, folder: Path) -> Path:
    """:return: the file, named after the chart."""
    file = folder / f"{chart.name}.svg"
    with pyplot.rc_context(STYLE):
        figure, sides = pyplot.subplots(1, 2, figsize=(8, 3.4), facecolor="white")
        for axes, panel in zip(sides, (chart.left, chart.right), strict=True):
            _draw(axes, panel, chart.along)
        names = [curve.name for curve in chart.left[1]]
        figure.suptitle(chart.title, x=0.01, ha="left", fontsize=11, fontweight="bold")
        handles = sides[0].get_legend_handles_labels()[0]
        figure.legend(handles, names, loc="upper left", ncol=len(names), frameon=False, bbox_to_anchor=(0, 0.94))
        figure.tight_layout(rect=(0, 0, 1, 0.9), w_pad=2.5)
        figure.savefig(file, metadata={"Date": None, "Title": chart.title})
        pyplot.close(figure)
    return file


def _draw(axes: Any, panel: Panel, along: str) -> None:  # noqa: ANN401 (matplotlib has no types)
    title, curves = panel
    for index, curve in enumerate(curves):
        color = COLORS[index % len(COLORS)]
        marker = MARKERS[index % len(MARKERS)]
        axes.plot(
            curve.sizes, curve.values, marker=marker, markersize=3.5, linewidth=1.5, color=color, label=curve.name
        )
        # The runs lie within.
        axes.fill_between(curve.sizes, *curve.extremes, color=color, alpha=0.15, linewidth=0)
    axes.set_xscale("log")
    axes.set_yscale("log")
    # Whole powers of ten, so that no small difference looks like a large one.
    values = [value for curve in curves for value in (*curve.extremes[0], *curve.extremes[1]) if value > 0]
    axes.set_ylim(10 ** math.floor(math.log10(min(values))), 10 ** math.ceil(math.log10(max(values) * 1.05)))
    axes.set_title(title, loc="left")
    axes.set_xlabel(along)
    axes.xaxis.set_major_formatter(ticker.FuncFormatter(_short))
    axes.yaxis.set_major_formatter(ticker.FuncFormatter(_short))
    axes.xaxis.set_minor_locator(ticker.NullLocator())
    axes.yaxis.set_minor_locator(ticker.NullLocator())


def _short(value: float, _: int) -> str:
    """A power of ten: 0.1, 100, 10 k, 10 M."""
    for factor, letter in ((1e6, " M"), (1e3, " k")):
        if value >= 10 * factor or (value >= factor and letter == " M"):
            return f"{value / factor:,.0f}{letter}"
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"
