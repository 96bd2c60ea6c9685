"""Why an entry may be held back."""

from typing import Final, Literal, get_args

Hold = Literal["flood", "opinions", "allow_listed", "operator"]
"""``flood``: more uploads matched it than its list lets pass unseen; ``opinions``: others say that
it matches wrongly; ``allow_listed``: it is near a picture that is known to be harmless;
``operator``: an operator has decided so."""

HOLDS: Final[tuple[Hold, ...]] = get_args(Hold)
