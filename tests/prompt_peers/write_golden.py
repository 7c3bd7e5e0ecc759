"""Writes tests/prompt/golden with the real packages: `make golden`."""

import json
import pathlib
import warnings
from typing import Literal

import dspy
from langchain_core.load import dumps
from langchain_core.prompts import ChatPromptTemplate, FewShotPromptTemplate, MessagesPlaceholder, PromptTemplate

GOLDEN = pathlib.Path(__file__).parents[1] / "prompt" / "golden"


class Classify(dspy.Signature):
    """Say what the sentence is about."""

    sentence: str = dspy.InputField(desc="one sentence")
    kind: Literal["animal", "plant"] = dspy.OutputField(desc="its kind")
    certainty: int = dspy.OutputField()


class Composed(dspy.Module):
    """A predictor that reasons, one with types, and two in a list."""

    def __init__(self):
        super().__init__()
        self.extract = dspy.ChainOfThought("question -> query: str, hits: int")
        self.classify = dspy.Predict(Classify)
        self.votes = [dspy.Predict("left, right -> winner"), dspy.Predict("text -> is_sound: bool")]

    def forward(self, question):
        return self.classify(sentence=self.extract(question=question).query)


def composed():
    program = Composed()
    program.classify.demos = [
        dspy.Example(sentence="The oak is old.", kind="plant", certainty=3).with_inputs("sentence"),
        dspy.Example(augmented=True, sentence="A heron stood \"still\".", kind="animal", certainty=0),
    ]
    program.extract.predict.demos = [
        {"augmented": True, "question": "Which river?", "reasoning": "Maps.", "query": "river", "hits": 4}]
    program.votes[1].demos = [dspy.Example(text="All swans are white.", is_sound=False)]
    return program


def bare():
    program = dspy.Predict("question -> answer")
    program.signature = program.signature.with_instructions("Answer in one word.\nNo more.")
    program.demos = [dspy.Example(question="Capital of France?", answer="Paris")]
    return program


def with_model():
    program = dspy.ChainOfThought("question -> answer")
    program.set_lm(dspy.LM("openai/gpt-4o-mini", temperature=0.3, max_tokens=200))
    return program


def langchain_prompts():
    text = PromptTemplate.from_template(
        "Answer from the context, as {{\"answer\": ...}}, in {language}.\n\nContext: {context}\nQuestion: {question}\nAnswer:",
        partial_variables={"language": "French"})
    chat = ChatPromptTemplate([
        ("system", "You are a {role} with {{braces}}."), ("human", "2 + 2"), ("ai", "4"), ("human", "{sum}")])
    few = FewShotPromptTemplate(
        examples=[{"word": "glad", "antonym": "sad"}, {"word": "{odd}", "antonym": "even"}],
        example_prompt=PromptTemplate.from_template("Word: {word}\nAntonym: {antonym}"),
        prefix="Give the antonym, {style}.", suffix="Word: {input}\nAntonym:", input_variables=["input", "style"])
    few.save(GOLDEN / "langchain_few_shot_saved.json")
    PromptTemplate.from_template("{question}").save(GOLDEN / "langchain_text_saved.json")
    return {
        "text": text, "chat": chat, "few_shot": few,
        "mustache": PromptTemplate.from_template("Hi {{name}}, {{{raw}}}", template_format="mustache"),
        "jinja2": PromptTemplate.from_template("Hi {% if x %}{{ x }}{% endif %}", template_format="jinja2"),
        "placeholder": ChatPromptTemplate([MessagesPlaceholder("history"), ("human", "{question}")]),
    }


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    GOLDEN.mkdir(exist_ok=True)
    for name, program in {"composed": composed(), "bare": bare(), "with_model": with_model()}.items():
        path = GOLDEN / f"dspy_{name}.json"
        program.save(path)
        path.write_text(json.dumps(json.loads(path.read_text()), indent=1, ensure_ascii=False) + "\n")
    for name, prompt in langchain_prompts().items():
        (GOLDEN / f"langchain_{name}.json").write_text(dumps(prompt, pretty=True) + "\n")
