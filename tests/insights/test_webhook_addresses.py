"""What may be called: refused when an endpoint is saved, and again when it is called."""

import ipaddress
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from feedback.outbound.addresses import AddressRefusedError, is_public, target_of
from feedback.outbound.posting import call
from insights.models import Attempt, Delivery, DeliveryState, Endpoint
from tests.insights.receivers import make_endpoint, pass_time, send, tell

PUBLIC = "93.184.215.14"
NAMES = {
    "hooks.example.com": [PUBLIC],
    "inside.example.com": ["10.0.0.1"],
    "mixed.example.com": [PUBLIC, "127.0.0.1"],
    "mapped.example.com": ["::ffff:10.0.0.1"],
    "metadata.example.com": ["169.254.169.254"],
    "six.example.com": ["2606:2800:21f:cb07:6820:80da:af6b:8b2c"],
    "local.example.com": ["fe80::1%2"],
    "localhost": ["127.0.0.1", "::1"],
}
REFUSED = [
    "",
    "hooks.example.com/hook",
    "//hooks.example.com/",
    "file:///etc/passwd",
    "ftp://hooks.example.com/",
    "gopher://hooks.example.com/",
    "http://hooks.example.com/",
    "https://",
    "https://user@hooks.example.com/",
    "https://user:word@hooks.example.com/",
    "https://hooks.example.com@10.0.0.1/",
    "https://hooks.example.com:port/",
    "https://hooks.example.com:99999/",
    "https://hooks.example.com\\@10.0.0.1/",
    "https://hooks.example.com/\r\nX: y",
    "https://hooks.example.com/a b",
    "https://①②⑦.0.0.1/",
    "https://127.1/",
    "https://127.0.1/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://2130706433/",
    "https://017700000001/",
    "https://0177.0.0.1/",
    "https://127.0.0.1/",
    "https://127.0.0.1./",
    "https://0.0.0.0/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://100.64.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::127.0.0.1]/",
    "https://[64:ff9b::10.0.0.1]/",
    "https://[2002:a00:1::]/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fc00::1]/",
    "https://[fec0::1]/",
    "https://[ff02::1]/",
    "https://[v1.x]/",
    "https://localhost/",
    "https://inside.example.com/",
    "https://INSIDE.example.com./",
    "https://mixed.example.com/",
    "https://mapped.example.com/",
    "https://metadata.example.com/",
    "https://local.example.com/",
    "https://nowhere.example.com/",
]


@pytest.fixture(autouse=True)
def _names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names resolve to what this file says, addresses to themselves."""

    def resolve(host: str, port: int, *_more: object, **_named: object) -> list[tuple[Any, ...]]:
        try:
            # As the system's resolver does it: 127.1 is an address too.
            found = NAMES.get(host) or [host if ":" in host else socket.inet_ntoa(socket.inet_aton(host))]
        except OSError:
            raise socket.gaierror("unknown") from None
        return [
            (socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, 0, "", (address, port))
            for address in found
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@pytest.mark.parametrize("url", REFUSED)
def test_a_refused_address_cannot_be_saved(url: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Endpoint(name="jira", url=url, events=["ranking.published"]).clean()
    assert set(caught.value.message_dict) == {"url"}


@pytest.mark.django_db
@pytest.mark.parametrize("url", REFUSED)
def test_a_refused_address_is_not_called(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*_args: object, **_kwargs: object) -> None:
        pytest.fail("it was called")

    make_endpoint(url)
    monkeypatch.setattr(socket, "create_connection", connect)
    tell("P-1")
    send()
    assert Attempt.objects.get().error
    assert Delivery.objects.get().state == DeliveryState.WAITING


@pytest.mark.parametrize(
    ("url", "addresses"),
    [
        ("https://hooks.example.com/a?b=c", (PUBLIC,)),
        ("https://HOOKS.example.com./a?b=c", (PUBLIC,)),
        (f"https://{PUBLIC}/a?b=c", (PUBLIC,)),
        ("https://six.example.com/a?b=c", (NAMES["six.example.com"][0],)),
        ("https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/a?b=c", (NAMES["six.example.com"][0],)),
    ],
)
def test_a_public_address_is_taken(url: str, addresses: tuple[str, ...]) -> None:
    target = target_of(url, allow=[])
    assert (target.port, target.path, target.addresses) == (443, "/a?b=c", addresses)


@pytest.mark.parametrize(
    ("url", "allow", "taken"),
    [
        ("http://inside.example.com:8080/", ["inside.example.com"], True),
        ("http://inside.example.com:8080/", ["Inside.Example.com"], True),
        ("http://inside.example.com:8080/", ["10.0.0.0/8"], True),
        ("http://inside.example.com:8080/", ["10.0.0.1"], True),
        ("http://inside.example.com:8080/", ["10.0.0.2"], False),
        ("http://inside.example.com:8080/", ["example.com"], False),
        ("http://mapped.example.com/", ["10.0.0.0/8"], True),
        ("http://mixed.example.com/", ["127.0.0.0/8"], False),
        ("https://mixed.example.com/", ["127.0.0.0/8"], True),
        ("https://user@inside.example.com/", ["inside.example.com"], False),
        ("https://127.1/", ["127.0.0.0/8"], False),
        ("file://inside.example.com/", ["inside.example.com"], False),
    ],
)
def test_what_the_operator_allows_is_taken_and_nothing_more(url: str, allow: list[str], *, taken: bool) -> None:
    if taken:
        assert target_of(url, allow=allow).addresses
    else:
        with pytest.raises(AddressRefusedError):
            target_of(url, allow=allow)


INSIDE = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
    "192.0.0.0/24", "224.0.0.0/4", "240.0.0.0/4", "198.18.0.0/15", "::/96", "::ffff:0:0/96", "64:ff9b::/96",
    "100::/64", "2001::/32", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
]  # fmt: skip


@given(st.data(), st.sampled_from(INSIDE))
def test_no_address_of_an_inner_network_is_public(data: st.DataObject, network: str) -> None:
    inner = ipaddress.ip_network(network)
    number = data.draw(st.integers(int(inner[0]), int(inner[-1])))
    address = ipaddress.ip_address(number) if inner.version == 4 else ipaddress.IPv6Address(number)
    assert not is_public(address)


@given(st.text(max_size=60) | st.text(max_size=40).map(lambda text: f"https://{text}/"))
def test_no_text_leads_inside_or_breaks_the_check(text: str) -> None:
    with suppress(AddressRefusedError):
        assert all(is_public(ipaddress.ip_address(address)) for address in target_of(text, allow=[]).addresses)


@pytest.mark.django_db
def test_a_name_that_leads_inside_later_is_refused_when_it_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = Endpoint(name="jira", url="https://hooks.example.com/", events=["problem.updated"])
    endpoint.full_clean(exclude=["secret"])
    make_endpoint(endpoint.url)
    monkeypatch.setitem(NAMES, "hooks.example.com", ["169.254.169.254"])
    tell("P-1")
    send()
    pass_time(timedelta(minutes=1))
    send()
    errors = Attempt.objects.values_list("error", flat=True)
    assert len(errors) == 2
    assert all("169.254.169.254, which is not a public address" in error for error in errors)


@pytest.fixture
def secure_receiver(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A receiver behind TLS whose certificate is for receiver.example; with the path of the certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "receiver.example")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("receiver.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "receiver.pem"
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with HTTPServer(host="127.0.0.1", ssl_context=context) as server:
        server.expect_request("/").respond_with_data("secure")
        yield server.port, pem


def test_the_checked_machine_is_called_under_its_name(
    secure_receiver: tuple[int, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, pem = secure_receiver
    for name in ("receiver.example", "other.example"):
        monkeypatch.setitem(NAMES, name, ["127.0.0.1"])
    allow = ["127.0.0.0/8"]
    target = target_of(f"https://receiver.example:{port}/", allow=allow)
    assert "CERTIFICATE_VERIFY_FAILED" in call(target, body=b"{}", headers={}).error
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    # A second look-up would lead elsewhere: there is none.
    monkeypatch.setitem(NAMES, "receiver.example", ["203.0.113.1"])
    answer = call(target, body=b"{}", headers={})
    assert (answer.status, answer.body) == (200, "secure")
    other = call(target_of(f"https://other.example:{port}/", allow=allow), body=b"{}", headers={})
    assert "Hostname mismatch" in other.error
