//! Price tables as JSON documents.
#include <persona/llm/price.hpp>

#include "core/json_document.hpp"

#include <persona/core/value.hpp>

namespace persona::llm {
namespace {

Json price_amount(Money money) {
  return json_number(static_cast<double>(money.picodollars) / 1e6);
}

void write_tokens(const TokenPrices& prices, Json& json) {
  json["input"] = price_amount(prices.input);
  json["output"] = price_amount(prices.output);
  if (prices.cached != prices.input) json["cached"] = price_amount(prices.cached);
  if (prices.cache_write != prices.input) json["cache_write"] = price_amount(prices.cache_write);
  if (prices.cache_write_1h != prices.cache_write) json["cache_write_1h"] = price_amount(prices.cache_write_1h);
}

std::string day_text(std::chrono::sys_days day) {
  return to_string(Date{static_cast<std::int32_t>(day.time_since_epoch().count())});
}

Json price_json(const Price& price) {
  Json json = {{"model", price.model}, {"from", day_text(price.from)}};
  if (price.until) json["until"] = day_text(*price.until);
  json["source"] = price.source;
  write_tokens(price.standard, json);
  json["batch_factor"] = json_number(price.batch_factor);
  if (price.long_context) {
    Json tier = {{"above", price.long_context_from}};
    write_tokens(*price.long_context, tier);
    json["long_context"] = std::move(tier);
  }
  if (price.max_input_tokens) json["max_input_tokens"] = *price.max_input_tokens;
  if (price.max_output_tokens) json["max_output_tokens"] = *price.max_output_tokens;
  return json;
}

}  // namespace

std::string PriceTable::to_json() const {
  Json list = Json::array();
  for (const Price& price : prices_) list.push_back(price_json(price));
  return print_json_document({{"version", 1}, {"complete", true}, {"prices", std::move(list)}});
}

}  // namespace persona::llm
