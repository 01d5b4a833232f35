"""The ledger: every feed, entry, page, article, alert and delivery is a row here before anything is promised about it.

``open_store(url)`` gives a ``Store``. Everything in this package is synchronous; async callers cross over with
``asyncio.to_thread``. It decides nothing: what becomes of a row is said by the caller, the ledger keeps it.
"""

from pipeline.store.analysis import Analysis
from pipeline.store.store import Store, open_store

__all__ = ["Analysis", "Store", "open_store"]
