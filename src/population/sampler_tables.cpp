//! Chooses for each attribute the cheapest exact way to draw it.
#include "sampler_tables.hpp"

#include <algorithm>
#include <cmath>

namespace persona {
namespace {

bool is_plain_discrete(const Law& law) {
  return law.transform == Transform::none && law.marginal.has_value() && law.marginal->is_discrete();
}

Cumulative cumulative_of(const Marginal& marginal) {
  return {marginal.cumulative().begin(), marginal.cumulative().end()};
}

bool has_codes(const CompiledAttribute& attribute) {
  return attribute.field.type == ColumnType::category || attribute.field.type == ColumnType::boolean;
}

void make_bank(const CompiledAttribute& attribute, AttributeTables& tables) {
  std::vector<Cumulative> laws;
  bool whole = true;
  for (const Law& law : attribute.laws) {
    laws.push_back(cumulative_of(*law.marginal));
    tables.first_value.push_back(static_cast<std::uint32_t>(tables.values.size()));
    for (const double v : law.marginal->values()) {
      tables.values.push_back(v);
      whole = whole && v == std::floor(v) && std::abs(v) < 2147483647.0;
    }
  }
  tables.bank.emplace(std::move(laws));
  tables.positions_are_values = has_codes(attribute);
  if (tables.positions_are_values || !whole) return;
  for (const double v : tables.values) tables.whole_values.push_back(static_cast<std::int32_t>(v));
  tables.consecutive = attribute.laws.size() == 1;
  for (std::size_t i = 1; i < tables.whole_values.size(); ++i)
    tables.consecutive = tables.consecutive && tables.whole_values[i] == tables.whole_values[i - 1] + 1;
}

LawTables make_law(const CompiledAttribute& attribute, const Law& law) {
  LawTables tables;
  tables.round =
      law.transform == Transform::none && law.marginal.has_value() ? law.marginal->rounding() : attribute.round;
  if (!law.marginal.has_value()) return tables;
  if (law.marginal->is_discrete()) {
    tables.discrete.emplace(std::vector<Cumulative>{cumulative_of(*law.marginal)});
    tables.values.assign(law.marginal->values().begin(), law.marginal->values().end());
    for (std::size_t i = 0; has_codes(attribute) && i < tables.values.size(); ++i)
      tables.values[i] = static_cast<double>(i);
    return tables;
  }
  const auto* normal = std::get_if<Normal>(&law.distribution);
  const bool truncated = std::isfinite(law.marginal->lower()) || std::isfinite(law.marginal->upper());
  if (normal != nullptr && !truncated && law.transform == Transform::none) {
    tables.mean = normal->mean.number;
    tables.sd = normal->sd.number;
    return tables;
  }
  const bool standard_normal =
      law.transform != Transform::none && (normal != nullptr || std::holds_alternative<LogNormal>(law.distribution));
  if (!standard_normal) tables.table = build_quantile_table(*law.marginal);
  return tables;
}

void make_options(const CompiledAttribute& attribute, AttributeTables& tables) {
  const auto& labels = *attribute.field.labels;
  for (std::size_t option = 0; option < labels.size(); ++option) {
    std::vector<Cumulative> laws;
    for (const Law& law : attribute.laws) {
      const auto* select = std::get_if<MultiSelect>(&law.distribution);
      double p = 0;
      for (std::size_t i = 0; select != nullptr && i < select->categories.size(); ++i)
        if (select->categories[i] == labels[option]) p = select->probabilities[i];
      laws.push_back({1 - p, 1});
    }
    tables.options.emplace_back(std::move(laws));
    tables.option_streams.push_back(stream_id(attribute.field.name + '\x1f' + labels[option]));
  }
}

AttributeTables make_attribute(const CompiledAttribute& attribute) {
  AttributeTables tables;
  tables.slot = slot_of(attribute.field);
  if (attribute.missing > 0) tables.missing.emplace(std::vector<Cumulative>{{1 - attribute.missing, 1}});
  const auto& laws = attribute.laws;
  const auto& cells = attribute.cases.law_of_cell;
  tables.may_be_missing = attribute.missing > 0 || std::find(cells.begin(), cells.end(), no_law) != cells.end() ||
                          attribute.field.type == ColumnType::text;
  for (const Law& law : laws)
    tables.may_be_missing = tables.may_be_missing || law.transform != Transform::none ||
                            std::holds_alternative<Derived>(law.distribution) ||
                            std::holds_alternative<Identity>(law.distribution);
  if (attribute.field.type == ColumnType::list) {
    make_options(attribute, tables);
  } else if (std::all_of(laws.begin(), laws.end(), is_plain_discrete)) {
    make_bank(attribute, tables);
  } else {
    for (const Law& law : laws) tables.laws.push_back(make_law(attribute, law));
  }
  return tables;
}

}  // namespace

std::size_t slot_bytes(Slot slot) {
  switch (slot) {
    case Slot::f64:
    case Slot::i64:
    case Slot::mask: return 8;
    case Slot::i32: return 4;
    case Slot::i16: return 2;
    case Slot::i8: return 1;
  }
  return 8;
}

Slot slot_of(const Field& field) {
  switch (field.type) {
    case ColumnType::float64: return Slot::f64;
    case ColumnType::int64: return Slot::i64;
    case ColumnType::int32:
    case ColumnType::date: return Slot::i32;
    case ColumnType::boolean: return Slot::i8;
    case ColumnType::category: return field.code_bytes == 1 ? Slot::i8 : field.code_bytes == 2 ? Slot::i16 : Slot::i32;
    case ColumnType::text:
    case ColumnType::list: return Slot::mask;
  }
  return Slot::f64;
}

std::shared_ptr<SamplerTables> SamplerTables::make(const PopulationModel::Compiled& compiled) {
  auto tables = std::make_shared<SamplerTables>();
  for (const auto& attribute : compiled.attributes) tables->attributes.push_back(make_attribute(attribute));
  return tables;
}

void SamplerTables::set_lower(const PopulationModel::Compiled& compiled) {
  lower.clear();
  for (const auto& block : compiled.blocks) {
    const std::size_t d = block.attributes.size(), padded = (d + 3) / 4 * 4;
    auto& factor = lower.emplace_back(padded * padded, 0.0);
    for (std::size_t i = 0; i < d; ++i)
      for (std::size_t j = 0; j <= i; ++j) factor[i * padded + j] = block.lower[i * d + j];
  }
}

}  // namespace persona
