//! What is typed or piped in, read so that Ctrl-C ends the wait.
#include "standard_input.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace persona::cli {

bool StandardInput::is_terminal() {
  return isatty(STDIN_FILENO) == 1;
}

Result<bool> StandardInput::more(const Context& context) {
  std::array<char, 65'536> part;
  for (pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};;) {
    if (auto alive = context.check(); !alive) return tl::unexpected(alive.error());
    if (poll(&input, 1, 50) <= 0) continue;
    const auto size = read(STDIN_FILENO, part.data(), part.size());
    if (size < 0) return fail(Errc::io, "cannot read it", "<stdin>");
    read_.append(part.data(), static_cast<std::size_t>(size));
    return size > 0;
  }
}

Result<std::string> StandardInput::rest(const Context& context) {
  for (auto again = more(context);; again = more(context)) {
    if (!again) return tl::unexpected(again.error());
    if (!*again) return std::exchange(read_, {});
  }
}

Result<std::optional<std::string>> StandardInput::line(const Context& context) {
  auto end = read_.find('\n');
  while (end == std::string::npos) {
    const auto again = more(context);
    if (!again) return tl::unexpected(again.error());
    if (!*again) return read_.empty() ? std::optional<std::string>() : std::exchange(read_, {});
    end = read_.find('\n');
  }
  std::string line = read_.substr(0, end);
  read_.erase(0, end + 1);
  return line;
}

}  // namespace persona::cli
