//! Values and distributions from JSON, each checked for its kind.
#include "spec_read_distribution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace persona {

bool DistributionReader::object(const Json& json, const JsonPath& path) {
  return json.is_object() ? ok() : complain(path, fmt::format("an object should stand here, not {}", json_kind(json)));
}

void DistributionReader::known_keys(const Json& json, const JsonPath& path, const std::vector<std::string>& keys) {
  if (!ok() || !json.is_object()) return;
  for (const auto& [key, value] : json.items()) {
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    const std::string near = did_you_mean(key, keys);
    complain(path / key, fmt::format("there is no key '{}' here{}", shortened(key),
                                     near.empty() ? "; those known are " + listing(keys, keys.size()) : near));
    return;
  }
}

void DistributionReader::read_value(const Json& json, const JsonPath& path, std::string& out) {
  if (json.is_string())
    out = json.get<std::string>();
  else
    complain(path, fmt::format("'{}' must be text, not {}", path.last(), json_kind(json)));
}

void DistributionReader::read_value(const Json& json, const JsonPath& path, double& out) {
  if (json.is_number())
    out = json.get<double>();
  else
    complain(path, fmt::format("'{}' must be a number, not {}", path.last(), json_kind(json)));
}

void DistributionReader::read_value(const Json& json, const JsonPath& path, int& out) {
  constexpr int most = std::numeric_limits<int>::max();
  if (json.is_number_integer() && json >= -most && json <= most)
    out = json.get<int>();
  else
    complain(path, fmt::format("'{}' must be a whole number", path.last()));
}

void DistributionReader::read_value(const Json& json, const JsonPath& path, bool& out) {
  if (json.is_boolean())
    out = json.get<bool>();
  else
    complain(path, fmt::format("'{}' must be true or false, not {}", path.last(), json_kind(json)));
}

void DistributionReader::read_value(const Json& json, const JsonPath& path, Date& out) {
  const auto date = json.is_string() ? parse_date(json.get<std::string>()) : std::nullopt;
  if (date)
    out = *date;
  else
    complain(path, fmt::format("'{}' must be a day such as \"2019-07-04\"", path.last()));
}

void DistributionReader::read_value(const Json& json, const JsonPath& path, Value& out) {
  if (json.is_boolean()) {
    out = json.get<bool>();
  } else if (json.is_number_unsigned() && json.get<std::uint64_t>() > std::uint64_t{1} << 63) {
    complain(path, "the whole number is too large");
  } else if (json.is_number_integer()) {
    out = json.get<std::int64_t>();
  } else if (json.is_number_float()) {
    out = json.get<double>();
  } else if (json.is_string()) {
    out = json.get<std::string>();
  } else if (json.is_array()) {
    read_value(json, path, out.emplace<std::vector<std::string>>());
  } else if (json.is_object() && json.size() == 1 && json.contains("date")) {
    read_value(json["date"], path / "date", out.emplace<Date>());
  } else {
    complain(path, "a constant is a number, true or false, text, {\"date\": \"2019-07-04\"}, or a list of labels");
  }
}

void DistributionReader::read_value(const Json& json, const JsonPath& path, Parameter& out) {
  if (json.is_number())
    out = json.get<double>();
  else if (json.is_string() && !json.get_ref<const std::string&>().empty())
    out = json.get<std::string>();
  else
    complain(path, fmt::format("'{}' must be a number or an expression, not {}", path.last(),
                               json.is_string() ? "empty text" : json_kind(json)));
}

void DistributionReader::read_value(const Json& json, const JsonPath& path, std::vector<double>& out) {
  if (!json.is_array())
    return void(complain(path, fmt::format("'{}' must be a list of numbers, not {}", path.last(), json_kind(json))));
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (!json[i].is_number())
      return void(complain(path / i, fmt::format("'{}' must hold numbers, not {}", path.last(), json_kind(json[i]))));
    out.push_back(json[i].get<double>());
  }
}

void DistributionReader::read_value(const Json& json, const JsonPath& path, std::vector<std::string>& out) {
  if (!json.is_array())
    return void(complain(path, fmt::format("'{}' must be a list of texts, not {}", path.last(), json_kind(json))));
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (!json[i].is_string())
      return void(complain(path / i, fmt::format("'{}' must hold texts, not {}", path.last(), json_kind(json[i]))));
    out.push_back(json[i].get<std::string>());
  }
}

void DistributionReader::read_value(const Json& json, const JsonPath& path, std::vector<Component>& out) {
  if (!json.is_array())
    return void(complain(path, fmt::format("'{}' must be a list, not {}", path.last(), json_kind(json))));
  for (std::size_t i = 0; i < json.size() && ok(); ++i) {
    const JsonPath at = path / i;
    if (!object(json[i], at)) return;
    known_keys(json[i], at, {"weight", "distribution"});
    if (!json[i].contains("weight") || !json[i].contains("distribution"))
      return void(complain(at, "a component needs 'weight' and 'distribution'"));
    Component component;
    read_key(json[i], at, "weight", component.weight);
    component.distribution = distribution(json[i]["distribution"], at / "distribution", nullptr);
    out.push_back(std::move(component));
  }
}

template <class D>
void DistributionReader::fields(const Json& json, const JsonPath& path, D& out) {
  std::vector<std::string> known = {"family"};
  for_each_field<D>([&](const auto& field) { known.emplace_back(field.name); });
  known_keys(json, path, known);
  for_each_field<D>([&]<class M>(const DistributionField<D, M>& field) {
    const std::string key(field.name);
    if (!ok()) return;
    if (!json.contains(key)) {
      if (!field.optional)
        complain(path, fmt::format("{} needs '{}': {}", family(out), key,
                                   field.description.substr(0, field.description.size() - 1)));
    } else if constexpr (std::is_same_v<D, ZeroInflated> && std::is_same_v<M, std::vector<Component>>) {
      out.*field.member = {Component{1, distribution(json[key], path / key, nullptr)}};
    } else {
      read_value(json[key], path / key, out.*field.member);
    }
  });
}

//! {"female": 51, "male": 49}, in the order written where no labels are known yet.
void DistributionReader::weights_by_label(const Json& json, const JsonPath& path, bool known,
                                          std::vector<std::string>& categories, std::vector<double>& weights) {
  weights.clear();
  if (!known)
    for (const auto& item : json.items()) categories.push_back(item.key());
  std::unordered_map<std::string_view, std::size_t> index;
  for (const std::string& label : categories) index.emplace(label, index.size());
  weights.assign(categories.size(), -1);
  for (const auto& item : json.items()) {
    const auto found = index.find(item.key());
    if (found == index.end())
      return void(
          complain(path / item.key(), fmt::format("there is no label '{}'; the labels are {}{}", shortened(item.key()),
                                                  listing(categories), did_you_mean(item.key(), categories))));
    read_value(item.value(), path / item.key(), weights[found->second]);
    index.erase(found);
  }
  if (!index.empty() && ok())
    complain(path,
             fmt::format("the label '{}' has no weight; write 0 if there is nobody", shortened(index.begin()->first)));
}

//! Fills in what the base says, and turns weights by label into lists.
template <class D>
void DistributionReader::labelled(const Json& json, const JsonPath& path, const Distribution* base, D& out) {
  const auto* like = base == nullptr ? nullptr : std::get_if<D>(base);
  Json full = json;
  full["family"] = Family<D>::name;
  const bool by_label = json.contains("weights") && json["weights"].is_object();
  if (!json.contains("categories") && like != nullptr) {
    full["categories"] = like->categories;
    if constexpr (std::is_same_v<D, Ordinal>)
      if (!like->scores.empty() && !json.contains("scores")) full["scores"] = like->scores;
  } else if (!json.contains("categories") && by_label && std::is_same_v<D, Ordinal>) {
    complain(path / "weights", "an ordinal's labels have an order; list them as 'categories'");
  } else if (json.contains("categories") && by_label) {
    complain(path / "weights", "weights by label stand in place of 'categories', not beside it");
  }
  if (by_label && ok()) {
    weights_by_label(json["weights"], path / "weights", like != nullptr,
                     like != nullptr ? (out = *like).categories : out.categories, out.weights);
    full["categories"] = std::exchange(out.categories, {});
    full["weights"] = std::exchange(out.weights, {});
    out = D{};
  }
  if (ok()) fields(full, path, out);
}

Distribution DistributionReader::distribution(const Json& json, const JsonPath& path, const Distribution* base) {
  if (!object(json, path)) return {};
  const bool like_base =
      base != nullptr && (std::holds_alternative<Categorical>(*base) || std::holds_alternative<Ordinal>(*base));
  std::string name = like_base ? std::string(family(*base)) : std::string();
  read_key(json, path, "family", name);
  if (!ok()) return {};
  if (name.empty()) {
    complain(path, "a distribution needs 'family', for example \"normal\"");
    return {};
  }
  auto result = make_family(name);
  if (!result) {
    const std::string near = did_you_mean(name, family_names());
    complain(path / "family", fmt::format("there is no family '{}'{}", shortened(name),
                                          near.empty() ? "; those known are " + listing(family_names(), 99) : near));
    return {};
  }
  std::visit(
      [&]<class D>(D& out) {
        if constexpr (std::is_same_v<D, Categorical> || std::is_same_v<D, Ordinal>)
          labelled(json, path, base, out);
        else
          fields(json, path, out);
      },
      *result);
  return std::move(*result);
}

}  // namespace persona
