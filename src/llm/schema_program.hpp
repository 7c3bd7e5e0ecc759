//! A schema made ready for checking: rules that call each other.
#pragma once

#include "schema_index.hpp"

#include <persona/llm/schema.hpp>

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace persona::llm {

class SchemaRun;

//! Where a value stands in the document.
struct DocumentPlace {
  const DocumentPlace* parent = nullptr;
  const std::string* key = nullptr;  //!< none: an item of a list
  std::size_t index = 0;
};

std::string path_text(const DocumentPlace& place);

//! Which members or items of one value some rule has looked at, for `unevaluated...`.
class SchemaSeen {
 public:
  void mark(std::size_t index, std::size_t size);
  void mark_all() { all_ = true; }
  void add(const SchemaSeen& other);
  bool has(std::size_t index) const { return all_ || (index < parts_.size() && parts_[index]); }

 private:
  bool all_ = false;
  std::vector<bool> parts_;
};

//! One value before the rules of one schema.
struct SchemaVisit {
  const Json& json;
  const DocumentPlace& place;
  SchemaSeen& seen;
  SchemaRun& run;

  //! Notes what is wrong, if anybody listens. @return false
  bool wrong(const std::function<std::string()>& message) const;
};

//! @return whether the value is right
using SchemaRule = std::function<bool(SchemaVisit& visit)>;

struct SchemaNode {
  const SchemaResource* resource = nullptr;
  std::vector<SchemaRule> rules = {};
};

//! Immutable once compiled.
struct SchemaProgram {
  std::string text = {};
  SchemaIndex index = {};
  std::deque<SchemaNode> nodes = {};
  std::map<std::pair<const SchemaResource*, std::string>, const SchemaNode*> dynamic = {};
  const SchemaNode* root = nullptr;
};

//! @errors as of `JsonSchema::compile`
Result<std::shared_ptr<const SchemaProgram>> compile_schema(std::string_view text,
                                                            std::span<const SchemaDocument> others = {});

//! One validation. It ends with an issue that says so where it takes more than some seconds of work.
class SchemaRun {
 public:
  explicit SchemaRun(const SchemaProgram& program) : program_(program) {}

  std::vector<SchemaIssue> validate(const Json& document);

  //! @param seen  what is added to where the value is right; null for parts of a value
  bool apply(const SchemaNode& node, const Json& json, const DocumentPlace& place, SchemaSeen* seen);
  //! The same without noting what is wrong.
  bool fits(const SchemaNode& node, const Json& json, const DocumentPlace& place, SchemaSeen* seen);
  //! What would be noted.
  std::vector<SchemaIssue> issues_of(const SchemaNode& node, const Json& json, const DocumentPlace& place);

  bool listens() const { return issues_ != nullptr && issues_->size() < most_issues; }
  void add(const DocumentPlace& place, std::string message);
  void add(std::vector<SchemaIssue> issues);
  //! Of the outermost resource that was entered and has this dynamic anchor.
  const SchemaNode* dynamic(const std::string& anchor) const;
  std::size_t& budget() { return budget_; }

 private:
  static constexpr std::size_t most_issues = 50;

  const SchemaProgram& program_;
  std::vector<SchemaIssue>* issues_ = nullptr;
  std::vector<const SchemaResource*> scope_;
  std::size_t budget_ = 100'000'000;
  int depth_ = 0;
};

}  // namespace persona::llm
