//! TLS to a server of our own, and a server whose disk is full.
#include <persona/storage/postgres.hpp>

#include "postgres_ask.hpp"
#include "temporary_folder.hpp"
#include "testing/contract_check.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include <arpa/inet.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace persona;
using persona::testing::mixed_population;
using persona::testing::PostgresServer;
using persona::testing::with_password;

namespace {

// One that nobody listens on at this moment.
int free_port() {
  const int end = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(::bind(end, reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(::getsockname(end, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  ::close(end);
  return ntohs(address.sin_port);
}

// A certificate for "localhost" that signs itself.
void make_certificate(const std::filesystem::path& folder) {
  const std::string command =
      "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext "
      "subjectAltName=DNS:localhost -keyout '" +
      (folder / "key.pem").string() + "' -out '" + (folder / "certificate.pem").string() + "' 2>/dev/null";
  REQUIRE(std::system(command.c_str()) == 0);
  for (const char* name : {"key.pem", "certificate.pem"}) {
    std::filesystem::permissions(folder / name, std::filesystem::perms::owner_read);
    PostgresServer::give(folder / name);
  }
}

Error failure_of(const std::string& connection) {
  const auto storage = postgres::open(connection, with_password("persona"));
  REQUIRE(!storage);
  return storage.error();
}

//! A folder with little room; none where we may not mount one.
class SmallFolder {
 public:
  SmallFolder() { mounted_ = ::mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, "size=24m") == 0; }
  ~SmallFolder() {
    if (mounted_) ::umount2(folder_.path().c_str(), MNT_DETACH);
  }
  bool is_there() const { return mounted_; }
  const std::string& path() const { return folder_.path(); }

 private:
  persona::test::TemporaryFolder folder_;
  bool mounted_ = false;
};

}  // namespace

TEST_CASE("over TLS, a server is believed only with the certificate and the name that it should have") {
  PostgresServer server;
  make_certificate(server.folder());
  persona::test::TemporaryFolder other;
  make_certificate(other.path());
  server.stop(SIGINT);
  const std::string port = std::to_string(free_port());
  server.start({"listen_addresses=127.0.0.1", "port=" + port, "ssl=on",
                "ssl_cert_file=" + (server.folder() / "certificate.pem").string(),
                "ssl_key_file=" + (server.folder() / "key.pem").string()});
  const std::string address = "user=persona dbname=postgres hostaddr=127.0.0.1 port=" + port + " sslmode=verify-full";
  const std::string right = " sslrootcert=" + (server.folder() / "certificate.pem").string();
  const auto storage = postgres::open(address + " host=localhost" + right, with_password("persona"));
  REQUIRE_MESSAGE(storage, to_string(storage.error()));
  CHECK(put(**storage, {.name = "people"}, mixed_population(100)));
  CHECK((*storage)->read("people", {.limit = 0})->size() == 100);
  const auto target = postgres::parse_target(address + " host=localhost" + right, with_password("persona"));
  const auto connection = postgres::Connection::connect(*target);
  CHECK((*connection)->run("SELECT 1 FROM pg_stat_ssl WHERE ssl AND pid = pg_backend_pid()")->size() == 1);

  const Error stranger = failure_of(address + " host=localhost sslrootcert=" + (other / "certificate.pem"));
  CHECK(stranger.message.find("certificate") != std::string::npos);
  CHECK(!stranger.service->retryable);
  CHECK(!failure_of(address + " host=db.example.org" + right).service->retryable);
  CHECK(stranger.message.find(PostgresServer::password) == std::string::npos);
}

TEST_CASE("a server whose disk is full says so, loses nothing, and goes on when there is room") {
  const SmallFolder small;
  if (!small.is_there()) {
    MESSAGE("no file system can be mounted here: a full disk of Postgres is not tested");
    return;
  }
  PostgresServer server;
  PostgresServer::give(small.path());
  std::filesystem::permissions(small.path(), std::filesystem::perms::owner_all);
  {
    const auto target = postgres::parse_target(server.connection(), with_password("persona"));
    const auto connection = postgres::Connection::connect(*target);
    REQUIRE((*connection)->execute("CREATE TABLESPACE small LOCATION '" + small.path() + "'"));
  }
  const auto storage = postgres::open(server.connection() + " options='-c default_tablespace=small'",
                                      with_password("persona", {.replace = true}));
  REQUIRE_MESSAGE(storage, to_string(storage.error()));
  REQUIRE(put(**storage, {.name = "people"}, mixed_population(1000)));
  auto sink = (*storage)->create({.name = "people"});  // it would replace them
  REQUIRE(sink);
  Status full;
  for (int i = 0; i < 100 && full; ++i) full = (*sink)->append(mixed_population(5000));
  if (full) full = (*sink)->finish();
  REQUIRE(!full);
  CHECK(full.error().code == Errc::io);
  CHECK(full.error().service->type == "53100");
  CHECK(full.error().message.find("room") != std::string::npos);
  sink->reset();
  CHECK((*storage)->read("people", {.limit = 0})->size() == 1000);
  CHECK((*storage)->list()->size() == 1);
  CHECK(put(**storage, {.name = "people"}, mixed_population(2000)));
  CHECK((*storage)->read("people", {.limit = 0})->size() == 2000);
}
