"""An OpenAI-compatible chat endpoint: one question, one JSON answer, patient and within limits."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import msgspec

from blocs.errors import BadInput, EndpointError, MissingExtra

if TYPE_CHECKING:
    import httpx

KEY: Final = "BLOCS_LLM_KEY"
_LOCAL: Final = ("localhost", "127.0.0.1", "::1")
_LONGEST: Final = 20_000_000
_LONGEST_WAIT: Final = 60.0
_FORMS: Final = ("json_schema", "json_object", "")


class Usage(msgspec.Struct, kw_only=True):
    """What asking has cost: requests, repeats, tokens as the endpoint counts them.

    ``prompt_tokens`` and ``completion_tokens`` are null until an answer counts them.
    """

    requests: int = 0
    repeats: int = 0
    prompt_tokens: int | None = None
    completion_tokens: int | None = None

    def add(self, told: Mapping[str, Any] | None) -> None:
        """Add what one answer says that it used."""
        for name in ("prompt_tokens", "completion_tokens"):
            count = (told or {}).get(name)
            if isinstance(count, int) and not isinstance(count, bool) and count >= 0:
                setattr(self, name, (getattr(self, name) or 0) + count)


class _Message(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    message: _Message
    finish_reason: str | None = None


class _Reply(msgspec.Struct):
    choices: list[_Choice]
    usage: dict[str, Any] | None = None


class _Again(Exception):
    """A failure that may pass: ask again."""

    def __init__(self, why: str, after: float | None = None) -> None:
        self.why, self.after = why, after
        super().__init__(why)


@dataclass(slots=True, kw_only=True)
class Endpoint:
    """Where a language model answers, and how patiently it is asked.

    Attributes
    ----------
    url : str
        Base address (``http://localhost:8000/v1``) or the full one of chat completions.
    model : str
        The model's name there.
    timeout : float
        Seconds for one answer, from the first byte sent to the last received.
    retries : int
        How often a question is asked again after a failure that may pass.
    wait : float
        Seconds before the first repeat; doubled each time, at most a minute.
    usage : Usage
        What it has cost so far.

    The key comes from the environment (``BLOCS_LLM_KEY``) alone; it is sent to this address
    only, and never over plain HTTP to another machine.
    """

    url: str
    model: str
    timeout: float = 120.0
    retries: int = 4
    wait: float = 1.0
    usage: Usage = field(default_factory=Usage)
    sleep: Callable[[float], None] = time.sleep
    _form: int = 0

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if "@" in parts.netloc:
            raise BadInput(f"write no name or password into the endpoint; set {KEY} instead")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadInput(f"endpoint {self.url!r}: write http(s)://HOST[:PORT]/v1")
        if not self.model:
            raise BadInput("the LLM reader needs the name of a model: --model NAME")
        if self.timeout <= 0 or self.retries < 0:
            raise BadInput("the timeout must be positive and retries not negative")

    def ask(self, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any]) -> str:
        """Ask one question and return the text of the answer.

        Parameters
        ----------
        messages : sequence of mapping
            ``role`` and ``content``.
        schema : mapping
            JSON schema that the answer should follow.

        Raises
        ------
        Unanswered
            No answer after all repeats, or one that was cut off (:class:`TooLong`).
        EndpointError
            Refused for good: wrong key or address. No message ever holds the key.
        """
        for attempt in range(self.retries + 1):
            try:
                return self._once(messages, schema)
            except _Again as failure:
                why = failure.why
                if attempt < self.retries:
                    self.usage.repeats += 1
                    pause = failure.after if failure.after is not None else self.wait * 2**attempt
                    self.sleep(min(pause, _LONGEST_WAIT))
        raise Unanswered(
            f"{self._address()}: no answer after {self.retries + 1} tries ({why}); "
            "try later, or a longer --timeout"
        )

    def _address(self) -> str:
        base = self.url.rstrip("/")
        return base if base.endswith("/chat/completions") else f"{base}/chat/completions"

    def _headers(self) -> dict[str, str]:
        key, parts = _key(), urlsplit(self.url)
        if key and parts.scheme == "http" and parts.hostname not in _LOCAL:
            raise BadInput(f"{KEY} is set, and {parts.hostname} is not asked over https; use https")
        return {"Authorization": f"Bearer {key}"} if key else {}

    def _once(self, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any]) -> str:
        body: dict[str, Any] = {"model": self.model, "messages": list(messages), "temperature": 0}
        form = _FORMS[self._form]
        if form == "json_schema":
            told = {"name": "items", "strict": True, "schema": schema}
            body["response_format"] = {"type": form, "json_schema": told}
        elif form:
            body["response_format"] = {"type": form}
        status, headers, raw = self._post(body)
        if status == 400 and self._form < len(_FORMS) - 1:
            self._form += 1
            raise _Again("it does not take this form of answer", after=0.0)
        self._check(status, headers, raw)
        return self._content(raw)

    def _post(self, body: Mapping[str, Any]) -> tuple[int, Mapping[str, str], bytes]:
        try:
            import httpx
        except ImportError:
            raise MissingExtra("the LLM reader needs httpx; install blocs[llm]") from None
        self.usage.requests += 1
        limit = httpx.Timeout(self.timeout, connect=min(self.timeout, 10.0))
        headers = {**self._headers(), "Content-Type": "application/json"}
        data = msgspec.json.encode(body)
        try:
            with (
                httpx.Client(timeout=limit, follow_redirects=False) as client,
                client.stream("POST", self._address(), content=data, headers=headers) as answer,
            ):
                return answer.status_code, answer.headers, self._read(answer)
        except httpx.TimeoutException:
            raise _Again(f"nothing came for {self.timeout:g} s") from None
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise _Again(self._plain(f"{type(error).__name__}: {error}")) from None

    def _read(self, answer: httpx.Response) -> bytes:
        """Read an answer whole, within its time and size."""
        end, parts, size = time.monotonic() + self.timeout, [], 0
        for part in answer.iter_bytes():
            parts.append(part)
            size += len(part)
            if size > _LONGEST:
                raise _Again(f"the answer is longer than {_LONGEST:,} bytes")
            if time.monotonic() > end:
                raise _Again(f"the answer was not whole after {self.timeout:g} s")
        return b"".join(parts)

    def _check(self, status: int, headers: Mapping[str, str], raw: bytes) -> None:
        """Raise for anything but 200: what may pass is asked again, the rest is refused."""
        if status == 200:
            return
        said = self._plain(raw.decode("utf-8", "replace").strip())[:200]
        if status in (408, 409, 429) or status >= 500:
            raise _Again(f"HTTP {status}: {said}", after=_seconds(headers.get("retry-after")))
        hint = f"; set {KEY} in the environment" if status in (401, 403) else "; check the address"
        raise EndpointError(f"{self._address()}: HTTP {status}: {said}{hint}")

    def _content(self, raw: bytes) -> str:
        try:
            reply = msgspec.json.decode(raw, type=_Reply)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise _Again(f"the answer is no chat completion ({error})") from None
        self.usage.add(reply.usage)
        if not reply.choices or not reply.choices[0].message.content:
            raise _Again("the answer is empty")
        if reply.choices[0].finish_reason == "length":
            raise TooLong("the answer was cut off at the model's limit")
        return self._plain(reply.choices[0].message.content)

    def _plain(self, text: str) -> str:
        """Keep the key out of a message or an answer."""
        key = _key()
        return text.replace(key, "[key]") if key else text


def _key() -> str:
    """Return the key, if there is one that can be sent; no message tells it."""
    key = os.environ.get(KEY, "").strip()
    if key and not (key.isascii() and key.isprintable()):
        raise BadInput(f"{KEY} holds a character that no key has; set it anew")
    return key


class Unanswered(EndpointError):
    """No usable answer to this question; another may get one."""


class TooLong(Unanswered):
    """The answer did not fit; ask about less."""


def _seconds(text: str | None) -> float | None:
    """Read ``Retry-After`` in seconds; a date is left aside."""
    return float(text) if text and text.strip().isdigit() else None
