"""The two characters by which operators speak of a contact."""

import secrets

#: No letters or figures that look alike: operators say tags aloud to each other.
_LETTERS = "ACDEFGHJKLMNPQRTUVWXY"
_FIGURES = "34679"


def new_tag() -> str:
    """A letter and a figure. Two contacts may have the same: it is a help for people, not a name."""
    return secrets.choice(_LETTERS) + secrets.choice(_FIGURES)
