"""chat, models, price: against a mock on loopback, offline, and from cassettes."""

import json
import os
import pathlib
import pty
import signal
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "python"))
from mock_openai import CANARY, MockOpenAI  # noqa: E402

SCHEMA = {"type": "object", "required": ["age"], "properties": {"age": {"type": "integer", "minimum": 0, "maximum": 120}}}


PRICED = "openai/openai/gpt-4o-mini"  # the whole name, as proxies have it, has a price at any server


@pytest.fixture
def bare(monkeypatch):
    """An environment that names no provider."""
    for name in list(os.environ):
        if name.startswith(("OPENAI", "AZURE", "ANTHROPIC", "GEMINI", "GOOGLE", "OLLAMA")):
            monkeypatch.delenv(name)


@pytest.fixture
def mock(persona, bare, monkeypatch):
    if "built without HTTP" in persona("models").stderr:
        pytest.skip("built without HTTP")
    with MockOpenAI() as server:
        monkeypatch.setenv("OPENAI_API_KEY", CANARY)
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        yield server


def test_an_answer_is_written_as_it_comes_and_its_cost_beside_it(persona, mock):
    done = persona("chat", "-m", PRICED, "-s", "be brief", "--temperature", 0, "--max-tokens", 50, "Well?")
    assert done.stdout == "yes, of course\n"
    assert done.stderr.startswith("openai@127.0.0.1") and done.stderr.endswith(": 10 + 5 tokens, $0.0000045\n")
    request = mock.requests[0]
    assert request["stream"] and request["temperature"] == 0 and mock.keys == [f"Bearer {CANARY}"]
    assert [(m["role"], m["content"]) for m in request["messages"]] == [("system", "be brief"), ("user", "Well?")]
    assert request.get("max_tokens", request.get("max_completion_tokens")) == 50
    assert persona("chat", "-q", "-m", "openai/other", "Well?").stderr == ""
    assert "cost unknown" in persona("chat", "-m", "openai/other", "Well?").stderr


def test_pieces_show_before_the_answer_is_whole(persona, mock):
    mock.hold_after = 1
    process = persona.start("chat", "-m", "openai/gpt-4o-mini", "Well?", stdout=-1, stderr=-1)
    assert os.read(process.stdout.fileno(), 100) == b"yes,"
    mock.released.set()
    assert process.communicate(timeout=60)[0] == b" of course\n" and process.returncode == 0


def test_standard_input_is_the_prompt(persona, mock):
    persona("chat", "-m", "openai/gpt-4o-mini", input="a letter\nof two lines\n")
    assert mock.requests[0]["messages"][0]["content"] == "a letter\nof two lines\n"
    assert "no PROMPT" in persona("chat", "-m", "openai/gpt-4o-mini", input=" \n", code=2).stderr


def test_a_terminal_begins_a_talk(persona, mock):
    main, side = pty.openpty()
    process = persona.start("chat", "-m", "openai/gpt-4o-mini", stdin=side, stdout=-1, stderr=-1)
    os.write(main, b"first\nsecond\n\n")
    out, error = process.communicate(timeout=60)
    os.close(main), os.close(side)
    assert process.returncode == 0 and out == b"yes, of course\n" * 2 and b"> " in error
    assert [m["content"] for m in mock.requests[1]["messages"]] == ["first", "yes, of course", "second"]


def test_json_is_checked_and_asked_for_again(persona, mock):
    persona.write("schema.json", SCHEMA)
    answers = iter(['{"age": "old"}', 'It is {"age": 81}'])
    mock.answer = lambda request: next(answers)
    done = persona("chat", "-m", "openai/gpt-4o-mini", "--json-schema", "schema.json", "An old woman")
    assert json.loads(done.stdout) == {"age": 81} and len(mock.requests) == 2
    mock.answer = lambda request: "never"
    assert "schema" not in persona("chat", "-m", "openai/x", "--json-schema", "schema.json", "?", code=1).stdout
    assert "nowhere.json" in persona("chat", "-m", "openai/x", "--json-schema", "nowhere.json", "?", code=1).stderr


def test_a_budget_is_not_passed(persona, mock):
    done = persona("chat", "-m", PRICED, "--budget", "$0.000001", "Well?", code=1)
    assert "left" in done.stderr and mock.requests == []
    persona("chat", "-m", PRICED, "--budget", "$0.50", "Well?")
    assert "price" in persona("chat", "-m", "openai/other", "--budget", "$0.50", "Well?", code=1).stderr
    persona("chat", "-m", PRICED, "--budget", "much", "Well?", code=2)


def test_ctrl_c_stops_an_answer(persona, mock):
    mock.hold = True
    process = persona.start("chat", "-m", "openai/gpt-4o-mini", "Well?", stdout=-1, stderr=-1)
    assert mock.arrived.wait(60)
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=60)
    assert process.returncode == 130 and out == b"" and b"stopped" in error


def test_no_key_is_ever_printed(persona, mock):
    mock.failures = [(401, [])] + [(400, [])]
    shown = ""
    for arguments, code in ((("chat", "-m", "openai/gpt-4o-mini", "Well?"), 1), (("chat", "-m", "openai/gpt-4o-mini", "Well?"), 1),
                            (("chat", "-m", "openai/gpt-4o-mini", "--record", "talk.jsonl", "Well?"), 0),
                            (("models",), 0), (("models", "--json"), 0), (("chat", "--help"), 0)):
        done = persona(*arguments, code=code)
        shown += done.stdout + done.stderr
    shown += (persona.folder / "talk.jsonl").read_text()
    assert CANARY not in shown and CANARY[3:20] not in shown


def test_a_cassette_plays_without_network_or_key(persona, mock, monkeypatch):
    first = persona("chat", "-m", "openai/gpt-4o-mini", "--record", "talk.jsonl", "Well?")
    monkeypatch.delenv("OPENAI_API_KEY")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    again = persona("chat", "-m", "openai/gpt-4o-mini", "--replay", "talk.jsonl", "Well?")
    assert again.stdout == first.stdout and len(mock.requests) == 1
    persona("chat", "-m", "openai/gpt-4o-mini", "--replay", "talk.jsonl", "Else?", code=1)
    assert "talk.jsonl" in persona("chat", "-m", "openai/x", "--record", "talk.jsonl", "Well?", code=1).stderr
    persona("chat", "-m", "openai/x", "--record", "a", "--replay", "talk.jsonl", "Well?", code=2)


def test_offline_needs_nothing(persona, bare):
    persona.write("schema.json", SCHEMA)
    done = persona("chat", "-m", "offline/nearest", "--json-schema", "schema.json", "Somebody")
    assert 0 <= json.loads(done.stdout)["age"] <= 120 and "offline-nearest-neighbour" in done.stderr
    assert persona("chat", "-m", "offline/nearest", "--json-schema", "schema.json", "Somebody").stdout == done.stdout


def test_what_is_not_set_up_says_what_is_missing(persona, bare):
    error = persona("chat", "-m", "anthropic/claude", "Well?", code=1).stderr
    assert "ANTHROPIC_API_KEY" in error or "built without HTTP" in error
    assert "openai/gpt-4o-mini" in persona("chat", "-m", "gpt-4o", "Well?", code=1).stderr
    persona("chat", "Well?", code=2)
    persona("chat", "-m", "offline/x", "--temperature", 3, "Well?", code=2)


def test_models_are_those_of_the_environment(persona, mock):
    found = json.loads(persona("models", "--json").stdout)
    up = {provider["name"]: provider["set_up"] for provider in found["providers"]}
    assert up["openai"] and up["offline"] and not up["anthropic"]
    mini = next(model for model in found["models"] if model["model"] == "openai/gpt-4o-mini")
    assert mini["input"] == 0.15 and mini["output"] == 0.6 and mini["capabilities"]["json_schema"]
    assert not any(model["model"].startswith("anthropic/") for model in found["models"])
    text = persona("models").stdout
    assert "openai/gpt-4o-mini" in text and "ANTHROPIC_API_KEY" in text and mock.requests == []


def test_a_price_is_exact_or_unknown(persona):
    assert persona("price", "openai/gpt-4o-mini", "-i", "1e6", "-o", "20k").stdout == "$0.162\n"
    assert persona("price", "gpt-4o-mini", "-i", 1000, "--cached", 1000).stdout == "$0.000075\n"
    assert persona("price", "gpt-4o-mini", "-i", "1M", "--batch").stdout == "$0.075\n"
    unknown = persona("price", "openai/no-such-model", "-i", 1000, code=1)
    assert unknown.stdout == "unknown\n" and "no-such-model" in unknown.stderr
    persona("price", "gpt-4o-mini", "-i", 1, "--cached", 2, code=2)
    persona("price", "--batch", code=2)
    one = json.loads(persona("price", "gpt-4o-mini", "-i", 1000, "--json").stdout)
    assert one["cost"] == 0.00015 and one["source"].startswith("http")
    rows = json.loads(persona("price", "--json").stdout)
    assert len(rows) > 50 and all(row["source"] and row["from"] for row in rows)
    assert "openai/gpt-4o-mini" in persona("price").stdout


@pytest.mark.parametrize("command", ["chat", "models", "price"])
def test_help_teaches(persona, command):
    text = persona(command, "--help").stdout
    assert "Examples:" in text and f"persona {command}" in text
