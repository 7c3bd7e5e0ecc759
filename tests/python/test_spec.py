"""Specifications: from JSON, dicts, files and the builder, and what is wrong with them."""

import json
import pathlib
import pickle
import re

import numpy as np
import pytest

import persona
from people import town_builder


def test_all_ways_lead_to_the_same_specification(tmp_path):
    built = town_builder().build()
    path = tmp_path / "town.json"
    path.write_text(built.to_json())
    for spec in (
        persona.PopulationSpec.parse(built.to_json()),
        persona.PopulationSpec.read(path),
        persona.PopulationSpec.from_dict(built.to_dict()),
        pickle.loads(pickle.dumps(built)),
    ):
        assert spec == built and spec.content_hash == built.content_hash and hash(spec) == hash(built)
    assert len(built.content_hash) == 64


def test_the_parts_read_as_they_were_written():
    spec = town_builder().build()
    assert (spec.name, spec.description, spec.version) == ("town", "A small town", 1)
    age, income = spec.attributes[1], spec.attributes[4]
    assert age.distribution == persona.Normal(46, 18) and age.truncation == persona.Truncation(18, 95)
    assert age.integer and age.missing == 0.02 and age.unit == "years"
    assert income.cases == [persona.Case([persona.Condition("sex", ["male"])], persona.LogNormal(10.5, 0.6))]
    assert spec.correlations == [persona.Correlation("age", "education", 0.2, "spearman")]
    assert spec.constraints[0].reason == "a small town"


def test_a_specification_can_be_put_together_from_parts():
    spec = persona.PopulationSpec("one", [persona.Attribute("a", persona.Normal(sd=2))])
    assert spec.attributes[0].distribution.sd == 2
    with pytest.raises(persona.InvalidArgument, match="'a'"):
        persona.PopulationSpec("twice", [persona.Attribute("a", persona.Normal())] * 2)


@pytest.mark.parametrize("distribution", [
    persona.Normal("40 + x", 2), persona.LogNormal(1, 0.5), persona.Gamma(2, 3), persona.Beta(2, 3, -1, 4),
    persona.Exponential(0.5), persona.Weibull(2, 3), persona.StudentT(4, 1, 2), persona.Pareto(1, 3),
    persona.Triangular(0, 1, 4), persona.Uniform(2, 5), persona.Poisson(4), persona.Binomial(10, 0.3),
    persona.NegativeBinomial(3, 0.4), persona.Geometric(0.3), persona.Zipf(1.1, 50), persona.UniformInteger(1, 6),
    persona.Quantiles([0, 0.5, 1], [1, 2, 9]), persona.Histogram([0, 1, 5], [3, 1]),
    persona.Mixture([(0.7, persona.Normal(30, 5)), (0.3, persona.Gamma(2, 3))]),
    persona.ZeroInflated(0.4, persona.Exponential(0.1)), persona.Categorical(["a", "b"]),
    persona.Ordinal(["a", "b"], [1, 2], [0, 5]), persona.Bernoulli(0.2), persona.MultiSelect(["a", "b"], [0.1, 0.9]),
    persona.Constant("US"), persona.Constant(3), persona.Constant(True), persona.Derived("x + 1"),
])
def test_every_family_is_kept_by_the_document(distribution):
    x = persona.Attribute("x", persona.Uniform(0, 1))
    spec = persona.PopulationSpec("one", [x, persona.Attribute("y", distribution)])
    again = persona.PopulationSpec.parse(spec.to_json())
    assert again.attributes[1].distribution == distribution
    assert type(distribution).__name__ in repr(distribution)
    assert eval(repr(distribution), dict(vars(persona))) == distribution


def test_numpy_numbers_are_numbers():
    document = {"persona": 1, "name": "np", "attributes": [
        {"name": "x", "distribution": {"family": "normal", "mean": np.float32(3), "sd": np.int64(2)}},
        {"name": "y", "distribution": {"family": "histogram", "edges": np.arange(3), "weights": np.ones(2)}}]}
    spec = persona.PopulationSpec.from_dict(document)
    assert spec.attributes[0].distribution == persona.Normal(3, 2)
    assert spec.attributes[1].distribution == persona.Histogram([0, 1, 2], [1, 1])
    with pytest.raises(TypeError):
        persona.PopulationSpec.from_dict({"persona": object()})


def test_errors_carry_code_message_and_place():
    document = town_builder().build().to_dict()
    document["attributes"][1]["distribution"]["sd"] = -1
    with pytest.raises(persona.InvalidArgument) as caught:
        persona.PersonaGenerator.compile(document)
    error = caught.value
    assert error.code == "invalid_argument" and error.path == "/attributes/1/distribution/sd"
    assert "age" in error.message and error.path in str(error)
    assert isinstance(error, persona.PersonaError) and isinstance(error, ValueError)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.path, again.message) == (type(error), error.path, error.message)


def test_each_code_is_the_exception_that_python_would_use(generator, people, tmp_path):
    with pytest.raises(KeyError) as caught:
        people["nothing"]
    assert isinstance(caught.value, persona.NotFound) and "age" in str(caught.value)
    with pytest.raises(OSError):
        persona.PopulationSpec.read(tmp_path / "nowhere.json")
    with pytest.raises(NotImplementedError):
        people.write(tmp_path / "people.xyz")
    with pytest.raises(persona.Infeasible):
        persona.PersonaGenerator.compile(persona.SpecBuilder("no").attribute("x", persona.Normal()).require("x > 100"))
    with pytest.raises(persona.InvalidArgument, match="JSON"):
        persona.PersonaGenerator.compile("{")


def test_every_code_of_the_library_has_its_class():
    header = (pathlib.Path(__file__).parents[2] / "include/persona/core/error.hpp").read_text()
    codes = re.findall(r"^  (\w+), +//!<", re.search(r"enum class Errc \{(.*?)\};", header, re.S)[1], re.M)
    classes = [thing for thing in vars(persona).values() if isinstance(thing, type) and issubclass(thing, persona.PersonaError)]
    assert len(codes) >= 20
    assert sorted(c.code for c in classes if c is not persona.PersonaError) == sorted(codes)
    mapped = (pathlib.Path(__file__).parents[2] / "bindings/python/error.cpp").read_text()
    assert all(f'"{c.__name__}"' in mapped for c in classes if c is not persona.PersonaError)


def test_calls_of_the_builder_that_speak_about_nothing_are_told():
    with pytest.raises(persona.InvalidArgument):
        persona.SpecBuilder("no").unit("years").build()
    with pytest.raises(ValueError, match="pearson"):
        persona.SpecBuilder("no").correlate("a", "b", 0.1, kind="friendship")
    with pytest.raises(TypeError):
        persona.Normal(mean=[1])


def test_the_schema_is_json():
    assert "attributes" in json.loads(persona.spec_schema())["properties"]
