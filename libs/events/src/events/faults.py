"""What kind of fault it is: one of the moment, where another try may help; one of the content; or one of ours."""

import asyncpg
from pydantic_core import PydanticSerializationError
from sqlalchemy.exc import DBAPIError

TRANSIENT = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what the driver says of a connection that was killed between two messages
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.ObjectNotInPrerequisiteStateError,
    OSError,
    TimeoutError,
)
NO_TEXT = (asyncpg.UntranslatableCharacterError, asyncpg.CharacterNotInRepertoireError, UnicodeEncodeError)
OF_QUERIES = (DBAPIError,)


def transient(error: BaseException) -> bool:
    """Whether the fault lies with the connection or the moment, not with the content."""
    found = _behind(error)
    # The driver's InterfaceError is also a ValueError when an argument has the wrong type, and that stays wrong.
    return isinstance(found, TRANSIENT) and not isinstance(found, ValueError)


def no_text(error: BaseException) -> bool:
    """Whether somebody sent what is no text to a database: the null character, or half a surrogate pair."""
    if isinstance(error, PydanticSerializationError):
        return "surrogates not allowed" in str(error)
    return isinstance(_behind(error), NO_TEXT)


def _behind(error: BaseException) -> BaseException:
    """The driver's own error behind that of SQLAlchemy."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        return error.orig.__cause__ or error.orig
    return error
