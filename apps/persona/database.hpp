//! Database files, in builds that have them.
#pragma once

#include <persona/storage/storage.hpp>

#include <functional>
#include <memory>
#include <string>

namespace persona::cli {

//! .db or .sqlite
bool is_database(const std::string& path);

//! Opens a database that exists. @errors as `sqlite::open`; unsupported: this build has no SQLite
Result<std::unique_ptr<Storage>> open_database(const std::string& path);

//! A population on its way into a database file. A file made for it goes away with it when it fails.
class DatabaseSink final : public PopulationSink {
 public:
  struct Options {
    bool replace = false;
  };

  //! @errors already_exists: the name is taken and `replace` is not set
  static Result<std::unique_ptr<PopulationSink>> make(const std::string& path, const PopulationRecord& record,
                                                      Options options);
  ~DatabaseSink() override;

  Status append(const Population& batch) override { return sink_->append(batch); }
  Status finish() override;

 private:
  DatabaseSink(std::string path, bool is_new) : path_(std::move(path)), is_new_(is_new) {}

  std::string path_;
  bool is_new_;
  bool finished_ = false;
  std::unique_ptr<Storage> storage_;
  std::unique_ptr<PopulationSink> sink_;
};

//! The population meant: the one named, or the only one there is.
//! @errors not_found, invalid_argument: the message lists the names
Result<PopulationRecord> choose_population(const Storage& storage, const std::string& path, const std::string& name);

//! Reads pages of up to 65,536 rows, in order, without the index column.
//! @param limit  rows altogether; 0 is all
Status read_pages(const Storage& storage, const PopulationRecord& record, std::int64_t limit, const Context& context,
                  const std::function<Status(const Population&)>& take);

}  // namespace persona::cli
