"""One thread for many small matrix products: there threads cost more than they save."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep matrix products on one thread; those that wait for work burn the other core.

    Examples
    --------
    >>> with one_thread():
    ...     total = sum(range(3))
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped, unused-ignore]

    with threadpool_limits(limits=1, user_api="blas"):
        yield
