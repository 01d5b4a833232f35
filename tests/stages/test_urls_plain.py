"""Addresses of the common kind take a short cut: it must lead to where the long way leads."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline import urls

HOSTS = st.sampled_from(
    ["example.org", "www.example.org", "m.x.co.uk", "www.com", "127.0.0.1", "xn--a.org", "localhost.", "EX.org", "x.org:80"]
)
PARTS = st.sampled_from(
    ["a", "amp", "amps", "AMP", "Abc", "index.html", "x_y", "~z", "", "2024", ".", "..", "a.amp", "a%20b", "c", "s", "b.org"]
)
ENDS = st.sampled_from(["", "/", "?a=1", "?utm_source=x", "#top", "#!x"])


@given(st.sampled_from(["http", "https"]), HOSTS, st.lists(PARTS, max_size=5), ENDS)
def test_the_short_cut_leads_where_the_long_way_does(scheme: str, host: str, parts: list[str], end: str) -> None:
    url = f"{scheme}://{host}{''.join('/' + part for part in parts)}{end}"
    assert urls.canonical(url) == urls._canonical(url)
