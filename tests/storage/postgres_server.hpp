//! A Postgres of our own, started from the system's programs and stopped by its process id.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <sys/types.h>

namespace persona::testing {

//! Listens on a socket in a temporary folder and nowhere else. The superuser is "persona", its password `password`.
class PostgresServer {
 public:
  //! @param settings  "name=value" of postgresql.conf; throws where it cannot be started
  explicit PostgresServer(const std::vector<std::string>& settings = {});
  //! A hot standby that follows `primary`.
  static std::unique_ptr<PostgresServer> standby_of(const PostgresServer& primary);
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  //! The one of this process; all tests share it, each with schemas of its own.
  static PostgresServer& shared();

  static constexpr const char* password = "it's a \\ secret";

  //! Without the password.
  std::string connection() const { return "host=" + folder_.string() + " user=persona dbname=postgres"; }
  const std::filesystem::path& folder() const { return folder_; }

  void start(const std::vector<std::string>& settings = {});
  void stop(int signal);  //!< SIGINT ends sessions, SIGQUIT ends at once as a crash would

  //! Gives a file or folder to the user that the server runs as.
  static void give(const std::filesystem::path& path);

 private:
  struct Empty {};
  explicit PostgresServer(Empty);  // a folder and nothing in it

  std::filesystem::path folder_;
  pid_t process_ = -1;
  std::jthread log_;
};

//! A schema name that no other test has.
std::string fresh_schema();

}  // namespace persona::testing
