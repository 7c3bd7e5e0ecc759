//! A Postgres of our own, started from the system's programs and stopped by its process id.
#include "postgres_server.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <csignal>
#include <fstream>
#include <future>
#include <stdexcept>
#include <vector>

namespace persona::testing {
namespace {

void must(bool well, const std::string& otherwise) {
  if (!well) throw std::runtime_error(otherwise);
}

// Postgres refuses to run as root: then we are the user of the system's package, or nobody.
const passwd* other_user() {
  if (::geteuid() != 0) return nullptr;
  const passwd* user = ::getpwnam("postgres");
  return user != nullptr ? user : ::getpwnam("nobody");
}

void become(const passwd* user) {
  if (user == nullptr) return;
  if (::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0 || ::setuid(user->pw_uid) != 0) ::_exit(126);
}

// Starts a program of Postgres, as a user it accepts; what it says goes to `output`.
pid_t start_program(std::vector<std::string> words, int output) {
  const passwd* user = other_user();
  const uid_t uid = user != nullptr ? user->pw_uid : 0;
  const gid_t gid = user != nullptr ? user->pw_gid : 0;
  words[0] = std::string(PERSONA_POSTGRES_BIN) + "/" + words[0];
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t process = ::fork();
  if (process != 0) return process;
  passwd same{};
  same.pw_uid = uid;
  same.pw_gid = gid;
  become(user != nullptr ? &same : nullptr);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

}  // namespace

PostgresServer::PostgresServer(Empty) {
  std::string name = (std::filesystem::temp_directory_path() / "persona-pg-XXXXXX").string();
  must(::mkdtemp(name.data()) != nullptr, "no temporary folder for Postgres");
  folder_ = name;
  give(folder_);
}

void PostgresServer::give(const std::filesystem::path& path) {
  if (const passwd* user = other_user(); user != nullptr)
    must(::chown(path.c_str(), user->pw_uid, user->pw_gid) == 0, "cannot give " + path.string() + " to another user");
}

PostgresServer::PostgresServer(const std::vector<std::string>& settings) : PostgresServer(Empty()) {
  const std::string password_file = folder_ / "password";
  std::ofstream(password_file) << password << "\n";
  give(password_file);
  const int log = ::open((folder_ / "initdb.log").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  const pid_t initdb =
      start_program({"initdb", "-D", folder_ / "data", "-U", "persona", "--auth=scram-sha-256",
                     "--pwfile=" + password_file, "--no-sync", "--no-instructions", "-E", "UTF8", "--locale=C"},
                    log);
  int status = -1;
  ::waitpid(initdb, &status, 0);
  ::close(log);
  must(status == 0, "initdb failed, see " + (folder_ / "initdb.log").string());
  start(settings);
}

std::unique_ptr<PostgresServer> PostgresServer::standby_of(const PostgresServer& primary) {
  std::unique_ptr<PostgresServer> standby(new PostgresServer(Empty()));
  const int log = ::open((standby->folder_ / "basebackup.log").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  const pid_t copy =
      start_program({"pg_basebackup", "-D", standby->folder_ / "data", "--write-recovery-conf", "--checkpoint=fast",
                     "--no-sync", "--dbname", primary.connection() + " password='it\\'s a \\\\ secret'"},
                    log);
  int status = -1;
  ::waitpid(copy, &status, 0);
  ::close(log);
  must(status == 0, "pg_basebackup failed, see " + (standby->folder_ / "basebackup.log").string());
  standby->start();
  return standby;
}

PostgresServer::~PostgresServer() {
  if (process_ > 0) stop(SIGQUIT);
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

PostgresServer& PostgresServer::shared() {
  static PostgresServer server;
  return server;
}

void PostgresServer::start(const std::vector<std::string>& settings) {
  int ends[2];
  must(::pipe2(ends, O_CLOEXEC) == 0, "no pipe for Postgres");
  std::vector<std::string> words = {"postgres", "-D", folder_ / "data"};
  for (const std::string& setting : {std::string("listen_addresses="), "unix_socket_directories=" + folder_.string(),
                                     std::string("max_connections=60"), std::string("log_min_messages=log")})
    words.insert(words.end(), {"-c", setting});
  for (const std::string& setting : settings) words.insert(words.end(), {"-c", setting});
  process_ = start_program(words, ends[1]);
  ::close(ends[1]);
  std::promise<bool> ready;
  auto is_ready = ready.get_future();
  // Its log is read until it ends, so that it never waits for us.
  log_ = std::jthread([log = ends[0], ready = std::move(ready)]() mutable {
    std::string text;
    bool told = false;
    std::array<char, 4096> bytes;
    for (ssize_t count; (count = ::read(log, bytes.data(), bytes.size())) > 0;) {
      text.append(bytes.data(), static_cast<std::size_t>(count));
      if (told || text.find("ready to accept") == std::string::npos) continue;
      ready.set_value(true);
      told = true;
    }
    ::close(log);
    if (!told) ready.set_value(false);
  });
  must(is_ready.get(), "postgres did not start");
}

void PostgresServer::stop(int signal) {
  ::kill(process_, signal);
  int status = 0;
  ::waitpid(process_, &status, 0);
  process_ = -1;
  log_ = {};
}

std::string fresh_schema() {
  static int last = 0;
  return "test_" + std::to_string(++last);
}

}  // namespace persona::testing
