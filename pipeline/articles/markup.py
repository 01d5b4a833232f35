"""What do tags, class names and ids give away?

Data only: the roles that markup can give a line, and the words by which sites name their containers, sorted by role.
"""

from __future__ import annotations

from enum import Flag, auto
from typing import Final


class Role(Flag):
    """What the markup around a line says that it is."""

    NONE = 0
    CAPTION = auto()
    ASIDE = auto()
    FOOTER = auto()
    NAV = auto()
    FORM = auto()
    HIDDEN = auto()
    RELATED = auto()
    NEWSLETTER = auto()
    SHARE = auto()
    BIO = auto()
    BYLINE = auto()
    TAGS = auto()
    COMMENTS = auto()
    ADVERT = auto()
    PAYWALL = auto()
    STANDFIRST = auto()
    KICKER = auto()
    DATE = auto()
    EMBED = auto()
    FACTS = auto()
    BREADCRUMB = auto()
    BUTTON = auto()
    CREDIT = auto()
    HEADLINE = auto()
    QUOTE = auto()


TAGS: Final[dict[str, Role]] = {
    "figure": Role.CAPTION,
    "figcaption": Role.CAPTION,
    "aside": Role.ASIDE,
    "footer": Role.FOOTER,
    "nav": Role.NAV,
    "form": Role.FORM,
    "button": Role.BUTTON,
    "label": Role.FORM,
    "time": Role.DATE,
    "iframe": Role.EMBED,
    "h1": Role.HEADLINE,
    "blockquote": Role.QUOTE,
    "q": Role.QUOTE,
}

# Words of class names, ids and data attributes, sorted by what they give away. Whole words between separators and case changes.
WORDS: Final[dict[Role, str]] = {
    Role.CAPTION: "caption captions figcaption bildunterschrift bildtext pie legende fotocredit didascalia bildetekst imgcaption photocaption imagecaption kuvateksti billedtekst",
    Role.CREDIT: "credit credits copyright photocredit fotograf photographer photo-credit",
    Role.RELATED: "related relacionadas relacionados relatedlinks recommended recommendation recommendations recommend recirc recirculation readmore"
    " readalso seealso morefrom morestories teaser teasers teaserlist similar mostread mostpopular popular trending outbrain taboola"
    " crosslink crosslinks inlinelink inline-links linklist linkbox linkliste relatedarticles relatedstories lesmer lesogså voir-aussi correlati"
    " more-on moreon furtherreading suggested suggestions onward",
    Role.NEWSLETTER: "newsletter newsletters signup subscribe subscription mailinglist emailsignup optin mailchimp",
    Role.SHARE: "share sharing social socialshare sharebar sharebuttons paylas partager compartir condividi teilen followus follow addthis sociallinks",
    Role.BIO: "bio authorbio biography authorbox aboutauthor authorinfo author-info autorenbox autorbox",
    Role.BYLINE: "byline author authors autor auteur autore writer dateline skribent",
    Role.TAGS: "tags tag taglist keywords topics topic hashtags schlagworte tagcloud etiquetas",
    Role.COMMENTS: "comment comments disqus kommentar kommentare commentaires comentarios commenti komentarze komentare komentari reacties yorum yorumlar replies respond",
    Role.ADVERT: "advert advertisement advertising ads adslot sponsored sponsor promo promotion promobox werbung anzeige publicidad adsbygoogle affiliate",
    Role.PAYWALL: "paywall piano regwall subscriberonly paygate",
    Role.QUOTE: "pull pullquote quote zitat citation cita citaat citat",
    Role.STANDFIRST: "standfirst lead lede dek deck subtitle subheadline subhead subheading intro teasertext entradilla chapo excerpt sottotitolo",
    Role.KICKER: "kicker overline eyebrow roofline dachzeile topline",
    Role.DATE: "date time timestamp datetime published publishdate pubdate updated",
    Role.EMBED: "embed embedded tweet twitter instagram oembed",
    Role.FACTS: "infobox factbox faktaboks faktaruta factsheet",
    Role.BREADCRUMB: "breadcrumb breadcrumbs",
    Role.FORM: "modal popup cookie consent login toolbar",
}
ROLE_OF: Final[dict[str, Role]] = {word: role for role, words in WORDS.items() for word in words.split()}
UNSEEN: Final = frozenset(
    (
        "hidden",
        "sr-only",
        "visually-hidden",
        "visuallyhidden",
        "screen-reader-text",
        "screenreader",
        "screen-reader",
        "d-none",
        "u-hidden",
        "is-hidden",
    )
)
SHOWN_AGAIN: Final = (":block", ":flex", ":inline", ":inline-block", ":inline-flex", ":grid", ":not-sr-only", ":table")
BLOCKS: Final = frozenset(
    "address article aside blockquote body button caption center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4"
    " h5 h6 header hgroup hr html legend li main menu nav ol option p pre section summary table tbody td tfoot th thead tr ul"
    " amp-img iframe video".split()
)
SKIPPED: Final = frozenset("script style template noscript svg head math object select textarea audio canvas".split())
LOUD: Final = frozenset(("b", "strong", "em", "i"))
HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
