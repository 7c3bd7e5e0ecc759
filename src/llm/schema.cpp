//! JSON Schemas, compiled.
#include <persona/llm/schema.hpp>

#include "schema_program.hpp"

#include <utility>

namespace persona::llm {

struct JsonSchema::Compiled {
  std::shared_ptr<const SchemaProgram> program;
};

JsonSchema::JsonSchema(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}

Result<JsonSchema> JsonSchema::compile(std::string_view schema, std::span<const SchemaDocument> others) {
  auto program = compile_schema(schema, others);
  if (!program) return tl::unexpected(program.error());
  return JsonSchema(std::make_shared<const Compiled>(Compiled{std::move(*program)}));
}

std::vector<SchemaIssue> JsonSchema::validate(std::string_view json) const {
  const auto document = parse_json_document(json);
  if (!document) return {{document.error().path, document.error().message}};
  return SchemaRun(*compiled_->program).validate(*document);
}

const std::string& JsonSchema::text() const {
  return compiled_->program->text;
}

}  // namespace persona::llm
