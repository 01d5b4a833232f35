"""Short texts are remembered, long ones are not held on to."""

from __future__ import annotations

from pipeline.lately import LONG, remembered


def test_a_short_text_is_worked_on_once_and_a_long_one_each_time():
    asked = []

    @remembered
    def size(text: str) -> int:
        """How long it is."""
        asked.append(len(text))
        return len(text)

    for length in (3, LONG, LONG + 1):
        assert [size("x" * length), size("x" * length)] == [length, length]
    assert asked == [3, LONG, LONG + 1, LONG + 1]
    assert size.__doc__ == "How long it is."
