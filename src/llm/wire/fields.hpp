//! Members of JSON that may lack them, or hold something else there.
#pragma once

#include "core/json_document.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace persona::llm::wire {

//! The member, or null where there is none.
const Json& at(const Json& json, std::string_view key);
//! The item, or null where there is none.
const Json& at(const Json& json, std::size_t index);

//! The text of a member that is one; a view of the document.
std::string_view text_at(const Json& json, std::string_view key);

//! A count of a member that is one; 0 where it is none or negative.
std::int64_t count_at(const Json& json, std::string_view key);
std::optional<std::int64_t> count_if(const Json& json, std::string_view key);

//! Adds a member, replacing none.
void add(Json& object, std::string_view key, Json value);

//! Objects are merged member by member, all else is replaced.
void merge(Json& body, const Json& extra);

//! An answer's JSON. @errors invalid_output: the message begins with `sender`
Result<Json> parse(std::string_view text, std::string_view sender, std::size_t most_bytes = std::size_t{64} << 20);

}  // namespace persona::llm::wire
