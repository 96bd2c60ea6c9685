"""Who may ask for what: bearer tokens, compared in memory and in constant time."""

from collections.abc import Iterable, Mapping
from typing import Final

from starlette.requests import Request

from hashmatch.errors import ForbiddenError, TooManyError, UnauthenticatedError
from hashmatch.registry import Credential, Scope, audit, clock, tokens
from hashmatch.service.buckets import Buckets, spend


class Gate:
    """The credentials as they were last read; a request asks no database.

    Args:
        buckets: of all credentials, of which each request takes one token.
    """

    def __init__(self, buckets: Buckets) -> None:
        self._buckets: Final = buckets
        self._by_key_id: Mapping[str, Credential] = {}

    def learn(self, credentials: Iterable[Credential]) -> None:
        """Take the credentials that there are now in place of those before."""
        self._by_key_id = {each.key_id: each for each in credentials}

    def require(self, request: Request, scope: Scope) -> Credential:
        """The credential that a request comes with.

        Raises:
            UnauthenticatedError: it comes with none that is good.
            ForbiddenError: it is good for other things.
            TooManyError: it is good, and came too often.
        """
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        token = tokens.read(text) if scheme.lower() == "bearer" else None
        credential = None if token is None else self._by_key_id.get(token.key_id)
        fits = token is not None and tokens.fits(
            token.secret, None if credential is None else credential.kept
        )
        if credential is None or not fits or not credential.is_good(clock.now()):
            raise UnauthenticatedError(
                "This takes a token: Authorization: Bearer hm_... "
                "An operator makes one with `hashmatch token create`; they expire and are revoked."
            )
        if not credential.allows(scope):
            raise ForbiddenError(f"This takes a token with the scope {scope!r}; yours has others.")
        seconds = spend(request.scope, self._buckets, credential.key_id)
        if seconds:
            raise TooManyError(
                f"This token has sent more requests than it may; try again in {seconds} s.", seconds
            )
        audit.name_actor(credential.name)
        return credential
