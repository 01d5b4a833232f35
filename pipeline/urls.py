"""Are these two addresses the same page? Canonical spelling, and what of an address is only tracking.

Nothing here asks the network: an address is judged by its letters alone. Rules name no site; parameters are known by what they
are called everywhere.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

from pipeline.lately import remembered

_PORTS: Final = {"http": 80, "https": 443}

# Parameters that say how a reader came, never what is read. Names as used by the analytics, advertising and mail
# services that add them (2026-01); a prefix ends with a star.
_TRACKING_NAMES: Final = frozenset(
    re.findall(
        r"\S+",
        """
        fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid li_fat_id igshid igsh mc_cid mc_eid mkt_tok
        _hsenc _hsmi __hssc __hstc __hsfp hsctatracking vero_id vero_conv oly_anon_id oly_enc_id _openstat rb_clickid s_cid
        s_kwcid ef_id epik wickedid cmpid cmp ocid ncid icid ito ns_mchannel ns_source ns_campaign ns_linkname ns_fee
        at_medium at_campaign at_custom1 at_custom2 at_custom3 at_custom4 at_link_id at_link_origin at_link_type at_format at_ptr_name
        at_bbc_team xtor smid smtyp partner ftag __twitter_impression guccounter guce_referrer guce_referrer_sig
        srnd sref taid soc_src soc_trk spm scm sharetype shareadtype feedtype rss traffic_source mbid campaign_id
        trk trkcampaign sc_campaign sc_channel sc_content sc_medium sc_outcome sc_geo sc_country
        """,
    )
)
_TRACKING_PREFIXES: Final = (
    "utm_",
    "_ga",
    "_gl",
    "pk_",
    "mtm_",
    "piwik_",
    "hsa_",
    "wt.",
    "wt_",
    "stm_",
    "ga_",
    "itm_",
    "cm_mmc",
    "fb_",
    "__cft__",
    "__tn__",
)
# Only tracking where the value says so: ``?source=rss`` is, ``?source=42`` may be the page.
_TRACKING_VALUES: Final = re.compile(
    r"^(?:rss\w*|feed\w*|atom|xml|twitter|facebook|fb|newsletter|email|social|share|syndication)$", re.IGNORECASE
)
_MAYBE: Final = frozenset(
    {"source", "src", "ref", "refer", "referer", "referrer", "from", "medium", "channel", "via", "output", "outputtype", "cid", "intcmp"}
)
_AMP_PARAMETERS: Final = frozenset({"amp", "_amp", "outputtype", "amp_js_v", "amp_gsa", "usqp"})
# Copies of pages kept by AMP caches: the page's own address follows (amp.dev, "AMP cache URL format").
_AMP_CACHE: Final = re.compile(
    r"^https?://(?:[^/]+\.cdn\.ampproject\.org/[a-z](?:/s)?|(?:www\.)?(?:google|bing)\.[a-z.]+/amp(?:/s)?)/(?=[^/]+\.[^/]+)", re.IGNORECASE
)
_INDEX: Final = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)
_SLASHES: Final = re.compile(r"/{2,}")
# What most articles' addresses look like. Nothing in it can be escaped, tracking, or a step up; it is a tenth of the work.
_PLAIN: Final = re.compile(r"https?://((?:[a-z0-9-]+\.)+[a-z]{2,})((?:/(?!amp(?:/|$))[a-z0-9_~-]+)*)/?")


def host(url: str) -> str:
    """The host name of an address in lower case without a final dot, ``""`` where there is none."""
    try:
        return (urlsplit(url.strip()).hostname or "").rstrip(".")
    except ValueError:
        return ""


def origin(url: str) -> str:
    """Scheme, host and port: ``https://example.org``; ports that go without saying are left out."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return ""
    name = (parts.hostname or "").rstrip(".")
    name = f"[{name}]" if ":" in name else name
    scheme = parts.scheme.lower()
    return f"{scheme}://{name}" + (f":{port}" if port and port != _PORTS.get(scheme) else "")


def is_web(url: str) -> bool:
    """Whether an address is one of http or https with a host in it."""
    return url[:8].lower().startswith(("http://", "https://")) and bool(host(url))


def join(base: str, address: str) -> str:
    """``address`` seen from ``base``; ``""`` where it cannot be read."""
    try:
        return urljoin(base, address.strip())
    except ValueError:
        return ""


@remembered
def canonical(url: str) -> str:
    """One spelling for all addresses of a page, to compare and never to fetch.

    The scheme, ``www.``, default ports, tracking, AMP variants, index pages, fragments, the order of parameters and a final slash
    make no difference. What is no web address comes back trimmed, as it is.
    """
    url = url.strip()
    if plain := _PLAIN.fullmatch(url):
        return f"https://{_without_mirror(plain[1])}{plain[2] or '/'}"
    return _canonical(url)


def _canonical(url: str) -> str:
    """As ``canonical``, for any address."""
    if url.startswith("//"):
        url = f"https:{url}"
    if not is_web(url):
        return url
    url = _AMP_CACHE.sub("https://", url)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    name = _without_mirror((parts.hostname or "").rstrip("."))
    name += f":{port}" if port and port != _PORTS.get(parts.scheme.lower()) else ""
    fragment = parts.fragment if parts.fragment.startswith("!") else ""  # "#!" was a page of its own (2009 to 2015)
    return urlunsplit(("https", name, _path(parts.path), _query(parts.query), fragment))


def _without_mirror(name: str) -> str:
    """``www.``, ``m.`` and ``amp.`` in front of a name that has two labels left show the same pages."""
    first, _, rest = name.partition(".")
    return rest if first in {"www", "m", "mobile", "amp", "www2"} and "." in rest and not rest.replace(".", "").isdigit() else name


def _path(path: str) -> str:
    path = _SLASHES.sub("/", quote(unquote(path), safe="/:@!$&'()*+,;=~-._"))
    path = _INDEX.sub("/", urlsplit(urljoin("https://x", path)).path if "/." in path else path)
    segments = [segment for segment in path.split("/") if segment.lower() not in {"amp", "amp.html"}]
    path = re.sub(r"\.amp(?=\.html?$)|\.amp$", "", "/".join(segments), flags=re.IGNORECASE)
    return path.rstrip("/") or "/"


def _query(query: str) -> str:
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if not _is_tracking(name.lower(), value)]
    return urlencode(sorted(kept))


def _is_tracking(name: str, value: str) -> bool:
    if name in _TRACKING_NAMES or name.startswith(_TRACKING_PREFIXES):
        return True
    if name in _AMP_PARAMETERS and value.lower() in {"", "1", "true", "amp"}:
        return True
    return name in _MAYBE and bool(_TRACKING_VALUES.match(value))
