//! Reads the members of JSON objects; the first that is wrong is the error.
#pragma once

#include "core/json_document.hpp"
#include "json_words.hpp"

#include <persona/core/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace persona::llm {

//! Where a value stands; its path is only written when it is wrong.
struct JsonPlace {
  const JsonPlace* parent = nullptr;
  std::string_view key = {};
  std::size_t index = 0;
  JsonPath path() const;
};

//! One object. Ask for each member that it may have, then `finish`.
class JsonFields {
 public:
  JsonFields(const Json& json, const JsonPlace& place, Status& status);

  //! The member, or null where there is none or all is lost already.
  const Json* find(std::string_view key);
  bool wrong(const JsonPlace& place, const std::string& message);
  JsonPlace at(std::string_view key) const { return {&place_, key}; }

  void read(std::string_view key, std::string& out);
  void read(std::string_view key, bool& out);
  void read(std::string_view key, double& out);
  void read(std::string_view key, std::int64_t& out);
  void read(std::string_view key, std::vector<std::string>& out);

  template <class T>
  void read(std::string_view key, std::optional<T>& out) {
    if (json_.is_object() && json_.find(key) != json_.end()) read(key, out.emplace());
  }

  template <class Choice>
  requires std::is_enum_v<Choice>
  void read(std::string_view key, Choice& out) {
    const Json* json = find(key);
    if (json == nullptr) return;
    const auto choice =
        json->is_string() ? choice_of<Choice>(json->get_ref<const std::string&>()) : std::optional<Choice>();
    if (choice)
      out = *choice;
    else
      wrong(at(key), "is no word that is known here");
  }

  //! Calls `read_one(json, place, status, item)` for each item of a list.
  template <class T, class ReadOne>
  void each(std::string_view key, std::vector<T>& out, const ReadOne& read_one) {
    const Json* list = find(key);
    if (list == nullptr) return;
    const JsonPlace here = at(key);
    if (!list->is_array()) return void(wrong(here, "must be a list"));
    for (std::size_t i = 0; i < list->size() && status_; ++i)
      read_one((*list)[i], JsonPlace{&here, {}, i}, status_, out.emplace_back());
  }

  //! Calls `read_one(json, place, status, out)` where the member is there.
  template <class T, class ReadOne>
  void nested(std::string_view key, T& out, const ReadOne& read_one) {
    if (const Json* json = find(key)) read_one(*json, at(key), status_, out);
  }

  //! A member that nobody asked for is wrong.
  void finish();

 private:
  const Json& json_;
  const JsonPlace& place_;
  Status& status_;
  std::size_t found_ = 0;
  std::vector<std::string_view> asked_;
};

std::optional<std::string> bytes_of_base64(std::string_view text);

}  // namespace persona::llm
