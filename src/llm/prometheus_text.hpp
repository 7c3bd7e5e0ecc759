//! Families of counters and histograms that print themselves.
//! @source{Prometheus text exposition format 0.0.4}
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace persona::llm {

//! `a="x",b="y"`, with backslash, quote and line feed escaped.
class PrometheusLabels {
 public:
  PrometheusLabels& add(std::string_view name, std::string_view value);
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

class PrometheusCounters {
 public:
  using Print = std::function<std::string(std::int64_t)>;
  PrometheusCounters(
      std::string name, std::string help, Print print = [](std::int64_t value) { return std::to_string(value); });

  void add(const PrometheusLabels& labels, std::int64_t amount);
  void print(std::string& out) const;

 private:
  std::string name_, help_;
  Print print_;
  std::map<std::string, std::int64_t> values_;  // by labels
};

class PrometheusHistograms {
 public:
  //! @param bounds  upper ones, rising
  PrometheusHistograms(std::string name, std::string help, std::span<const double> bounds);

  void observe(const PrometheusLabels& labels, double value);
  void print(std::string& out) const;

 private:
  struct Histogram {
    std::vector<std::int64_t> counts;  // one more than bounds
    std::int64_t count = 0;
    double sum = 0;
  };

  std::string name_, help_;
  std::span<const double> bounds_;
  std::map<std::string, Histogram> histograms_;
};

}  // namespace persona::llm
