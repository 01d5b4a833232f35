"""Learn the weights of ``pipeline.articles.speaking`` from the open lines under ``tests/golden``, and say what unseen lines give.

    python -m bench.extraction.train            # two-fold cross-validation by line, totals only
    python -m bench.extraction.train --write    # and write pipeline/articles/speaking_weights.py from all open lines

Logistic regression with a ridge, by full-batch gradient steps: no dice, the same weights every time. A language counts by the best of
its readings, as in the product. True lines weigh more, because a story that loses a line is worse than a line too many.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pipeline.articles import speaking

ROOT: Final = Path(__file__).parents[2]
OPEN: Final = ("furniture/open.jsonl", "furniture2/open.jsonl")
RIDGE: Final = 0.0006
STEPS: Final = 3_000
SPEED: Final = 0.6
PROSE: Final = 0.15
"""How much a line of prose weighs."""
TRUE_LINES: Final = 2.0
"""How much more a true line weighs than one of furniture."""
KEPT: Final = 0.99
Row = tuple[str, str, bool]


def rows() -> list[Row]:
    """Line, language, whether it is furniture."""
    found: list[Row] = []
    for name in OPEN:
        for line in (ROOT / "tests" / "golden" / name).read_text("utf-8").splitlines():
            row = json.loads(line)
            found.append((row.get("text") or row["line"], row.get("lang") or row["language"], bool(row["furniture"])))
            if name.startswith("furniture/"):
                found.extend((row[key], row["language"], False) for key in ("before", "after") if row[key])
    return list(dict.fromkeys(found))


def learn(lines: Sequence[Row], prose: Sequence[str]) -> tuple[float, dict[str, float]]:
    """Bias and weights; ``prose`` are lines of stories in any language, each of whose readings must come out as story."""
    import numpy as np

    seen = [
        (told[0], furniture, 1.0 if furniture else TRUE_LINES)
        for text, language, furniture in lines
        if (told := speaking.features(text, language))
    ]
    seen += [(told, False, PROSE) for text in prose for told in speaking.features(text)]
    names = sorted({name for told, _, _ in seen for name in told})
    place = {name: number for number, name in enumerate(names)}
    shown = np.zeros((len(seen), len(names)))
    for number, (told, _, _) in enumerate(seen):
        for name, amount in told.items():
            shown[number, place[name]] = amount
    truth = np.array([furniture for _, furniture, _ in seen], dtype=float)
    worth = np.array([weight for _, _, weight in seen])
    worth /= worth.sum()
    weights, bias = np.zeros(len(names)), 0.0
    for _ in range(STEPS):
        off = (1 / (1 + np.exp(-(shown @ weights + bias))) - truth) * worth
        bias -= SPEED * off.sum()
        weights -= SPEED * (shown.T @ off + RIDGE * weights)
    return float(bias), dict(zip(names, map(float, weights), strict=True))


def scored(lines: Sequence[Row], bias: float, weights: dict[str, float]) -> list[tuple[float, Row]]:
    """Every line with what the weights make of it, by the best of its readings."""
    return [
        (
            max((bias + sum(weights.get(n, 0.0) * v for n, v in told.items()) for told in speaking.features(row[0])), default=-9.0),
            row,
        )
        for row in lines
    ]


def threshold(values: Sequence[tuple[float, Row]], prose: Sequence[float]) -> float:
    """The value above which no more than one true line in a hundred stands, and one line of prose in four hundred."""
    true = sorted((value for value, row in values if not row[2]), reverse=True)
    return max(0.0, true[int(len(true) * (1 - KEPT))], sorted(prose, reverse=True)[len(prose) // 400] if prose else 0.0)


def lines_of(path: Path) -> list[str]:
    """Lines and sentences of a file of stories, a paragraph a line, each once."""
    text = path.read_text("utf-8")
    pieces = (piece.strip() for line in text.splitlines() for piece in (line, *re.split(r"(?<=[.!?])\s+", line)))
    return [piece for piece in dict.fromkeys(pieces) if 0 < len(piece.split()) <= speaking.MOST_WORDS]


def main() -> None:
    """Cross-validate; write when told to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--misses", action="store_true", help="print unseen lines that are judged wrong")
    parser.add_argument("--prose", type=Path, help="stories, a paragraph a line: what must stay; the more the better")
    options = parser.parse_args()
    lines, prose = rows(), lines_of(options.prose) if options.prose else []
    learnt = [learn(lines[half::2], prose[half::2]) for half in (0, 1)]
    unseen = [pair for half in (0, 1) for pair in scored(lines[half::2], *learnt[1 - half])]
    stories = [value for half in (0, 1) for value, _ in scored([(text, "", False) for text in prose[half::2]], *learnt[1 - half])]
    from pipeline.articles.phrases import reason_of

    cut = threshold(unseen, stories)
    for name, gone in (
        ("weights alone", lambda value, _: value > cut),
        ("tables alone", lambda _, text: reason_of(text) is not None),
        ("both", lambda value, text: value > cut or reason_of(text) is not None),
    ):
        furniture = [gone(value, row[0]) for value, row in unseen if row[2]]
        true = [gone(value, row[0]) for value, row in unseen if not row[2]]
        print(f"{name:14} threshold {cut:5.2f}: furniture gone {sum(furniture) / len(furniture):.3f} of {len(furniture)}, "
              f"true lines kept {1 - sum(true) / len(true):.3f} of {len(true)}")  # fmt: skip
    if options.misses:
        for value, row in sorted(unseen, key=lambda pair: -pair[0]):
            if (value > cut) != row[2]:
                print(f"{'+' if row[2] else '-'} {value:6.2f} {row[1]} {row[0]}")
    if options.write:
        write(*learn(lines, prose), cut)


def write(bias: float, weights: dict[str, float], cut: float) -> None:
    """The table that the product reads; the threshold is part of the bias."""
    table = "".join(f'    "{name}": {value:.2f},\n' for name, value in sorted(weights.items(), key=lambda pair: -pair[1]))
    text = (
        '"""What each part of a line is worth; written by ``bench.extraction.train``, read by ``speaking``. Positive: furniture."""\n\n'
        f"from __future__ import annotations\n\nfrom typing import Final\n\nBIAS: Final = {bias - cut:.2f}\n"
        f"WEIGHTS: Final[dict[str, float]] = {{\n{table}}}\n"
    )
    (ROOT / "pipeline/articles/speaking_weights.py").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
