"""persona.llm without a network: providers of one's own, policies, money, structured output, values."""

import copy
import json
import pickle
import sys
import threading

import pytest

import persona
from persona import _llm, llm, testing


class Parrot(llm.LLMProvider):
    """A provider in a page."""

    def __init__(self, answer="hello"):
        super().__init__()
        self.answer, self.asked = answer, []

    def name(self):
        return "parrot"

    def capabilities(self, model):
        return llm.Capabilities(streaming=True, count_tokens=True, max_input_tokens=100)

    def complete(self, request, context=None):
        self.asked.append((request, context))
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer

    def count_tokens(self, request, context=None):
        return sum(len(message.text) for message in request.messages)


def ask(**changes):
    return llm.Request(**{"model": "m", "messages": "hi", **changes})


def test_a_class_of_python_is_a_provider_under_every_policy():
    parrot = Parrot()
    stack = llm.standard_stack(parrot)
    reply = stack.complete(ask())
    assert (reply.text, reply.provider, reply.model) == ("hello", "parrot", "m")
    assert stack.capabilities("m").max_input_tokens == 100 and "parrot" in stack.name()
    assert stack.count_tokens(ask(messages="four")) == 4
    with pytest.raises(persona.Unsupported):
        stack.embed(llm.EmbedRequest("m", ["a"]))
    request, context = parrot.asked[0]
    assert request == ask() and context.remaining is None and not context.stopped
    with pytest.raises(ValueError):
        context.stop()


def test_the_object_comes_back_and_outlives_its_name():
    parrot = Parrot()
    assert llm.Target(parrot).provider is parrot
    stack = llm.retry(Parrot("still here"))
    import gc
    gc.collect()
    assert stack.complete(ask()).text == "still here"


def test_it_keeps_the_contract_of_providers():
    assert testing.provider_contract(lambda: llm.offline(), "m") == []

    class Obedient(Parrot):
        def complete(self, request, context=None):
            if request.tools or request.json or any(isinstance(p, llm.Image) for m in request.messages for p in m.parts):
                raise persona.Unsupported("words alone")
            return llm.Reply(text="yes", usage=llm.Usage(input=1, output=1))

    assert testing.provider_contract(lambda: Obedient(), "m") == []


@pytest.mark.parametrize("failure", [
    persona.RateLimited("slow down", "", persona.ServiceFailure(429, "tokens", "req-1", 2.5, True, False, persona.Money(0.5))),
    persona.ContextTooLong("too long", "/messages/0"), persona.Refused("no")])
def test_what_it_raises_arrives_as_it_was(failure):
    with pytest.raises(type(failure)) as raised:
        llm.structured(Parrot(failure)).complete(ask())
    assert (raised.value.message, raised.value.path, raised.value.service) == (failure.message, failure.path, failure.service)
    assert pickle.loads(pickle.dumps(raised.value)).service == failure.service


def test_other_exceptions_are_internal_and_say_where():
    with pytest.raises(persona.Internal, match=r"ZeroDivisionError: by zero \(test_llm_providers.py:\d+\)"):
        llm.structured(Parrot(ZeroDivisionError("by zero"))).complete(ask())
    with pytest.raises(persona.Unsupported):
        llm.structured(Parrot(NotImplementedError())).complete(ask())
    with pytest.raises(persona.Internal):
        llm.structured(Parrot(7)).complete(ask())
    with pytest.raises(ZeroDivisionError):
        Parrot(ZeroDivisionError()).complete(ask())  # its own method, called by itself


def test_errors_of_services_say_what_to_do():
    provider = testing.ScriptedProvider([testing.fails(429, retry_after=7.5), testing.fails(503), persona.Unauthenticated("no key")])
    with pytest.raises(persona.RateLimited) as raised:
        provider.complete(ask())
    service = raised.value.service
    assert (service.status, service.retry_after, service.retryable) == (429, 7.5, True)
    with pytest.raises(persona.Unavailable):
        provider.complete(ask())
    with pytest.raises(persona.Unauthenticated, match="no key"):
        provider.complete(ask())
    with pytest.raises(persona.Unavailable, match="at its end"):
        provider.complete(ask())


def test_retries_wait_what_the_server_asks_by_a_clock_of_the_test():
    clock = testing.FakeClock()
    script = testing.ScriptedProvider([testing.fails(429, retry_after=20), testing.fails(500), "at last"], clock)
    reply = llm.retry(script, llm.RetryOptions(attempts=3, clock=clock)).complete(ask())
    assert reply.text == "at last" and len(script.requests) == 3 and 20 <= clock.waited <= 22 + 1
    assert [type(attempt.error) for attempt in reply.attempts][:2] == [persona.RateLimited, persona.Unavailable]


def test_structured_output_is_validated_and_asked_for_again():
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    script = testing.ScriptedProvider(['{"n": "ten"}', 'Sure: ```json\n{"n": 10}\n```'])
    reply = llm.structured(script).complete(ask(json=schema))
    assert reply.json == {"n": 10} and len(script.requests) == 2 and reply.usage.input == 20
    assert script.requests[0].json.schema == schema
    with pytest.raises(persona.InvalidOutput) as raised:
        llm.structured(testing.ScriptedProvider(['{"n": 1.5}'] * 2)).complete(ask(json=schema))
    assert raised.value.path == "/n"
    checked = llm.JsonSchema(schema)
    assert checked.validate({"n": 1}) == [] and checked.validate({})[0].message
    with pytest.raises(persona.InvalidArgument):
        llm.JsonSchema({"type": "nonsense"})


def test_tools_travel_as_dictionaries():
    call = llm.ToolCall("c1", "add", {"a": 1, "b": [2]})
    assert call.arguments == {"a": 1, "b": [2]}
    assert llm.ToolCall("c1", "add", '{"a": 1').arguments == '{"a": 1'  # as the model wrote it
    script = testing.ScriptedProvider([llm.Reply(tool_calls=[call], finish="tool_calls")])
    tool = llm.Tool("add", "adds", {"type": "object", "properties": {"a": {"type": "integer"}}})
    reply = llm.retry(script).complete(ask(tools=[tool], tool_use="required"))
    turn = reply.message()
    assert turn.role == "assistant" and turn.parts == [call] and script.requests[0].tools[0].parameters == tool.parameters
    assert script.requests[0].tool_use == "required"
    pieces = list(testing.ScriptedProvider([reply]).deltas(ask()))
    assert [(p.name, json.loads(p.arguments)) for p in pieces] == [("add", {"a": 1, "b": [2]})]


def test_no_budget_is_passed_by_many_threads():
    ledger = llm.memory_ledger()
    ledger.set_cap("all", llm.Cap(money="$0.01", calls=25))
    prices = llm.PriceTable([llm.Price("scripted/m", llm.TokenPrices(persona.Money(1e-6), persona.Money(2e-6)))])
    script = testing.ScriptedProvider(lambda request: llm.Reply(text="x", usage=llm.Usage(input=10, output=5)))
    model = llm.metered(script, llm.MeterOptions(prices=prices, ledger=ledger, max_output_tokens=10))
    answers, lock = [], threading.Lock()

    def work():
        for _ in range(10):
            try:
                answer = model.complete(ask())
            except persona.QuotaExceeded as refused:
                answer = refused
            with lock:
                answers.append(answer)

    threads = [threading.Thread(target=work) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    paid = [answer for answer in answers if isinstance(answer, llm.Reply)]
    balance = ledger.balance("all")
    assert len(answers) == 40 and len(paid) == 25 == balance.spent.calls and balance.reserved.calls == 0
    assert balance.spent.money == persona.Money("0.00002") * 25 == persona.Money(25 * 20e-6)
    assert paid[0].cost == "$0.00002"


def test_an_unknown_price_is_unknown_and_never_nothing():
    table = llm.PriceTable.built_in()
    assert table.find("openai", "no-such-model") is None and len(table) > 50
    price = table.find("openai", "gpt-4o-mini")
    assert price.source.startswith("http") and llm.cost(price, llm.Usage(input=1000)) == price.standard.input * 1000
    assert llm.metered(testing.ScriptedProvider(["x"])).complete(ask()).cost is None
    with pytest.raises(persona.Unsupported):
        llm.metered(testing.ScriptedProvider(["x"]), llm.MeterOptions(ledger=llm.memory_ledger())).complete(ask())


def test_caches_answer_what_they_may(tmp_path):
    stored = persona.sqlite.open_cache(tmp_path / "answers.db")
    first = llm.cached(testing.ScriptedProvider(["once"]), stored)
    assert first.complete(ask(temperature=0)).source == "provider"
    again = llm.cached(testing.ScriptedProvider([]), persona.sqlite.open_cache(tmp_path / "answers.db"))
    assert again.complete(ask(temperature=0)).source == "stored_cache"
    with pytest.raises(persona.Unavailable):
        again.complete(ask(temperature=1))
    ledger = persona.sqlite.open_ledger(tmp_path / "answers.db")
    ledger.set_cap("a", llm.Cap(tokens=5))
    with pytest.raises(persona.QuotaExceeded):
        ledger.reserve(["a"], llm.Charge(tokens=6))
    stack = llm.standard_stack(testing.ScriptedProvider(["x", "y"]))
    other = llm.standard_stack(testing.ScriptedProvider(["z"]))
    assert [stack.complete(ask(temperature=0)).text for _ in range(2)] == ["x", "x"]
    assert other.complete(ask(temperature=0)).text == "z"  # a cache of its own
    off = llm.standard_stack(testing.ScriptedProvider(["x", "y"]), llm.StackOptions(memory=False))
    assert [off.complete(ask(temperature=0)).text for _ in range(2)] == ["x", "y"]


def test_the_semantic_cache_counts_in_shadow():
    options = llm.SemanticCacheOptions(embedder=llm.offline(), embedding_model="e", similarity=0.5)
    cache = llm.semantically_cached(testing.ScriptedProvider(["a", "b"]), options)
    for text in ("what is the capital of France", "what is the capital of france"):
        cache.complete(ask(messages=text, call=llm.CallOptions(cache=llm.CachePolicy())))
    counts = cache.counts()
    assert counts.lookups == 2 and counts.hits + counts.guarded == 1
    rate = llm.false_hit_rate([llm.LabelledPair("a b", "a b", True)], options)
    assert rate.false_hits == 0 and 0 < rate.upper <= 1


def test_fallback_hedge_limits_and_router_stand_alone():
    broken, whole = testing.ScriptedProvider([testing.fails(500)]), testing.ScriptedProvider(["whole"] * 9)
    assert llm.fallback([llm.Target(broken), llm.Target(whole, "other")]).complete(ask()).text == "whole"
    assert whole.requests[0].model == "other"
    for wrap in (llm.hedged, llm.breaker, llm.concurrency_limited, llm.single_flight,
                 lambda p: llm.rate_limited(p, llm.RateLimits(requests_per_minute=60))):
        assert wrap(whole).complete(ask()).text == "whole"
    route = llm.router([llm.Route("a", whole)])
    assert route.complete(ask(model="a/b/c")).text == "whole" and whole.requests[-1].model == "b/c"
    with pytest.raises(persona.NotFound, match="a"):
        route.complete(ask(model="x/y"))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_events_and_metrics_tell_what_happened(capsys):
    events, metrics = [], llm.Metrics()
    stack = llm.traced(llm.traced(testing.ScriptedProvider(["yes"] * 2), metrics), events.append)
    stack.complete(ask(call=llm.CallOptions(trace_id="t1")))
    assert events[-1].name == "chat m" and events[-1].trace_id == "t1" and events[-1].start > 1.7e9
    assert events[-1].attributes["gen_ai.request.model"] == "m" and "hi" not in repr(events)
    assert 'gen_ai_request_model="m"' in metrics.prometheus() or "m" in metrics.prometheus()
    assert llm.traced(testing.ScriptedProvider(["yes"]), lambda event: 1 / 0).complete(ask()).text == "yes"
    with pytest.raises(TypeError):
        llm.traced(stack, 7)


def test_cassettes_play_back(tmp_path):
    path = str(tmp_path / "calls.jsonl")
    llm.record(testing.ScriptedProvider(["recorded"]), path).complete(ask())
    assert llm.replay(path).complete(ask()).text == "recorded"
    with pytest.raises(persona.NotFound):
        llm.replay(path).complete(ask(messages="something else"))


def test_values_do_not_change_and_travel():
    request = ask(temperature=0.5, json={"type": "object"}, stop=["x"], effort="low", extra={"k": 1},
                  messages=[llm.Message.system("s"), llm.Message("user", ["look", llm.Image("image/png", b"\x89PNG")])])
    for copied in (copy.deepcopy(request), pickle.loads(pickle.dumps(request)), llm.Request.from_json(request.to_json())):
        assert copied == request and copied.messages[1].parts[1].bytes == b"\x89PNG"
    assert request.replace(model="n") == request.replace(model="n") != request
    with pytest.raises(AttributeError):
        request.model = "n"
    with pytest.raises(ValueError, match="'system', 'user'"):
        llm.Message("boss", "do it")
    reply = llm.Reply(text="a", usage=llm.Usage(input=3), cost="$0.10", json={"a": 1}, total=1.5)
    assert pickle.loads(pickle.dumps(reply)) == reply and reply.cost == 0.1 and reply.total == 1.5
    assert eval(repr(request), {name: getattr(llm, name) for name in llm.__all__}) == request
    assert pickle.loads(pickle.dumps(persona.Money("0.1"))) + 0.2 == persona.Money("$0.30")


def test_offline_answers_and_embeds_without_a_model():
    model = llm.standard_stack(llm.offline())
    reply = model.complete(ask(messages="Text: a b\nTopic: x\n\nText: c d\nTopic: y\n\nText: a b\nTopic:"))
    assert reply.model == "offline-nearest-neighbour" and "x" in reply.text
    vectors = model.embed(llm.EmbedRequest("m", ["one", "two", "one"])).vectors
    assert vectors.shape == (3, 256) and str(vectors.dtype) == "float32" and (vectors[0] == vectors[2]).all()


def test_a_build_without_http_says_so(monkeypatch):
    for name in ("_curl_transport", "_from_environment", "_environment_providers", "_fetch"):
        monkeypatch.delattr(_llm, name, raising=False)
    monkeypatch.setattr(persona.http, "_shared", None)
    for work in (lambda: llm.openai(base_url="http://127.0.0.1:1/v1"), llm.from_environment, lambda: persona.http.fetch("http://x/"),
                 lambda: llm.OpenAIBatches(), lambda: llm.ollama()):
        with pytest.raises(persona.Unsupported, match="without HTTP"):
            work()
    assert llm.environment_providers() == ["offline"]
    assert llm.offline().complete(ask()).model == "offline-nearest-neighbour"


def test_a_stack_keeps_back_what_it_is_told(monkeypatch):
    parrot = Parrot()
    stack = llm.standard_stack(parrot, llm.StackOptions(redact=lambda text: text.replace("4711", "****")))
    stack.complete(ask(messages="my number is 4711"))
    assert parrot.asked[0][0].messages[0].text == "my number is ****"

    def broken(text):
        raise ValueError("no")

    told = []
    monkeypatch.setattr(sys, "unraisablehook", lambda failure: told.append((failure.exc_type, failure.object)))
    answers_nothing = lambda text: None  # noqa: E731
    for number, (function, failure) in enumerate([(broken, ValueError), (answers_nothing, TypeError)], 1):
        llm.redacted(parrot, function).complete(ask(messages="my number is 4711"))
        assert parrot.asked[number][0].messages[0].text == "[kept back: redact failed]"
        assert told.pop() == (failure, function) and not told
    with pytest.raises(persona.InvalidArgument):
        llm.validated(parrot).complete(llm.Request("m", []))
    with pytest.raises(persona.InvalidArgument):
        llm.validate(llm.Request("", "hi"))
    assert len(parrot.asked) == 3


def test_a_stack_falls_back():
    broken, sound = Parrot(persona.Unavailable("gone")), Parrot("here")
    stack = llm.standard_stack(broken, llm.StackOptions(retry=llm.RetryOptions(attempts=1), fallback=[llm.Target(sound)]))
    assert stack.complete(ask()).text == "here"
