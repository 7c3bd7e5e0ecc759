//! What an assumption rests on.
#pragma once

#include <persona/storage/records.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace persona {

//! A record of kind "evidence", under "ABOUT/ID".
struct Evidence {
  std::string about = {};   //!< what it backs: a specification, an attribute, a group; without "/"
  std::string id = {};      //!< among what backs the same
  std::string source = {};  //!< an address, a title, a table
  std::string quote = {};   //!< what it says
  double weight = 1;        //!< how far it is trusted, 0 .. 1
  std::string person = {};  //!< whom it tells of, for export and erasure; empty is nobody
  std::int64_t version = 0;
  bool operator==(const Evidence&) const = default;
};

//! @return the new version @errors invalid_argument: a weight outside 0 .. 1, "/" in `about`; conflict
[[nodiscard]] PERSONA_EXPORT Result<std::int64_t> put_evidence(Records& records, const Evidence& evidence,
                                                               std::string_view actor);
//! All of it, by id.
[[nodiscard]] PERSONA_EXPORT Result<std::vector<Evidence>> evidence_about(const Records& records,
                                                                          std::string_view about);

}  // namespace persona
