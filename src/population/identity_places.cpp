//! Finds the places of every label, once.
#include "identity.hpp"
#include "label_match.hpp"
#include "name_dictionary.hpp"

#include <algorithm>

namespace persona {
namespace {

// Which places a label names: by area, else by state, else by city.
class PlaceIndex {
 public:
  explicit PlaceIndex(const std::vector<Place>& places) : places_(places) {
    for (const auto& place : places) {
      const std::string code = us_state_code(place.state);
      states_.push_back(code.empty() ? place_key(place.state).name : code);
      areas_.push_back(place_key(place.area));
      cities_.push_back({place_key(place.city).name, states_.back()});
    }
  }

  // Counties of different states share names: areas count where they explain most of the labels.
  void choose_areas(const std::vector<std::string>& labels) {
    const auto is_area = [&](const std::string& label) { return !matching(areas_, place_key(label)).empty(); };
    const auto areas = std::count_if(labels.begin(), labels.end(), is_area);
    use_areas_ = 2 * static_cast<std::size_t>(areas) >= labels.size();
  }

  WeightedCodes find(const std::string& label) const {
    const PlaceKey key = place_key(label);
    if (use_areas_)
      if (auto found = matching(areas_, key); !found.empty()) return found;
    const std::string code = us_state_code(label);
    WeightedCodes found;
    for (std::size_t i = 0; i < places_.size(); ++i)
      if (!states_[i].empty() && states_[i] == (code.empty() ? key.name : code)) add(found, i);
    return found.empty() ? matching(cities_, key) : found;
  }

  WeightedCodes all() const {
    WeightedCodes found;
    for (std::size_t i = 0; i < places_.size(); ++i) add(found, i);
    return found;
  }

 private:
  void add(WeightedCodes& found, std::size_t i) const {
    found.emplace_back(static_cast<std::int32_t>(i), places_[i].weight);
  }
  WeightedCodes matching(const std::vector<PlaceKey>& keys, const PlaceKey& wanted) const {
    WeightedCodes found;
    for (std::size_t i = 0; i < places_.size(); ++i)
      if (keys[i].matches(wanted)) add(found, i);
    return found;
  }

  const std::vector<Place>& places_;
  std::vector<std::string> states_;
  std::vector<PlaceKey> areas_, cities_;
  bool use_areas_ = false;
};

}  // namespace

void IdentityModel::make_places(const NameTable& table, const IdentityLabels& labels) {
  cities_ = make_dictionary(table.places(), &Place::city);
  states_ = make_dictionary(table.places(), &Place::state);
  postal_code_names_ = make_dictionary(table.places(), &Place::postal_code);
  for (const auto& place : table.places()) {
    city_codes_.push_back(code_of(cities_, place.city));
    state_codes_.push_back(code_of(states_, place.state));
    postal_codes_.push_back(code_of(postal_code_names_, place.postal_code));
  }
  PlaceIndex index(table.places());
  index.choose_areas(labels.place);
  place_tables_.push_back(draws_.add(index.all()));
  std::vector<std::string> unknown;
  for (const auto& label : labels.place) {
    const WeightedCodes found = index.find(label);
    if (found.empty()) unknown.push_back(label);
    place_tables_.push_back(found.empty() ? place_tables_.front() : draws_.add(found));
  }
  if (!unknown.empty())
    notes_.push_back(fmt::format("the name table has no places for {}: any are used", join_labels(unknown)));
}

}  // namespace persona
