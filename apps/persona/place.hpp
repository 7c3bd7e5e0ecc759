//! Where a database is: a file, or a schema of Postgres.
#pragma once

#include <persona/core/context.hpp>
#include <persona/core/secret.hpp>
#include <persona/prompt/run_ledger.hpp>
#include <persona/storage/backup.hpp>
#include <persona/storage/database.hpp>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

namespace persona::cli {

//! How a database is to be opened.
struct OpenPlace {
  bool read_only = false;
  bool replace = false;  //!< populations give way to new ones of their name
};

class Place {
 public:
  virtual ~Place() = default;

  virtual std::string name() const = 0;  //!< for messages; holds no password
  virtual bool exists() const = 0;

  virtual Result<int> version() const = 0;  //!< 0 where there is nothing yet
  virtual std::vector<SchemaStep> steps() const = 0;
  virtual Status migrate(int version) = 0;  //!< makes it where there is none

  virtual Result<std::unique_ptr<Database>> open(OpenPlace how) = 0;
  //! @param create  make what is not there
  virtual Result<std::unique_ptr<Storage>> populations(bool create, bool replace) = 0;
  virtual Result<std::shared_ptr<prompt::RunLedger>> runs(bool create) = 0;

  virtual Result<std::vector<TableContent>> contents(const Context& context) const = 0;
  virtual Result<BackupReport> backup(const std::string& to, const Context& context) const = 0;
  virtual Result<BackupReport> restore(const std::string& from, RestoreOptions how, const Context& context) = 0;
  virtual Result<std::int64_t> vacuum(const Context& context) = 0;
  virtual void remove() = 0;  //!< what was made for a call that failed
};

//! The key of encrypted files, of the environment: PERSONA_DATABASE_KEY.
Secret database_key();

//! What was written on the command line.
struct PlaceArguments {
  std::string address, schema = "persona";
  Secret key = database_key();  //!< of a file
};

//! postgresql://, postgres://, or key=value pairs; all else is a file.
bool is_postgres(const std::string& address);

//! The address as it may be shown: without what may be secret.
std::string shown(const std::string& address);

void add_place(CLI::App& app, PlaceArguments& arguments, const std::string& description = "The database");
void add_schema_argument(CLI::App& app, std::string& schema);

//! @errors unsupported: this build has not that database
Result<std::unique_ptr<Place>> place_of(const PlaceArguments& arguments);

//! The same where it must be there. @errors not_found
Result<std::unique_ptr<Place>> place_there(const PlaceArguments& arguments);

Result<std::unique_ptr<Place>> file_place(const std::string& path, Secret key);
Result<std::unique_ptr<Place>> schema_place(const std::string& connection, const std::string& schema);

}  // namespace persona::cli
