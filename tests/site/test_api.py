"""The HTTP interface as a whole: one shape of errors, documentation from here, health, pictures."""

import json
import re
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver

from cohong.site.api import api

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return Client(headers={"Accept-Language": "en"}, raise_request_exception=False)


def problem(response, status: int) -> dict[str, object]:
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    told = json.loads(response.content)
    assert set(told) == {"type", "title", "status", "code", "params"}
    assert told["status"] == status
    assert told["type"] == f"/problems/{told['code']}"
    return told


def test_every_modules_routes_are_there():
    paths = api.get_openapi_schema()["paths"]
    roots = {path.removeprefix("/api/v1/").split("/")[0] for path in paths}
    assert roots == {
        "parties",
        "catalog",
        "orders",
        "payments",
        "logistics",
        "retail",
        "journal",
        "statistics",
        "webhooks",
    }


def test_every_operation_has_its_own_name_and_says_what_it_does():
    operations = [one for path in api.get_openapi_schema()["paths"].values() for one in path.values()]
    names = [one["operationId"] for one in operations]
    assert len(names) == len(set(names)) > 50
    for one in operations:
        assert one.get("description"), one["operationId"]


def test_the_documentation_needs_nothing_from_elsewhere(client: Client):
    page = client.get("/api/v1/docs").content.decode()
    asked = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert asked
    for address in asked:
        assert address.startswith("/static/"), "an installation may stand in a closed network"
        with closing(client.get(address)) as found:
            assert found.status_code == 200
    assert client.get("/api/v1/openapi.json").json()["info"]["title"] == "Cohong"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "NotFound"),
        ("POST", "/api/v1/nothing", 404, "NotFound"),
        ("GET", "/api/v2/orders", 404, "NotFound"),
        ("GET", "/api/v1/orders/", 404, "NotFound"),
        ("DELETE", "/api/v1/journal/heads", 405, "MalformedRequest"),
        ("GET", "/api/v1/journal/heads?limit=many", 422, "MalformedRequest"),
        ("GET", "/api/v1/orders", 401, "NotSignedIn"),
    ],
)
def test_every_error_is_a_problem(client: Client, method: str, path: str, status: int, code: str):
    told = problem(client.generic(method, path), status)
    assert told["code"] == code


def test_an_oversized_body_is_refused(client: Client):
    body = b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    response = client.post(
        "/api/v1/retail/carts/lines",
        body,
        content_type="application/json",
        headers={"Authorization": "Bearer x"},
    )
    assert response.status_code in {401, 404, 405, 413}
    problem(response, response.status_code)


def test_a_failure_is_a_problem_that_shows_nothing_of_the_inside(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    def fail() -> None:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr("cohong.portal.journal.journal.head", fail)
    response = client.get("/api/v1/journal/consistency?first=1")
    assert problem(response, 500)["code"] == "ServerFailed"
    assert b"hunter2" not in response.content


def test_errors_speak_the_readers_language(client: Client):
    said = {
        language: problem(client.get("/api/v1/nothing", headers={"Accept-Language": language}), 404)["title"]
        for language in ("en", "zh-Hans", "zh-Hant")
    }
    assert said["en"] == "There is no such thing here."
    assert len(set(said.values())) == 3


def test_health(client: Client):
    response = client.get("/health")
    assert response.json() == {"ok": True}
    assert "no-cache" in response["Cache-Control"]


def test_pictures_are_kept_for_good_and_nothing_beside_them_is_sent(client: Client, settings, tmp_path: Path):
    (tmp_path / "media").mkdir()
    (tmp_path / "media/a.webp").write_bytes(b"picture")
    (tmp_path / "secret.key").write_text("secret")
    settings.MEDIA_ROOT = tmp_path / "media"
    response = client.get("/media/a.webp")
    assert b"".join(response.streaming_content) == b"picture"
    assert "immutable" in response["Cache-Control"]
    response.close()
    for path in ("/media/../secret.key", "/media/%2e%2e/secret.key", "/media/", "/media/b.webp"):
        refused = client.get(path)
        assert refused.status_code in {400, 404}
        assert b"secret" not in refused.content


def test_no_address_is_shadowed_by_another():
    patterns = [str(one.pattern) for one in get_resolver().url_patterns]
    assert patterns[-2:] == ["", ""], (
        "the doors, which django-allauth has to know by its own names, and the portal"
    )
    assert len(patterns) == len(set(patterns)) + 1
