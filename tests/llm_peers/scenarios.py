"""What the mock does and what must come of it, for every dialect."""

import dataclasses

TEXT = "Größe is what this answer is about: it is long enough to come in more pieces than one, and ends here."
DIALECTS = {"openai": "/v1", "responses": "/v1", "azure": "", "anthropic": "", "gemini": "/v1beta", "ollama": ""}
SCHEMA = '{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}},"required":["name","age"]}'
TOOL = {"name": "get_persona", "description": "Finds one", "parameters":
        '{"type":"object","properties":{"id":{"type":"integer"}},"required":["id"]}'}
ANSWER = {"content": TEXT}
TERSE = ("openai", "azure", "gemini", "ollama")
CEREMONIOUS = ("responses", "anthropic")
RETRIES = ("--attempts", 3)


def failing(status, kind="server_error", **more):
    return {"response": {"error": {"message": f"status {status}", "type": kind}, "status": status, **more}}


def answering(**more):
    return {"response": ANSWER, **more}


@dataclasses.dataclass
class Scenario:
    """One course of events: what the mock does at each attempt, and what the caller must be told."""

    name: str
    steps: list
    reply: dict = dataclasses.field(default_factory=dict)
    error: dict = dataclasses.field(default_factory=dict)
    modes: tuple = ("complete", "stream")
    flags: tuple = ()
    request: dict = dataclasses.field(default_factory=dict)
    attempts: int = 1
    dialects: tuple = tuple(DIALECTS)
    least_gap: float = 0  # seconds between attempts

    def word(self, dialect, mode):
        return f"{self.name}.{dialect}.{mode}."


def refused(code, status, **more):
    return {"code": code, "status": status, "retryable": False, **more}


OUTAGE = {"code": "unavailable", "retryable": True}
BROKEN = {"code": "unavailable", "retryable": False, "sent": True}

SCENARIOS = [
    Scenario("plain", [answering()], reply={"text": TEXT}),
    Scenario("thinking", [{"response": {"content": TEXT, "reasoning": "Let me see", "reasoningSignature": "sig"}}],
             reply={"text": TEXT, "thinking": "Let me see"}, dialects=("openai", "anthropic", "gemini")),
    Scenario("schema", [{"response": {"content": '{"name":"Ada","age":36}'}}],
             reply={"text": '{"name":"Ada","age":36}'}, request={"json": {"schema": SCHEMA}}),
    Scenario("tool", [{"response": {"toolCalls": [{"name": "get_persona", "arguments": '{"id":7}'}]}}],
             reply={"finish": "tool_calls", "calls": [("get_persona", {"id": 7})]}, request={"tools": [TOOL]}),
    Scenario("tools", [{"response": {"content": TEXT, "toolCalls": [
        {"name": "get_persona", "arguments": '{"id":7}'}, {"name": "get_persona", "arguments": '{"id":8}'}]}}],
        reply={"finish": "tool_calls", "text": TEXT, "calls": [("get_persona", {"id": 7}), ("get_persona", {"id": 8})]},
        request={"tools": [TOOL]}),
    Scenario("length", [{"response": {**ANSWER, "finishReason": "length"}}], reply={"finish": "length"},
             dialects=("openai", "responses", "azure", "anthropic", "gemini")),
    Scenario("filtered", [{"response": {**ANSWER, "finishReason": "content_filter"}}],
             reply={"finish": "content_filter"}, dialects=("openai", "azure", "gemini")),
    Scenario("slow", [answering(latency=25)], reply={"text": TEXT}, modes=("stream",)),
    Scenario("pace", [answering(streamingProfile={"ttft": 60, "tps": 200, "jitter": 0.2})], reply={"text": TEXT},
             modes=("stream",)),
    # Failures, as they are told without a retry.
    Scenario("limited", [failing(429, "rate_limit_error", retryAfter=2)],
             error={"code": "rate_limited", "status": 429, "retryable": True, "retry_after_ms": 2000}),
    Scenario("failed", [failing(500)], error={**OUTAGE, "status": 500}),
    Scenario("unavailable", [failing(503)], error={**OUTAGE, "status": 503}),
    Scenario("overloaded", [failing(529, "overloaded_error")], error={**OUTAGE, "status": 529}),
    Scenario("gateway", [failing(504)], error={**OUTAGE, "status": 504}),
    # What a retry must not repeat.
    Scenario("bad", [failing(400, "invalid_request_error")], error=refused("invalid_argument", 400), flags=RETRIES),
    Scenario("key", [failing(401, "authentication_error")], error=refused("unauthenticated", 401), flags=RETRIES),
    Scenario("forbidden", [failing(403, "permission_error")], error=refused("permission_denied", 403), flags=RETRIES),
    Scenario("missing", [failing(404, "not_found_error")], error=refused("not_found", 404), flags=RETRIES),
    Scenario("wrong", [failing(422, "invalid_request_error")], error=refused("invalid_argument", 422), flags=RETRIES),
    Scenario("never", [failing(501, "not_supported_error")], error=refused("unsupported", 501), flags=RETRIES),
    Scenario("hasty", [failing(429, "rate_limit_error", retryAfter=600)],
             error={"code": "rate_limited", "retry_after_ms": 600_000}, flags=RETRIES),
    # What it must.
    Scenario("flaky", [failing(503), answering()], reply={"text": TEXT}, flags=RETRIES, attempts=2),
    Scenario("flakier", [failing(500), failing(529, "overloaded_error"), answering()], reply={"text": TEXT},
             flags=RETRIES, attempts=3),
    Scenario("conflict", [failing(409), answering()], reply={"text": TEXT}, flags=RETRIES, attempts=2),
    Scenario("down", [failing(500)], error={**OUTAGE, "status": 500}, flags=RETRIES, attempts=3),
    Scenario("patient", [failing(429, "rate_limit_error", retryAfter=1), answering()], reply={"text": TEXT},
             flags=RETRIES, attempts=2, least_gap=1.0),
    # Answers that break off, and answers that are none.
    # Some dialects announce what they will say before they say it: what is cut then was not shown, and is tried again.
    Scenario("cut", [answering(latency=30, truncateAfterChunks=3)], error=BROKEN, modes=("stream",), flags=RETRIES,
             dialects=TERSE),
    Scenario("cut-later", [answering(latency=30, truncateAfterChunks=7)], error=BROKEN, modes=("stream",), flags=RETRIES,
             dialects=CEREMONIOUS),
    Scenario("cut-before", [answering(latency=30, truncateAfterChunks=2), answering()], reply={"text": TEXT},
             modes=("stream",), flags=RETRIES, attempts=2, dialects=CEREMONIOUS),
    Scenario("hang", [answering(latency=60, disconnectAfterMs=200)], error=BROKEN, modes=("stream",), flags=RETRIES,
             dialects=TERSE),
    Scenario("hang-later", [answering(latency=60, disconnectAfterMs=450)], error=BROKEN, modes=("stream",), flags=RETRIES,
             dialects=CEREMONIOUS),
    Scenario("gone", [answering(chaos={"disconnectRate": 1})], error=OUTAGE, flags=RETRIES, attempts=3),
    Scenario("garbled", [answering(chaos={"malformedRate": 1})], flags=RETRIES, modes=("complete",),
             error={"code": "invalid_output", "retryable": False, "sent": True}),
]

CASES = [(scenario, dialect, mode) for scenario in SCENARIOS for dialect in scenario.dialects for mode in scenario.modes]


def fixtures():
    """All of it as aimock reads it. A step is taken once where others follow it."""
    found = [{"match": {"inputText": "embed"}, "response": {"embedding": [0.25, -0.5, 1.0]}}]
    for scenario, dialect, mode in CASES:
        for index, step in enumerate(scenario.steps):
            match = {"userMessage": scenario.word(dialect, mode)}
            if len(scenario.steps) > 1:
                match["sequenceIndex"] = index
            found.append({"match": match, **step})
    return found + official_fixtures()


# What the official clients and persona are both asked, word by word.
OFFICIAL = {
    "same-plain": [answering()],
    "same-tool": [{"response": {"toolCalls": [{"name": "get_persona", "arguments": '{"id":7}', "id": "call_7"}]}}],
    "same-500": [failing(500)],
    "same-503": [failing(503)],
    "same-529": [failing(529, "overloaded_error")],
    "same-429": [failing(429, "rate_limit_error", retryAfter=1)],
    "same-400": [failing(400, "invalid_request_error")],
    "same-401": [failing(401, "authentication_error")],
    "same-403": [failing(403, "permission_error")],
    "same-404": [failing(404, "not_found_error")],
    "same-409": [failing(409)],
    "same-422": [failing(422, "invalid_request_error")],
    "same-flaky": [failing(503), answering()],
    "same-quota": [{"response": {"error": {"message": "You exceeded your current quota", "type": "insufficient_quota",
                                           "code": "insufficient_quota"}, "status": 429, "retryAfter": 1}}],
    "same-cut": [answering(latency=30, truncateAfterChunks=3)],
    "same-cut-later": [answering(latency=30, truncateAfterChunks=7)],
}


def official_fixtures():
    found = []
    for name, steps in OFFICIAL.items():
        for client in ("openai", "responses", "anthropic"):
            for who in ("official", "persona"):
                for index, step in enumerate(steps):
                    match = {"userMessage": f"{name}.{client}.{who}."}
                    if len(steps) > 1:
                        match["sequenceIndex"] = index
                    found.append({"match": match, **step})
    return found
