"""The type stubs say what the module has."""

import importlib.resources
import pathlib
import subprocess
import sys

import persona

HERE = pathlib.Path(__file__).parent


def test_stubs_agree_with_the_module(tmp_path):
    (tmp_path / "mypy.ini").write_text("[mypy]\n[mypy-pandas.*]\nignore_missing_imports = True\n")
    done = subprocess.run([sys.executable, "-m", "mypy.stubtest", "persona", "--ignore-disjoint-bases",
                           "--mypy-config-file", "mypy.ini", "--allowlist", HERE / "stubtest_allowlist.txt"],
                          cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_users_code_is_checked(tmp_path):
    (tmp_path / "good.py").write_text(
        f"import persona\nfrom persona import {', '.join(persona.__all__)}\n"
        "generator = persona.PersonaGenerator.compile('town.json')\n"
        "people = generator.generate(count=10, seed=7, progress=lambda done, total: None)\n"
        "text: str = people['age'].unit\n"
        "older: persona.Population = people.filter('age > 65')[3:]\n"
        "spec = persona.SpecBuilder('x').attribute('a', persona.Normal('b * 2', 1)).when('b', 'c', persona.Normal()).build()\n")
    (tmp_path / "talks.py").write_text(
        f"from persona import llm\nfrom persona.llm import {', '.join(persona.llm.__all__)}\n"
        "class Mine(llm.LLMProvider):\n"
        "    def name(self) -> str: return 'mine'\n"
        "    def complete(self, request: llm.Request, context: llm.Context | None = None) -> llm.Reply:\n"
        "        return llm.Reply(text=request.messages[0].text)\n"
        "async def main() -> str:\n"
        "    stack = llm.standard_stack(Mine(), llm.StackOptions(retry=llm.RetryOptions(attempts=2)))\n"
        "    reply = await stack.complete_async(llm.Request('m', 'hi', json={'type': 'object'}, effort='low'))\n"
        "    pieces = [piece async for piece in stack.stream_async(llm.Request('m', [llm.Message.user('hi')]))]\n"
        "    return reply.text + str(len(pieces)) + str(reply.cost or 'unknown')\n")
    (tmp_path / "improves.py").write_text(
        f"from persona import llm, prompt\nfrom persona.prompt import {', '.join(persona.prompt.__all__)}\n"
        "def score(example: prompt.Example, prediction: prompt.Prediction) -> float: return 0.5\n"
        "def flow(run: prompt.Run, inputs: dict[str, object]) -> dict[str, object]: return run.predict('one', inputs)\n"
        "data = prompt.Dataset([prompt.Example({'question': 'x', 'answer': 1}, id='a')])\n"
        "better = prompt.PromptOptimizer(prompt.predict('question -> answer'), train=data, metric=prompt.metric('m', score),\n"
        "                                model=llm.offline(), budget=prompt.Budget(calls=9)).optimize()\n"
        "low: float = better.report.corrected_score.lower\n")
    (tmp_path / "keeps.py").write_text(
        f"from persona import jobs, postgres, records, sqlite\nfrom persona.jobs import {', '.join(persona.jobs.__all__)}\n"
        "options: postgres.Options = {'password': 'x', 'connections': 2}\n"
        "def greet(job: jobs.RunningJob) -> object: return job.arguments\n"
        "async def wave(job: jobs.RunningJob) -> None: job.context.check()\n"
        "async def main() -> jobs.WorkerReport:\n"
        "    store = await postgres.open_records_async('host=db', **options)\n"
        "    change = records.RecordChange('template', 'x', {'a': 1}, actor='ana')\n"
        "    versions: list[int] = await store.put_async([change])\n"
        "    version: int = store.put(change.replace(expected=versions[0]))\n"
        "    async with sqlite.open_jobs('people.db') as queue:\n"
        "        first: int = queue.enqueue(jobs.NewJob('greet', {'whom': version}))\n"
        "        return await jobs.Worker(queue, {'greet': greet, 'wave': wave}).run_async()\n")
    (tmp_path / "trusts.py").write_text(
        f"from persona import database, records, sqlite\nfrom persona.records import {', '.join(persona.records.__all__)}\n"
        f"from persona.database import {', '.join(persona.database.__all__)}\n"
        "def place(rooms: database.Rooms) -> int: return records.put_group(rooms.records, records.Group('a'), actor='ana')\n"
        "async def later(rooms: database.Rooms) -> str: return (await rooms.records.find_async('group', 'a')).id\n"
        "async def main() -> str:\n"
        "    async with await sqlite.open_database_async('people.db', replace=True) as all_rooms:\n"
        "        version: int = all_rooms.transact(place)\n"
        "        again: int = await all_rooms.transact_async(place)\n"
        "        made = records.make_api_key(all_rooms.records, records.ApiKey(owner='ana'), actor='ana')\n"
        "        owner: str = records.verify_api_key(all_rooms.records, made.text).owner\n"
        "        rows: int = sqlite.backup('people.db', 'copy.db').tables[0].rows\n"
        "        return await all_rooms.transact_async(later) + owner + str(version + again + rows)\n")
    (tmp_path / "bad.py").write_text("import persona\npersona.SpecBuilder('x').correlate('a', 'b', 0.1, kind='none')\n")
    command = [sys.executable, "-m", "mypy", "--strict"]
    good = subprocess.run([*command, "good.py", "talks.py", "improves.py", "keeps.py", "trusts.py"], cwd=tmp_path, capture_output=True, text=True)
    assert good.returncode == 0, good.stdout
    bad = subprocess.run([*command, "bad.py"], cwd=tmp_path, capture_output=True, text=True)
    assert bad.returncode == 1 and 'incompatible type "Literal[\'none\']"' in bad.stdout, bad.stdout


PUBLIC = ["persona", *(f"persona.{name}" for name in ("database", "http", "jobs", "llm", "postgres", "prompt", "records", "sqlite", "testing"))]


def assert_documented(module):
    for name in module.__all__:
        thing = getattr(module, name)
        assert isinstance(thing, (str, type(persona))) or (thing.__doc__ or "").strip(), name
        if isinstance(thing, type):
            undocumented = [n for n, member in vars(thing).items() if not n.startswith("_") and callable(member)
                            and " -> " in (member.__doc__ or "").split("\n")[0] and "\n\n" not in member.__doc__.strip()]
            assert not undocumented, (name, undocumented)  # a signature alone
            assert thing.__module__ in PUBLIC, name


def test_everything_public_is_documented():
    for module in (persona, persona.database, persona.llm, persona.http, persona.jobs, persona.postgres, persona.prompt, persona.records,
                   persona.sqlite, persona.testing):
        assert_documented(module)
        assert sorted(module.__all__) == sorted(set(module.__all__))


def test_the_package_says_that_it_is_typed():
    assert (importlib.resources.files(persona) / "py.typed").is_file()
    assert sorted(persona.__all__) == sorted([n for n in vars(persona) if not n.startswith("_")] + ["__version__"])
