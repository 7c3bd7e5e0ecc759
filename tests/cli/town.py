"""The specification that most tests of the command use."""

TOWN = {
    "persona": 1,
    "name": "town",
    "attributes": [
        {"name": "sex", "distribution": {"family": "categorical", "weights": {"female": 51, "male": 49}}},
        {"name": "age", "unit": "years", "distribution": {"family": "normal", "mean": 46, "sd": 18},
         "truncate": {"min": 18, "max": 95}, "integer": True, "missing": 0.01},
        {"name": "income", "unit": "USD/year", "distribution": {"family": "lognormal", "mu": 10.3, "sigma": 0.6},
         "round": 100},
        {"name": "hours", "distribution": {"family": "poisson", "mean": 30}},
    ],
    "correlations": [{"between": ["age", "income"], "pearson": 0.3}],
    "constraints": ["hours < 60"],
}
