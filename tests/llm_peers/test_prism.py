"""Every kind of request to OpenAI, checked by Prism against OpenAI's own specification."""

import json
import urllib.error
import urllib.request

import pytest

from scenarios import SCHEMA, TOOL

PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
PLAIN = {"model": "gpt-5.4", "messages": [{"role": "user", "parts": [{"text": "Hello"}]}]}
SPOKEN = {"messages": [
    {"role": "system", "parts": [{"text": "Be brief"}]},
    {"role": "user", "parts": [{"text": "What is it?"}, {"image": {"media_type": "image/png", "bytes": PICTURE}}]},
    {"role": "assistant", "parts": [{"text": "Let me look"},
                                    {"tool_call": {"id": "call_1", "name": "get_persona", "arguments": '{"id":7}'}}]},
    {"role": "tool", "parts": [{"tool_result": {"id": "call_1", "text": "Ada"}}]},
    {"role": "user", "parts": [{"text": "And her age?"}]},
]}
# Strict mode cannot say this: it is sent as it is.
OPEN_SCHEMA = '{"type":"object","additionalProperties":{"type":"number"}}'

KINDS = {
    "plain": {},
    "conversation": {**SPOKEN, "tools": [TOOL]},
    "picture at a url": {"messages": [{"role": "user", "parts": [{"image": {"url": "https://example.com/a.png"}}]}]},
    "sampling": {"temperature": 0.5, "top_p": 0.9, "seed": 7, "max_output_tokens": 50, "stop": ["END", "STOP"]},
    "effort": {"effort": "minimal"},
    "greatest effort": {"effort": "maximum"},
    "user": {"user": "user-7"},
    "tools": {"tools": [TOOL, {"name": "now"}]},
    "no tools": {"tools": [TOOL], "tool_use": "none"},
    "some tool": {"tools": [TOOL], "tool_use": "required"},
    "one tool": {"tools": [TOOL], "tool_use": "named", "tool_name": "get_persona"},
    "schema": {"json": {"schema": SCHEMA, "name": "person", "description": "Somebody"}},
    "open schema": {"json": {"schema": OPEN_SCHEMA}},
    "any json": {"json": {}},
    "extra": {"extra": '{"verbosity":"low","service_tier":"auto","metadata":{"run":"7"}}'},
}
# What the responses API does not have is told before anything is sent.
RESPONSES = {name: {key: value for key, value in more.items() if key not in ("stop", "extra")}
             for name, more in KINDS.items()}
RESPONSES["reasoning"] = {"effort": "low", "messages": [
    *PLAIN["messages"],
    {"role": "assistant", "parts": [{"thinking": {"text": "Hm", "signature": "rs_1 secret"}}, {"text": "Yes"}]},
    {"role": "user", "parts": [{"text": "Sure?"}]}]}


def check(outcome):
    error = outcome.get("error")
    assert error is None, error
    return outcome


def test_prism_does_refuse(prism):
    """Without this, a Prism that checks nothing would pass everything."""
    for path, body in (("/chat/completions", {"model": "m"}), ("/chat/completions", {"model": "m", "messages": [{"role": "nobody"}]}),
                       ("/embeddings", {"model": "m", "input": "x", "unknown": 1}), ("/responses", {"model": 7, "input": "x"})):
        request = urllib.request.Request(prism + path, json.dumps(body).encode(),
                                         {"content-type": "application/json", "authorization": "Bearer x"})
        with pytest.raises(urllib.error.HTTPError) as refusal:
            urllib.request.urlopen(request)
        assert refusal.value.code in (400, 422), path


@pytest.mark.parametrize("official", [True, False], ids=["official", "compatible"])
@pytest.mark.parametrize("mode", ["complete", "stream"])
@pytest.mark.parametrize("kind", KINDS)
def test_chat_completions(call, prism, kind, mode, official):
    flags = (["--official"] if official else []) + (["--stream"] if mode == "stream" else [])
    assert check(call("openai", prism, {**PLAIN, **KINDS[kind]}, *flags))["reply"]["id"]


@pytest.mark.parametrize("mode", ["complete", "stream"])
@pytest.mark.parametrize("kind", RESPONSES)
def test_responses(call, prism, kind, mode):
    flags = ["--official"] + (["--stream"] if mode == "stream" else [])
    assert check(call("responses", prism, {**PLAIN, **RESPONSES[kind]}, *flags))["reply"]["id"]


def test_embeddings(call, prism):
    request = {"model": "text-embedding-3-small", "messages": PLAIN["messages"]}
    outcome = call("openai", prism, request, "--embed", "--official")
    # Prism's example has one number, and answers every request with it; what it refuses is a 4xx.
    assert "error" not in outcome or outcome["error"]["code"] == "invalid_output", outcome


def test_a_batch(call, prism):
    assert check(call("openai", prism, PLAIN, "--batch", "--official"))["id"]
