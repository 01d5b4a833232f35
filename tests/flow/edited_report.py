"""A report and its edit, and who is watched: the first text names one of them, the edit adds the other."""

from __future__ import annotations

from pipeline.mentions.watchlist import AlertSettings, Entity, Watchlist
from pipeline.model import Kind

LIST = Watchlist(
    watchlist="people",
    alert=AlertSettings(to=("ops",)),
    entities=(
        Entity(id="ilmar", name="Ilmar Tuulik", kind=Kind.PERSON),
        Entity(id="oona", name="Oona Vesterlund", kind=Kind.PERSON),
    ),
)
BEFORE = "Investigators searched the flat of Ilmar Tuulik on Tuesday and carried out two boxes of papers."
AFTER = f"{BEFORE} In the evening the court said that Oona Vesterlund had been questioned as a witness."
