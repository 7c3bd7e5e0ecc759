//! Checks a name table and gives it its hash.
#include "core/utf8.hpp"

#include <persona/core/hash.hpp>
#include <persona/population/names.hpp>

#include <cmath>

#include <fmt/format.h>

namespace persona {
namespace {

Status check_name_entry(std::string_view kind, std::size_t index, std::string_view name, double weight) {
  const auto refuse = [&](std::string_view why) {
    return fail(Errc::invalid_argument, fmt::format("name table: {} {} ('{}') {}", kind, index, name, why));
  };
  if (!is_utf8(name)) return fail(Errc::invalid_argument, fmt::format("name table: {} {} is not UTF-8", kind, index));
  if (name.empty()) return refuse("has no name");
  if (!std::isfinite(weight) || weight <= 0) return refuse(fmt::format("has weight {}; it must be positive", weight));
  return {};
}

Status check_given_names(const std::vector<GivenName>& given) {
  if (given.empty()) return fail(Errc::invalid_argument, "name table: there are no given names");
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (auto ok = check_name_entry("given name", i, given[i].name, given[i].weight); !ok) return ok;
    const int decade = given[i].decade;
    if (decade != 0 && (decade < 1800 || decade > 2200 || decade % 10 != 0))
      return fail(Errc::invalid_argument,
                  fmt::format("name table: given name {} ('{}') has decade {}; it must be a year such as 1950, or 0", i,
                              given[i].name, decade));
  }
  return {};
}

Status check_surnames(const std::vector<Surname>& surnames) {
  if (surnames.empty()) return fail(Errc::invalid_argument, "name table: there are no surnames");
  for (std::size_t i = 0; i < surnames.size(); ++i)
    if (auto ok = check_name_entry("surname", i, surnames[i].name, surnames[i].weight); !ok) return ok;
  return {};
}

Status check_places(const std::vector<Place>& places) {
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (auto ok = check_name_entry("place", i, places[i].city, places[i].weight); !ok) return ok;
    if (!is_utf8(places[i].state) || !is_utf8(places[i].postal_code))
      return fail(Errc::invalid_argument, fmt::format("name table: place {} ('{}') is not UTF-8", i, places[i].city));
  }
  return {};
}

// Unit and record separators cannot be mistaken for a part of a name.
std::string name_table_hash(const NameTable& table) {
  std::string text = "persona names 1\x1e";
  auto out = std::back_inserter(text);
  for (const auto& g : table.given())
    fmt::format_to(out, "g\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1e", g.name, g.sex, g.decade, g.origin, g.weight);
  for (const auto& s : table.surnames()) fmt::format_to(out, "s\x1f{}\x1f{}\x1f{}\x1e", s.name, s.origin, s.weight);
  for (const auto& p : table.places())
    fmt::format_to(out, "p\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1e", p.city, p.state, p.postal_code, p.area, p.weight);
  return content_hash(text);
}

}  // namespace

Result<std::shared_ptr<const NameTable>> NameTable::make(std::vector<GivenName> given, std::vector<Surname> surnames,
                                                         std::vector<Place> places) {
  if (auto ok = check_given_names(given); !ok) return tl::unexpected(ok.error());
  if (auto ok = check_surnames(surnames); !ok) return tl::unexpected(ok.error());
  if (places.empty()) places = builtin()->places();
  if (auto ok = check_places(places); !ok) return tl::unexpected(ok.error());
  NameTable table;
  table.given_ = std::move(given);
  table.surnames_ = std::move(surnames);
  table.places_ = std::move(places);
  table.hash_ = name_table_hash(table);
  return std::make_shared<const NameTable>(std::move(table));
}

}  // namespace persona
