"""What do tags, class names and ids give away?

Data only: the roles that markup can give a line, and the words by which sites name their containers, sorted by role.
"""

from __future__ import annotations

from typing import Final


class Role:
    """What the markup around a line says that it is: bits of a plain int, as every element of a page is asked and ``enum.Flag`` costs a call a bit."""

    NONE: Final = 0
    CAPTION: Final = 1 << 0
    ASIDE: Final = 1 << 1
    FOOTER: Final = 1 << 2
    NAV: Final = 1 << 3
    FORM: Final = 1 << 4
    HIDDEN: Final = 1 << 5
    RELATED: Final = 1 << 6
    NEWSLETTER: Final = 1 << 7
    SHARE: Final = 1 << 8
    BIO: Final = 1 << 9
    BYLINE: Final = 1 << 10
    TAGS: Final = 1 << 11
    COMMENTS: Final = 1 << 12
    ADVERT: Final = 1 << 13
    PAYWALL: Final = 1 << 14
    STANDFIRST: Final = 1 << 15
    KICKER: Final = 1 << 16
    DATE: Final = 1 << 17
    EMBED: Final = 1 << 18
    FACTS: Final = 1 << 19
    BREADCRUMB: Final = 1 << 20
    BUTTON: Final = 1 << 21
    CREDIT: Final = 1 << 22
    HEADLINE: Final = 1 << 23
    QUOTE: Final = 1 << 24


TAGS: Final[dict[str, int]] = {
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
WORDS: Final[dict[int, str]] = {
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
ROLE_OF: Final[dict[str, int]] = {word: role for role, words in WORDS.items() for word in words.split()}
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
