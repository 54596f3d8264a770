"""A figure: one number of ours beside one of a reference, with a goal; how it is judged, printed and kept.

A figure with a reference is judged by the ratio ours / reference, one without by ours alone. `more` says
whether the ratio (or the number) must reach the goal or stay under it. Without a goal it only informs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import quantiles

HEADER = f"{'figure':<30} {'ours':>12} {'reference':>12} {'ratio':>7} {'goal':>9}  verdict"


@dataclass(frozen=True)
class Figure:
    """`unit` is printed with `ours` and `reference`; `detail` goes to the JSON file only."""

    name: str
    ours: float
    unit: str
    reference: float | None = None
    goal: float | None = None
    more: bool = True
    detail: dict[str, object] | None = None

    @property
    def ratio(self) -> float | None:
        return self.ours / self.reference if self.reference else None

    @property
    def verdict(self) -> str:
        if self.goal is None:
            return "-"
        judged = self.ours if self.ratio is None else self.ratio
        return "ok" if (judged >= self.goal if self.more else judged <= self.goal) else "short"

    def line(self) -> str:
        ratio = "-" if self.ratio is None else f"{self.ratio:.2f}"
        goal = "-" if self.goal is None else f"{'≥' if self.more else '≤'} {self.goal:g}"
        reference = "-" if self.reference is None else amount(self.reference, self.unit)
        ours = amount(self.ours, self.unit)
        return f"{self.name:<30} {ours:>12} {reference:>12} {ratio:>7} {goal:>9}  {self.verdict}"

    def record(self) -> dict[str, object]:
        return {**asdict(self), "ratio": self.ratio, "verdict": self.verdict}


def amount(value: float, unit: str) -> str:
    """Three significant digits, thousands as k: `112k /s`, `87.5 MB`."""
    if value >= 100_000:
        return f"{value / 1000:.0f}k {unit}"
    if value >= 1000:
        return f"{value / 1000:.3g}k {unit}"
    return f"{value:.3g} {unit}"


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return quantiles(values, n=20)[-1]


def write(figures: list[Figure], path: Path) -> None:
    """Replace the figures of these names in the file, keep the others."""
    kept = {entry["name"]: entry for entry in read(path)}
    kept.update({figure.name: figure.record() for figure in figures})
    path.write_text(json.dumps(list(kept.values()), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read(path: Path) -> list[dict[str, object]]:
    if not path.exists():
        return []
    return list(json.loads(path.read_text(encoding="utf-8")))
