"""Few-shot optimizers against DSPy's own: same data, same model, same number of calls allowed; no network.

The model is persona's in-context learner behind an OpenAI-compatible server on loopback, which both sides call and
which counts. Each side optimizes on the training and validation rows, then its program answers the test rows.
Needs .venv-bench, where DSPy is (`tools/setup bench`), and ../shared/data; says so and stops where one is missing.
"""

import csv
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HERE = pathlib.Path(__file__).resolve().parent
DATA = pathlib.Path(os.environ.get("PERSONA_DATA", HERE.parents[1] / "shared" / "data"))
SEEDS = range(3)
BUDGET = 2500  # calls, of one optimization
NEVER = 1_000_000  # answers that cannot be read before DSPy gives up: without examples the learner gives such


class Learner(BaseHTTPRequestHandler):
    """/v1/chat/completions, answered by llm.offline()."""

    protocol_version = "HTTP/1.1"
    calls = 0
    lock = threading.Lock()

    def do_GET(self):
        """/calls: how many there were since it was last asked."""
        with Learner.lock:
            calls, Learner.calls = Learner.calls, 0
        self.answer(calls)

    def do_POST(self):
        from persona import llm
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        messages = [llm.Message(role, text) for role, text in
                    ((m["role"], m["content"] if isinstance(m["content"], str) else m["content"][0]["text"])
                     for m in body["messages"])]
        with Learner.lock:
            Learner.calls += 1
        reply = self.server.learner.complete(llm.Request("offline", messages, temperature=0.0))
        self.answer({
            "id": "c", "object": "chat.completion", "created": 0, "model": body["model"],
            "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": reply.text}}],
            "usage": {"prompt_tokens": reply.usage.input, "completion_tokens": reply.usage.output,
                      "total_tokens": reply.usage.input + reply.usage.output}})

    def answer(self, document):
        answer = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *ignored):
        pass


def served():
    from persona import llm
    server = ThreadingHTTPServer(("127.0.0.1", 0), Learner)
    server.daemon_threads = True
    server.learner = llm.offline()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def spent(url):
    with urllib.request.urlopen(f"{url}/calls") as answer:
        return json.loads(answer.read())


def sms_spam():
    with open(DATA / "sms_spam" / "sms_spam.csv", newline="") as file:
        return "text", "label", [(row["text"], row["label"]) for row in csv.DictReader(file)]


def banking77():
    with open(DATA / "banking77_train" / "banking77_train.csv", newline="") as file:
        rows = [(row["text"], row["label"]) for row in csv.DictReader(file)]
    kept = sorted({label for _, label in rows})[::8]  # 10 of the 77 intents: demos of each fit a prompt
    return "text", "intent", [row for row in rows if row[1] in kept]


def bbh():
    rows = [json.loads(line) for line in open(DATA / "bbh" / "bbh.jsonl")]
    return "question", "answer", [(row["input"], row["target"]) for row in rows if row["task"] == "sports_understanding"]


def parts(rows, seed):
    rows = random.Random(seed).sample(rows, min(len(rows), 420))
    return rows[:60], rows[60:160], rows[160:]


def with_persona(task, seed, url, choose):
    from persona import llm, prompt
    question, answer, rows = task
    train, validation, test = (
        prompt.Dataset([prompt.Example({question: x, answer: y}, id=f"{name}{i}") for i, (x, y) in enumerate(part)])
        for name, part in zip(("train", "validation", "test"), parts(rows, seed)))
    model = llm.openai(key="none", base_url=f"{url}/v1")
    metric = prompt.exact_match(answer)
    spent(url)
    best = prompt.PromptOptimizer(
        prompt.predict(f"{question} -> {answer}"), train=train, validation=validation, metric=metric,
        optimizer=choose(prompt), seed=seed, model=model, model_name="offline", budget=prompt.Budget(calls=BUDGET)).optimize()
    calls = spent(url)
    session = prompt.Session(model, "offline", budget=prompt.Budget(calls=10_000))
    return prompt.evaluate(best.program, test, metric, session).score.value, calls


def with_dspy(task, seed, url, choose):
    import dspy
    question, answer, rows = task
    train, validation, test = (
        [dspy.Example(**{question: x, answer: y}).with_inputs(question) for x, y in part] for part in parts(rows, seed))
    model = dspy.LM("openai/offline", api_base=f"{url}/v1", api_key="none", cache=False,
                    temperature=0.0)
    dspy.configure(lm=model)

    def metric(example, prediction, trace=None):
        return str(getattr(prediction, answer)).strip().lower() == str(example[answer]).strip().lower()

    spent(url)
    program = choose(dspy, metric, seed).compile(
        dspy.Predict(f"{question} -> {answer}"), trainset=train,
        **({"valset": validation} if choose is dspy_random_search else {}))
    calls = spent(url)
    scored = dspy.Evaluate(devset=test, metric=metric, num_threads=2, display_progress=False, max_errors=NEVER)(program)
    right = round(float(getattr(scored, "score", scored)) / 100 * len(test))  # DSPy rounds its score
    return right / len(test), calls


def dspy_labeled(dspy, metric, seed):
    class Labeled(dspy.LabeledFewShot):
        def compile(self, student, *, trainset):
            return super().compile(student, trainset=trainset, sample=True)
    return Labeled(k=16)


def dspy_bootstrap(dspy, metric, seed):
    return dspy.BootstrapFewShot(metric=metric, max_bootstrapped_demos=4, max_labeled_demos=16, max_errors=NEVER)


def dspy_random_search(dspy, metric, seed):
    return dspy.BootstrapFewShotWithRandomSearch(metric=metric, max_bootstrapped_demos=4, max_labeled_demos=16,
                                                 num_candidate_programs=16, num_threads=2, max_errors=NEVER)


PAIRS = [
    ("labeled few-shot", lambda prompt: prompt.labeled_few_shot(), dspy_labeled),
    ("bootstrap few-shot", lambda prompt: prompt.bootstrap_few_shot(), dspy_bootstrap),
    ("random search", lambda prompt: prompt.random_search(), dspy_random_search),
    ("default (halving) against random search", lambda prompt: prompt.halving(instructions=0), dspy_random_search),
]


TASKS = [("sms_spam", sms_spam), ("banking77", banking77), ("bbh_sports", bbh)]


def figures(run, url, choice, pairs):
    """Mean score on test rows and calls to optimize, by task and pair."""
    found = {}
    for task_name, load in TASKS:
        task = load()
        for pair in pairs:
            runs = [run(task, seed, url, pair[choice]) for seed in SEEDS]
            found[f"{task_name}: {pair[0]}"] = {"score": round(statistics.mean(score for score, _ in runs), 9),
                                                "calls": statistics.mean(calls for _, calls in runs)}
    return found


def main():
    from report import report
    bench = HERE.parent / ".venv-bench" / "bin" / "python"
    if not bench.exists() or not (DATA / "sms_spam").exists():
        sys.exit(f"this needs {bench} (tools/setup bench) and the data sets in {DATA}")
    url = served()
    ours = figures(with_persona, url, 1, PAIRS)
    with tempfile.NamedTemporaryFile() as found:  # DSPy prints what it likes
        subprocess.run([bench, __file__, url, found.name], check=True)
        theirs = json.load(found)
    passed = True
    print(f"{'':52}{'score':>8}{'DSPy':>8}{'calls':>9}{'DSPy':>9}")
    for name, figure in ours.items():
        peer = theirs[name.replace("default (halving) against ", "")]
        print(f"{name:52}{figure['score']:8.3f}{peer['score']:8.3f}{figure['calls']:9.0f}{peer['calls']:9.0f}")
        if "default" not in name:
            continue
        task = name.split(":")[0]
        passed &= report(f"prompt_{task}_error", 100 * (1 - figure["score"]), "DSPy random search, same model and data",
                         100 * (1 - peer["score"]), target=1, unit="% wrong on test rows")
        passed &= report(f"prompt_{task}_calls", figure["calls"], "DSPy random search, same model and data",
                         peer["calls"], target=1, unit="calls to optimize")
    return passed


if __name__ == "__main__":
    if len(sys.argv) > 1:
        pathlib.Path(sys.argv[2]).write_text(json.dumps(figures(with_dspy, sys.argv[1], 2, PAIRS[:3])))
    else:
        sys.exit(not main())
