"""The configuration a person wrote, checked to the last key, as the frozen types that the code obeys."""
