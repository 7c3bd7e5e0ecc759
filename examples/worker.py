"""A worker that draws populations, writes profiles, makes prompts better and tells others when it is done.

usage: worker.py DATABASE SPEC.json DATA.jsonl URL    (DATABASE: a file, or a connection string of Postgres)
"""

import asyncio
import json
import os
import sys
import urllib.error
import urllib.request

import persona

where, spec, data, url = sys.argv[1:]
place, options = persona.sqlite, {}
if "=" in where or "://" in where:
    place = persona.postgres
    options = {"password": persona.Secret.from_environment("PEOPLE_PASSWORD"), "schema": os.environ["PEOPLE_SCHEMA"]}

# [worker]
from persona import jobs, llm, prompt, records

# persona.sqlite or persona.postgres; populations are replaced: done twice, one is there once
database = place.open_database(where, replace=True, **options)
runs = place.open_run_ledger(where, **options)
provider, model = llm.from_environment(), os.environ.get("PEOPLE_MODEL", "offline/nearest-neighbour")
profile = {"type": "object", "required": ["profile"], "additionalProperties": False,
           "properties": {"profile": {"type": "string", "minLength": 1}}}


def generate(job):
    wanted = job.arguments

    def progress(done, total):
        job.context.check()  # raises when the job is cancelled
        job.progress(done / total)

    generator = persona.PersonaGenerator.compile(wanted["spec"])
    people = generator.generate(count=wanted["count"], seed=wanted["seed"], progress=progress)
    database.populations.put(wanted["name"], people, generator.spec)
    made = f"made {job.job.id}"  # done twice, these are enqueued once
    page = {"name": wanted["name"], "after": -1, "limit": 20}
    news = {"url": wanted["url"], "body": {"made": wanted["name"]}}
    database.jobs.enqueue([jobs.NewJob("write", page, idempotency_key=f"{made}: write"),
                           jobs.NewJob("webhook", news, idempotency_key=f"{made}: tell")])
    return {"people": len(people)}


def is_written(who):
    try:
        return database.records.find("profile", who) is not None
    except persona.NotFound:
        return False


def write(job):
    name, asked = job.arguments["name"], 0
    page = database.populations.read(name, after=job.arguments["after"], limit=job.arguments["limit"], context=job.context)
    for row, person in enumerate(page):
        who = f"{name}/{person['index']}"
        job.progress(row / len(page))
        if is_written(who):
            continue  # paid for already
        request = llm.Request(model, [
            llm.Message.system("Write a short profile of this person, true to every attribute."),
            llm.Message.user(person.to_json())], max_output_tokens=300, json=profile)
        body = provider.complete(request, job.context).json
        change = records.RecordChange("profile", who, body, person=who, actor="worker", idempotency_key=f"profile {who}")
        try:
            database.records.put(change)
        except persona.Conflict:
            pass  # the person was erased
        asked += 1
    return {"people": len(page), "asked": asked}


def optimize(job):
    data = prompt.read_dataset(job.arguments["data"])
    train, validation, _ = prompt.split(data, 0.4, 0.6)
    optimizer = prompt.PromptOptimizer(
        prompt.predict("sentence -> kind: 'animal'|'plant'|'tool'"), train=train, validation=validation,
        metric=prompt.exact_match("kind"), model=llm.offline(), model_name="offline", budget=prompt.Budget(calls=2000),
        ledger=runs, run=f"job {job.job.id}")  # whoever takes the job over goes on where it stopped
    better = optimizer.optimize(job.context)
    job.context.check()  # stopped, it has answered with the best so far
    return {"certificate": better.report.certificate.verdict}


async def webhook(job):
    wanted = job.arguments
    request = urllib.request.Request(wanted["url"], json.dumps(wanted["body"]).encode(),
                                     {"Content-Type": "application/json", "Idempotency-Key": str(job.job.id)})
    try:
        answer = await asyncio.to_thread(urllib.request.urlopen, request, timeout=10)
    except urllib.error.HTTPError as refused:
        if refused.code in (400, 404, 410):
            raise jobs.DoNotRetry(f"the receiver says {refused.code}") from None
        raise  # tried again later
    return {"status": answer.status}


handlers = {"generate": generate, "write": write, "optimize": optimize, "webhook": webhook}
worker = jobs.Worker(database.jobs, handlers, jobs.WorkerOptions(threads=2))
# [worker]


async def until_all_is_done():
    queue = database.jobs
    await queue.enqueue_async([
        jobs.NewJob("generate", {"name": "sample", "spec": spec, "count": 5000, "seed": 7, "url": url}, unique_key="sample"),
        jobs.NewJob("optimize", {"data": data}),
    ])
    working = asyncio.create_task(worker.run_async())
    while any(job.ended is None for job in await queue.list_async()):
        await asyncio.sleep(0.05)
    worker.stop()
    print(await working)
    for job in await queue.list_async():
        print(job.work.kind, job.state, job.result, job.error)


asyncio.run(until_all_is_done())
