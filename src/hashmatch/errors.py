"""Every error that hashmatch raises on purpose.

    HashmatchError
    ├── PictureError            a picture was refused; nothing was hashed
    │   ├── NotAPictureError        no known picture format begins like this
    │   ├── UnsupportedPictureError a known format that this installation does not decode
    │   ├── TruncatedPictureError   the file ends, or breaks off, before the picture does
    │   ├── PictureTooLargeError    more bytes, pixels or width than the limits allow
    │   └── PictureTooSmallError    a side shorter than the limits allow
    ├── InvalidHashError        a hash or code that is malformed
    ├── HasherMismatchError     hashes of different algorithms were compared
    ├── UnknownHasherError      no hasher of that name is installed
    ├── MissingExtraError       an optional dependency is needed; names the extra to install
    ├── NativeCoreError         the C core is missing or does not fit this version
    ├── InvalidSignpostsError   a file of places to turn to that the page cannot show
    ├── ArchiveError            an archive that cannot be scanned, or not gone on with
    ├── SearchError             an index cannot answer
    │   ├── InvalidCodesError       codes of the wrong shape, dtype or width
    │   ├── InvalidRadiusError      a radius outside 0..bits
    │   └── SnapshotError           index files that are missing, damaged or too new
    ├── ServiceError            the service refuses a request
    │   ├── BadRequestError         a request that is malformed
    │   ├── BodyTooLargeError       a body longer than its route takes
    │   ├── UnauthenticatedError    no token, or none that is good
    │   ├── ForbiddenError          a good token, for other things
    │   ├── BusyError               more requests than there is room for; try again soon
    │   ├── TooManyError            more from one client than it may send; says how long to wait
    │   ├── NotReadyError           the lists are not loaded yet, or too old to answer from
    │   ├── ServiceUnavailableError the service does not answer
    │   ├── SnapshotNotFoundError   no such snapshot, or none yet
    │   └── DecoderLostError        a picture that crashed, hung or swelled its decoder
    ├── ExchangeError           an exchange cannot be read, or cannot be told something
    │   ├── ExchangeCredentialsError  credentials that are missing, unsafe, or refused by the source
    │   ├── ExchangeRefusedError    the source refuses a request, and would refuse it again
    │   ├── ExchangeUnavailableError  the source is away or overloaded, after several tries
    │   └── FeedUnreadableError     an answer of which nothing can be used
    └── RegistryError           a registry cannot answer
        ├── RegistryUnavailableError  the place cannot be opened, or is from a newer version
        ├── ListNotFoundError
        ├── ListExistsError
        ├── InvalidListError        a name, or a setting, that a hash list cannot have
        ├── ListFileError           a file of hashes that cannot be read or written at all
        ├── CaseNotFoundError       unknown number, or a secret phrase that does not fit it
        ├── SubmissionRefusedError  no picture of a case can be looked for; tells why for each
        ├── CredentialNotFoundError no credential with that key id
        ├── InvalidCredentialError  a name, scope or lifetime that a credential cannot have
        ├── ExchangeNotFoundError   no exchange of that name
        ├── ExchangeExistsError     an exchange of that name exists already
        ├── InvalidExchangeError    a name, kind or setting that an exchange cannot have
        ├── ExchangeBusyError       another process has fetched from it meanwhile
        ├── FeedShrankError         a whole reading would withdraw most of what is held
        ├── InvalidRetryKeyError    a key for retries that is none, or that another request had
        ├── ImportRejectedError     a strict import met bad lines; nothing was imported
        ├── EntryNotFoundError      no entry with that id is in a list
        ├── InvalidOpinionError     an opinion, or a report, that cannot be one
        └── AuditError              the audit, or a signed copy of it, is not what was written

`reason` is a stable word for machines (a metric label, an HTTP problem type); the message is for
people: what was wrong, with which input, and what to do. No message holds pixels or a hash.
"""

from collections.abc import Sequence
from typing import Any, ClassVar


class HashmatchError(Exception):
    """Base of every error that hashmatch raises on purpose."""

    reason: ClassVar[str] = "error"


class PictureError(HashmatchError):
    """A picture was refused; nothing was hashed."""

    reason = "picture_refused"


class NotAPictureError(PictureError):
    """The bytes begin like no picture format that hashmatch knows."""

    reason = "not_a_picture"


class UnsupportedPictureError(PictureError):
    """A known format, or a kind of it, that this installation does not decode."""

    reason = "unsupported"


class TruncatedPictureError(PictureError):
    """The file is cut short or damaged, so that its pixels cannot all be decoded."""

    reason = "truncated"


class PictureTooLargeError(PictureError):
    """More bytes, more pixels or a longer side than the limits allow."""

    reason = "too_large"


class PictureTooSmallError(PictureError):
    """A side shorter than the limits allow: too little to tell pictures apart."""

    reason = "too_small"


class InvalidHashError(HashmatchError):
    """A hash that is not of the form its hasher gives."""

    reason = "invalid_hash"


class HasherMismatchError(HashmatchError):
    """Hashes of different algorithms, or without a distance, were compared."""

    reason = "hasher_mismatch"


class UnknownHasherError(HashmatchError):
    """No hasher of that name is installed."""

    reason = "unknown_hasher"


class MissingExtraError(HashmatchError):
    """An optional dependency is needed; the message names the extra to install."""

    reason = "missing_extra"


class NativeCoreError(HashmatchError):
    """The C core is missing, or is not the one this version was built with."""

    reason = "native_core"


class InvalidSignpostsError(HashmatchError):
    """A file of places to turn to that cannot be read, or that the page cannot show."""

    reason = "invalid_signposts"


class ArchiveError(HashmatchError):
    """An archive that cannot be scanned, or a scan that cannot be gone on with."""

    reason = "archive"


class SearchError(HashmatchError):
    """An index cannot answer."""

    reason = "search"


class InvalidCodesError(SearchError):
    """Codes of the wrong shape, dtype or width."""

    reason = "invalid_codes"


class InvalidRadiusError(SearchError):
    """A radius that is not an integer from 0 to the width of the codes in bits."""

    reason = "invalid_radius"


class SnapshotError(SearchError):
    """Index files that are missing, damaged, or written by a newer version."""

    reason = "snapshot"


class ServiceError(HashmatchError):
    """The service refuses a request."""

    reason = "refused"


class BadRequestError(ServiceError):
    """A request that is malformed; the message says where."""

    reason = "bad_request"


class BodyTooLargeError(ServiceError):
    """A body longer than its route takes."""

    reason = "body_too_large"


class UnauthenticatedError(ServiceError):
    """No token, or one that is unknown, expired or revoked (which of them is not told)."""

    reason = "unauthenticated"


class ForbiddenError(ServiceError):
    """A good token, whose scopes are others."""

    reason = "forbidden"


class BusyError(ServiceError):
    """More requests than there is room for; the same one may succeed soon."""

    reason = "busy"


class TooManyError(ServiceError):
    """More from one client than it may send in a time.

    Attributes:
        seconds: after how many the same request may succeed.
    """

    reason = "too_many"

    def __init__(self, message: str, seconds: int = 1) -> None:
        super().__init__(message)
        self.seconds = seconds


class NotReadyError(ServiceError):
    """The lists are not loaded yet, or too old to answer from."""

    reason = "not_ready"


class ServiceUnavailableError(ServiceError):
    """The service cannot be reached, does not answer in time, or is broken."""

    reason = "service_unavailable"


class SnapshotNotFoundError(ServiceError):
    """There is no such snapshot, no more or not yet."""

    reason = "snapshot_not_found"


class DecoderLostError(ServiceError):
    """A picture that crashed its decoder, or took more time or memory than it may."""

    reason = "decoder_lost"


class ExchangeError(HashmatchError):
    """An exchange cannot be read, or cannot be told something."""

    reason = "exchange"


class ExchangeCredentialsError(ExchangeError):
    """Credentials that are missing, that others could read, or that the source refuses."""

    reason = "exchange_credentials"


class ExchangeRefusedError(ExchangeError):
    """The source refuses a request, and would refuse it again."""

    reason = "exchange_refused"


class ExchangeUnavailableError(ExchangeError):
    """The source is away, overloaded or broken, and stayed so for several tries."""

    reason = "exchange_unavailable"


class FeedUnreadableError(ExchangeError):
    """An answer, or a file, of which nothing can be used."""

    reason = "feed_unreadable"


class RegistryError(HashmatchError):
    """A registry cannot answer."""

    reason = "registry"


class RegistryUnavailableError(RegistryError):
    """The registry cannot be opened, or was written by a newer version."""

    reason = "registry_unavailable"


class ListNotFoundError(RegistryError):
    """No hash list of that name."""

    reason = "list_not_found"


class ListExistsError(RegistryError):
    """A hash list of that name exists already."""

    reason = "list_exists"


class InvalidListError(RegistryError):
    """A name, or a setting, that a hash list cannot have."""

    reason = "invalid_list"


class ListFileError(RegistryError):
    """A file of hashes that cannot be read, or cannot be written, at all."""

    reason = "list_file"


class CaseNotFoundError(RegistryError):
    """No case of that number, or the secret phrase does not fit it (which of them is not told)."""

    reason = "case_not_found"


class SubmissionRefusedError(RegistryError):
    """No picture of a case can be looked for.

    Attributes:
        pictures: what became of each, a `hashmatch.registry.PictureOutcome`.
    """

    reason = "submission_refused"

    def __init__(self, message: str, pictures: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.pictures = tuple(pictures)


class CredentialNotFoundError(RegistryError):
    """No credential with that key id."""

    reason = "credential_not_found"


class InvalidCredentialError(RegistryError):
    """A name, scope or lifetime that a credential cannot have."""

    reason = "invalid_credential"


class ExchangeNotFoundError(RegistryError):
    """No exchange of that name."""

    reason = "exchange_not_found"


class ExchangeExistsError(RegistryError):
    """An exchange of that name exists already."""

    reason = "exchange_exists"


class InvalidExchangeError(RegistryError):
    """A name, kind or setting that an exchange cannot have."""

    reason = "invalid_exchange"


class ExchangeBusyError(RegistryError):
    """Another process has fetched from the exchange since this one began to."""

    reason = "exchange_busy"


class FeedShrankError(RegistryError):
    """A whole reading of a source would withdraw most of what is held of it."""

    reason = "feed_shrank"


class InvalidRetryKeyError(RegistryError):
    """A key for retries that is too short to be one, or that came with another request."""

    reason = "invalid_retry_key"


class ImportRejectedError(RegistryError):
    """A strict import met bad lines; nothing was imported."""

    reason = "import_rejected"


class EntryNotFoundError(RegistryError):
    """No entry with that id is in a list."""

    reason = "entry_not_found"


class InvalidOpinionError(RegistryError):
    """An opinion, or a report of matches, that cannot be one."""

    reason = "invalid_opinion"


class AuditError(RegistryError):
    """The audit, or a signed copy of some of it, is not as it was written."""

    reason = "audit"
