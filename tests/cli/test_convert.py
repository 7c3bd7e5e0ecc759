"""persona convert-prompt: from other tools and to them."""

import json
import pathlib

import pytest

GOLDEN = pathlib.Path(__file__).parents[1] / "prompt" / "golden"
KINDS = pathlib.Path(__file__).parents[2] / "examples" / "kinds.jsonl"
SUITE = """\
# yaml-language-server: $schema=https://promptfoo.dev/config-schema.json
description: Kinds
prompts:
  - |-
    Say what the sentence is about.
    Sentence: {{sentence}}
    Kind:
  - label: terse
    raw: "{{sentence}}"
providers: [openai:gpt-4o-mini]
tests:
  - vars: &first {sentence: 'An oak: old', n: 3, on: yes}
    assert: [{type: equals, value: plant}]
  - vars: *first
    assert:
      - {type: equals, value: "3"}
      - {type: latency, threshold: 3000}
"""


@pytest.fixture
def yaml(persona):
    """Skips where the command was built without yaml-cpp."""
    persona.write("probe.yaml", "prompts: ['{{a}}']")
    done = persona("convert-prompt", "probe.yaml", "-", "--from", "promptfoo", code=None)
    if "built without yaml-cpp" in done.stderr:
        pytest.skip("built without yaml-cpp")
    (persona.folder / "probe.yaml").unlink()
    return persona


def test_dspy_there_and_back_with_a_sidecar(persona):
    persona.write("theirs.json", (GOLDEN / "dspy_bare.json").read_text())
    done = persona("convert-prompt", "theirs.json", "ours.json", "--from", "dspy")
    assert "persona: note: /signature: read as \"question -> answer\"" in done.stderr
    persona("convert-prompt", "ours.json", "again.json", "--to", "dspy")
    assert persona.files() == {"theirs.json", "ours.json", "again.json", "again.sidecar.json"}
    theirs, again = (json.loads((persona.folder / name).read_text()) for name in ("theirs.json", "again.json"))
    assert {**theirs, "metadata": 0} == {**again, "metadata": 0}
    quiet = persona("convert-prompt", "again.json", "-", "--from", "dspy")
    assert quiet.stderr == "" and quiet.stdout == (persona.folder / "ours.json").read_text()


def test_a_sidecar_of_ones_own_and_several_predictors(persona):
    persona.write("state.json", (GOLDEN / "dspy_composed.json").read_text())
    roles = {"extract.predict": "question -> reasoning, query, hits: int", "votes[1]": "text -> is_sound: bool",
             "classify": "sentence -> kind: 'animal'|'plant', certainty: int", "votes[0]": "left, right -> winner"}
    persona.write("roles.json", {"persona_dspy": 1, "predictors": roles})
    persona("convert-prompt", "state.json", "all.json", "--from", "dspy", "--sidecar", "roles.json")
    assert len(json.loads((persona.folder / "all.json").read_text())["predictors"]) == 4
    which = persona("convert-prompt", "all.json", "x.json", "--to", "langchain", code=1)
    assert "which of 'extract.predict'" in which.stderr
    persona("convert-prompt", "all.json", "x.json", "--to", "langchain", "--predictor", "classify")
    back = persona("convert-prompt", "x.json", "-", "--from", "langchain").stdout
    assert json.loads(back)["predictors"][0]["name"] == "classify"
    roles.pop("classify")
    persona.write("roles.json", {"persona_dspy": 1, "predictors": roles})
    done = persona("convert-prompt", "state.json", "y.json", "--from", "dspy", "--sidecar", "roles.json", code=1)
    assert done.stderr.startswith("persona: state.json: /classify: there is no predictor 'classify'")
    assert not (persona.folder / "y.json").exists()


def test_a_suite_in_yaml(yaml):
    yaml.write("suite.yaml", SUITE)
    both = yaml("convert-prompt", "suite.yaml", "p.json", "--from", "promptfoo", code=1)
    assert "which of 'predict', 'terse'?" in both.stderr and yaml.files() == {"suite.yaml"}
    done = yaml("convert-prompt", "suite.yaml", "p.json", "--from", "promptfoo", "--data", "tests.jsonl",
                "--predictor", "predict")
    assert "an assertion 'latency' is left out" in done.stderr and "judge by exact_match(answer)" in done.stderr
    rows = [json.loads(line) for line in (yaml.folder / "tests.jsonl").read_text().splitlines()]
    assert [{**row, "id": 0} for row in rows] == [
        {"id": 0, "sentence": "An oak: old", "n": 3, "on": "yes", "answer": answer} for answer in ("plant", "3")]
    scored = yaml("evaluate-prompt", "p.json", "--data", "tests.jsonl", "--model", "offline").stdout
    assert "on 2 examples" in scored


@pytest.mark.parametrize("text, message", [
    ("prompts:\n  - a: [", "line 2: not YAML"), ("prompts:\n  - x\nprompts: []", "line 3: the key 'prompts' stands there"),
    ("a: !!binary x", "line 1: the tag"), ("a: &x {b: 1}\nc:\n  <<: *x", "line 3: merge keys"),
    ("? [a]\n: b", "line 1: a key that is not text"), ("--- 1\n--- 2", "2 documents of YAML"),
    ("a: " + "[" * 100 + "]" * 100, "nested deeper than 60 levels"), ("a: " + "[" * 100_000, "not YAML"),
    ("a: &a [1,1,1,1,1,1,1,1,1,1]\n" + "".join(f"{n}: &{n} [{','.join([f'*{p}'] * 10)}]\n" for p, n in zip("abcdefg", "bcdefgh")),
     "too many values"),
    ("prompts: file://p.txt", "/prompts: lies in another file"), ("prompts: ['{{a | upper}}']", "/prompts/0: '{{a | upper'"),
])
def test_yaml_that_is_none_is_refused_with_its_line(yaml, text, message):
    yaml.write("bad.yaml", text)
    done = yaml("convert-prompt", "bad.yaml", "p.json", "--from", "promptfoo", code=1)
    assert done.stderr.startswith("persona: bad.yaml: ") and message in done.stderr and len(done.stderr) < 300
    assert yaml.files() == {"bad.yaml"}


def test_a_suite_for_promptfoo_comes_back(persona):
    persona("optimize", "sentence -> kind: 'animal'|'plant'|'tool'", "--data", KINDS, "--model", "offline", "--calls",
            "500", "-o", "better.json")
    persona("convert-prompt", "better.json", "promptfooconfig.json", "--to", "promptfoo", "--data", KINDS, "--provider",
            "openai:gpt-4o-mini", "--metric", "exact_match")
    suite = json.loads((persona.folder / "promptfooconfig.json").read_text())
    assert len(suite["tests"]) == 360 and suite["providers"] == ["openai:gpt-4o-mini"]
    persona("convert-prompt", "promptfooconfig.json", "back.json", "--from", "promptfoo", "--data", "back.jsonl")
    assert (persona.folder / "back.json").read_text() == (persona.folder / "better.json").read_text()
    persona("convert-prompt", "back.jsonl", "samples.jsonl", "--to", "evals", code=1)  # there is no "question"
    persona("convert-prompt", "better.json", "samples.jsonl", "--to", "evals", "--data", "back.jsonl")
    sample = json.loads((persona.folder / "samples.jsonl").read_text().splitlines()[0])
    assert sample["input"][0]["role"] == "system" and sample["ideal"] in ("animal", "plant", "tool")


def test_samples_of_evals(persona):
    sample = {"input": [{"role": "user", "content": "2 + 2"}], "ideal": "4", "id": "a"}
    persona.write("samples.jsonl", json.dumps(sample))
    persona("convert-prompt", "samples.jsonl", "data.jsonl", "--from", "evals")
    assert json.loads((persona.folder / "data.jsonl").read_text()) == {"id": "a", "question": "2 + 2", "answer": "4"}
    assert json.loads(persona("convert-prompt", "data.jsonl", "-", "--to", "evals").stdout) == sample
    persona.write("samples.jsonl", "\n{}")
    assert "samples.jsonl: /input: line 2: " in persona("convert-prompt", "samples.jsonl", "x", "--from", "evals",
                                                        code=1).stderr


def test_wrong_usage(persona):
    persona.write("p.json", "{}")
    for arguments in (["p.json"], ["p.json", "q.json"], ["p.json", "q", "--from", "yaml"],
                      ["p.json", "q", "--to", "dspy", "--data", "d"], ["p.json", "-", "--to", "dspy"],
                      ["p.json", "q", "--from", "evals", "--to", "dspy"], ["p.json", "q", "--from", "dspy", "--metric", "x"],
                      ["p.json", "q", "--to", "langchain", "--sidecar", "s"]):
        persona("convert-prompt", *arguments, code=2)
    for arguments in (["none.json", "q", "--from", "dspy"], ["p.json", "q", "--from", "dspy"], ["p.json", "q", "--to", "dspy"],
                      ["p.json", "q", "--from", "dspy", "--sidecar", "none.json"]):
        assert persona("convert-prompt", *arguments, code=1).stderr.startswith("persona: ")
    assert persona.files() == {"p.json"}
    assert "persona convert-prompt program.json better.json --from dspy" in persona("convert-prompt", "--help").stdout
