//! What keywords need to become rules.
#pragma once

#include "pattern.hpp"
#include "schema_program.hpp"

#include <memory>
#include <optional>
#include <string>

namespace persona::llm {

class SchemaCompiler;

//! One schema on its way to be a node.
class SchemaBuilder {
 public:
  SchemaBuilder(SchemaCompiler& compiler, const Json& schema, SchemaNode& node)
      : compiler_(compiler), schema_(schema), node_(node) {}

  bool draft7() const { return node_.resource->draft7; }
  const Json* find(const char* keyword) const;

  //! Keywords of one type; another type is an error.
  const Json* number(const char* keyword);
  std::optional<std::size_t> count(const char* keyword);
  const Json* list(const char* keyword);
  const Json* object(const char* keyword);
  std::vector<std::string> names(const Json& list, const char* keyword);
  std::optional<Pattern> pattern(const std::string& pattern, const char* keyword);

  const SchemaNode* node(const Json& schema);
  const SchemaNode* node(const char* keyword);  //!< null where there is none
  const SchemaNode* target(const char* keyword, const std::string& reference);
  //! The name of a dynamic anchor, where the reference leads to one.
  bool is_dynamic(const std::string& reference, std::string& anchor);

  void rule(SchemaRule rule) { node_.rules.push_back(std::move(rule)); }
  void wrong(const char* keyword, const std::string& message, Errc code = Errc::invalid_argument);

 private:
  SchemaCompiler& compiler_;
  const Json& schema_;
  SchemaNode& node_;
};

// The keywords, by what they say something about.
void add_value_rules(SchemaBuilder& schema);   //!< type, enum, const
void add_number_rules(SchemaBuilder& schema);  //!< minimum, multipleOf, ...
void add_text_rules(SchemaBuilder& schema);    //!< minLength, maxLength, pattern
void add_size_rules(SchemaBuilder& schema);    //!< minItems, uniqueItems, minProperties, required, ...
void add_reference_rules(SchemaBuilder& schema);
void add_choice_rules(SchemaBuilder& schema);  //!< allOf, anyOf, oneOf, not, if
void add_member_rules(SchemaBuilder& schema);  //!< properties, ..., dependentSchemas, propertyNames
void add_item_rules(SchemaBuilder& schema);    //!< prefixItems, items, contains
void add_rest_rules(SchemaBuilder& schema);    //!< unevaluatedProperties, unevaluatedItems

}  // namespace persona::llm
