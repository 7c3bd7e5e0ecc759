"""From a specification to people, their report and one of them alone."""
import sys

path = sys.argv[1] if len(sys.argv) > 1 else "examples/massachusetts.json"
# [quickstart]
import persona

generator = persona.PersonaGenerator.compile(path)
people = generator.generate(count=100_000, seed=7)     # columns, not objects

older = people.filter("age >= 65 and sex == 'female'")
print(older.summary())                                 # mean, sd, quantiles, top labels
print(generator.check(people))                         # every marginal and correlation, judged
print(people["age"].to_numpy().mean())                 # a view, no copy
frame = people.to_pandas()                             # also pyarrow.table(people), polars.DataFrame(people)
print(generator.persona(seed=7, index=1_000_000_000))  # row 10^9, without the rows before it
# [quickstart]
