//! A small population with one of everything a report judges, and ways to spoil it.
#pragma once

#include <persona.hpp>

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

namespace persona::testing {

inline PopulationModel fidelity_model() {
  SpecBuilder builder("fidelity");
  builder.attribute("height", Normal{170, 10});
  builder.attribute("age", Normal{45, 18}).truncate(18, 95).integer();
  builder.attribute("income", LogNormal{10, 0.6}).missing(0.1);
  builder.attribute("sex", Categorical{{"female", "male"}, {0.52, 0.48}});
  builder.attribute("employed", Bernoulli{"0.3 + 0.4 * (sex == 'male')"});
  builder.attribute("weight", Normal{"60 + 12 * (sex == 'male')", 9}).round(0.5);
  builder.attribute("visits", Poisson{"1 + age / 30"});
  builder.attribute("rating", Ordinal{{"low", "middle", "high"}, {1, 2, 1}, {}});
  builder.attribute("wealth", Normal{100, 20}).when("sex", "male", Gamma{3, 30});
  builder.attribute("hobbies", MultiSelect{{"music", "sport"}, {0.4, 0.7}});
  builder.attribute("savings", ZeroInflated{0.3, {{1, Distribution(Exponential{0.01})}}});
  builder.correlate("height", "income", 0.3);
  builder.correlate("height", "age", -0.2, CorrelationKind::spearman);
  builder.correlate("age", "rating", 0.25, CorrelationKind::kendall);
  auto spec = builder.build();
  REQUIRE_MESSAGE(spec.has_value(), to_string(spec.error()));
  auto model = PopulationModel::compile(*spec);
  REQUIRE_MESSAGE(model.has_value(), to_string(model.error()));
  return *model;
}

inline Population people_of(const PopulationModel& model, std::uint64_t count, std::uint64_t seed) {
  auto people = model.generate({.count = count, .seed = seed});
  REQUIRE_MESSAGE(people.has_value(), to_string(people.error()));
  return *people;
}

//! The population with one column rewritten value by value.
inline Population rewritten(const Population& people, const std::string& name,
                            const std::function<Value(std::int64_t row, const Value&)>& change) {
  std::vector<Column> columns;
  for (const Column& column : people.columns()) {
    columns.push_back(column);
    if (column.name() != name) continue;
    std::vector<Value> values;
    for (std::int64_t row = 0; row < column.size(); ++row) values.push_back(change(row, column.value(row)));
    auto made = Column::from_values(column.field(), values);
    REQUIRE_MESSAGE(made.has_value(), to_string(made.error()));
    columns.back() = *made;
  }
  return *Population::make(std::move(columns), people.origin());
}

inline FidelityReport report_of(const PopulationModel& model, const Population& people, FidelityOptions options = {}) {
  auto report = check_fidelity(model, people, options);
  REQUIRE_MESSAGE(report.has_value(), to_string(report.error()));
  return *report;
}

inline const FidelityLine& line_of(const FidelityReport& report, FidelityKind kind, const std::string& name) {
  for (const FidelityLine& line : report.lines)
    if (line.kind == kind && line.name == name) return line;
  FAIL("no line " << name);
  return report.lines.front();
}

}  // namespace persona::testing
