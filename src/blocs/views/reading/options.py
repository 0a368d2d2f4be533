"""Which reader reads articles: the embedded one, or a language model; what it cost."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from blocs.errors import BadInput, EndpointError
from blocs.evidence.reading.endpoint import Endpoint, Usage
from blocs.evidence.reading.llm import LlmReader
from blocs.evidence.readings import Readings
from blocs.views.progress import announce


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderOptions:
    """Which reader reads the articles.

    Attributes
    ----------
    reader : {"blocs", "llm"}
        The embedded reader, or a language model at any OpenAI-compatible endpoint; its key
        is taken from BLOCS_LLM_KEY in the environment alone.
    model : str
        The language model's name; for the embedded reader a spaCy model of your own.
    endpoint : str
        Address of the language model, for example http://localhost:8000/v1
    timeout : float
        Seconds for one answer of the language model.
    retries : int
        How often it is asked again after a failure that may pass.
    price : tuple of (float, float), optional
        Price of a million tokens sent and received, to show what reading has cost.
    """

    reader: Literal["blocs", "llm"] = "blocs"
    model: str = ""
    endpoint: str = ""
    timeout: float = 120.0
    retries: int = 4
    price: tuple[float, float] | None = None

    def words(self) -> list[str]:
        """Return the options of a command that ask this reader."""
        out = [f"--reader {self.reader}"] if self.reader != "blocs" else []
        out += [f"--endpoint {shlex.quote(self.endpoint)}"] if self.endpoint else []
        return out + ([f"--model {shlex.quote(self.model)}"] if self.model else [])

    def chosen(self) -> LlmReader | Literal["blocs"]:
        """Return the reader that was chosen."""
        if self.reader == "blocs":
            if self.endpoint:
                raise BadInput("--endpoint is asked by the LLM reader only: --reader llm")
            return "blocs"
        if not self.endpoint:
            raise BadInput("--reader llm needs --endpoint http://HOST/v1 and --model NAME")
        asked = Endpoint(
            url=self.endpoint, model=self.model, timeout=self.timeout, retries=self.retries
        )
        return LlmReader(asked)


def told(found: Readings, price: tuple[float, float] | None) -> list[str]:
    """Say what a language model cost, what was refused, and what it left unread."""
    if found.usage is None:
        return []
    lines = [f"{found.reader}: {_cost(found.usage, price)}"]
    if found.rejected:
        rules = Counter(r.rule.split(":")[0] for r in found.rejected)
        why = ", ".join(f"{n} {rule}" for rule, n in rules.most_common())
        lines.append(f"{len(found.rejected)} answers refused ({why})")
    return lines + list(found.unread)


@contextmanager
def told_if_lost(reader: object, price: tuple[float, float] | None) -> Iterator[None]:
    """Say what a language model has cost, too, where nothing came of it."""
    try:
        yield
    except EndpointError:
        if isinstance(reader, LlmReader) and reader.endpoint.usage.requests:
            announce(f"{reader.name}: {_cost(reader.endpoint.usage, price)}")
        raise


def _cost(usage: Usage, price: tuple[float, float] | None) -> str:
    counts = usage.prompt_tokens, usage.completion_tokens
    repeats = f" ({usage.repeats} repeated)" if usage.repeats else ""
    asked = f"{usage.requests} {'request' if usage.requests == 1 else 'requests'}{repeats}"
    if counts[0] is None or counts[1] is None:
        return f"{asked}; the endpoint does not count tokens"
    text = f"{asked}, {counts[0]:,} tokens sent, {counts[1]:,} received"
    if price is None:
        return text
    return f"{text}, cost {(counts[0] * price[0] + counts[1] * price[1]) / 1e6:.4f}"
