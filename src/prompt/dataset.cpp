//! Examples, their order and their shares.
#include <persona/core/hash.hpp>
#include <persona/population/population.hpp>
#include <persona/prompt/dataset.hpp>

#include "fields_json.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <utility>

namespace persona::prompt {
namespace {

std::uint64_t mixed(std::uint64_t x) {  // SplitMix64's finaliser
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

// A place in [0, 2^64) that depends on the id and the seed alone.
std::uint64_t place_of(std::string_view id, std::uint64_t seed) {
  std::uint64_t place = mixed(seed + 0x9e3779b97f4a7c15U);
  for (const char c : id) place = mixed(place ^ static_cast<unsigned char>(c));
  return place;
}

FieldValue field_of(const Value& value) {
  if (const auto* yes = std::get_if<bool>(&value)) return *yes;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return *whole;
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* labels = std::get_if<std::vector<std::string>>(&value)) return JsonText{print_json_compact(*labels)};
  if (std::holds_alternative<std::monostate>(value)) return std::monostate{};
  return to_string(value);
}

}  // namespace

Result<Dataset> Dataset::make(std::vector<Example> examples) {
  std::set<std::string, std::less<>> ids;
  for (Example& example : examples) {
    if (example.id.empty()) {
      const std::string base = content_hash(to_json(example.fields)).substr(0, 12);
      example.id = base;
      for (int again = 2; ids.contains(example.id); ++again) example.id = base + "-" + std::to_string(again);
    }
    if (!ids.insert(example.id).second)
      return fail(Errc::invalid_argument, "example '" + example.id + "' stands there twice");
    if (!(example.weight > 0) || !std::isfinite(example.weight)) {
      return fail(Errc::invalid_argument, "example '" + example.id + "': the weight must be above 0");
    }
  }
  Dataset data;
  data.examples_ = std::move(examples);
  return data;
}

Dataset Dataset::first(std::size_t count) const {
  Dataset data;
  data.examples_.assign(examples_.begin(), examples_.begin() + static_cast<std::ptrdiff_t>(std::min(count, size())));
  return data;
}

Dataset Dataset::take(const std::vector<std::size_t>& rows) const {
  Dataset data;
  data.examples_.reserve(rows.size());
  for (const std::size_t row : rows) data.examples_.push_back(examples_.at(row));
  return data;
}

Dataset Dataset::shuffled(std::uint64_t seed) const {
  std::vector<std::pair<std::uint64_t, std::size_t>> places(size());
  for (std::size_t i = 0; i < size(); ++i) places[i] = {place_of(examples_[i].id, seed), i};
  std::sort(places.begin(), places.end());
  std::vector<std::size_t> rows(size());
  std::transform(places.begin(), places.end(), rows.begin(), [](const auto& place) { return place.second; });
  return take(rows);
}

Result<Split> split(const Dataset& data, double train, double validation, std::uint64_t seed) {
  if (!(train >= 0) || !(validation >= 0) || train + validation > 1 + 1e-12) {
    return fail(Errc::invalid_argument, "split: the shares of train and validation must be positive and not pass 1");
  }
  const Dataset mixed_up = data.shuffled(seed);
  const auto count = static_cast<double>(data.size());
  const auto first_end = static_cast<std::size_t>(std::llround(count * train));
  const auto second_end = std::min(data.size(), first_end + static_cast<std::size_t>(std::llround(count * validation)));
  std::vector<std::size_t> rows(data.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  const auto between = [&](std::size_t from, std::size_t to) {
    return mixed_up.take(
        {rows.begin() + static_cast<std::ptrdiff_t>(from), rows.begin() + static_cast<std::ptrdiff_t>(to)});
  };
  return Split{between(0, first_end), between(first_end, second_end), between(second_end, data.size())};
}

Result<Dataset> from_population(const Population& population, std::string_view segment, std::string_view weight) {
  for (const std::string_view name : {segment, weight}) {
    if (!name.empty() && population.find(name) == nullptr) {
      return fail(Errc::invalid_argument, "the population has no attribute '" + std::string(name) + "'");
    }
  }
  std::vector<Example> examples(static_cast<std::size_t>(population.size()));
  for (std::int64_t row = 0; row < population.size(); ++row) {
    Example& example = examples[static_cast<std::size_t>(row)];
    const Persona person = population.person(row);
    example.id = std::to_string(person.index);
    for (const auto& [name, value] : person.attributes) {
      if (name == segment) example.segment = to_string(value);
      if (name != weight) {
        example.fields.emplace(name, field_of(value));
      } else if (const FieldValue number = field_of(value); const auto* real = std::get_if<double>(&number)) {
        example.weight = *real;
      } else if (const auto* whole = std::get_if<std::int64_t>(&number)) {
        example.weight = static_cast<double>(*whole);
      } else {
        return fail(Errc::invalid_argument, "the weight '" + std::string(weight) + "' is not a number");
      }
    }
  }
  return Dataset::make(std::move(examples));
}

}  // namespace persona::prompt
