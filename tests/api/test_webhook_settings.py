"""Calls for help go to one private place, or nowhere."""

import pytest
from pydantic import ValidationError

from app.settings import Settings

SECRET = "a secret of some length"


@pytest.mark.parametrize(
    "url",
    ["https://calls.example/hooks/1", "http://127.0.0.1:8080/x", "http://localhost/x",
     "http://[::1]:8/x"],
)  # fmt: skip
def test_calls_go_out_encrypted_or_stay_on_this_machine(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("INFUSION_WEBHOOK_URL", url)
    monkeypatch.setenv("INFUSION_WEBHOOK_SECRET", SECRET)
    settings = Settings()
    assert settings.webhook_url is not None
    assert settings.webhook_url.get_secret_value() == url
    assert url not in repr(settings)
    assert SECRET not in repr(settings)


@pytest.mark.parametrize(
    "url",
    ["http://calls.example/x", "http://192.168.1.7/x", "https://", "ftp://localhost/x", "calls",
     "http://localhost.example/x", "https://[bad/x"],
)  # fmt: skip
def test_any_other_address_is_refused(url: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings.model_validate({"webhook_url": url, "webhook_secret": SECRET})
    assert "webhook_url" in [str(part) for e in refused.value.errors() for part in e["loc"]]


@pytest.mark.parametrize("secret", [None, "", "too short"])
def test_calls_are_signed_or_not_made(secret: str | None) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings.model_validate({"webhook_url": "https://x.example/", "webhook_secret": secret})
    assert [e["loc"] for e in refused.value.errors()] == [("webhook_secret",)]


def test_without_an_address_nothing_is_called() -> None:
    assert Settings().webhook_url is None
    assert Settings.model_validate({"webhook_url": ""}).webhook_url is None
