//! A line on the terminal that says how far a long call has come.
#include "progress_bar.hpp"

#include "terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace persona::cli {
namespace {

constexpr int bar_width = 30;

std::string bar(double share) {
  const int full = static_cast<int>(share * bar_width);
  const bool utf8 = has_utf8();
  std::string drawn;
  for (int i = 0; i < bar_width; ++i) drawn += i < full ? (utf8 ? "█" : "#") : (utf8 ? "░" : "-");
  return drawn;
}

std::string line(const Progress& progress, double seconds) {
  const auto done = static_cast<double>(progress.done), total = static_cast<double>(progress.total);
  const double rate = seconds > 0 ? done / seconds : 0;
  if (progress.total == 0)
    return fmt::format("{} {}  {}/s", progress.task, with_commas(progress.done), short_rate(rate));
  const double share = std::clamp(done / total, 0.0, 1.0);
  const std::string left = rate > 0 ? duration((total - done) / rate) : "?";
  return fmt::format("{} {} {:3.0f} %  {} of {}  {}/s  {} left", progress.task, bar(share), 100 * share,
                     with_commas(progress.done), with_commas(progress.total), short_rate(rate), left);
}

}  // namespace

ProgressBar::ProgressBar() : visible_(is_terminal(Stream::err)) {}

ProgressBar::~ProgressBar() {
  if (drawn_) std::fputs("\r\033[K", stderr);
}

void ProgressBar::on_progress(const Progress& progress) {
  const auto now = Clock::now();
  if (!visible_ || now - last_ < std::chrono::milliseconds(80)) return;
  last_ = now;
  drawn_ = true;
  const double seconds = std::chrono::duration<double>(now - began_).count();
  fmt::print(stderr, "\r{}\033[K", line(progress, seconds));
  std::fflush(stderr);
}

}  // namespace persona::cli
