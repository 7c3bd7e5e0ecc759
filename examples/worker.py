"""A worker that draws populations, makes prompts better and tells others when it is done.

usage: worker.py DATABASE SPEC.json DATA.jsonl URL    (DATABASE: a file, or a connection string of Postgres)
"""

import asyncio
import json
import os
import sys
import urllib.error
import urllib.request

import persona

database, spec, data, url = sys.argv[1:]
place, options = persona.sqlite, {}
if "=" in database or "://" in database:
    place = persona.postgres
    options = {"password": persona.Secret.from_environment("PEOPLE_PASSWORD"), "schema": os.environ["PEOPLE_SCHEMA"]}

# [worker]
from persona import jobs, llm, prompt

storage = place.open(database, replace=True, **options)  # persona.sqlite or persona.postgres; done twice, it is there once
queue = place.open_jobs(database, **options)


def generate(job):
    wanted = job.arguments

    def progress(done, total):
        job.context.check()  # raises when the job is cancelled
        job.progress(done / total)

    generator = persona.PersonaGenerator.compile(wanted["spec"])
    people = generator.generate(count=wanted["count"], seed=wanted["seed"], progress=progress)
    storage.put(wanted["name"], people, generator.spec)
    news = {"url": url, "body": {"made": wanted["name"]}}
    queue.enqueue(jobs.NewJob("webhook", news, idempotency_key=f"made {job.job.id}"))  # done twice, it is told once
    return {"people": len(people)}


def optimize(job):
    data = prompt.read_dataset(job.arguments["data"])
    train, validation, _ = prompt.split(data, 0.4, 0.6)
    optimizer = prompt.PromptOptimizer(
        prompt.predict("sentence -> kind: 'animal'|'plant'|'tool'"), train=train, validation=validation,
        metric=prompt.exact_match("kind"), model=llm.offline(), model_name="offline", budget=prompt.Budget(calls=2000))
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


handlers = {"generate": generate, "optimize": optimize, "webhook": webhook}
worker = jobs.Worker(queue, handlers, jobs.WorkerOptions(threads=2))
# [worker]


async def until_all_is_done():
    await queue.enqueue_async([
        jobs.NewJob("generate", {"name": "sample", "spec": spec, "count": 5000, "seed": 7}, unique_key="sample"),
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
