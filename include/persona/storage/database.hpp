//! All rooms of one file or schema, opened once.
#pragma once

#include <persona/core/context.hpp>
#include <persona/storage/copy.hpp>
#include <persona/storage/jobs.hpp>
#include <persona/storage/records.hpp>
#include <persona/storage/storage.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace persona {

//! Rooms whose changes stand or fall together. They are good until the transaction ends.
struct Rooms {
  Records& records;
  JobQueue& jobs;  //!< what is enqueued here is there for workers once the records are: an outbox
};

//! One version of a schema.
struct SchemaStep {
  int version = 0;
  std::string name = {};
  std::vector<std::string> tables = {};  //!< that go when a database is brought below it
};

//! What a database holds, in numbers.
struct DatabaseStatus {
  struct Population {
    PopulationRecord record = {};
    std::optional<std::int64_t> bytes = {};  //!< on disk, indexes too; unknown where the database cannot say
  };
  std::vector<Population> populations = {};                        //!< in order of name
  std::vector<std::pair<std::string, std::int64_t>> jobs = {};     //!< how many by state
  std::vector<std::pair<std::string, std::int64_t>> records = {};  //!< how many by kind, without removed ones
  std::int64_t runs = 0, finished_runs = 0;                        //!< of prompt optimizers
  std::int64_t bytes = 0;                                          //!< of everything on disk
};

//! Made by `sqlite::open_database` and `postgres::open_database`. Any thread may call.
class Database {
 public:
  struct State;  // private to the library
  explicit Database(std::unique_ptr<State> state);
  PERSONA_EXPORT ~Database();

  PERSONA_EXPORT Storage& populations();
  PERSONA_EXPORT Records& records();
  PERSONA_EXPORT JobQueue& jobs();

  //! Runs `work` in one transaction: what it did in the rooms it is given is there afterwards, all of it, or none where
  //! it returns an error or the process dies. What fails within one room's call is undone; `work` may go on.
  //!
  //! Postgres may run `work` again where another transaction was faster: what it does elsewhere must bear that.
  //! `work` uses the rooms it is given; this database's other rooms answer `conflict` to it.
  //! @errors what `work` returns; unavailable
  [[nodiscard]] PERSONA_EXPORT Status transact(const std::function<Status(const Rooms&)>& work);

  [[nodiscard]] PERSONA_EXPORT Result<DatabaseStatus> status() const;

  //! Copies every table but those of populations into another database, with its history as it is: versions, times, the
  //! audit trail, tombstones, jobs, runs, answers and accounts. All or nothing, and compared before it counts.
  //! @return rows copied
  //! @errors already_exists: the other one holds such rows already: an audit trail is never overwritten; cancelled
  [[nodiscard]] PERSONA_EXPORT Result<std::int64_t> copy_rooms(Database& to, const Context& context = {}) const;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace persona
