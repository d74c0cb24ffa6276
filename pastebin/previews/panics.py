"""Panics of libraries that are written in Rust, as errors of ours."""

from types import TracebackType


class Panics:
    """A context that raises `error` in the place of a panic (PyO3), or of what else is `known`.

    A panic is no Exception, and its class has no name that could be imported.
    """

    def __init__(self, error: Exception, *known: type[Exception]) -> None:
        self._error = error
        self._known = known

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, cause: BaseException | None, _: TracebackType | None
    ) -> None:
        if kind is not None and (issubclass(kind, self._known) or kind.__name__ == "PanicException"):
            raise self._error from cause
