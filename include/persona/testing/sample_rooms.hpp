//! A database filled as by an application, with people and things that are made up: for tests and demos.
#pragma once

#include <persona/storage/database.hpp>

#include <cstdint>

namespace persona::testing {

struct SampleRooms {
  std::int64_t people = 1000;  //!< rows of "sample people"; "sample everybody", a recipe, has a thousand times as many
  int records = 100;           //!< without the versions of each
  int jobs = 20;
  std::uint64_t seed = 7;
};

//! Fills all rooms: populations as rows and as a recipe; groups, templates in several versions, evidence, usage, and
//! notes about people that were changed, removed or restored; API keys, one of them revoked; jobs in every state and a
//! schedule, in the queue "sample", which nobody may be working on.
//!
//! The same options leave the same in every database, but for times and API keys, which are random. It is for a
//! database that was not filled before, and no transaction: an error leaves what was there by then.
//!
//! @errors invalid_argument: nobody, or less than no records or jobs; already_exists, conflict: it was filled before;
//!         unavailable, io
[[nodiscard]] PERSONA_EXPORT Status fill_rooms(Database& database, const SampleRooms& sample = {});

}  // namespace persona::testing
