//! Makes a name table ready for one set of attributes; here, its surnames.
#include "identity.hpp"

#include "label_match.hpp"
#include "name_dictionary.hpp"

#include <map>

namespace persona {
namespace {

std::vector<std::string> fold_all(const NameDictionary& dictionary) {
  std::vector<std::string> folded;
  for (const auto& name : *dictionary) folded.push_back(ascii_fold(name));
  return folded;
}

}  // namespace

IdentityModel::IdentityModel(const NameTable& table, const IdentityLabels& labels)
    : sexes_(labels.sex.size()), origins_(labels.origin.size()), places_(labels.place.size()) {
  make_given(table, labels);
  make_surnames(table, labels);
  make_places(table, labels);
  given_mail_ = fold_all(given_names_);
  surname_mail_ = fold_all(surnames_);
}

void IdentityModel::make_surnames(const NameTable& table, const IdentityLabels& labels) {
  surnames_ = make_dictionary(table.surnames(), &Surname::name);
  std::map<std::string, std::map<std::int32_t, double>> by_origin;
  std::map<std::int32_t, double> everybody;
  for (const auto& s : table.surnames()) {
    const std::int32_t code = code_of(surnames_, s.name);
    by_origin[s.origin.empty() ? "" : origin_key(s.origin)][code] += s.weight;
    everybody[code] += s.weight;
  }
  if (by_origin.count("") > 0) everybody = by_origin[""];
  std::vector<std::string> unknown;
  const auto keys = keys_of_slots(labels.origin, origin_key);
  for (std::size_t slot = 0; slot < keys.size(); ++slot) {
    const auto at = by_origin.find(keys[slot]);
    if (at == by_origin.end() && slot > 0) unknown.push_back(labels.origin[slot - 1]);
    const auto& chosen = at == by_origin.end() ? everybody : at->second;
    surname_tables_.push_back(draws_.add({chosen.begin(), chosen.end()}));
  }
  if (!unknown.empty())
    notes_.push_back(fmt::format("the name table has no surnames for {}: everybody's are used", join_labels(unknown)));
}

}  // namespace persona
