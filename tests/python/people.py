"""The specification that most tests of the package use."""

from datetime import date

import persona


def town_builder():
    return (
        persona.SpecBuilder("town")
        .description("A small town")
        .attribute("sex", persona.Categorical(["female", "male"], [51, 49]))
        .attribute("age", persona.Normal(mean=46, sd=18)).unit("years").truncate(18, 95).integer().missing(0.02)
        .attribute("education", persona.Ordinal(["school", "college", "advanced"], [5, 3, 2]))
        .attribute("employed", persona.Bernoulli(0.7))
        .attribute("income", persona.LogNormal(mu=10.3, sigma=0.6)).unit("USD/year").round(100)
        .when("sex", "male", persona.LogNormal(10.5, 0.6))
        .attribute("born", persona.DateRange(date(1950, 1, 1), date(1999, 12, 31)))
        .attribute("languages", persona.MultiSelect(["en", "es", "zh"], [0.9, 0.2, 0.1]))
        .attribute("name", persona.Identity("full_name", sex="sex"))
        .correlate("age", "education", 0.2, kind="spearman")
        .require("income < 200000", "a small town")
    )
