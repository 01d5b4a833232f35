"""One unit of work each: ask the store, ask the stages, act, return an outcome."""
