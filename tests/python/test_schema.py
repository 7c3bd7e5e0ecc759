"""The published JSON Schema agrees with what the library reads."""

import copy
import json
import pathlib

import jsonschema
import pytest

import persona

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "docs" / "spec.schema.json").read_text())
EXAMPLES = sorted((ROOT / "examples" / "specs").glob("*.json"))
SMALL = json.loads((ROOT / "examples" / "specs" / "small.json").read_text())


def validator():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    return jsonschema.Draft202012Validator(SCHEMA)


def parse_error(document):
    """What the library says of a document; None if it reads it."""
    try:
        persona.PopulationSpec.parse(json.dumps(document))
    except persona.PersonaError as error:
        return str(error)
    return None


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_are_valid(path):
    validator().validate(json.loads(path.read_text()))


def test_every_object_of_the_schema_is_closed_or_says_what_its_members_are():
    def walk(node):
        if isinstance(node, dict):
            if "properties" in node and node.get("type") == "object":
                assert "additionalProperties" in node, node
            for child in node.values():
                walk(child)
        elif isinstance(node, list):
            for child in node:
                walk(child)

    walk(SCHEMA)


def attribute(document, name):
    return next(one for one in document["attributes"] if one["name"] == name)


BAD = {
    "no version": lambda d: d.pop("persona"),
    "a later version": lambda d: d.update(persona=2),
    "no attributes": lambda d: d.update(attributes=[]),
    "an unknown key": lambda d: d.update(atributes=[]),
    "a word of the language as name": lambda d: attribute(d, "age").update(name="and"),
    "a reserved name": lambda d: attribute(d, "age").update(name="segment"),
    "a name with a space": lambda d: attribute(d, "age").update(name="a b"),
    "neither distribution nor cases": lambda d: attribute(d, "age").pop("distribution"),
    "an unknown family": lambda d: attribute(d, "age")["distribution"].update(family="norml"),
    "a missing parameter": lambda d: attribute(d, "age")["distribution"].pop("sd"),
    "an unknown parameter": lambda d: attribute(d, "age")["distribution"].update(sdd=1),
    "a negative sd": lambda d: attribute(d, "age")["distribution"].update(sd=-1),
    "a shape as expression": lambda d: attribute(d, "age").update(
        distribution={"family": "gamma", "shape": "age", "scale": 1}
    ),
    "a missing share above one": lambda d: attribute(d, "age").update(missing=1.5),
    "an empty truncation": lambda d: attribute(d, "age").update(truncate={}),
    "a probability above one": lambda d: attribute(d, "languages")["distribution"].update(
        probabilities=[0.5, 0.5, 1.5]
    ),
    "labels twice": lambda d: attribute(d, "education")["distribution"].update(categories=["a", "a", "b", "c"]),
    "ordinal weights by label": lambda d: attribute(d, "education").update(
        distribution={"family": "ordinal", "weights": {"a": 1}}
    ),
    "a case without condition": lambda d: attribute(d, "education")["cases"][0].update(when={}),
    "a case with an open key": lambda d: attribute(d, "education")["cases"][0].update(then=1),
    "a date that is none": lambda d: attribute(d, "moved_in")["distribution"].update({"from": "1990"}),
    "two kinds of correlation": lambda d: d["correlations"][0].update(kendall=0.1),
    "no kind of correlation": lambda d: d["correlations"][0].pop("pearson"),
    "a correlation of three": lambda d: d["correlations"][0]["between"].append("hours"),
    "a correlation above one": lambda d: d["correlations"][0].update(pearson=1.2),
    "a constraint without expression": lambda d: d["constraints"].append({"reason": "x"}),
    "a segment without weight": lambda d: d.update(segments=[{"name": "s"}]),
}


@pytest.mark.parametrize("change", BAD.values(), ids=BAD.keys())
def test_what_is_bad_is_refused_by_the_schema(change):
    document = copy.deepcopy(SMALL)
    change(document)
    assert not validator().is_valid(document)


@pytest.mark.parametrize("change", BAD.values(), ids=BAD.keys())
def test_what_the_schema_refuses_the_library_refuses(change):
    document = copy.deepcopy(SMALL)
    assert parse_error(document) is None
    change(document)
    assert parse_error(document) is not None


def test_the_schema_is_the_one_the_library_holds():
    assert (ROOT / "docs" / "spec.schema.json").read_text() == persona.spec_schema()
