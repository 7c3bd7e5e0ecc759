//! Prices as people read them.
#include "price_rows.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace persona::cli {
namespace {

double dollars_per_million(Money token) {
  return static_cast<double>(token.picodollars) * 1e-6;
}

}  // namespace

std::chrono::sys_days today() {
  return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
}

std::string per_million(Money token) {
  return fmt::format("{:.6g}", dollars_per_million(token));
}

std::string iso_date(std::chrono::sys_days day) {
  const std::chrono::year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::optional<llm::Price> find_price(const llm::PriceTable& table, std::string_view model) {
  if (auto exact = table.find("", model, today())) return exact;
  if (model.starts_with("responses/")) return table.find("openai", model.substr(10), today());
  std::optional<llm::Price> only;
  for (const char* provider : {"openai", "anthropic", "gemini"}) {
    auto found = table.find(provider, model, today());
    if (found && only) return {};  // nobody can tell which
    if (found) only = std::move(found);
  }
  return only;
}

nlohmann::ordered_json price_json(const llm::Price& price) {
  const auto tokens = [](const std::optional<std::int64_t>& count) {
    return count ? nlohmann::ordered_json(*count) : nlohmann::ordered_json();
  };
  return {{"model", price.model},
          {"input", dollars_per_million(price.standard.input)},
          {"cached", dollars_per_million(price.standard.cached)},
          {"cache_write", dollars_per_million(price.standard.cache_write)},
          {"output", dollars_per_million(price.standard.output)},
          {"per_tokens", 1'000'000},
          {"batch_factor", price.batch_factor},
          {"max_input_tokens", tokens(price.max_input_tokens)},
          {"max_output_tokens", tokens(price.max_output_tokens)},
          {"from", iso_date(price.from)},
          {"source", price.source}};
}

}  // namespace persona::cli
