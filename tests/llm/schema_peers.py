#!/usr/bin/env python3
"""The validator and the Python package `jsonschema` must agree on random schemas: schema_peers.py PROGRAM FOLDER.

Writes schemas and documents in the form of the JSON-Schema-Test-Suite, with what `jsonschema` says of them.
"""

import json
import random
import subprocess
import sys
from pathlib import Path

TYPES = ["null", "boolean", "object", "array", "number", "string", "integer"]
PATTERNS = ["^a", "b$", "^[a-m]*$", "(a|z){2}", "^(?!b)", "\u00e9"]
SEED, SCHEMAS, DOCUMENTS = 5, 3000, 5


class Trees:
    def __init__(self, draft7):
        self.random, self.draft7 = random.Random(SEED), draft7

    def name(self):
        return self.random.choice("abc")

    def document(self, depth=3):
        pick = self.random.randrange(8 if depth else 6)
        if pick == 6:
            return [self.document(depth - 1) for _ in range(self.random.randrange(4))]
        if pick == 7:
            return {self.name(): self.document(depth - 1) for _ in range(self.random.randrange(4))}
        return [None, self.random.random() < 0.5, self.random.randrange(-3, 4), self.random.randrange(-9, 9) / 4, 1.0,
                self.random.choice("abz\u00e9") * self.random.randrange(4)][pick]

    def schema(self, depth=3):
        if self.random.random() < 0.08:
            return self.random.random() < 0.7
        schema = {}
        for _ in range(1 + self.random.randrange(4)):
            keywords = self.plain() + (self.nested(depth - 1) if depth else [])
            keyword, value = self.random.choice(keywords)
            schema[keyword] = value()
        if not isinstance(schema.get("items"), list):
            schema.pop("additionalItems", None)  # without a list of items it says nothing, and `jsonschema` breaks
        return schema

    def plain(self):
        choose, below = self.random.choice, self.random.randrange
        return [("type", lambda: choose(TYPES)), ("type", lambda: self.random.sample(TYPES, 2)),
                ("enum", lambda: [self.document(1) for _ in range(3)]), ("const", lambda: self.document(1)),
                ("minimum", lambda: below(-2, 3)), ("exclusiveMaximum", lambda: 1.5),
                ("maximum", lambda: choose([0, 1.5, 2])), ("multipleOf", lambda: choose([0.5, 0.25, 1, 2])),
                ("minLength", lambda: below(3)), ("pattern", lambda: choose(PATTERNS)),
                (choose(["maxItems", "minItems", "maxProperties", "minProperties"]), lambda: below(3)),
                ("uniqueItems", lambda: True), ("required", lambda: [self.name()]),
                ("dependencies" if self.draft7 else "dependentRequired", lambda: {self.name(): [self.name()]})]

    def nested(self, depth):
        part = lambda: self.schema(depth)
        both = [("properties", lambda: {self.name(): part(), self.name(): part()}), ("items", part),
                ("patternProperties", lambda: {self.random.choice(PATTERNS): part()}), ("additionalProperties", part),
                ("contains", part), ("anyOf", lambda: [part(), part()]), ("oneOf", lambda: [part(), part()]),
                ("allOf", lambda: [part(), part()]), ("not", part), ("if", part), ("then", part), ("else", part),
                ("propertyNames", part)]
        if self.draft7:
            return both + [("items", lambda: [part(), part()]), ("additionalItems", part)]
        return both + [("prefixItems", lambda: [part()]), ("minContains", lambda: self.random.randrange(3)),
                       ("maxContains", lambda: self.random.randrange(4)), ("unevaluatedProperties", part),
                       ("unevaluatedItems", part), ("dependentSchemas", lambda: {self.name(): part()})]


def write_groups(folder, validator, draft7):
    trees, groups = Trees(draft7), []
    for _ in range(SCHEMAS):
        schema = trees.schema()
        judge = validator(schema)
        tests = [{"description": json.dumps(document), "data": document, "valid": judge.is_valid(document)}
                 for document in (trees.document() for _ in range(DOCUMENTS))]
        groups.append({"description": json.dumps(schema), "schema": schema, "tests": tests})
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "random.json").write_text(json.dumps(groups))


if __name__ == "__main__":
    try:
        import jsonschema
    except ImportError:
        print("jsonschema is not installed; run tools/setup full")
        sys.exit(77)
    program, folder = sys.argv[1], Path(sys.argv[2])
    write_groups(folder / "tests/draft2020-12", jsonschema.Draft202012Validator, False)
    write_groups(folder / "tests/draft7", jsonschema.Draft7Validator, True)
    sys.exit(subprocess.run([program, folder]).returncode)
