//! Guards around nlohmann/json's reader.
#include "json_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>
#include <vector>

#include "core/json_quick.hpp"
#include "text.hpp"

namespace persona {
namespace {

constexpr std::size_t json_most_levels = 64;
constexpr std::size_t few_keys = 16;  // found sooner by looking through them than by a set

//! Builds the tree and stops at the first thing that the tree could not show any more.
class JsonBuilder final : public nlohmann::json_sax<Json> {
 public:
  Json root;
  std::optional<Error> error;

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    Level& level = levels_.back();
    level.key = name;
    level.has_key = true;
    if (is_new(level)) return true;
    return stop(fmt::format("the key '{}' stands twice in one object", shortened(name)), path());
  }

  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& problem) override {
    std::string what = problem.what();
    if (const auto id_end = what.find("] "); id_end != std::string::npos) what.erase(0, id_end + 2);
    constexpr std::string_view at = "parse error at ";
    if (what.starts_with(at)) what.erase(0, at.size());
    return stop("not JSON: " + what, path());
  }

 private:
  struct Level {
    Json* json;
    bool has_key = false;
    std::string key = {};                       // the last one read
    std::unordered_set<std::string> keys = {};  // all of them, once they are many
  };

  static bool is_new(Level& level) {
    const auto& members = level.json->get_ref<const Json::object_t&>();
    const auto same = [&](const auto& member) { return member.first == level.key; };
    if (members.size() < few_keys) return std::none_of(members.begin(), members.end(), same);
    if (level.keys.empty()) {
      for (const auto& [name, value] : members) level.keys.insert(name);
    }
    return level.keys.insert(level.key).second;
  }

  bool stop(std::string message, std::string where) {
    error = Error{Errc::invalid_argument, std::move(message), std::move(where)};
    return false;
  }

  std::string path() const {
    JsonPath path;
    for (const Level& level : levels_) {
      const std::size_t open = &level == &levels_.back() ? 0 : 1;  // the item being read is in the list already
      if (level.json->is_object() && !level.has_key) break;
      path = level.json->is_object() ? path / level.key : path / (level.json->size() - open);
    }
    return path.text();
  }

  //! Where the next value goes. Objects are vectors: no search for the key, which is known to be new.
  Json* place(Json&& value) {
    if (levels_.empty()) return &(root = std::move(value));
    Level& level = levels_.back();
    if (level.json->is_array()) {
      level.json->push_back(std::move(value));
      return &level.json->back();
    }
    auto& members = level.json->get_ref<Json::object_t&>();
    members.emplace_back(level.key, std::move(value));
    return &members.back().second;
  }

  template <class T>
  bool add(T&& value) {
    place(Json(std::forward<T>(value)));
    return true;
  }

  bool open(Json&& container) {
    if (levels_.size() == json_most_levels)
      return stop(fmt::format("nested deeper than {} levels", json_most_levels), path());
    levels_.push_back({.json = place(std::move(container))});
    return true;
  }

  bool close() {
    levels_.pop_back();
    return true;
  }

  std::vector<Level> levels_;
};

}  // namespace

JsonPath JsonPath::operator/(std::string_view key) const {
  JsonPath longer = *this;
  longer.text_ += '/';
  for (const char c : key) {
    if (c == '~')
      longer.text_ += "~0";
    else if (c == '/')
      longer.text_ += "~1";
    else
      longer.text_ += c;
  }
  return longer;
}

JsonPath JsonPath::operator/(std::size_t index) const {
  return *this / std::string_view(std::to_string(index));
}

Result<Json> parse_json_document(std::string_view text, std::size_t most_bytes) {
  if (text.size() > most_bytes)
    return fail(Errc::invalid_argument,
                fmt::format("the document has {} bytes; at most {} are read", text.size(), most_bytes));
  if (auto root = parse_json_quickly(text, json_most_levels)) return *std::move(root);
  JsonBuilder builder;
  if (Json::sax_parse(text.begin(), text.end(), &builder)) return std::move(builder.root);
  // The reader takes no other bytes either, but says less about them.
  if (!is_utf8(text)) return fail(Errc::invalid_argument, "the document is not UTF-8");
  return tl::unexpected(builder.error.value_or(Error{Errc::invalid_argument, "not JSON", {}}));
}

std::string_view json_kind(const Json& json) {
  switch (json.type()) {
    case Json::value_t::null: return "null";
    case Json::value_t::object: return "an object";
    case Json::value_t::array: return "a list";
    case Json::value_t::string: return "text";
    case Json::value_t::boolean: return json.get<bool>() ? "true" : "false";
    default: return "a number";
  }
}

}  // namespace persona
