//! Populations in databases.
#pragma once

#include "place.hpp"

#include <persona/storage/storage.hpp>

#include <functional>
#include <memory>
#include <string>

namespace persona::cli {

//! .db or .sqlite, or an address of Postgres
bool is_database(const std::string& path);

//! Opens a database that exists. @errors as `sqlite::open`, `postgres::open`; unsupported: this build has it not
Result<std::unique_ptr<Storage>> open_database(const PlaceArguments& arguments);

//! A population on its way into a database. A file made for it goes away with it when it fails.
class DatabaseSink final : public PopulationSink {
 public:
  struct Options {
    bool replace = false;
  };

  //! @errors already_exists: the name is taken and `replace` is not set
  static Result<std::unique_ptr<PopulationSink>> make(const PlaceArguments& arguments, const PopulationRecord& record,
                                                      Options options);
  ~DatabaseSink() override;

  Status append(const Population& batch) override { return sink_->append(batch); }
  Status finish() override;

 private:
  DatabaseSink(std::unique_ptr<Place> place, bool is_new) : place_(std::move(place)), is_new_(is_new) {}

  std::unique_ptr<Place> place_;
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
