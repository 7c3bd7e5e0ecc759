//! Is this JSON what the schema says?
#pragma once

#include <persona/core/result.hpp>

#include <memory>
#include <span>
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

//! Another document that a schema refers to, by its address. Nothing is ever fetched.
struct SchemaDocument {
  std::string url = {};
  std::string text = {};
};

//! A JSON Schema, checked once and used often. Immutable, safe to share. `format` is an annotation, as
//! the standard has it; patterns are ECMA-262 in Unicode mode and are matched in linear time.
//! @source{JSON Schema 2020-12; draft 7 where "$schema" says so}
class JsonSchema {
 public:
  //! @errors `path` points into the schema
  //!   - invalid_argument: not JSON, not a schema, nested deeper than 64, more than 5,000 properties, a
  //!     reference that leads nowhere, a pattern that is no regular expression
  //!   - unsupported: a pattern that no linear-time method can match (back-references)
  [[nodiscard]] PERSONA_EXPORT static Result<JsonSchema> compile(std::string_view schema,
                                                                 std::span<const SchemaDocument> others = {});

  //! No issues: it is valid. At most some 50 are told; a document that would take seconds to check is one.
  PERSONA_EXPORT std::vector<SchemaIssue> validate(std::string_view json) const;

  PERSONA_EXPORT const std::string& text() const;  //!< as it was given

 private:
  struct Compiled;
  explicit JsonSchema(std::shared_ptr<const Compiled> compiled);
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace persona::llm
