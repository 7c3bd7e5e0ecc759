//! Where the schemas of a set of documents are, and what their references lead to.
#pragma once

#include "core/json_document.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

namespace persona::llm {

struct SchemaNode;

//! A schema with an address of its own, and what lies inside it.
struct SchemaResource {
  std::string url = {};
  bool draft7 = false;
  bool asserts = true;  //!< its vocabulary has the assertions: type, minimum, ...
  const Json* root = nullptr;
  std::map<std::string, const Json*> anchors = {};
  std::map<std::string, const Json*> dynamic_anchors = {};  //!< also among `anchors`
};

class SchemaIndex {
 public:
  struct Place {
    SchemaResource* resource = nullptr;
    std::string path = {};  //!< in its document
  };

  //! The document may be referred to, by this address and by its own.
  //! @errors invalid_argument
  Status add(std::string url, std::string_view text);
  //! The document at the root of all. @return where it stands
  Result<const Json*> add_main(std::string_view text);

  //! Of any schema that was met.
  const Place& place(const Json& schema) const { return places_.at(&schema); }
  const std::unordered_map<const Json*, Place>& places() const { return places_; }
  const std::deque<SchemaResource>& resources() const { return resources_; }

  //! @errors invalid_argument: leads nowhere
  Result<const Json*> resolve(const Json& from, const std::string& reference);

 private:
  Status walk(const Json& schema, SchemaResource* resource, const JsonPath& path);
  Status walk_inside(const Json& schema, SchemaResource& resource, const JsonPath& path);
  Result<SchemaResource*> resource_of(const Json& schema, SchemaResource* parent, const JsonPath& path);
  Status read_dialect(const Json& schema, SchemaResource& resource, const JsonPath& path) const;
  Result<const Json*> point(SchemaResource& resource, const std::string& pointer);

  std::deque<Json> documents_;
  std::map<std::string, const Json*> addresses_;  // of documents that were not walked yet
  std::deque<SchemaResource> resources_;
  std::map<std::string, SchemaResource*> by_url_;
  std::unordered_map<const Json*, Place> places_;
  bool draft7_ = false;  // of the main document
  std::size_t properties_ = 0;
};

}  // namespace persona::llm
