"""How calls of language models are watched and stopped: streams, threads, asyncio, Ctrl-C, deadlines."""

import asyncio
import contextvars
import gc
import signal
import subprocess
import sys
import threading
import weakref

import pytest

import persona
from persona import llm, testing
from test_llm_providers import Parrot, ask


class Slow(Parrot):
    """Works until it is stopped."""

    def __init__(self):
        super().__init__()
        self.begun, self.ended = threading.Event(), threading.Event()

    def complete(self, request, context=None):
        self.begun.set()
        try:
            for _ in range(10_000):
                context.check()
                threading.Event().wait(0.005)
            return "never stopped"
        finally:
            self.ended.set()


def spoken():
    return testing.ScriptedProvider([testing.says("one two three", pieces=["one", " two", " three"])] * 3)


def test_a_stream_comes_in_pieces_to_a_function_or_a_loop():
    pieces = []
    reply = llm.retry(spoken()).stream(ask(), pieces.append)
    assert [piece.text for piece in pieces] == ["one", " two", " three"] and reply.text == "one two three"
    stream = llm.retry(spoken()).deltas(ask())
    assert [piece.text for piece in stream] == ["one", " two", " three"] and stream.reply.text == "one two three"
    assert list(stream) == [] and spoken().deltas(ask()).reply.text == "one two three"


def test_what_the_listener_raises_ends_the_stream():
    shown = []

    def listen(piece):
        shown.append(piece)
        raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        spoken().stream(ask(), listen)
    assert len(shown) == 1


def test_a_stream_that_fails_raises_where_it_is_read():
    script = testing.ScriptedProvider([testing.Step(persona.Unavailable("cut"), ["one", " two"], fail_after=1)])
    stream = script.deltas(ask())
    assert next(stream).text == "one"
    with pytest.raises(persona.Unavailable, match="cut"):
        next(stream)


def test_a_provider_of_python_streams_through_policies():
    class Talker(Parrot):
        def stream(self, request, on_delta, context=None):
            for piece in ("a", llm.ThinkingDelta("hm"), llm.TextDelta("b")):
                on_delta(piece)
            return llm.Reply(text="ab")

    pieces = []
    assert llm.standard_stack(Talker()).stream(ask(), pieces.append).text == "ab"
    assert pieces == [llm.TextDelta("a"), llm.ThinkingDelta("hm"), llm.TextDelta("b")]
    pieces.clear()
    assert llm.retry(Parrot("whole")).stream(ask(), pieces.append).text == "whole" and pieces == [llm.TextDelta("whole")]
    with pytest.raises(RuntimeError, match="mine"):
        def refuse(piece):
            raise RuntimeError("mine")
        llm.standard_stack(Talker()).stream(ask(), refuse)


def test_leaving_a_stream_ends_its_call():
    ended = threading.Event()

    class Endless(Parrot):
        def stream(self, request, on_delta, context=None):
            try:
                while True:
                    on_delta("more ")
            finally:
                ended.set()

    with llm.retry(Endless()).deltas(ask()) as stream:
        assert next(stream).text == "more "
    assert ended.wait(30)


def test_a_deadline_and_a_stop_end_a_call():
    with pytest.raises(persona.DeadlineExceeded):
        llm.retry(Slow()).complete(ask(), llm.Context(timeout=0.05))
    slow, context = Slow(), llm.Context()
    threading.Thread(target=lambda: (slow.begun.wait(30), context.stop())).start()
    with pytest.raises(persona.Cancelled):
        llm.retry(slow).complete(ask(), context)
    with pytest.raises(persona.Cancelled):
        llm.offline().complete(ask(), context)
    with pytest.raises(ValueError):
        llm.Context(timeout=-1)


def test_many_requests_are_answered_in_order_with_their_errors():
    def answer(request):
        if request.messages[0].text == "3":
            raise persona.Refused("not three")
        return request.messages[0].text

    requests = [ask(messages=str(i)) for i in range(20)]
    answers = llm.complete_many(testing.ScriptedProvider(answer), requests, concurrency=4)
    assert [a.text for a in answers if isinstance(a, llm.Reply)] == [str(i) for i in range(20) if i != 3]
    assert isinstance(answers[3], persona.Refused)


def test_many_threads_share_a_stack():
    stack = llm.standard_stack(Parrot())
    failures = []

    def work(number):
        for i in range(50):
            if stack.complete(ask(messages=f"{number} {i}")).text != "hello":
                failures.append((number, i))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert failures == []


def test_providers_go_when_nobody_holds_them():
    parrot = Parrot()
    gone = weakref.ref(parrot)
    stack = llm.hedged(llm.standard_stack(parrot), llm.HedgeOptions(delay=0.0, share=1.0))
    assert stack.complete(ask()).text == "hello"
    del parrot, stack
    gc.collect()
    assert gone() is None


def test_asyncio_waits_without_blocking():
    async def all_of_it():
        script = testing.ScriptedProvider(lambda request: request.messages[0].text)
        texts = [(await asyncio.gather(*(script.complete_async(ask(messages=str(i))) for i in range(50))))[i].text
                 for i in range(50)]
        assert texts == [str(i) for i in range(50)]
        many = await llm.complete_many_async(script, [ask(messages="a"), ask(messages="b")])
        assert [reply.text for reply in many] == ["a", "b"]
        stream = llm.retry(spoken()).stream_async(ask())
        assert [piece.text async for piece in stream] == ["one", " two", " three"]
        assert stream.reply.text == "one two three"
        assert (await llm.offline().embed_async(llm.EmbedRequest("m", ["x"]))).vectors.shape == (1, 256)
        assert await Parrot().count_tokens_async(ask(messages="four")) == 4
        with pytest.raises(persona.Unavailable):
            await testing.ScriptedProvider([]).complete_async(ask())
        with pytest.raises(persona.Unavailable):
            async for _ in testing.ScriptedProvider([]).stream_async(ask()):
                pass

    asyncio.run(all_of_it())


def test_cancelling_a_task_stops_its_call():
    slow = Slow()

    async def main():
        task = asyncio.create_task(llm.retry(slow).complete_async(ask()))
        await asyncio.to_thread(slow.begun.wait, 30)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(slow.ended.wait, 30)
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(llm.retry(Slow()).complete_async(ask()), 0.05)
        context, other = llm.Context(), Slow()
        task = asyncio.create_task(llm.retry(other).complete_async(ask(), context))
        await asyncio.to_thread(other.begun.wait, 30)
        context.stop()
        with pytest.raises(persona.Cancelled):
            await task

    asyncio.run(main())


def test_cancelling_a_reader_stops_its_stream():
    ended = threading.Event()

    class Endless(Parrot):
        def stream(self, request, on_delta, context=None):
            try:
                while True:
                    context.check()
                    on_delta("more ")
                    threading.Event().wait(0.001)
            finally:
                ended.set()

    async def main():
        stream = llm.retry(Endless()).stream_async(ask())
        async for piece in stream:
            assert piece.text == "more "
            break
        await stream.aclose()
        assert await asyncio.to_thread(ended.wait, 30)

    asyncio.run(main())


def test_context_variables_reach_a_provider_of_python():
    where = contextvars.ContextVar("where", default="nowhere")

    class Here(Parrot):
        def complete(self, request, context=None):
            return where.get()

    async def main():
        where.set("here")
        return (await Here().complete_async(ask())).text

    assert asyncio.run(main()) == "here"


WORK = """
import threading
from persona import llm, testing
class Slow(llm.LLMProvider):
    def name(self): return "slow"
    def complete(self, request, context):
        print("begun", flush=True)
        while True:
            context.check()
            threading.Event().wait(0.01)
waiting = testing.ScriptedProvider([testing.says("late", delay=1000.0), testing.says("late", delay=1000.0), "after"])
request = llm.Request("m", "hi")
for call in (lambda: llm.retry(Slow()).complete(request), lambda: (print("begun", flush=True), waiting.complete(request)),
             lambda: (print("begun", flush=True), list(waiting.deltas(request)))):
    try:
        call()
    except KeyboardInterrupt:
        print("stopped", flush=True)
print(llm.offline().complete(request).model)
"""


AT_THE_DOOR = """
import ctypes, threading, types
from persona import llm, testing
main, kill, signals = types.SimpleNamespace(ident=threading.get_ident()), ctypes.CDLL(None)["raise"], []
def main_thread():  # the last of Python before the wait; its own last step is C, so that it misses the signal
    for _ in map(kill, signals): break
    return main
threading.main_thread = main_thread
slow = testing.ScriptedProvider(["soon", testing.says("late", delay=1000.0)])
request = llm.Request("m", "hi")
print(slow.complete(request).text, flush=True)
signals.append(2)
try:
    slow.complete(request)
except KeyboardInterrupt:
    print("stopped", flush=True)
"""

LEFT_AT_START = """
import threading
from persona import llm, testing
start = threading.Thread.start
def interrupted(thread):
    if when == "after": start(thread)
    raise KeyboardInterrupt
for when in ("before", "after"):
    threading.Thread.start = interrupted
    try:
        testing.ScriptedProvider([testing.says("late", delay=1000.0)]).deltas(llm.Request("m", "hi"))
    except KeyboardInterrupt:
        print("stopped", flush=True)
    threading.Thread.start = start
"""


@pytest.mark.parametrize(("script", "said"), [(AT_THE_DOOR, "soon\nstopped\n"), (LEFT_AT_START, "stopped\nstopped\n")])
def test_ctrl_c_at_the_beginning_of_a_call(script, said):
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr, done.returncode) == (said, "", 0)


def test_ctrl_c_ends_a_call_and_the_next_one_works():
    process = subprocess.Popen([sys.executable, "-c", WORK], stdout=subprocess.PIPE, text=True)
    for _ in range(3):
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "stopped\n"
    assert process.stdout.readline() == "offline-nearest-neighbour\n"
    assert process.wait(timeout=30) == 0
