//! Templates of prompts and texts, with every version that there ever was.
#pragma once

#include <persona/storage/records.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace persona {

//! A record of kind "template". A run that notes name and version can be run again as it was.
struct TemplateText {
  std::string name = {};
  std::string text = {};
  std::string note = {};  //!< why this version
  std::int64_t version = 0;
  bool operator==(const TemplateText&) const = default;
};

//! Keeps a new version; of a text that is the newest already, it is not made again.
//! @param version  of the template: the one it was written from, 0 where there is none
//! @return the new version @errors conflict: somebody wrote another one meanwhile
[[nodiscard]] PERSONA_EXPORT Result<std::int64_t> put_template(Records& records, const TemplateText& text,
                                                               std::string_view actor);
//! @param version  0: the newest @errors not_found: no such template, or it never had this version
[[nodiscard]] PERSONA_EXPORT Result<TemplateText> find_template(const Records& records, std::string_view name,
                                                                std::int64_t version = 0);
//! Oldest first. @errors not_found
[[nodiscard]] PERSONA_EXPORT Result<std::vector<TemplateText>> template_versions(const Records& records,
                                                                                 std::string_view name);

}  // namespace persona
