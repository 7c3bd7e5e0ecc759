//! Names of families, and families by name.
#include <persona/population/distribution.hpp>

#include <array>
#include <optional>
#include <utility>

#include "distribution_fields.hpp"

namespace persona {
namespace {

constexpr std::array<std::string_view, 7> identity_names = {"given_name", "surname", "full_name",  "email",
                                                            "city",       "state",   "postal_code"};

//! Calls `visit(D{})` for each family in the order of the variant.
template <class Visit>
void distribution_for_each_family(Visit&& visit) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (visit(std::variant_alternative_t<I, Distribution>{}), ...);
  }
  (std::make_index_sequence<std::variant_size_v<Distribution>>{});
}

}  // namespace

bool Mixture::operator==(const Mixture& other) const {
  return components == other.components;
}

bool ZeroInflated::operator==(const ZeroInflated& other) const {
  return zero == other.zero && rest == other.rest;
}

std::string_view family(const Distribution& distribution) {
  if (const auto* identity = std::get_if<Identity>(&distribution))
    return identity_names[static_cast<std::size_t>(identity->part)];
  return std::visit([]<class D>(const D&) { return Family<D>::name; }, distribution);
}

const std::vector<std::string>& family_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    distribution_for_each_family([&]<class D>(const D&) {
      if constexpr (!std::is_same_v<D, Identity>) list.emplace_back(Family<D>::name);
    });
    list.insert(list.end(), identity_names.begin(), identity_names.end());
    return list;
  }();
  return names;
}

std::optional<Distribution> make_family(std::string_view name) {
  std::optional<Distribution> found;
  for (std::size_t part = 0; part < identity_names.size(); ++part)
    if (identity_names[part] == name) found = Identity{.part = static_cast<IdentityPart>(part)};
  if (found) return found;
  distribution_for_each_family([&]<class D>(D family) {
    if (Family<D>::name == name) found = std::move(family);
  });
  return found;
}

}  // namespace persona
