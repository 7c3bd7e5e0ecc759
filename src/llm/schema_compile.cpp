//! Turns the schemas of an index into nodes.
#include "schema_builder.hpp"
#include "schema_value.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <unordered_map>

namespace persona::llm {

class SchemaCompiler {
 public:
  explicit SchemaCompiler(SchemaProgram& program) : program_(program) {}

  Status compile(const Json& root) {
    std::vector<const Json*> all;
    for (const auto& [schema, place] : program_.index.places()) all.push_back(schema);
    program_.root = &node(root);
    for (const Json* schema : all) node(*schema);
    while (!open_.empty() && !error_) {
      const Json* schema = open_.back();
      open_.pop_back();
      build(*schema);
      if (open_.empty()) add_dynamic();
    }
    if (error_) return tl::unexpected(std::move(*error_));
    return {};
  }

  SchemaNode& node(const Json& schema) {
    const auto [at, is_new] = nodes_.emplace(&schema, nullptr);
    if (is_new) {
      at->second = &program_.nodes.emplace_back(SchemaNode{.resource = program_.index.place(schema).resource});
      open_.push_back(&schema);
    }
    return *at->second;
  }

  SchemaIndex& index() { return program_.index; }

  //! The first error, or of several the one whose place comes first: the order of work is nobody's concern.
  void wrong(Error error) {
    if (!error_ || error.path < error_->path) error_ = std::move(error);
  }

 private:
  void build(const Json& schema) {
    SchemaNode& node = *nodes_.at(&schema);
    if (schema.is_boolean()) {
      if (!schema.get<bool>())
        node.rules.push_back(
            [](SchemaVisit& visit) { return visit.wrong([] { return std::string("is not allowed here"); }); });
      return;
    }
    SchemaBuilder builder(*this, schema, node);
    add_reference_rules(builder);
    if (node.resource->draft7 && schema.contains("$ref")) return;
    if (node.resource->asserts) {
      add_value_rules(builder);
      add_number_rules(builder);
      add_text_rules(builder);
      add_size_rules(builder);
    }
    add_choice_rules(builder);
    add_member_rules(builder);
    add_item_rules(builder);
    if (!node.resource->draft7) add_rest_rules(builder);
  }

  //! Nodes for the anchors that a dynamic reference could mean.
  void add_dynamic() {
    for (const SchemaResource& resource : program_.index.resources()) {
      for (const auto& [anchor, schema] : resource.dynamic_anchors)
        program_.dynamic[{&resource, anchor}] = &node(*schema);
    }
  }

  SchemaProgram& program_;
  std::unordered_map<const Json*, SchemaNode*> nodes_;
  std::vector<const Json*> open_;
  std::optional<Error> error_;
};

const Json* SchemaBuilder::find(const char* keyword) const {
  const auto found = schema_.find(keyword);
  return found == schema_.end() ? nullptr : &*found;
}

const Json* SchemaBuilder::number(const char* keyword) {
  const Json* value = find(keyword);
  if (value == nullptr || value->is_number()) return value;
  wrong(keyword, fmt::format("must be a number, is {}", json_kind(*value)));
  return nullptr;
}

std::optional<std::size_t> SchemaBuilder::count(const char* keyword) {
  const Json* value = find(keyword);
  if (value == nullptr) return {};
  if (value->is_number() && is_whole(*value) && value->get<double>() >= 0)
    return value->is_number_float() ? static_cast<std::size_t>(std::min(value->get<double>(), 1e18))
                                    : value->get<std::size_t>();
  wrong(keyword, fmt::format("must be a whole number, 0 or more, is {}", shown(*value)));
  return {};
}

const Json* SchemaBuilder::list(const char* keyword) {
  const Json* value = find(keyword);
  if (value == nullptr || value->is_array()) return value;
  wrong(keyword, fmt::format("must be a list, is {}", json_kind(*value)));
  return nullptr;
}

const Json* SchemaBuilder::object(const char* keyword) {
  const Json* value = find(keyword);
  if (value == nullptr || value->is_object()) return value;
  wrong(keyword, fmt::format("must be an object, is {}", json_kind(*value)));
  return nullptr;
}

std::vector<std::string> SchemaBuilder::names(const Json& list, const char* keyword) {
  std::vector<std::string> names;
  for (const Json& name : list) {
    if (name.is_string())
      names.push_back(name.get<std::string>());
    else
      wrong(keyword, fmt::format("must be a list of names, has {}", json_kind(name)));
  }
  return names;
}

std::optional<Pattern> SchemaBuilder::pattern(const std::string& pattern, const char* keyword) {
  auto compiled = Pattern::compile(pattern);
  if (compiled) return std::move(*compiled);
  wrong(keyword, compiled.error().message, compiled.error().code);
  return {};
}

const SchemaNode* SchemaBuilder::node(const Json& schema) {
  return &compiler_.node(schema);
}

const SchemaNode* SchemaBuilder::node(const char* keyword) {
  const Json* schema = find(keyword);
  return schema == nullptr ? nullptr : node(*schema);
}

const SchemaNode* SchemaBuilder::target(const char* keyword, const std::string& reference) {
  const auto target = compiler_.index().resolve(schema_, reference);
  if (target) return node(**target);
  wrong(keyword, target.error().message);
  return nullptr;
}

bool SchemaBuilder::is_dynamic(const std::string& reference, std::string& anchor) {
  const auto target = compiler_.index().resolve(schema_, reference);
  const auto fragment = reference.find('#');
  if (!target || fragment == std::string::npos) return false;
  anchor = reference.substr(fragment + 1);
  const auto& anchors = compiler_.index().place(**target).resource->dynamic_anchors;
  const auto found = anchors.find(anchor);
  return found != anchors.end() && found->second == *target;
}

void SchemaBuilder::wrong(const char* keyword, const std::string& message, Errc code) {
  const std::string path = compiler_.index().place(schema_).path + '/' + keyword;
  compiler_.wrong(Error{code, fmt::format("the schema's '{}': {}", keyword, message), path});
}

Result<std::shared_ptr<const SchemaProgram>> compile_schema(std::string_view text,
                                                            std::span<const SchemaDocument> others) {
  const auto program = std::make_shared<SchemaProgram>();
  program->text = text;
  for (const auto& [url, document] : others)
    if (const auto added = program->index.add(url, document); !added) return tl::unexpected(added.error());
  const auto root = program->index.add_main(text);
  if (!root) return tl::unexpected(root.error());
  if (const auto compiled = SchemaCompiler(*program).compile(**root); !compiled)
    return tl::unexpected(compiled.error());
  return program;
}

}  // namespace persona::llm
