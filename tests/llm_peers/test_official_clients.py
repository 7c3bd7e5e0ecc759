"""The same questions to the same mock, by the official clients and by persona: as good, or better."""

import itertools
import json

import pytest

from conftest import KEY
from scenarios import DIALECTS, OFFICIAL, SCHEMA, TEXT, TOOL

CLASSES = {  # the clients' errors, and what they are here
    "BadRequestError": "invalid_argument", "AuthenticationError": "unauthenticated",
    "PermissionDeniedError": "permission_denied", "NotFoundError": "not_found", "ConflictError": "unavailable",
    "UnprocessableEntityError": "invalid_argument", "RateLimitError": "rate_limited", "InternalServerError": "unavailable",
    "ServiceUnavailableError": "unavailable", "OverloadedError": "unavailable",
}
CLIENTS = ("openai", "responses", "anthropic")
FINISHES = {"stop": "stop", "end_turn": "stop", "completed": "stop", "tool_calls": "tool_calls", "tool_use": "tool_calls"}


def official_body(client, text, **more):
    if client == "responses":
        return {"model": "m", "input": text, **more}
    return {"model": "m", "messages": [{"role": "user", "content": text}],
            **({"max_tokens": 4096} if client == "anthropic" else {}), **more}


def own_request(text, **more):
    return {"model": "m", "messages": [{"role": "user", "parts": [{"text": text}]}], **more}


@pytest.fixture(scope="module")
def outcomes(official):
    """All questions to the official clients, in one run."""
    asked = [(name, client) for name in OFFICIAL for client in CLIENTS if not name.startswith("same-cut") and
             not (name == "same-tool" and client == "responses")]
    calls = []
    for name, client in asked:
        more = {}
        if name == "same-tool":
            schema = json.loads(TOOL["parameters"])
            function = {"name": TOOL["name"], "description": TOOL["description"]}
            more["tools"] = [{**function, "input_schema": schema} if client == "anthropic" else
                             {"type": "function", "function": {**function, "parameters": schema}}]
        calls.append({"client": client, "body": official_body(client, f"{name}.{client}.official.", **more)})
    return dict(zip(asked, official(calls)))


def own(call, mock, name, client, *flags, **more):
    word = f"{name}.{client}.persona."
    return call(client, mock.url + DIALECTS[client], own_request(word, **more), *flags), mock.journal(word)


def gaps(entries):
    return [after - before for before, after in itertools.pairwise(entry["timestamp"] for entry in entries)]


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("name", [name for name in OFFICIAL if name not in ("same-cut", "same-cut-later", "same-tool", "same-quota")])
def test_attempts_waits_and_errors(call, mock, outcomes, name, client):
    theirs = outcomes[name, client]
    ours, our_entries = own(call, mock, name, client, "--attempts", 3)
    their_entries = mock.journal(f"{name}.{client}.official.")
    assert len(our_entries) == len(their_entries)
    if "error" in theirs:
        assert ours["error"]["code"] == CLASSES[theirs["error"]]
        assert ours["error"]["service"]["status"] == theirs["status"]
    else:
        assert ours["reply"]["text"] == theirs["text"] == TEXT
        assert ours["reply"].get("finish", "stop") == FINISHES[theirs["finish"]]
    if name == "same-429":  # what the server asks for is waited for, by both
        assert all(gap >= 1000 for gap in gaps(our_entries) + gaps(their_entries))


@pytest.mark.parametrize("client", ["openai", "anthropic"])
def test_tool_calls_are_read_alike(call, mock, outcomes, client):
    theirs = outcomes["same-tool", client]["calls"][0]
    ours, _ = own(call, mock, "same-tool", client, tools=[TOOL])
    mine = ours["reply"]["tool_calls"][0]
    name = theirs["name"] if client == "anthropic" else theirs["function"]["name"]
    arguments = theirs["input"] if client == "anthropic" else json.loads(theirs["function"]["arguments"])
    assert (mine["id"], mine["name"], json.loads(mine["arguments"])) == (theirs["id"], name, arguments)


@pytest.mark.parametrize("client", CLIENTS)
def test_usage_is_read_alike(call, mock, outcomes, client):
    theirs = outcomes["same-plain", client]["usage"]
    ours, _ = own(call, mock, "same-plain", client)
    usage = ours["reply"].get("usage", {})  # the mock counts nothing for some
    assert usage.get("output", 0) == theirs.get("completion_tokens", theirs.get("output_tokens"))
    assert not usage.get("estimated", False)


@pytest.mark.parametrize("client", CLIENTS)
def test_no_money_left_is_not_tried_again(call, mock, outcomes, client):
    """Here persona does better than the clients, which ask three times for what cannot succeed."""
    ours, entries = own(call, mock, "same-quota", client, "--attempts", 3)
    theirs = mock.journal(f"same-quota.{client}.official.")
    if client == "anthropic":  # its words for this are others
        assert len(entries) == len(theirs)
        return
    assert ours["error"]["code"] == "quota_exceeded"
    assert len(entries) == 1 <= len(theirs)


@pytest.mark.parametrize("client, name", [("openai", "same-cut"), ("anthropic", "same-cut-later")])
def test_a_stream_that_breaks_off_is_an_error(call, mock, official, client, name):
    theirs = official([{"client": client, "body": official_body(client, f"{name}.{client}.official.", stream=True)}])[0]
    ours, entries = own(call, mock, name, client, "--stream", "--attempts", 3)
    assert ours["error"]["code"] == "unavailable"
    assert len(entries) == 1
    assert len(mock.journal(f"{name}.{client}.official.")) == 1
    assert "error" in theirs or theirs["text"] != TEXT  # the clients may take the piece for the whole


@pytest.mark.parametrize("client", CLIENTS)
def test_bodies_and_headers_are_alike(call, mock, outcomes, client):
    _, entries = own(call, mock, "same-plain", client)
    mine, theirs = entries[-1], mock.journal(f"same-plain.{client}.official.")[0]
    assert outcomes["same-plain", client]["text"] == TEXT
    assert mine["path"] == theirs["path"]
    for header in ("content-type", "accept"):
        assert mine["headers"].get(header) == theirs["headers"].get(header), header
    if client == "anthropic":
        # The client is at version 2026-10-21, which takes no temperature any more; the one before still does.
        assert mine["headers"]["anthropic-version"] == "2023-06-01"
        assert mine["headers"]["x-api-key"] and "authorization" not in mine["headers"]
    else:
        assert mine["headers"]["authorization"] == theirs["headers"]["authorization"]
    assert KEY not in json.dumps(mine["body"])

    def essence(entry):
        body = {key: value for key, value in entry["body"].items() if not key.startswith("_")}
        return json.loads(json.dumps(body).replace(".official.", ".persona."))

    assert essence(mine) == essence(theirs)


def test_a_schema_is_sent_as_the_official_client_would(call, mock, official):
    """json_schema with strict, closed objects and all keys required."""
    word = "plain.openai.complete."
    call("openai", mock.url + "/v1", own_request(word, json={"schema": SCHEMA, "name": "person"}))
    sent = [entry for entry in mock.journal(word) if "response_format" in entry["body"]][-1]["body"]["response_format"]
    schema = {**json.loads(SCHEMA), "additionalProperties": False}
    assert sent == {"type": "json_schema", "json_schema": {"name": "person", "strict": True, "schema": schema}}
