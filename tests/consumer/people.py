"""What a user's first Python program does: a thousand people into a text file.
usage: people.py SPEC.json PEOPLE.ndjson"""

import sys
from pathlib import Path

import persona

generator = persona.PersonaGenerator.compile(sys.argv[1])
people = generator.generate(count=1000, seed=7)
Path(sys.argv[2]).write_text(people.to_ndjson())
print(f"persona {persona.__version__}: {len(people)} people")
