"""Every dialect against a mock server that speaks all of them, with faults."""

import itertools
import json

import pytest

from scenarios import CASES, DIALECTS, TEXT


def request_of(scenario, word):
    return {"model": "m", "messages": [{"role": "user", "parts": [{"text": word}]}], **scenario.request}


def check_reply(scenario, outcome, mode):
    reply = outcome["reply"]
    expected = scenario.reply
    assert reply.get("finish", "stop") == expected.get("finish", "stop")
    if "text" in expected:
        assert reply["text"] == expected["text"]
    if "thinking" in expected:
        assert "".join(thought.get("text", "") for thought in reply["thinking"]) == expected["thinking"]
    calls = [(call["name"], json.loads(call["arguments"])) for call in reply.get("tool_calls", [])]
    assert calls == expected.get("calls", [])
    assert all(call["id"] for call in reply.get("tool_calls", []))
    assert reply["provider"].split("@")[1].startswith("127.0.0.1:")
    assert reply["request_id"]
    if mode == "stream":
        assert outcome["shown"]["text"] == reply.get("text", "")
        assert outcome["shown"]["arguments"] == "".join(call["arguments"] for call in reply.get("tool_calls", []))
        if expected.get("text") == TEXT:
            assert outcome["shown"]["pieces"] > 1


def check_error(scenario, outcome, mode):
    error = outcome["error"]
    expected = dict(scenario.error)
    assert error["code"] == expected.pop("code"), error
    for field, value in expected.items():
        assert error["service"][field] == value, (field, error)
    if mode == "stream" and scenario.error.get("sent"):
        shown = outcome["shown"]["text"]
        assert shown and shown != TEXT and TEXT.startswith(shown)


@pytest.mark.parametrize("scenario, dialect, mode", CASES,
                         ids=[f"{scenario.name}-{dialect}-{mode}" for scenario, dialect, mode in CASES])
def test_scenario(call, mock, scenario, dialect, mode):
    word = scenario.word(dialect, mode)
    flags = (*scenario.flags, *(["--stream"] if mode == "stream" else []))
    outcome = call(dialect, mock.url + DIALECTS[dialect], request_of(scenario, word), *flags)
    if scenario.reply:
        assert "reply" in outcome, outcome
        check_reply(scenario, outcome, mode)
    else:
        assert "error" in outcome, outcome
        check_error(scenario, outcome, mode)
    sent = mock.journal(word)
    assert len(sent) == scenario.attempts
    for before, after in itertools.pairwise(entry["timestamp"] for entry in sent):
        assert after - before >= scenario.least_gap * 1000


def test_there_are_enough_scenarios():
    assert len(CASES) >= 60
    assert {dialect for _, dialect, _ in CASES} == set(DIALECTS)


@pytest.mark.parametrize("dialect", ["openai", "azure", "responses"])
def test_embeddings(call, mock, dialect):
    request = {"model": "e", "messages": [{"role": "user", "parts": [{"text": "embed this"}]}] * 2}
    outcome = call(dialect, mock.url + DIALECTS[dialect], request, "--embed")
    assert outcome["vectors"] == [[0.25, -0.5, 1.0]] * 2


def test_a_server_that_is_not_there(call):
    outcome = call("openai", "http://127.0.0.1:9/v1",
                   {"model": "m", "messages": [{"role": "user", "parts": [{"text": "x"}]}]}, "--attempts", 2)
    assert outcome["error"]["code"] == "unavailable"
    assert outcome["error"]["service"]["retryable"]
    assert not outcome["error"]["service"]["sent"]


def test_a_key_does_not_go_out_without_tls(call):
    """Not to another machine; nothing is sent, so that the name need not exist."""
    outcome = call("openai", "http://example.invalid/v1",
                   {"model": "m", "messages": [{"role": "user", "parts": [{"text": "x"}]}]})
    assert outcome["error"]["code"] == "invalid_argument"
    assert not outcome["error"]["service"]["sent"]
