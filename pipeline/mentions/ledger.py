"""The two columns of one mention's evidence, while they are being written."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.mentions.evidence import AGAINST, BASE, FOR, score
from pipeline.mentions.naming import Worth
from pipeline.model import Evidence


@dataclass(slots=True)
class Ledger:
    """What speaks for and against one mention so far."""

    why: list[Evidence] = field(default_factory=list)
    against: list[Evidence] = field(default_factory=list)

    def open_with(self, worth: Worth, name: str) -> None:
        """The first line: what the name is worth alone."""
        code, weight = BASE[worth]
        self.why.append(Evidence(code=code, weight=weight, detail=name))

    def speak_for(self, code: str, detail: str = "", times: float = 1.0) -> None:
        """Add a line for; ``times`` scales its weight."""
        self.why.append(Evidence(code=code, weight=round(FOR[code] * times, 3), detail=detail))

    def speak_against(self, code: str, detail: str = "", times: float = 1.0) -> None:
        """Add a line against; ``times`` scales its weight."""
        self.against.append(Evidence(code=code, weight=round(AGAINST[code] * times, 3), detail=detail))

    def has(self, *codes: str) -> bool:
        """Whether one of these lines stands in the column for."""
        return any(line.code in codes for line in self.why)

    def weight(self, code: str) -> float:
        """What the lines of one kind in the column for weigh together."""
        return sum(line.weight for line in self.why if line.code == code)

    @property
    def score(self) -> float:
        """The sum of both columns, 0 to 1."""
        return score(self.why, self.against)
