//! A program of Postgres, run as a child.
#include "postgres/program.hpp"

#include "postgres/wake_pipe.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <fmt/format.h>

extern char** environ;

namespace persona::postgres {
namespace {

constexpr int idle_every_ms = 100;
constexpr std::size_t most_said = 4000;  // of its complaints

struct Pipe {
  int read_end = -1, write_end = -1;

  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) == 0) read_end = ends[0], write_end = ends[1];
  }
  ~Pipe() {
    close(read_end);
    close(write_end);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  static void close(int& end) {
    if (end >= 0) ::close(std::exchange(end, -1));
  }
};

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> list;
  for (std::string& word : words) list.push_back(word.data());
  list.push_back(nullptr);
  return list;
}

Result<std::vector<std::string>> environment_with(const Secret& password) {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable)
    if (!password.is_set() || std::strncmp(*variable, "PGPASSWORD=", 11) != 0) variables.emplace_back(*variable);
  if (!password.is_set()) return variables;
  Result<std::string> revealed = password.reveal();
  if (!revealed) return tl::unexpected(revealed.error());
  variables.push_back("PGPASSWORD=" + *revealed);
  return variables;
}

// A child hears signals again, whatever our threads have blocked.
int spawn(std::vector<std::string>& words, std::vector<std::string>& variables, const Pipe& out, const Pipe& said,
          pid_t& child) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, out.write_end, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, said.write_end, STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, ours;
  sigemptyset(&none);
  sigemptyset(&ours);
  for (const int signal : {SIGPIPE, SIGINT, SIGTERM}) sigaddset(&ours, signal);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &ours);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  const int failed =
      ::posix_spawnp(&child, words[0].c_str(), &files, &attributes, pointers(words).data(), pointers(variables).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return failed;
}

// Lines out of parts that end anywhere.
class Lines {
 public:
  Status add(std::string_view part, const std::function<Status(std::string_view)>& take) {
    for (auto end = part.find('\n'); end != part.npos; end = part.find('\n')) {
      rest_.append(part.substr(0, end));
      part.remove_prefix(end + 1);
      if (Status taken = take(rest_); !taken) return taken;
      rest_.clear();
    }
    rest_.append(part);
    return {};
  }

 private:
  std::string rest_;
};

// @return false at the end
template <class Take>
bool read_part(int& end, const Take& take) {
  std::array<char, 65536> bytes;
  const ssize_t count = ::read(end, bytes.data(), bytes.size());
  if (count > 0) take(std::string_view(bytes.data(), static_cast<std::size_t>(count)));
  if (count < 0 && errno == EINTR) return true;
  if (count <= 0) Pipe::close(end);
  return count > 0;
}

struct Heard {
  Status status;
  std::string said;
};

Heard listen(Pipe& out, Pipe& said, const std::function<Status(std::string_view)>& take,
             const std::function<void()>& idle, const Context& context) {
  WakePipe stopped;
  const std::stop_callback wake(context.stop, [&] { stopped.wake(); });
  Heard heard;
  Lines lines;
  while (out.read_end >= 0 || said.read_end >= 0) {
    pollfd ends[] = {{out.read_end, POLLIN, 0}, {said.read_end, POLLIN, 0}, {stopped.read_end(), POLLIN, 0}};
    const int ready = ::poll(ends, 3, idle_every_ms);
    heard.status = context.check();
    if (heard.status && ends[0].revents != 0)
      read_part(out.read_end, [&](std::string_view part) { heard.status = lines.add(part, take); });
    if (!heard.status) return heard;
    if (ends[1].revents != 0)
      read_part(said.read_end, [&](std::string_view part) {
        if (heard.said.size() < most_said) heard.said.append(part.substr(0, most_said));
      });
    if (ready == 0) idle();
  }
  return heard;
}

std::string one_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  for (char& c : text)
    if (c == '\n') c = ' ';
  return text;
}

}  // namespace

Status run_program(std::vector<std::string> words, const Secret& password,
                   const std::function<Status(std::string_view)>& take, const std::function<void()>& idle,
                   const Context& context) {
  Result<std::vector<std::string>> variables = environment_with(password);
  if (!variables) return tl::unexpected(variables.error());
  Pipe out, said;
  if (out.read_end < 0 || said.read_end < 0) return fail(Errc::io, fmt::format("no pipe for {}", words[0]));
  pid_t child = -1;
  if (const int failed = spawn(words, *variables, out, said, child); failed != 0)
    return fail(failed == ENOENT ? Errc::not_found : Errc::io,
                fmt::format("{} cannot be started: {}; it comes with the client programs of Postgres", words[0],
                            std::strerror(failed)));
  Pipe::close(out.write_end);
  Pipe::close(said.write_end);
  Heard heard = listen(out, said, take, idle, context);
  if (!heard.status) ::kill(child, SIGTERM);
  Pipe::close(out.read_end);
  Pipe::close(said.read_end);
  int code = 0;
  while (::waitpid(child, &code, 0) < 0 && errno == EINTR) continue;
  if (!heard.status) return heard.status;
  if (WIFEXITED(code) && WEXITSTATUS(code) == 0) return {};
  if (WIFEXITED(code) && WEXITSTATUS(code) == 127 && heard.said.empty())
    return fail(Errc::not_found, fmt::format("there is no program {} on PATH", words[0]));
  return fail(Errc::io, fmt::format("{} failed: {}", words[0], one_line(heard.said)));
}

}  // namespace persona::postgres
