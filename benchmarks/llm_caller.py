"""Calls of language models by one Python client, in whichever Python has it: `llm_caller.py PORT CLIENT`.

A line "200" makes so many calls and is answered by their median time in microseconds.
"""

import os
import statistics
import sys
import time

SYSTEM = "You are a person of a survey and answer as this person would, in one sentence.\n" + "".join(
    f"attribute {i}: a value of some more words than one\n" for i in range(24))
MODEL = "gpt-4o-mini"


def messages(number):
    return [{"role": "system", "content": SYSTEM},
            {"role": "user", "content": f"Question {number}: would you buy it for ten dollars?"}]


def litellm_calls(url):
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # there is no network
    import litellm

    def ask(number):
        answer = litellm.completion(model="openai/" + MODEL, messages=messages(number), api_base=url, api_key="sk-none",
                                    temperature=0, max_tokens=200)
        return answer.choices[0].message.content

    return ask


def openai_calls(url):
    import openai

    client = openai.OpenAI(base_url=url, api_key="sk-none")

    def ask(number):
        answer = client.chat.completions.create(model=MODEL, messages=messages(number), temperature=0, max_tokens=200)
        return answer.choices[0].message.content

    return ask


def persona_provider(url):
    from persona import llm

    return llm.openai(base_url=url, key="sk-none")


def persona_asks(provider):
    from persona import llm

    def ask(number):
        request = llm.Request(MODEL, [llm.Message.system(SYSTEM),
                                      llm.Message.user(f"Question {number}: would you buy it for ten dollars?")],
                              temperature=0, max_output_tokens=200)
        return provider.complete(request).text

    return ask


def persona_calls(url):
    """Everything that the stack has but hedges and the stored cache, as in bench_llm.cpp."""
    from persona import Money, llm

    provider = persona_provider(url)
    million = 1_000_000
    prices = llm.PriceTable([llm.Price(provider.name() + "/" + MODEL, standard=llm.TokenPrices(
        input=Money("1.5e-7"), output=Money("6e-7")))])
    options = llm.StackOptions(
        events=llm.Metrics(), rate=llm.RateLimits(requests_per_minute=1000 * million,
                                                  input_tokens_per_minute=million * million,
                                                  output_tokens_per_minute=million * million),
        concurrency=llm.ConcurrencyLimits(start=64, most=64),
        meter=llm.MeterOptions(ledger=llm.memory_ledger(), prices=prices))
    return persona_asks(llm.standard_stack(provider, options))


CLIENTS = {"litellm": litellm_calls, "openai": openai_calls, "stack": persona_calls,
           "dialect": lambda url: persona_asks(persona_provider(url))}


def main():
    port, client = sys.argv[1:]
    ask = CLIENTS[client](f"http://127.0.0.1:{port}/v1")
    number = 0
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            number += 1
            begin = time.perf_counter()
            text = ask(number)
            times.append(time.perf_counter() - begin)
            assert text.startswith("Hello!"), text
        print(1e6 * statistics.median(times), flush=True)


if __name__ == "__main__":
    main()
