//! A document that a schema allows, made up.
#pragma once

#include "core/json_document.hpp"

#include <cstdint>

namespace persona::llm {

//! Follows the keywords that say what there is (type, enum, properties, items, ranges, lengths, patterns, formats,
//! $ref into the schema, allOf, one branch of anyOf and oneOf); conditions and `not` are left to chance: validate.
Json sample_schema(const Json& schema, std::uint64_t seed);

//! What a "#/..." reference in the schema points to; the reference itself where it leads nowhere.
const Json& follow_reference(const Json& root, const Json& schema);

}  // namespace persona::llm
