"""persona.prompt: programs and data of other tools."""

import json
import pathlib

import pytest

import persona
from persona import llm, prompt

GOLDEN = pathlib.Path(__file__).parents[1] / "prompt" / "golden"


def test_dspy_programs_both_ways():
    state = (GOLDEN / "dspy_composed.json").read_text()
    read = prompt.from_dspy(state)
    assert [predictor.name for predictor in read.predictors] == ["extract.predict", "classify", "votes[0]", "votes[1]"]
    assert read.predictors[0].demos[0].fields["hits"] == 4 and len(read.notes) == 4
    files = prompt.to_dspy(read.predictors)
    again = prompt.from_dspy(files.state, sidecar=files.sidecar)
    assert again.predictors == read.predictors and again.notes == []
    assert prompt.from_dspy(files.state, known=read.predictors).predictors == read.predictors
    with pytest.raises(persona.InvalidArgument, match="no predictor 'extract.predict'") as caught:
        prompt.from_dspy(state, known=prompt.predict("a -> b").predictors)
    assert caught.value.path == "/extract.predict"


def test_langchain_prompts_both_ways():
    predictor = prompt.from_langchain((GOLDEN / "langchain_text.json").read_text()).predictors[0]
    assert str(predictor.signature) == "context, question -> answer"
    written = prompt.to_langchain(predictor)
    assert json.loads(written)["id"][-1] == "ChatPromptTemplate"
    assert prompt.from_langchain(written).predictors == [predictor]
    with pytest.raises(persona.Unsupported, match="JSON"):
        prompt.to_langchain(predictor.replace(format="json"))


def test_promptfoo_suites_both_ways():
    data = prompt.Dataset([prompt.Example({"sentence": "An oak.", "kind": "plant"}, id="1", segment="trees")])
    suite = prompt.PromptfooSuite(predictors=prompt.predict("sentence -> kind").predictors, tests=data,
                                  providers=["openai:gpt-4o-mini"], metrics=[prompt.exact_match("kind").name])
    written = prompt.to_promptfoo(suite)
    assert json.loads(written)["defaultTest"]["assert"][0]["value"] == "{{kind}}"
    read = prompt.from_promptfoo(written)
    assert read.predictors == suite.predictors and list(read.tests) == list(data)
    assert read.metrics == ["exact_match(kind)"] and read.notes == []
    with pytest.raises(persona.Unsupported):
        prompt.from_promptfoo('{"prompts": ["{{ a | upper }}"]}')


class Four(llm.LLMProvider):
    def name(self):
        return "four"

    def complete(self, request, context=None):
        return "[[ ## sum ## ]]\nFour"


def test_evals_samples_both_ways():
    sample = {"input": [{"role": "user", "content": "2 + 2"}], "ideal": ["4", "four"]}
    data = prompt.from_openai_evals(json.dumps(sample), answer="sum")
    assert data[0].fields == {"question": "2 + 2", "sum": "4", "ideals": ["4", "four"]}
    four = prompt.predict("question -> sum").run(Four(), "m", data[0].fields)
    assert prompt.exact_match("sum", "ideals").score(data[0], four).value == 1
    assert prompt.metric_named("rouge_l", "sum", references="ideals").score(data[0], four).value == 1
    assert prompt.near("sum", references="ideals").score(data[0], four).value == 0
    assert prompt.exact_match("sum").score(data[0], four).value == 0
    assert json.loads(prompt.to_openai_evals(data, answer="sum")) == {**sample, "id": data[0].id}
    asked = json.loads(prompt.to_openai_evals(data, prompt.predict("question -> sum").predictors[0]))
    assert asked["input"][0]["role"] == "system" and asked["ideal"] == ["4", "four"]
    with pytest.raises(persona.InvalidArgument, match="line 1"):
        prompt.from_openai_evals("{}")


def test_data_sets_are_written_as_lines():
    data = prompt.Dataset([prompt.Example({"a": [1], "b": None}, id="x", weight=2.0)])
    assert list(prompt.parse_jsonl(prompt.to_jsonl(data))) == list(data)


def test_a_composed_program_is_read_for_its_flow():
    program = prompt.Program(prompt.from_dspy((GOLDEN / "dspy_composed.json").read_text()).predictors,
                             flow=lambda run, inputs: run.predict("classify", inputs))
    assert [p.name for p in prompt.parse_predictors(program.to_json())][1] == "classify"
