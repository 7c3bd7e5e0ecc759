//! The people a contract is tried with.
#include "testing/contract_check.hpp"

#include <persona/population/builder.hpp>

#include <limits>
#include <memory>

namespace persona::testing {
namespace {

using Labels = std::vector<std::string>;

Field labelled_field(std::string name, ColumnType type, Labels labels, bool ordered = false) {
  return {.name = std::move(name),
          .type = type,
          .ordered = ordered,
          .labels = std::make_shared<const Labels>(std::move(labels))};
}

template <class Make>
Column contract_column(Field field, std::int64_t rows, Make make) {
  std::vector<Value> values;
  for (std::int64_t i = 0; i < rows; ++i) values.push_back(make(i));
  return *Column::from_values(std::move(field), values);
}

const Labels sexes = {"female", "male", "it's \"quoted\""};
const Labels schooling = {"none", "primary", "secondary", "tertiary"};
const Labels tongues = {"english", "español", ",", "a\"b"};

}  // namespace

Population mixed_population(std::int64_t rows) {
  const auto at = [](const Labels& labels, std::int64_t i) {
    return labels[static_cast<std::size_t>(i) % labels.size()];
  };
  std::vector<Column> columns;
  columns.push_back(contract_column({.name = "age", .type = ColumnType::int32, .unit = "years"}, rows,
                                    [](std::int64_t i) { return Value(18 + i * 7 % 70); }));
  columns.push_back(
      contract_column({.name = "income", .type = ColumnType::float64, .decimals = 2}, rows,
                      [](std::int64_t i) { return i % 11 == 3 ? Value() : Value(static_cast<double>(i) * 0.25); }));
  columns.push_back(contract_column({.name = "account", .type = ColumnType::int64}, rows, [](std::int64_t i) {
    return Value(std::numeric_limits<std::int64_t>::max() - i);
  }));
  columns.push_back(contract_column({.name = "employed", .type = ColumnType::boolean}, rows,
                                    [](std::int64_t i) { return i % 5 == 4 ? Value() : Value(i % 3 == 0); }));
  columns.push_back(contract_column({.name = "born", .type = ColumnType::date}, rows, [](std::int64_t i) {
    return Value(Date{static_cast<std::int32_t>(i * 97 - 9000)});
  }));
  columns.push_back(contract_column(labelled_field("sex", ColumnType::category, sexes), rows,
                                    [&](std::int64_t i) { return Value(at(sexes, i)); }));
  columns.push_back(
      contract_column(labelled_field("Education level", ColumnType::category, schooling, true), rows,
                      [&](std::int64_t i) { return i % 7 == 5 ? Value() : Value(at(schooling, i * 3)); }));
  columns.push_back(contract_column(
      {.name = "na\"me; DROP TABLE persona_population --", .type = ColumnType::text}, rows,
      [](std::int64_t i) { return i % 13 == 0 ? Value("") : Value("Zoë '" + std::to_string(i % 17) + "\" \n"); }));
  columns.push_back(contract_column(labelled_field("languages", ColumnType::list, tongues), rows, [&](std::int64_t i) {
    Labels spoken;
    for (std::size_t bit = 0; bit < tongues.size(); ++bit)
      if ((i >> bit & 1) != 0) spoken.push_back(tongues[bit]);
    return i % 19 == 1 ? Value() : Value(spoken);
  }));
  columns.push_back(contract_column({.name = "Age", .type = ColumnType::float64}, rows,
                                    [](std::int64_t i) { return Value(-static_cast<double>(i) / 3); }));
  return *Population::make(std::move(columns));
}

std::string small_spec() {
  const Result<PopulationSpec> spec = SpecBuilder("contract")
                                          .attribute("age", Normal{46, 18})
                                          .unit("years")
                                          .truncate(18, 95)
                                          .integer()
                                          .attribute("sex", Categorical{{"female", "male"}, {51, 49}})
                                          .attribute("income", LogNormal{10.3, 0.6})
                                          .missing(0.1)
                                          .build();
  return spec ? to_json(*spec) : std::string();
}

}  // namespace persona::testing
