//! Field values as JSON trees.
#pragma once

#include "core/json_document.hpp"

#include <persona/prompt/fields.hpp>

namespace persona::prompt {

Json json_of(const FieldValue& value);
Json json_of(const Fields& fields);
FieldValue field_value(const Json& json);

//! @errors invalid_argument: not an object
Result<Fields> fields_from(const Json& json, std::string path = {});

}  // namespace persona::prompt
