//! Starts and stops tls_server.mjs.
#include "tls_server.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <cstdlib>
#include <vector>

extern char** environ;

namespace persona::testing {
namespace {

pid_t start(std::vector<std::string> words, int input, int output, int errors = STDERR_FILENO) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
  pid_t process = -1;
  const int failed = ::posix_spawnp(&process, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  REQUIRE(failed == 0);
  return process;
}

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
  return ends;
}

void make_certificate(const std::filesystem::path& folder) {
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  const std::string key = folder / "key.pem", certificate = folder / "certificate.pem";
  const pid_t process =
      start({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
             "2", "-subj", "/CN=persona test", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key,
             "-out", certificate, "-batch"},
            null, null, null);
  int status = -1;
  ::waitpid(process, &status, 0);
  ::close(null);
  REQUIRE(status == 0);
}

}  // namespace

TlsServer::TlsServer(bool only_http1) {
  std::string name = (std::filesystem::temp_directory_path() / "persona-tls-XXXXXX").string();
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  folder_ = name;
  make_certificate(folder_);
  const auto input = make_pipe(), output = make_pipe();
  std::vector<std::string> words = {PERSONA_NODE, PERSONA_SOURCE_DIR "/tests/http/tls_server.mjs",
                                    (folder_ / "key.pem").string(), certificate()};
  if (only_http1) words.emplace_back("h1");
  process_ = start(words, input[0], output[1]);
  ::close(input[0]);
  ::close(output[1]);
  to_child_ = input[1];
  std::string port;
  for (char byte = 0; ::read(output[0], &byte, 1) == 1 && byte != '\n';) port += byte;
  ::close(output[0]);
  port_ = std::atoi(port.c_str());
  REQUIRE(port_ > 0);
}

TlsServer::~TlsServer() {
  ::close(to_child_);
  int status = 0;
  if (process_ > 0) ::waitpid(process_, &status, 0);
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string TlsServer::url(const std::string& path, const std::string& host) const {
  return "https://" + host + ":" + std::to_string(port_) + path;
}

}  // namespace persona::testing
