//! Groups: people, populations or other groups under one name.
#pragma once

#include <persona/storage/records.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace persona {

//! A record of kind "group".
struct Group {
  std::string id = {};
  std::string name = {}, description = {};
  std::vector<std::string> members = {};  //!< ids; what they are of, the application knows
  std::int64_t version = 0;               //!< that this one was read as; 0: it is new
  bool operator==(const Group&) const = default;
};

//! @return the new version @errors conflict: it was changed since it was read, or made by another
[[nodiscard]] PERSONA_EXPORT Result<std::int64_t> put_group(Records& records, const Group& group,
                                                            std::string_view actor);
[[nodiscard]] PERSONA_EXPORT Result<Group> find_group(const Records& records, std::string_view id);
//! By id. @param after  only greater ids
[[nodiscard]] PERSONA_EXPORT Result<std::vector<Group>> list_groups(const Records& records, std::string_view after = {},
                                                                    int limit = 100);

}  // namespace persona
