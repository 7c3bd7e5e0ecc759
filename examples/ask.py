"""Asks a model for JSON: offline here; in earnest, `llm.from_environment()` in place of `llm.offline()`."""
# [ask]
from persona import llm

ledger = llm.memory_ledger()
ledger.set_cap("all", llm.Cap(calls=100))
model = llm.standard_stack(llm.offline(), llm.StackOptions(meter=llm.MeterOptions(ledger=ledger, allow_unknown_prices=True)))

request = llm.Request("offline/nearest", temperature=0, messages="""\
Text: my card is gone
Topic: card lost

Text: the transfer has not arrived
Topic: transfer late

Text: I lost my card
Topic:""", json={"type": "object", "required": ["topic"],
                 "properties": {"topic": {"type": "string", "enum": ["card lost", "transfer late"]}}})
reply = model.complete(request)
print(reply.json)  # {'topic': 'card lost'}
# [ask]
assert reply.json == {"topic": "card lost"} and ledger.balance("all").spent.calls == 1
