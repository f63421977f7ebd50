"""Lines of the log: what signs somebody in stands in none."""

import logging

import pytest

from shared.logs import drop_session_query


@pytest.mark.parametrize(
    ("asked", "logged"),
    [
        ("/registry/v1/session/oidc/callback?state=s&code=c", "/registry/v1/session/oidc/callback"),
        ("/v1/session/oidc/callback?code=c", "/v1/session/oidc/callback"),
        ("/registry/v1/session/sign-in-ways", "/registry/v1/session/sign-in-ways"),
        ("/registry/v1/projects?search=/session/", "/registry/v1/projects?search=/session/"),
    ],
)
def test_the_query_of_a_session_is_logged_nowhere(asked: str, logged: str) -> None:
    args = ("203.0.113.7:40000", "GET", asked, "1.1", 303)
    text = '%s - "%s %s HTTP/%s" %d'  # as uvicorn writes it
    record = logging.LogRecord("uvicorn.access", logging.INFO, "", 0, text, args, None)
    assert drop_session_query(record)
    assert record.getMessage() == f'203.0.113.7:40000 - "GET {logged} HTTP/1.1" 303'


def test_other_lines_stay_as_they_are() -> None:
    record = logging.LogRecord("uvicorn.access", logging.INFO, "", 0, "started", None, None)
    assert drop_session_query(record)
    assert record.getMessage() == "started"
