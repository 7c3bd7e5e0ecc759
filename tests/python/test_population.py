"""Populations: choosing, grouping, summing up, writing, and how they show in a notebook."""

import json

import numpy as np
import pytest

import persona


def test_it_is_a_sequence_of_people_with_named_columns(people):
    assert len(people) == 20_000 and "age" in people and "nothing" not in people
    assert dict(people[-1]) == dict(people[19_999])
    assert [dict(p) for p in people[:3]] == [dict(people[i]) for i in range(3)]
    assert people[::5000]["income"].to_list() == [people[i]["income"] for i in (0, 5000, 10_000, 15_000)]
    assert people.origin.seed == 7 and people.origin.spec_hash
    with pytest.raises(IndexError):
        people[20_000]
    with pytest.raises(KeyError):
        people[0]["nothing"]
    with pytest.raises(TypeError):
        hash(people)


def test_filter_keeps_those_for_whom_it_holds(people):
    old = people.filter("age >= 65 and sex == 'female'")
    age, sex = people["age"].to_numpy(), people["sex"].to_numpy()
    assert len(old) == ((age >= 65) & (sex == "female")).sum() > 0
    with pytest.raises(persona.InvalidArgument, match="nothing"):
        people.filter("nothing > 3")


def test_groups_come_in_order_and_make_up_the_whole(people):
    groups = people.group("education")
    assert list(groups) == ["school", "college", "advanced"]
    assert sum(len(part) for part in groups.values()) == len(people)
    ages = list(people.group("age"))
    assert ages[-1] is None and ages[:-1] == sorted(ages[:-1])


def test_samples_are_chosen_by_a_seed(people):
    some = people.sample(100, seed=1)
    assert len(some) == 100 and some == people.sample(100, seed=1) and some != people.sample(100, seed=2)
    with pytest.raises(persona.InvalidArgument):
        people.sample(20_001)


def test_parts_join_to_the_whole(people):
    assert persona.Population.concatenate([people[:5], people[5:]]) == people
    assert people.slice(10, 5) == people[10:15] and people.slice(19_999, 5) == people[-1:]
    assert people.take([3, 1])["income"].to_list() == [people[3]["income"], people[1]["income"]]
    assert people.select(["sex", "age"]).names == ["sex", "age"]
    with pytest.raises(IndexError):
        people.take([20_000])
    with pytest.raises(persona.NotFound):
        people.select(["nothing"])


def test_the_summary_agrees_with_numpy(people):
    summary = people.summary()
    income, array = summary["income"], people["income"].to_numpy()
    assert summary.rows == income.count == 20_000
    assert income.mean == pytest.approx(array.mean()) and income.sd == pytest.approx(array.std(ddof=1), rel=1e-4)
    assert dict(income.quantiles)[0.5] == pytest.approx(np.quantile(array, 0.5))
    assert summary["age"].missing == people["age"].null_count
    assert summary["sex"].top[0][0] == "female" and "income" in str(summary)
    weighted = people.summary(weights="income")["age"]
    assert weighted.mean != summary["age"].mean
    with pytest.raises(persona.NotFound):
        people.summary(weights="nothing")


@pytest.mark.parametrize("name", ["people.csv", "people.ndjson", "people.arrow"])
def test_files_appear_whole(people, tmp_path, name):
    people.write(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    if name.endswith("csv"):
        assert (tmp_path / name).read_text() == people.to_csv()
    if name.endswith("ndjson"):
        lines = (tmp_path / name).read_text().splitlines()
        assert json.loads(lines[7])["name"] == people[7]["name"] and len(lines) == 20_000


def test_notebooks_show_a_small_table(people):
    page = people._repr_html_()
    assert "<table>" in page and "20,000 people" in page and "USD/year" in page
    assert page.count("<tr>") == 1 + 6 + 1 + 1 and len(page) < 10_000
    hostile = persona.Column.from_values(persona.Field("t", "text"), ["<script>"])
    assert "<script>" not in persona.Population.make([hostile])._repr_html_()
    assert persona.Population.make([])._repr_html_()


def test_reprs_say_what_they_are(people):
    assert repr(people) == "<Population: 20000 people x 8 attributes>"
    assert repr(people["income"]) == "<Column 'income': 20000 x float64 in USD/year>"
    assert repr(people[0]).startswith("Persona({'sex': ")
