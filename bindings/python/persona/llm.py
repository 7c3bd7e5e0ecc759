"""Talking to language models: providers, structured output, and a call that never surprises.

    from persona import llm

    model = llm.from_environment()          # or llm.offline(), which needs no network and no key
    reply = model.complete(llm.Request("openai/gpt-4o-mini", "Say yes."))
    print(reply.text, reply.usage, reply.cost)

Times are seconds, money is ``persona.Money``, JSON is plain objects. Errors are the classes of ``persona``, with
``service`` where a service answered.
"""

from __future__ import annotations

from typing import Any

from . import _aio, _deltas, _llm
from ._aio import AsyncDeltas, complete_many_async
from ._deltas import Deltas
from ._errors import Unsupported
from ._llm import (
    Allowance,
    Attempt,
    Balance,
    BatchState,
    BreakerOptions,
    CacheOptions,
    CachePolicy,
    CallOptions,
    Cap,
    Capabilities,
    Charge,
    ConcurrencyLimits,
    Context,
    EmbedRequest,
    Embeddings,
    Event,
    FallbackOptions,
    FalseHitRate,
    HedgeOptions,
    Image,
    JsonFormat,
    JsonSchema,
    LLMProvider,
    LabelledPair,
    Ledger,
    Message,
    MeterOptions,
    Metrics,
    Money,
    Price,
    PriceTable,
    RateLimits,
    Reply,
    Request,
    ResponseCache,
    RetryBudget,
    RetryOptions,
    Route,
    SchemaIssue,
    Secret,
    SemanticCache,
    SemanticCacheCounts,
    SemanticCacheOptions,
    StackOptions,
    StructuredOptions,
    Target,
    Text,
    TextDelta,
    Thinking,
    ThinkingDelta,
    TokenPrices,
    Tool,
    ToolCall,
    ToolCallDelta,
    ToolResult,
    Transport,
    Usage,
    breaker,
    cache_key,
    cached,
    complete_many,
    concurrency_limited,
    cost,
    fallback,
    false_hit_rate,
    find_json,
    hedged,
    memory_cache,
    memory_ledger,
    metered,
    most_of,
    offline,
    rate_limited,
    record,
    redacted,
    replay,
    retry,
    router,
    semantically_cached,
    single_flight,
    standard_stack,
    structured,
    traced,
    validate,
    validated,
)
from .http import _default_transport, _native

__all__ = [
    "Allowance",
    "AsyncDeltas",
    "Attempt",
    "Balance",
    "BatchState",
    "BreakerOptions",
    "CacheOptions",
    "CachePolicy",
    "CallOptions",
    "Cap",
    "Capabilities",
    "Charge",
    "ConcurrencyLimits",
    "Context",
    "Deltas",
    "EmbedRequest",
    "Embeddings",
    "Event",
    "FallbackOptions",
    "FalseHitRate",
    "HedgeOptions",
    "Image",
    "JsonFormat",
    "JsonSchema",
    "LLMProvider",
    "LabelledPair",
    "Ledger",
    "Message",
    "MeterOptions",
    "Metrics",
    "Money",
    "OpenAIBatches",
    "Price",
    "PriceTable",
    "RateLimits",
    "Reply",
    "Request",
    "ResponseCache",
    "RetryBudget",
    "RetryOptions",
    "Route",
    "SchemaIssue",
    "Secret",
    "SemanticCache",
    "SemanticCacheCounts",
    "SemanticCacheOptions",
    "StackOptions",
    "StructuredOptions",
    "Target",
    "Text",
    "TextDelta",
    "Thinking",
    "ThinkingDelta",
    "TokenPrices",
    "Tool",
    "ToolCall",
    "ToolCallDelta",
    "ToolResult",
    "Transport",
    "Usage",
    "anthropic",
    "azure",
    "breaker",
    "cache_key",
    "cached",
    "complete_many",
    "complete_many_async",
    "concurrency_limited",
    "cost",
    "environment_providers",
    "fallback",
    "false_hit_rate",
    "find_json",
    "from_environment",
    "gemini",
    "hedged",
    "memory_cache",
    "memory_ledger",
    "metered",
    "most_of",
    "offline",
    "ollama",
    "openai",
    "openai_responses",
    "rate_limited",
    "record",
    "redacted",
    "replay",
    "retry",
    "router",
    "semantically_cached",
    "single_flight",
    "standard_stack",
    "structured",
    "traced",
    "validate",
    "validated",
]

_name: str
for _name, _member in (
    ("complete_async", _aio.complete_async),
    ("embed_async", _aio.embed_async),
    ("count_tokens_async", _aio.count_tokens_async),
    ("stream_async", _aio.stream_async),
    ("deltas", _deltas.deltas),
):
    setattr(LLMProvider, _name, _member)


def _secret(key: str | Secret | None) -> Secret:
    return Secret(key)


def _wire(transport: Transport | None) -> Transport:
    return _default_transport() if transport is None else transport


def openai(
    *,
    key: str | Secret | None = None,
    base_url: str = "https://api.openai.com/v1",
    organization: str = "",
    project: str = "",
    name: str = "openai",
    timeout: float = 600.0,
    max_completion_tokens: bool | None = None,
    transport: Transport | None = None,
) -> LLMProvider:
    """OpenAI's chat completions and embeddings, and every server that speaks like it: vLLM, llama.cpp, LiteLLM.

    :param key: none sends no Authorization header, for local servers
    :param name: in replies, errors and cache keys
    :param timeout: seconds for the whole call
    :param max_completion_tokens: whether the server knows that field; None: OpenAI's does, others get ``max_tokens``
    :param transport: None is the one of the process
    """
    options = _llm._OpenAIOptions(
        base_url, _secret(key), organization, project, name, timeout, max_completion_tokens
    )
    return _llm._openai(_wire(transport), options)


def openai_responses(
    *,
    key: str | Secret | None = None,
    base_url: str = "https://api.openai.com/v1",
    organization: str = "",
    project: str = "",
    name: str = "openai",
    timeout: float = 600.0,
    transport: Transport | None = None,
) -> LLMProvider:
    """OpenAI's responses and embeddings. Nothing is stored at OpenAI. Parameters as of ``openai``."""
    options = _llm._OpenAIOptions(base_url, _secret(key), organization, project, name, timeout, None)
    return _llm._openai_responses(_wire(transport), options)


def azure(
    *,
    endpoint: str,
    key: str | Secret | None = None,
    token: str | Secret | None = None,
    api_version: str = "2024-10-21",
    name: str = "azure",
    timeout: float = 600.0,
    transport: Transport | None = None,
) -> LLMProvider:
    """Chat completions and embeddings at Azure; ``Request.model`` is the deployment.

    :param endpoint: ``"https://NAME.openai.azure.com"``
    :param token: of Entra ID, instead of a key
    :param timeout: seconds for the whole call
    """
    return _llm._azure(_wire(transport), endpoint, _secret(key), _secret(token), api_version, name, timeout)


def anthropic(
    *,
    key: str | Secret | None = None,
    base_url: str = "https://api.anthropic.com",
    max_output_tokens: int = 4096,
    tool_for_json: bool = False,
    name: str = "anthropic",
    timeout: float = 600.0,
    transport: Transport | None = None,
) -> LLMProvider:
    """Anthropic's messages and count of tokens; embeddings raise Unsupported.

    :param max_output_tokens: where the request has none: the provider wants one
    :param tool_for_json: older models: a forced tool instead of ``output_config``
    :param timeout: seconds for the whole call
    """
    return _llm._anthropic(
        _wire(transport), base_url, _secret(key), max_output_tokens, tool_for_json, name, timeout
    )


def gemini(
    *,
    key: str | Secret | None = None,
    base_url: str = "https://generativelanguage.googleapis.com/v1beta",
    name: str = "gemini",
    timeout: float = 600.0,
    transport: Transport | None = None,
) -> LLMProvider:
    """Google's Gemini, with embeddings and count of tokens. timeout: seconds for the whole call."""
    return _llm._gemini(_wire(transport), base_url, _secret(key), name, timeout)


def ollama(
    *,
    base_url: str = "http://127.0.0.1:11434",
    keep_alive: str = "",
    context_tokens: int = 0,
    name: str = "ollama",
    timeout: float = 600.0,
    transport: Transport | None = None,
) -> LLMProvider:
    """Models on one's own machine, by Ollama, with embeddings.

    :param keep_alive: ``"10m"``; empty is the server's default
    :param context_tokens: ``num_ctx``; 0 is the model's default
    :param timeout: seconds for the whole call
    """
    return _llm._ollama(_wire(transport), base_url, keep_alive, context_tokens, name, timeout)


class OpenAIBatches(_llm._OpenAIBatches):
    """Requests answered within a day at half the price. Parameters as of ``openai``."""

    def __init__(
        self,
        *,
        key: str | Secret | None = None,
        base_url: str = "https://api.openai.com/v1",
        organization: str = "",
        project: str = "",
        timeout: float = 600.0,
        transport: Transport | None = None,
    ) -> None:
        options = _llm._OpenAIOptions(base_url, _secret(key), organization, project, "openai", timeout, None)
        super().__init__(_wire(transport), options)


def from_environment(options: StackOptions | None = None) -> LLMProvider:
    """A router over every provider that the environment names, each in the standard stack.

    ========================  =======================================================================
    ``openai/...``            OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_ORG_ID, OPENAI_PROJECT_ID
    ``responses/...``         the same, by the responses API
    ``azure/...``             AZURE_OPENAI_ENDPOINT, AZURE_OPENAI_API_KEY, OPENAI_API_VERSION
    ``anthropic/...``         ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL
    ``gemini/...``            GEMINI_API_KEY or GOOGLE_API_KEY, GEMINI_BASE_URL
    ``ollama/...``            OLLAMA_HOST, or 127.0.0.1:11434
    ``offline/...``           always: answers from examples in the prompt, no model
    ========================  =======================================================================

    :raises InvalidArgument: a variable that is not what it should be; the message names it
    :raises Unsupported: this persona was built without libcurl
    """
    made: LLMProvider = _native("_from_environment")(options)
    return made


def environment_providers() -> list[str]:
    """What ``from_environment`` finds: ``["openai", ..., "offline"]``."""
    try:
        find: Any = _native("_environment_providers")
    except Unsupported:
        return ["offline"]
    found: list[str] = find()
    return found


for _name in __all__:
    if isinstance(globals()[_name], type) and globals()[_name].__module__.startswith("persona._"):
        globals()[_name].__module__ = "persona.llm"
