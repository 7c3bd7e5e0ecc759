//! Families of counters and histograms that print themselves.
#include "prometheus_text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace persona::llm {
namespace {

void print_family(std::string& out, const std::string& name, const std::string& help, std::string_view type) {
  out += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type);
}

}  // namespace

PrometheusLabels& PrometheusLabels::add(std::string_view name, std::string_view value) {
  if (!text_.empty()) text_ += ',';
  text_.append(name).append("=\"");
  for (const char c : value) {
    if (c == '\\' || c == '"') text_ += '\\';
    if (c == '\n')
      text_ += "\\n";
    else
      text_ += c;
  }
  text_ += '"';
  return *this;
}

PrometheusCounters::PrometheusCounters(std::string name, std::string help, Print print)
    : name_(std::move(name)), help_(std::move(help)), print_(std::move(print)) {}

void PrometheusCounters::add(const PrometheusLabels& labels, std::int64_t amount) {
  values_[labels.text()] += amount;
}

void PrometheusCounters::print(std::string& out) const {
  if (values_.empty()) return;
  print_family(out, name_, help_, "counter");
  for (const auto& [labels, value] : values_) out += fmt::format("{}{{{}}} {}\n", name_, labels, print_(value));
}

PrometheusHistograms::PrometheusHistograms(std::string name, std::string help, std::span<const double> bounds)
    : name_(std::move(name)), help_(std::move(help)), bounds_(bounds) {}

void PrometheusHistograms::observe(const PrometheusLabels& labels, double value) {
  Histogram& histogram = histograms_[labels.text()];
  histogram.counts.resize(bounds_.size() + 1);
  ++histogram.counts[static_cast<std::size_t>(std::ranges::lower_bound(bounds_, value) - bounds_.begin())];
  ++histogram.count;
  histogram.sum += value;
}

void PrometheusHistograms::print(std::string& out) const {
  if (histograms_.empty()) return;
  print_family(out, name_, help_, "histogram");
  for (const auto& [labels, histogram] : histograms_) {
    std::int64_t below = 0;
    for (std::size_t i = 0; i <= bounds_.size(); ++i) {
      below += histogram.counts[i];
      const std::string bound = i < bounds_.size() ? fmt::format("{}", bounds_[i]) : "+Inf";
      out += fmt::format("{}_bucket{{{},le=\"{}\"}} {}\n", name_, labels, bound, below);
    }
    out += fmt::format("{0}_sum{{{1}}} {2}\n{0}_count{{{1}}} {3}\n", name_, labels, histogram.sum, histogram.count);
  }
}

}  // namespace persona::llm
