"""persona.prompt: programs, metrics and optimizers written in Python, offline."""

import json
import pathlib
import threading

import pytest

import persona
from persona import llm, prompt

KINDS = pathlib.Path(__file__).parents[2] / "examples" / "kinds.jsonl"
SIGNATURE = "sentence -> kind: 'animal'|'plant'|'tool'"


class Shouter(llm.LLMProvider):
    """Answers the last word of the question in capitals."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def name(self):
        return "shouter"

    def complete(self, request, context=None):
        self.asked.append(request)
        word = request.messages[-1].text.split("[[ ## question ## ]]")[-1].split("\n")[1].split()[-1]
        return f"[[ ## answer ## ]]\n{word.upper()}"


def words(count=20):
    return prompt.Dataset([prompt.Example({"question": f"say w{i}", "answer": f"W{i}"}, id=str(i),
                                          segment="even" if i % 2 == 0 else "odd") for i in range(count)])


def session(model=None, **options):
    return prompt.Session(model or Shouter(), "m", **{"budget": prompt.Budget(calls=2000), **options})


def test_signatures_and_fields_are_plain_values():
    signature = prompt.parse_signature("context, question -> answer: int, label: 'yes'|'no'", "Be brief.")
    assert [f.name for f in signature.inputs] == ["context", "question"]
    assert signature.outputs[0].type == "whole_number" and signature.outputs[1].choices == ["yes", "no"]
    assert str(signature) == "context, question -> answer: int, label: 'yes'|'no'"
    assert signature.replace(instructions="").instructions == ""
    with pytest.raises(persona.InvalidArgument):
        prompt.parse_signature("question ->")
    example = prompt.Example({"a": None, "b": True, "c": 3, "d": 0.5, "e": "x", "f": [1, {"g": 2}]})
    assert example.fields == {"a": None, "b": True, "c": 3, "d": 0.5, "e": "x", "f": [1, {"g": 2}]}
    assert prompt.Template("Dear {{name}}").fill({"name": "Ada"}) == "Dear Ada"


def test_data_sets():
    data = words()
    assert len(data) == 20 and data[-1].id == "19" and [e.id for e in data[2:4]] == ["2", "3"]
    train, validation, test = prompt.split(data, 0.5, 0.25, seed=1)
    assert len(train) + len(validation) + len(test) == 20
    assert len(prompt.read_dataset(str(KINDS))) == 360
    with pytest.raises(IndexError):
        data[20]
    with pytest.raises(persona.InvalidArgument):
        prompt.Dataset([prompt.Example({}, id="a"), prompt.Example({}, id="a")])


def test_a_population_is_a_data_set(people):
    data = prompt.from_population(people.head(50) if hasattr(people, "head") else people[:50], segment="sex")
    assert len(data) == 50 and {e.segment for e in data} <= {"female", "male"}
    assert isinstance(data[0].fields["age"], (int, float))


def test_a_program_runs_and_is_scored():
    program = prompt.predict("question -> answer")
    model = Shouter()
    prediction = program.run(model, "m", {"question": "say hello"})
    assert prediction.outputs == {"answer": "HELLO"} and prediction.calls == 1
    evaluation = prompt.evaluate(program, words(), prompt.exact_match(), session())
    assert evaluation.score.value == 1 and len(evaluation.outcomes) == 20
    assert {s.segment: s.examples for s in evaluation.segments} == {"even": 10, "odd": 10}
    again = program.load(program.to_json())
    assert again == program and prompt.parse_program(program.to_json()) == program


def test_flows_assertions_and_tools_in_python():
    first, second = (prompt.Predictor(name, prompt.parse_signature("question -> answer")) for name in ("one", "two"))

    def flow(run, inputs):
        said = run.predict("one", inputs)["answer"]
        return {"answer": run.predict("two", {"question": f"now {said}"})["answer"] + "!"}

    program = prompt.Program([first, second], flow)
    assert program.run(Shouter(), "m", {"question": "say hello"}).outputs == {"answer": "HELLO!"}

    complaints = []

    def long_enough(inputs, outputs):
        complaints.append(outputs["answer"])
        return "say more" if len(complaints) < 3 else None

    strict = prompt.asserted(prompt.predict("question -> answer"), long_enough, tries=5)
    assert strict.run(Shouter(), "m", {"question": "say hello"}).calls == 3

    def broken(run, inputs):
        raise KeyError("nothing here")

    with pytest.raises(persona.PersonaError, match="nothing here"):
        prompt.Program([first], broken).run(Shouter(), "m", {"question": "x"})


def test_other_models_of_a_flow_count():
    examples = prompt.Dataset([prompt.Example({"question": f"say x{i}", "answer": f"X{i}"}) for i in range(70)])
    embedded = prompt.with_nearest_demos(prompt.predict("question -> answer"), examples, 2, llm.offline(), "e")
    for cap, fits in [(11, False), (12, True)]:
        spender = session(budget=prompt.Budget(calls=cap))
        if fits:
            assert prompt.evaluate(embedded, words(5), prompt.exact_match(), spender).score.value == 1
        else:
            with pytest.raises(persona.PersonaError):
                prompt.evaluate(embedded, words(5), prompt.exact_match(), spender)
            embedded = prompt.with_nearest_demos(prompt.predict("question -> answer"), examples, 2, llm.offline(), "e")
        assert spender.spent.calls == (12 if fits else 10)  # two for the examples, two for each question

    def flow(run, inputs):
        vectors = run.embed(llm.offline(), llm.EmbedRequest("e", ["some"])).vectors
        said = run.complete(llm.offline(), llm.Request("o", "Say yes", max_output_tokens=10)).text
        assert vectors.shape == (1, 256) and said
        return run.predict("predict", inputs)

    predictors = prompt.predict("question -> answer").predictors
    load = [prompt.ModelLoad(llm.offline(), "e"),
            prompt.ModelLoad(llm.offline(), "o", calls=1, bytes=200, output_tokens=10)]
    spender = session()
    said = prompt.evaluate(prompt.Program(predictors, flow, load=load), words(3), prompt.exact_match(), spender)
    assert said.score.value == 1 and spender.spent.calls == 3 + 2  # what is asked again is not paid again
    with pytest.raises(persona.PersonaError, match="load"):
        prompt.evaluate(prompt.Program(predictors, flow), words(3), prompt.exact_match(), session())


def test_metrics_in_python():
    seen = []
    threads = set()

    def half(example, prediction):
        seen.append(example.id)
        threads.add(threading.get_ident())
        return 0.5, f"{prediction.outputs['answer']} is half right"

    evaluation = prompt.evaluate(prompt.predict("question -> answer"), words(), prompt.metric("half", half), session())
    assert evaluation.score.value == 0.5 and sorted(seen) == sorted(str(i) for i in range(20))
    assert evaluation.outcomes[3].feedback == "W3 is half right"
    for bad, said in [(lambda e, p: float("nan"), "gave no number"), (lambda e, p: 1 / 0, "division by zero"),
                      (lambda e, p: "much", "returned something else")]:
        with pytest.raises(persona.PersonaError, match=said):
            prompt.evaluate(prompt.predict("question -> answer"), words(2), prompt.metric("bad", bad), session())


def test_optimizing_is_exact_capped_and_resumes(tmp_path):
    data = prompt.read_dataset(str(KINDS))
    train, validation, _ = prompt.split(data, 0.4, 0.6)
    ledger = persona.sqlite.open_run_ledger(tmp_path / "runs.db")

    def run(**options):
        return prompt.PromptOptimizer(
            prompt.predict(SIGNATURE), train=train, validation=validation, metric=prompt.exact_match("kind"),
            model=llm.offline(), model_name="offline", budget=prompt.Budget(calls=2000), **options)

    forecast = run().forecast()
    assert forecast.calls.lower <= forecast.calls.value <= forecast.calls.upper
    first = run(ledger=ledger, threads=4).optimize()
    again = run(ledger=ledger, threads=1).optimize()
    assert first.report.to_json() == again.report.to_json()
    assert again.report.spent.replayed_calls == again.report.spent.calls == first.report.spent.calls <= 2000
    assert first.report.certificate.is_better and first.program != prompt.predict(SIGNATURE)
    assert first.report._repr_html_().startswith("<!doctype html>")
    assert "better" in str(first.report)
    assert prompt.parse_report(ledger.report("run")).to_json() == first.report.to_json()
    entry = ledger.entries("run")[0]
    assert entry.role == "task" and entry.reply["text"] and entry.example
    with pytest.raises(persona.Conflict, match="seed was 0, is 7"):
        run(ledger=ledger, seed=7).optimize()
    with pytest.raises(persona.Conflict, match="optimizer_options.rounds was 2, is 1"):
        run(ledger=ledger, optimizer=prompt.halving(rounds=1)).optimize()
    assert prompt.labeled_few_shot(k=3).options() == {"k": 3}


def test_an_optimizer_in_python():
    class Louder(prompt.Optimizer):
        def name(self):
            return "louder"

        def plan(self, task):
            return prompt.Plan(program_runs=2 * len(task.validation), program_runs_most=2 * len(task.validation))

        def search(self, task, session, seed):
            predictor = task.program.predictors[0]
            louder = task.program.with_predictors(
                [predictor.replace(signature=predictor.signature.replace(instructions="SHOUT."))])
            candidates = []
            for i, program in enumerate([task.program, louder]):
                evaluation = prompt.evaluate(program, task.validation, task.metric, session)
                candidates.append(prompt.Candidate(program, f"c{i}", origin="louder", score=evaluation.score,
                                                   evaluations=len(evaluation.scores), scores=evaluation.scores))
            best = max(range(2), key=lambda i: candidates[i].score.value)
            return prompt.Search(candidates, best)

    class Quiet(Shouter):
        def complete(self, request, context=None):
            said = super().complete(request, context)
            return said if "SHOUT." in request.messages[0].text else said.lower().replace("[[ ## answer", "[[ ## answer")

    def case(example, prediction):
        return prediction.outputs["answer"] == example.fields["answer"]

    optimized = prompt.PromptOptimizer(
        prompt.predict("question -> answer"), train=words(10), validation=words(60), metric=prompt.metric("case", case),
        optimizer=Louder(), model=Quiet(), model_name="m", budget=prompt.Budget(calls=500)).optimize()
    assert optimized.report.optimizer == "louder" and optimized.report.returned == "c1"
    assert optimized.program.predictors[0].signature.instructions == "SHOUT."

    class Broken(Louder):
        def search(self, task, session, seed):
            raise RuntimeError("lost")

    with pytest.raises(persona.PersonaError, match="lost"):
        prompt.PromptOptimizer(prompt.predict("question -> answer"), train=words(10), metric=prompt.exact_match(),
                               optimizer=Broken(), model=Quiet(), budget=prompt.Budget(calls=500)).optimize()


def test_a_proposer_can_be_asked_within_the_budget():
    spender = session(budget=prompt.Budget(calls=3))
    question = [llm.Request("", f"[[ ## question ## ]]\nsay w{i}\n") for i in range(5)]
    answers = spender.ask(question)
    assert [a is not None for a in answers] == [True, True, True, False, False]
    assert spender.spent.calls == 3


def test_intervals_and_races():
    interval = prompt.mean_interval([1, 1, 0, 1])
    assert interval.lower < interval.value == 0.75 < interval.upper
    compared = prompt.compare_scores([0, 0, 1, 0], [1, 1, 1, 1])
    assert (compared.wins, compared.losses, compared.ties) == (3, 0, 1)
    race = prompt.Race()
    for _ in range(60):
        race.add(0, 1)
    assert race.is_won and race.p_value < 0.05


@pytest.mark.parametrize("name", prompt.optimizer_names())
def test_every_optimizer_has_its_function(name):
    assert getattr(prompt, name)().name() == prompt.optimizer_named(name).name()


def test_json_of_a_program_is_a_document():
    program = prompt.chain_of_thought("question -> answer: int", "Think.")
    assert json.loads(program.to_json())["predictors"][0]["reasons"] is True
