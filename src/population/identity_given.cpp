//! Finds the given names of every sex, decade and origin, once.
#include "identity.hpp"
#include "label_match.hpp"
#include "name_dictionary.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>

namespace persona {
namespace {

// Given names by sex and decade, then origin; keys as `sex_key` and `origin_key` give them.
class GivenIndex {
 public:
  GivenIndex(const NameTable& table, const NameDictionary& dictionary) {
    for (const auto& g : table.given()) {
      entries_.push_back({g.sex.empty() ? "" : sex_key(g.sex), g.decade, g.origin.empty() ? "" : origin_key(g.origin),
                          code_of(dictionary, g.name), g.weight});
    }
  }

  // What fits the person, read as widely as needed; see NameTable. decade 0 is unknown.
  WeightedCodes find(const std::string& sex, int decade, const std::string& origin) const {
    std::string read_sex = sex;
    if (std::none_of(entries_.begin(), entries_.end(), [&](const Entry& e) { return fits_sex(e, sex); }))
      read_sex.clear();
    const int read_decade = decade == 0 ? 0 : nearest_decade(read_sex, decade);
    for (const std::string* wanted : {&origin, &everybody_}) {
      WeightedCodes found = collect(read_sex, read_decade, wanted);
      if (!found.empty()) return found;
    }
    return collect(read_sex, read_decade, nullptr);
  }

 private:
  struct Entry {
    std::string sex;
    int decade;
    std::string origin;
    std::int32_t code;
    double weight;
  };

  static bool fits_sex(const Entry& entry, const std::string& sex) {
    return sex.empty() || entry.sex.empty() || entry.sex == sex;
  }

  int nearest_decade(const std::string& sex, int decade) const {
    int best = 0;
    for (const auto& entry : entries_) {
      if (!fits_sex(entry, sex)) continue;
      if (entry.decade == 0 || entry.decade == decade) return decade;
      const int gain = best == 0 ? 1 : std::abs(best - decade) - std::abs(entry.decade - decade);
      if (gain > 0 || (gain == 0 && entry.decade < best)) best = entry.decade;
    }
    return best;
  }

  WeightedCodes collect(const std::string& sex, int decade, const std::string* origin) const {
    std::map<std::int32_t, double> sum;
    for (const auto& entry : entries_) {
      const bool fits_decade = decade == 0 || entry.decade == 0 || entry.decade == decade;
      if (fits_sex(entry, sex) && fits_decade && (origin == nullptr || entry.origin == *origin))
        sum[entry.code] += entry.weight;
    }
    return {sum.begin(), sum.end()};
  }

  std::vector<Entry> entries_;
  std::string everybody_;
};

}  // namespace

void IdentityModel::make_decades(const NameTable& table, const IdentityLabels& labels) {
  int last_decade = 0;
  for (const auto& g : table.given()) {
    if (g.decade == 0) continue;
    first_decade_ = first_decade_ == 0 ? g.decade : std::min(first_decade_, g.decade);
    last_decade = std::max(last_decade, g.decade);
  }
  if (!labels.age || last_decade == 0) return;
  decade_slots_ = static_cast<std::size_t>(last_decade - first_decade_) / 10 + 2;
  const int year = labels.year == 0 ? assumed_year : labels.year;
  if (labels.year == 0) notes_.push_back(fmt::format("given names take {} as the year of the figures", year));
  for (int age = 0; age < static_cast<int>(slot_of_age_.size()); ++age) {
    const int born = std::clamp(year - age, first_decade_, last_decade + 9);
    slot_of_age_[static_cast<std::size_t>(age)] = static_cast<std::uint8_t>((born - first_decade_) / 10 + 1);
  }
}

void IdentityModel::make_given(const NameTable& table, const IdentityLabels& labels) {
  given_names_ = make_dictionary(table.given(), &GivenName::name);
  make_decades(table, labels);
  const GivenIndex index(table, given_names_);
  std::map<WeightedCodes, int> known;  // many combinations read the same names
  for (const auto& sex : keys_of_slots(labels.sex, sex_key)) {
    for (std::size_t slot = 0; slot < decade_slots_; ++slot) {
      const int decade = slot == 0 ? 0 : first_decade_ + 10 * (static_cast<int>(slot) - 1);
      for (const auto& origin : keys_of_slots(labels.origin, origin_key)) {
        const auto [at, is_new] = known.try_emplace(index.find(sex, decade, origin), 0);
        if (is_new) at->second = draws_.add(at->first);
        given_tables_.push_back(at->second);
      }
    }
  }
}

}  // namespace persona
