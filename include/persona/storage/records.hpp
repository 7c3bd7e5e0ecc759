//! Documents that are kept with everything that happened to them.
#pragma once

#include <persona/core/json.hpp>
#include <persona/core/result.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace persona {

using RecordTime = std::chrono::sys_time<std::chrono::milliseconds>;

//! Groups, evidence, runs, usage, templates, hashed keys, ...: one document of a kind, under an id.
struct Record {
  std::string kind = {}, id = {};  //!< neither should say anything of a person: the audit trail keeps both
  std::int64_t version = 0;        //!< 1, 2, ...
  JsonText body = {};
  std::string person = {};  //!< whom it is about, for export and erasure; empty is nobody
  std::string actor = {};   //!< who changed it last
  RecordTime changed = {};
  bool is_removed = false;  //!< it can be restored until it is purged
  bool operator==(const Record&) const = default;
};

struct RecordChange {
  std::string kind = {}, id = {};
  JsonText body = {};
  std::string person = {};
  std::string actor = {};                     //!< who does it; never empty
  std::optional<std::int64_t> expected = {};  //!< the version that it replaces; 0: there is none; unset: whichever
  std::string idempotency_key = {};           //!< the same change said again is not done again
};

struct RecordQuery {
  std::string kind = {};
  std::string after = {};  //!< only greater ids
  int limit = 100;
  bool with_removed = false;
};

//! One line of the audit trail. Written by the database itself with every change; nothing can turn it off, change it
//! or delete it.
struct AuditLine {
  std::int64_t number = 0;
  RecordTime at = {};
  std::string actor = {}, action = {};  //!< "create", "change", "remove", "restore", "purge", "erase"
  std::string kind = {}, id = {};
  std::int64_t version = 0;
};

//! What was left of an erased person: enough to know that nothing may be kept again.
struct Erasure {
  std::int64_t records = 0;  //!< with all their versions
  RecordTime at = {};
};

//! Any thread and process may call.
class Records {
 public:
  virtual ~Records() = default;

  //! All or none. @return the new versions in order
  //! @errors conflict: another version than expected, a removed record, a person who was erased;
  //!         invalid_argument: no kind, id or actor, a body that is no JSON
  [[nodiscard]] virtual Result<std::vector<std::int64_t>> put(const std::vector<RecordChange>& changes) = 0;

  [[nodiscard]] virtual Result<Record> find(std::string_view kind,
                                            std::string_view id) const = 0;                    //!< @errors not_found
  [[nodiscard]] virtual Result<std::vector<Record>> list(const RecordQuery& query) const = 0;  //!< by id
  //! Oldest first. @errors not_found
  [[nodiscard]] virtual Result<std::vector<Record>> history(std::string_view kind, std::string_view id) const = 0;

  //! It is found no more, but can be restored; both are new versions. @errors not_found; conflict
  [[nodiscard]] virtual Result<std::int64_t> remove(std::string_view kind, std::string_view id, std::string_view actor,
                                                    std::optional<std::int64_t> expected = {}) = 0;
  [[nodiscard]] virtual Result<std::int64_t> restore(std::string_view kind, std::string_view id,
                                                     std::string_view actor) = 0;

  //! Retention: removed records of a kind, and older versions of the others, that were last changed before a time,
  //! are gone for good. @return how many versions
  [[nodiscard]] virtual Result<std::int64_t> purge(std::string_view kind, RecordTime before,
                                                   std::string_view actor) = 0;

  //! All that is known of a person, with every version and every line of the audit trail, as JSON.
  [[nodiscard]] virtual Result<JsonText> export_person(std::string_view person) const = 0;

  //! Every record about a person is gone for good, its history too; a tombstone (a hash) stays, so that nothing about
  //! them can be put again. Backups are not reached: erase again after restoring one.
  [[nodiscard]] virtual Result<Erasure> erase_person(std::string_view person, std::string_view actor) = 0;

  //! @param after  only lines with a greater number
  [[nodiscard]] virtual Result<std::vector<AuditLine>> audit(std::int64_t after, int limit) const = 0;

  //! The same records for reads that decide something: where a standby answers reads, those of others may be late.
  virtual const Records& current() const { return *this; }

 protected:
  Records() = default;
  Records(const Records&) = default;
  Records& operator=(const Records&) = default;
};

}  // namespace persona
