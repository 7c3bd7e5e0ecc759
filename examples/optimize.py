"""Makes a prompt program better, and proves it: offline, on plain facts."""

import sys

path = sys.argv[1]

# [optimize]
from persona import llm, prompt

data = prompt.read_dataset(path)
train, validation, _ = prompt.split(data, 0.4, 0.6)
optimizer = prompt.PromptOptimizer(
    prompt.predict("sentence -> kind: 'animal'|'plant'|'tool'"),
    train=train, validation=validation, metric=prompt.exact_match("kind"),
    model=llm.offline(), model_name="offline", budget=prompt.Budget(calls=2000))
better = optimizer.optimize()
print(better.report)  # in a notebook, the page itself
# [optimize]
