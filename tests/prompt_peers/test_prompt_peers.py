"""DSPy and LangChain themselves load what we write, and we read what they write: `make peers`."""

import inspect
import json
import random
import warnings

import pytest

dspy = pytest.importorskip("dspy")
pytest.importorskip("langchain_core")

from langchain_core.load import dumps, loads  # noqa: E402
from langchain_core.prompts import ChatPromptTemplate, PromptTemplate  # noqa: E402

import persona  # noqa: E402
from persona import llm, prompt  # noqa: E402

import write_golden  # noqa: E402

warnings.simplefilter("ignore")

SIDECAR = json.dumps({"persona_dspy": 1, "predictors": {
    "extract.predict": "question -> reasoning, query, hits: int",
    "classify": "sentence -> kind: 'animal'|'plant', certainty: int",
    "votes[0]": "left, right -> winner", "votes[1]": "text -> is_sound: bool"}})
AWKWARD = ["{", "}", "{{", "}}", "{x}", "{{x}}", "{%", "%}", "\"", "'", "\\", "\n", "\t", " ", "é", "漢", "a", "Question:", "[[ ## "]


class Listener(llm.LLMProvider):
    """Keeps what it is asked."""

    def __init__(self):
        super().__init__()
        self.messages = None

    def name(self):
        return "listener"

    def complete(self, request, context=None):
        self.messages = [(str(message.role), message.text) for message in request.messages]
        return ""


def sent(predictor, inputs):
    listener = Listener()
    with pytest.raises(persona.PersonaError):
        prompt.Program([predictor]).run(listener, "m", inputs)
    return listener.messages


def awkward(rng, most=8):
    return "".join(rng.choice(AWKWARD) for _ in range(rng.randrange(most)))


def random_predictor(rng):
    signature = prompt.parse_signature("context, question -> answer, sure: bool", awkward(rng) + "Do.")
    demos = [prompt.Demo({"context": awkward(rng), "question": awkward(rng), "answer": awkward(rng), "sure": True})
             for _ in range(rng.randrange(3))]
    return prompt.Predictor(signature=signature, demos=demos, reasons=rng.random() < 0.5,
                            format=rng.choice(["chat", "plain"]))


def state(program):
    return {name: part for name, part in program.dump_state().items() if name != "metadata"}


def saved(program, folder):
    program.save(folder / "saved.json")
    return (folder / "saved.json").read_text()


def test_dspy_loads_a_composed_program_as_it_saved_it(tmp_path):
    theirs = write_golden.composed()
    ours = prompt.from_dspy(saved(theirs, tmp_path), SIDECAR)
    files = prompt.to_dspy(ours.predictors)
    (tmp_path / "ours.json").write_text(files.state)
    loaded = write_golden.Composed()
    loaded.load(tmp_path / "ours.json")
    assert state(loaded) == state(theirs)
    assert prompt.from_dspy(saved(loaded, tmp_path), files.sidecar).predictors == ours.predictors


@pytest.mark.parametrize("make, signature", [(prompt.predict, dspy.Predict), (prompt.chain_of_thought, dspy.ChainOfThought)])
def test_dspy_asks_with_what_we_wrote(tmp_path, make, signature):
    program = make("question -> answer", "Answer with {one} \"word\".")
    predictor = program.predictors[0].replace(demos=[
        prompt.Demo({"question": "Capital of Peru?", "reasoning": "A city.", "answer": "Lima"}, augmented=True)])
    (tmp_path / "ours.json").write_text(prompt.to_dspy([predictor]).state)
    theirs = signature("question -> answer")
    theirs.load(tmp_path / "ours.json")
    model = dspy.utils.DummyLM([{"reasoning": "Known.", "answer": "Paris"}])
    with dspy.context(lm=model):
        assert theirs(question="Capital of France?").answer == "Paris"
    asked = "\n".join(message["content"] for message in model.history[-1]["messages"])
    for words in ("Answer with {one} \"word\".", "Capital of Peru?", "Lima", "Capital of France?"):
        assert words in asked


def test_dspy_states_survive_being_saved_again(tmp_path):
    rng = random.Random(5)
    for _ in range(50):
        predictor = random_predictor(rng)
        files = prompt.to_dspy([predictor])
        (tmp_path / "ours.json").write_text(files.state)
        module = dspy.ChainOfThought if predictor.reasons else dspy.Predict
        theirs = module("context, question -> answer, sure: bool")
        theirs.load(tmp_path / "ours.json")
        # DSPy takes blank lines and common indentation off instructions.
        cleaned = predictor.signature.replace(instructions=inspect.cleandoc(predictor.signature.instructions))
        again = prompt.from_dspy(saved(theirs, tmp_path), files.sidecar)
        assert again.predictors == [predictor.replace(signature=cleaned)]


def test_langchain_formats_the_messages_that_we_send():
    rng = random.Random(6)
    roles = {"system": "system", "human": "user", "ai": "assistant"}
    for _ in range(100):
        predictor = random_predictor(rng)
        inputs = {"context": awkward(rng), "question": awkward(rng) + "?"}
        theirs = loads(prompt.to_langchain(predictor)).format_messages(**inputs)
        assert [(roles[message.type], message.content) for message in theirs] == sent(predictor, inputs)


def test_langchain_writes_again_what_we_wrote():
    rng = random.Random(7)
    for _ in range(50):
        predictor = random_predictor(rng)
        again = prompt.from_langchain(dumps(loads(prompt.to_langchain(predictor))))
        assert again.predictors == [predictor] and not again.notes


def test_f_strings_have_the_slots_that_langchain_finds():
    rng = random.Random(8)
    kinds = {"read": 0, "refused": 0}
    for _ in range(2000):
        text = "".join(rng.choice(["{", "}", "{{", "}}", "a", "b", "{a}", "{b}", " ", "\n", ":"]) for _ in range(7))
        try:
            theirs = set(PromptTemplate.from_template(text).input_variables)
        except (ValueError, KeyError):
            theirs = None
        document = json.dumps({"_type": "prompt", "template": text})
        if theirs and all(name.isidentifier() for name in theirs):
            try:
                read = prompt.from_langchain(document).predictors[0]
            except persona.Unsupported as error:
                assert "more than the name of a slot" in str(error)
                continue
            assert {field.name for field in read.signature.inputs} == theirs
            kinds["read"] += 1
        else:
            with pytest.raises(persona.PersonaError):
                prompt.from_langchain(document)
            kinds["refused"] += 1
    assert min(kinds.values()) > 100


def test_what_langchain_says_today_is_read():
    chat = ChatPromptTemplate([("system", "You are {role}."), ("human", "{question}")])
    read = prompt.from_langchain(dumps(chat))
    assert str(read.predictors[0].signature) == "role, question -> answer"
    with pytest.raises(persona.Unsupported, match="jinja2 is code"):
        prompt.from_langchain(dumps(PromptTemplate.from_template("{{ x }}", template_format="jinja2")))
