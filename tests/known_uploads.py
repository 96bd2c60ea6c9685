"""A checker that knows pictures by their bytes."""

from hashmatch.errors import NotAPictureError, RegistryUnavailableError, TruncatedPictureError
from hashmatch.types import Hash, Match, Verdict

BLOCKED, REVIEWED, CLEAN = b"\xff\xd8 blocked", b"\xff\xd8 reviewed", b"\xff\xd8 clean"
TEXT, CUT, AWAY, CRASH = b"no picture", b"\xff\xd8 cut", b"\xff\xd8 away", b"\xff\xd8 crash"


def verdict(action, list_name="default"):
    listed = Match(7, list_name, "pdq", 3, action)
    matches = () if action == "pass" else (listed,)
    return Verdict(action, matches, Hash("pdq", bytes(32), 90), "In words.")


class Checker:
    """Gives verdicts, by what an upload begins with."""

    state = "ready"

    def __init__(self):
        self.seen = []

    def check(self, upload):
        self.seen.append(bytes(upload))
        match upload:
            case _ if upload.startswith(BLOCKED):
                return verdict("block")
            case _ if upload.startswith(REVIEWED):
                return verdict("review", "partners")
            case _ if upload.startswith(CUT):
                raise TruncatedPictureError("cut short")
            case _ if upload.startswith(AWAY):
                raise RegistryUnavailableError("away")
            case _ if upload.startswith(CRASH):
                raise ZeroDivisionError(upload.hex())
            case _ if upload.startswith(TEXT):
                raise NotAPictureError("text")
        return verdict("pass")
