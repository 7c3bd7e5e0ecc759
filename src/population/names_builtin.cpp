//! Unpacks the built-in table of names and places.
#include "names_origin.hpp"
#include "names_us.hpp"

#include <persona/population/names.hpp>

#include <array>
#include <charconv>

namespace persona {
namespace {

struct WeightedName {
  std::string name;
  double weight = 0;
};

// "Mary 573, Betty 300"
std::vector<WeightedName> parse_weighted_names(std::string_view text) {
  std::vector<WeightedName> names;
  while (!text.empty()) {
    const std::string_view item = text.substr(0, text.find(", "));
    const std::size_t space = item.rfind(' ');
    double weight = 0;
    std::from_chars(item.data() + space + 1, item.data() + item.size(), weight);
    names.push_back({std::string(item.substr(0, space)), weight});
    text.remove_prefix(std::min(text.size(), item.size() + 2));
  }
  return names;
}

std::vector<GivenName> builtin_given_names() {
  std::vector<GivenName> given;
  for (const auto& list : us_given_names())
    for (const auto& [name, weight] : parse_weighted_names(list.names))
      for (int decade = list.first_decade; decade <= list.last_decade; decade += 10)
        given.push_back({name, std::string(list.sex), decade, std::string(list.origin), weight});
  return given;
}

std::vector<Surname> builtin_surnames() {
  std::vector<Surname> surnames;
  for (const auto& s : us_surnames()) {
    const std::array<std::pair<std::string_view, double>, 4> percent = {
        {{"white", s.white}, {"black", s.black}, {"hispanic", s.hispanic}, {"asian", s.asian}}};
    append_by_origin(surnames, s.name, s.thousands, percent);
  }
  return surnames;
}

std::vector<Place> builtin_places() {
  std::vector<Place> places;
  for (const auto& p : us_places())
    places.push_back(
        {std::string(p.city), std::string(p.state), std::string(p.postal_code), std::string(p.area), p.thousands});
  return places;
}

}  // namespace

std::shared_ptr<const NameTable> NameTable::builtin() {
  static const auto table = *make(builtin_given_names(), builtin_surnames(), builtin_places());
  return table;
}

}  // namespace persona
