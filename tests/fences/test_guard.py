"""The statement guard stands on every connection of the product: the test's, a thread's, one that was opened anew."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from tests.guard import ForgotTenant

FORGETFUL = "SELECT count(*) FROM orders_order"


def _forget() -> None:
    with connection.cursor() as cursor:
        cursor.execute(FORGETFUL)


def _in_a_thread() -> None:
    try:
        _forget()
    finally:
        connections.close_all()


@pytest.mark.usefixtures("transactional_db")
def test_a_forgetful_statement_is_refused_wherever_it_runs() -> None:
    with pytest.raises(ForgotTenant):
        _forget()
    with ThreadPoolExecutor(1) as pool, pytest.raises(ForgotTenant):
        pool.submit(_in_a_thread).result()
    connection.close()
    with pytest.raises(ForgotTenant):
        _forget()


@pytest.mark.usefixtures("transactional_db")
def test_a_tests_own_wrapper_does_not_take_the_guard_away() -> None:
    connection.close()

    def through(execute: object, *rest: object) -> object:
        return execute(*rest)  # type: ignore[operator]  # Django's chain

    with connection.execute_wrapper(through), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    with pytest.raises(ForgotTenant):
        _forget()
