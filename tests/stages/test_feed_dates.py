"""Dates keep the publisher's own offset, and nothing that is called a date can break the reader."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.dates import instant, to_iso


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("Tue, 02 Jan 2024 10:00:00 +0100", "2024-01-02T10:00:00+01:00"),
        ("Tue, 02 Jan 2024 10:00:00 GMT", "2024-01-02T10:00:00+00:00"),
        ("Tue, 2 Jan 2024 10:00 EST", "2024-01-02T10:00:00-05:00"),
        ("Tue, 02 Jan 24 10:00:00 -0330", "2024-01-02T10:00:00-03:30"),
        ("Tue, 02 Jan 2024 10:00:00 GMT+2", "2024-01-02T10:00:00+02:00"),
        ("02 January 2024 10:00:00 CET", "2024-01-02T10:00:00+01:00"),
        ("January 2, 2024 10:00:00 UTC", "2024-01-02T10:00:00+00:00"),
        ("Tue, 02 Jan 2024", "2024-01-02"),
        ("2024-01-02", "2024-01-02"),
        ("2024-01-02T10:00:00Z", "2024-01-02T10:00:00+00:00"),
        ("2024-01-02T10:00:00.123456+05:30", "2024-01-02T10:00:00+05:30"),
        ("2024-01-02 10:00:00", "2024-01-02T10:00:00+00:00"),
        ("2024-01-02T10:00-0800", "2024-01-02T10:00:00-08:00"),
        ("2024-01-02T24:00:00Z", "2024-01-03T00:00:00+00:00"),
        ("2024-06-30T23:59:60Z", "2024-06-30T23:59:59+00:00"),
        ("Tue Jan  2 10:00:00 2024", "2024-01-02T10:00:00+00:00"),
        ("Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T17:00:00+00:00"),
        ("", None),
        ("yesterday", None),
        ("Tue, 31 Feb 2024 10:00:00 GMT", None),
    ],
)
def test_dates(written, iso):
    assert to_iso(written) == iso


@given(st.text(max_size=60))
def test_nothing_that_is_called_a_date_breaks_it(written):
    read = to_iso(written)
    if read is not None:
        assert datetime.fromisoformat(read)
        assert instant(read) is None or isinstance(instant(read), float)


def test_instants():
    assert instant("2024-01-02T10:00:00+01:00") == instant("2024-01-02T09:00:00+00:00")
    assert instant("2024-01-02") == instant("2024-01-02T00:00:00+00:00")
    assert instant(None) is None
    assert instant("nonsense") is None
