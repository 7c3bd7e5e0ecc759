"""persona.llm over HTTP against a mock on loopback: wire, keys that never show, forks, Ctrl-C."""

import asyncio
import gc
import io
import logging
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import threading
import traceback

import pytest

import persona
from mock_openai import CANARY, MockOpenAI
from persona import _llm, llm
from test_llm_providers import ask

pytestmark = pytest.mark.skipif(not hasattr(_llm, "_curl_transport"), reason="built without HTTP")


@pytest.fixture
def mock():
    with MockOpenAI() as server:
        yield server


@pytest.fixture
def model(mock):
    return llm.openai(key=CANARY, base_url=mock.url)


def test_a_call_goes_out_and_comes_back(mock, model):
    reply = model.complete(ask(model="gpt-x", temperature=0, max_output_tokens=9))
    assert reply.text == "yes, of course" and reply.usage == llm.Usage(input=10, output=5) and reply.provider.startswith("openai")
    assert mock.keys == [f"Bearer {CANARY}"] and mock.requests[0]["model"] == "gpt-x"
    assert mock.requests[0]["messages"] == [{"role": "user", "content": "hi"}]
    assert [p.text for p in model.deltas(ask())] == ["yes,", " of", " course"]
    vectors = model.embed(llm.EmbedRequest("e", ["a", "bcd"])).vectors
    assert vectors.tolist() == [[1, 1], [3, 1]]


def test_errors_of_the_wire_have_their_class(mock, model):
    mock.failures = [(429, [("Retry-After", "3")]), (401, []), (500, [])]
    with pytest.raises(persona.RateLimited) as raised:
        model.complete(ask())
    assert raised.value.service.retry_after == 3.0 and raised.value.service.status == 429
    with pytest.raises(persona.Unauthenticated):
        model.complete(ask())
    with pytest.raises(persona.Unavailable):
        model.complete(ask())
    assert llm.retry(model).complete(ask()).text == "yes, of course"


def test_asyncio_over_the_wire(mock, model):
    async def main():
        replies = await asyncio.gather(*(model.complete_async(ask(messages=str(i))) for i in range(20)))
        assert {reply.text for reply in replies} == {"yes, of course"}
        assert "".join([p.text async for p in model.stream_async(ask())]) == "yes, of course"
        mock.hold, call = True, asyncio.create_task(model.complete_async(ask()))
        mock.arrived.clear()
        await asyncio.to_thread(mock.arrived.wait, 30)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    asyncio.run(main())


def test_from_environment_routes(mock, monkeypatch):
    for name in list(os.environ):
        if name.endswith("_API_KEY"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    monkeypatch.setenv("OPENAI_BASE_URL", mock.url)
    assert llm.environment_providers()[:2] == ["openai", "responses"]
    model = llm.from_environment()
    reply = model.complete(ask(model="openai/openai/gpt-4o-mini"))  # the whole name, as proxies have it, has a price
    assert reply.cost == persona.Money("$0.0000045") and model.complete(ask(model="openai/gpt-4o-mini")).cost is None
    monkeypatch.setenv("OPENAI_BASE_URL", "nonsense")
    with pytest.raises(persona.InvalidArgument, match="OPENAI_BASE_URL"):
        llm.from_environment()


@pytest.mark.parametrize("make", [llm.openai, llm.openai_responses, llm.anthropic, llm.gemini,
                                  lambda **o: llm.azure(endpoint=o.pop("base_url"), **o)])
def test_no_key_shows_anywhere(mock, make, caplog):
    seen = io.StringIO()
    logging.getLogger().addHandler(handler := logging.StreamHandler(seen))
    events = []
    mock.failures = [(401, []), (400, []), (500, [])]
    model = make(key=CANARY, base_url=mock.url)
    stack = llm.traced(model, events.append)
    for shown in (persona.Secret(CANARY), model, stack, repr(stack), model.name(), [persona.Secret(CANARY)]):
        print(repr(shown), str(shown), file=seen)
    wrong = [lambda: make(key=CANARY, base_url=mock.url, nonsense=1), lambda: make(key=CANARY, base_url=7),
             lambda: make(key=CANARY.encode(), base_url=mock.url), lambda: make(key=CANARY, base_url=mock.url, timeout="x"),
             lambda: persona.Secret(CANARY.encode()), lambda: pickle.dumps(persona.Secret(CANARY)),
             *[lambda: stack.complete(ask(messages=f"{i}")) for i in range(3)]]
    for work in wrong:
        with pytest.raises(Exception) as raised:
            work()
        print("".join(traceback.format_exception_only(type(raised.value), raised.value)), repr(raised.value),
              vars(raised.value), file=seen)
    print(events, [event.attributes for event in events], caplog.text, file=seen)
    logging.getLogger().removeHandler(handler)
    assert CANARY not in seen.getvalue() and CANARY[3:20] not in seen.getvalue()
    assert len(events) == 3 and persona.Secret(CANARY).reveal() == CANARY


def test_keys_are_found_late(mock, monkeypatch, tmp_path):
    monkeypatch.setenv("MY_KEY", "first-key")
    (tmp_path / "key").write_text("file-key\n")
    late = [persona.Secret.from_environment("MY_KEY"), persona.Secret.from_file(str(tmp_path / "key")),
            persona.Secret.from_function(lambda: "made-key")]
    for secret in late:
        llm.openai(key=secret, base_url=mock.url).complete(ask())
    assert mock.keys == ["Bearer first-key", "Bearer file-key", "Bearer made-key"]

    def broken():
        raise RuntimeError(CANARY)

    with pytest.raises(persona.Unauthenticated) as raised:
        llm.openai(key=persona.Secret.from_function(broken), base_url=mock.url).complete(ask())
    assert CANARY not in str(raised.value) and "RuntimeError" in str(raised.value)


def _child(model, url, queue):
    try:
        queue.put(model.complete(ask()).text)
        queue.put(llm.openai(base_url=url).complete(ask()).text)
        queue.put("".join(p.text for p in model.deltas(ask())))
        queue.put(asyncio.run(model.complete_async(ask())).text)
    except BaseException as failure:
        queue.put(repr(failure))


def test_a_forked_child_makes_calls_and_ends(mock, model):
    assert model.complete(ask()).text == asyncio.run(model.complete_async(ask())).text  # all threads are there
    fork = multiprocessing.get_context("fork")
    for _ in range(3):
        queue = fork.Queue()
        child = fork.Process(target=_child, args=(model, mock.url, queue))
        child.start()
        assert [queue.get(timeout=60) for _ in range(4)] == ["yes, of course"] * 4
        child.join(30)
        assert child.exitcode == 0
        assert model.complete(ask()).text == "yes, of course"  # the parent's connections are its own


def test_a_fork_in_the_middle_of_calls_does_no_harm(mock, model):
    mock.hold = True
    thread = threading.Thread(target=lambda: model.complete(ask()))
    thread.start()
    assert mock.arrived.wait(30)
    mock.hold = False
    child = os.fork()
    if child == 0:
        try:
            ok = model.complete(ask()).text == "yes, of course"
            gc.collect()
        finally:
            os._exit(0 if ok else 3)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    mock.released.set()
    thread.join(30)
    assert not thread.is_alive()


WORK = """
import sys
from persona import _llm, llm
model = llm.openai(base_url=sys.argv[1])
try:
    print("begun", flush=True)
    model.complete(llm.Request("m", "hi"))
except KeyboardInterrupt:
    print("stopped", flush=True)
"""


def test_ctrl_c_ends_a_call_over_the_wire(mock):
    mock.hold = True
    process = subprocess.Popen([sys.executable, "-c", WORK, mock.url], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "begun\n" and mock.arrived.wait(30)
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "stopped\n" and process.wait(timeout=30) == 0


def test_batches_are_answered_by_id():
    batches = llm.OpenAIBatches(key=CANARY, base_url="http://127.0.0.1:9/v1")
    with pytest.raises(persona.Unavailable):
        batches.submit({"a": ask()})
    with pytest.raises(persona.Conflict):
        batches.answers(llm.BatchState("b", "in_progress"))
    assert llm.BatchState("b", "expired").is_over


def test_pages_are_fetched_from_public_addresses_alone(mock):
    assert persona.http.is_public_address("93.184.216.34") and not persona.http.is_public_address("10.0.0.1")
    with pytest.raises(persona.PermissionDenied):
        persona.http.fetch("http://127.0.0.1/")
    page = persona.http.Page("http://x/", "text/html", b"<p>seen</p><script>unseen()</script>")
    assert persona.http.readable_text(page).strip() == "seen"
    with pytest.raises(persona.NotFound):
        persona.http.curl_transport(ca_file="/no/such/file")
