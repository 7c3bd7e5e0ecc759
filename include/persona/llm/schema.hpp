//! Is this JSON what the schema says?
#pragma once

#include <persona/core/result.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace persona::llm {

//! One way in which a document is not what was asked for.
struct SchemaIssue {
  std::string path = {};     //!< JSON pointer into the document
  std::string message = {};  //!< "must be a whole number, is \"ten\""
  bool operator==(const SchemaIssue&) const = default;
};

//! A JSON Schema, checked once and used often. Immutable, safe to share.
//! @source{JSON Schema 2020-12; draft 7 where "$schema" says so}
class JsonSchema {
 public:
  //! @errors invalid_argument: not JSON, not a schema, nested deeper than 64, more than 5,000
  //!         properties, a pattern that is no regular expression; `path` points into the schema
  [[nodiscard]] PERSONA_EXPORT static Result<JsonSchema> compile(std::string_view schema);

  //! No issues: it is valid. Patterns are matched in linear time.
  PERSONA_EXPORT std::vector<SchemaIssue> validate(std::string_view json) const;

  PERSONA_EXPORT const std::string& text() const;  //!< as it was given

 private:
  struct Compiled;
  explicit JsonSchema(std::shared_ptr<const Compiled> compiled);
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace persona::llm
