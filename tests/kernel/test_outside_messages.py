"""Signed messages to and from outside systems: the standard's own vectors, and what must not be believed."""

import base64
import stat
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from cohong.kernel.outside import (
    Answer,
    BadSignature,
    Credentials,
    NoAnswer,
    Outage,
    SignedClient,
    SigningKey,
    VerifyingKey,
)
from cohong.kernel.outside.sandbox.handler import RawAnswer, Server
from cohong.kernel.outside.signing import (
    ANSWER_TAG,
    REQUEST_TAG,
    answer_components,
    content_digest,
    request_components,
    signature_base,
    signature_headers,
    verify,
)

# RFC 9421, appendix B.1.4 (the key) and B.2.6 (the signature).
RFC_PUBLIC_DER = "MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="
RFC_PRIVATE_DER = "MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF"
RFC_PARAMS = (
    '("date" "@method" "@path" "@authority" "content-type" "content-length")'
    ';created=1618884473;keyid="test-key-ed25519"'
)
RFC_COMPONENTS = (
    ('"date"', "Tue, 20 Apr 2021 02:07:55 GMT"),
    ('"@method"', "POST"),
    ('"@path"', "/foo"),
    ('"@authority"', "example.com"),
    ('"content-type"', "application/json"),
    ('"content-length"', "18"),
)
RFC_SIGNATURE = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="


def test_the_standards_own_signature():
    seed = base64.b64encode(base64.b64decode(RFC_PRIVATE_DER)[-32:]).decode()
    public = base64.b64encode(base64.b64decode(RFC_PUBLIC_DER)[-32:]).decode()
    key = SigningKey("test-key-ed25519", seed)
    assert key.verifying == VerifyingKey("test-key-ed25519", public)
    base = signature_base(RFC_COMPONENTS, RFC_PARAMS)
    assert base64.b64encode(key.sign(base)).decode() == RFC_SIGNATURE
    assert key.verifying.check(base, base64.b64decode(RFC_SIGNATURE))
    assert not key.verifying.check(base + b" ", base64.b64decode(RFC_SIGNATURE))


def test_the_standards_own_digest():
    # RFC 9530, appendix D.
    assert content_digest(b'{"hello": "world"}') == "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"


def test_a_request_is_signed_for_one_method_address_and_body():
    key, digest = SigningKey.generate("us"), content_digest(b"{}")
    url = "https://bank.example:8443/v1/payments?x=1"
    headers = _lower(signature_headers(key, REQUEST_TAG, request_components("POST", url, digest)))
    verify(key.verifying, REQUEST_TAG, request_components("POST", url, digest), headers)
    for components in (
        request_components("GET", url, digest),
        request_components("POST", url.replace("8443", "8444"), digest),
        request_components("POST", url.replace("payments", "refunds"), digest),
        request_components("POST", url.replace("x=1", "x=2"), digest),
        request_components("POST", url, content_digest(b"[]")),
    ):
        with pytest.raises(BadSignature):
            verify(key.verifying, REQUEST_TAG, components, headers)
    with pytest.raises(BadSignature):
        verify(key.verifying, ANSWER_TAG, request_components("POST", url, digest), headers)


class _Fixed:
    """A server that gives the same answer to whatever it is asked."""

    def __init__(self, key: SigningKey, body: bytes, status: int = 200) -> None:
        self.key, self.body, self.status = key, body, status
        self.first: RawAnswer | None = None
        self.replay = False

    def handle(self, _method: str, _target: str, headers: Mapping[str, str], _body: bytes) -> RawAnswer:
        if self.replay and self.first is not None:
            return self.first
        digest = content_digest(self.body)
        signed = signature_headers(
            self.key, ANSWER_TAG, answer_components(self.status, digest, headers["signature"])
        )
        self.first = RawAnswer(self.status, {"Content-Digest": digest, **signed}, self.body)
        return self.first


@pytest.fixture
def fixed() -> Iterator[tuple[_Fixed, SignedClient]]:
    """A fixed server, and a client of it."""
    answers = _Fixed(SigningKey.generate("them"), b'{"money": "moved"}')
    server = Server(("127.0.0.1", 0), answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    client = SignedClient(
        Credentials(url=url, key=SigningKey.generate("us"), answers_by=answers.key.verifying), timeout_s=2
    )
    yield answers, client
    client.close()
    server.shutdown()
    server.server_close()
    server.break_connections()
    thread.join()


def test_an_answer_belongs_to_its_question(fixed: tuple[_Fixed, SignedClient]):
    answers, client = fixed
    assert client.call("GET", "/a") == Answer(200, {"money": "moved"})
    answers.replay = True
    with pytest.raises(NoAnswer) as none:
        client.call("GET", "/a")
    assert none.value.outage is Outage.BAD_SIGNATURE


@pytest.mark.parametrize(
    ("status", "body", "outage"),
    [
        (200, b"[1]", Outage.UNREADABLE),
        (200, b"", Outage.UNREADABLE),
        (200, b'{"a": ' + b"[" * 100_000, Outage.UNREADABLE),
        (200, b'{"a": "\xff"}', Outage.UNREADABLE),
        (503, b"{}", Outage.SERVER_ERROR),
        (429, b"{}", Outage.BUSY),
        (401, b"{}", Outage.NOT_AUTHORISED),
        (200, b" " * (4 * 1024 * 1024 + 1), Outage.UNREADABLE),
    ],
)
def test_answers_that_are_none(fixed: tuple[_Fixed, SignedClient], status: int, body: bytes, outage: Outage):
    answers, client = fixed
    answers.status, answers.body = status, body
    with pytest.raises(NoAnswer) as none:
        client.call("POST", "/a", data={})
    assert none.value.outage is outage


def test_credentials_are_kept_for_their_owner_alone(tmp_path: Path):
    key = SigningKey.generate("us")
    credentials = Credentials(url="https://bank.example", key=key, answers_by=key.verifying)
    file = tmp_path / "bank.json"
    file.write_text("old")
    credentials.save(file)
    assert Credentials.load(file) == credentials
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]
    assert key.seed not in repr(credentials)
    with pytest.raises(ValueError, match="https"):
        Credentials.load(_written(tmp_path, file.read_text().replace("https", "http")))


def _written(folder: Path, text: str) -> Path:
    (folder / "other.json").write_text(text)
    return folder / "other.json"


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
