//! Price tables from JSON documents.
#include "price_document.hpp"

#include "core/text.hpp"
#include "json_fields.hpp"

#include <cmath>

namespace persona::llm {
namespace {

constexpr double most_dollars_per_million = 1e6;  // a dollar a token

void read_amount(JsonFields& fields, std::string_view key, Money& out) {
  std::optional<double> amount;
  fields.read(key, amount);
  if (!amount) return;
  if (*amount < 0 || *amount > most_dollars_per_million)
    fields.wrong(fields.at(key), "is no price in dollars per million tokens");
  else
    out = Money{std::llround(*amount * 1e6)};  // picodollars a token
}

void read_day(JsonFields& fields, std::string_view key, std::optional<std::chrono::sys_days>& out) {
  std::optional<std::string> text;
  fields.read(key, text);
  if (!text) return;
  if (const auto date = parse_date(*text))
    out = std::chrono::sys_days(std::chrono::days(date->days));
  else
    fields.wrong(fields.at(key), "is no day like 2026-07-24");
}

void read_tokens(JsonFields& fields, TokenPrices& prices) {
  const Money unset{-1};
  prices = {unset, unset, unset, unset, unset};
  read_amount(fields, "input", prices.input);
  read_amount(fields, "output", prices.output);
  read_amount(fields, "cached", prices.cached);
  read_amount(fields, "cache_write", prices.cache_write);
  read_amount(fields, "cache_write_1h", prices.cache_write_1h);
  if (prices.input == unset) fields.wrong(fields.at("input"), "is missing");
  if (prices.output == unset) fields.wrong(fields.at("output"), "is missing");
  if (prices.cached == unset) prices.cached = prices.input;
  if (prices.cache_write == unset) prices.cache_write = prices.input;
  if (prices.cache_write_1h == unset) prices.cache_write_1h = prices.cache_write;
}

struct NamedPrice {
  Price price;
  std::vector<std::string> aliases;
};

void read_price(const Json& json, const JsonPlace& place, Status& status, NamedPrice& named) {
  JsonFields fields(json, place, status);
  Price& price = named.price;
  std::optional<std::chrono::sys_days> from;
  fields.read("model", price.model);
  fields.read("aliases", named.aliases);
  read_day(fields, "from", from);
  read_day(fields, "until", price.until);
  fields.read("source", price.source);
  read_tokens(fields, price.standard);
  fields.read("batch_factor", price.batch_factor);
  fields.nested("long_context", price.long_context,
                [&](const Json& tier, const JsonPlace& tier_place, Status&, std::optional<TokenPrices>& out) {
                  JsonFields members(tier, tier_place, status);
                  members.read("above", price.long_context_from);
                  read_tokens(members, out.emplace());
                  members.finish();
                });
  fields.read("max_input_tokens", price.max_input_tokens);
  fields.read("max_output_tokens", price.max_output_tokens);
  fields.finish();
  if (price.model.find('/') == std::string::npos) fields.wrong(fields.at("model"), "is no name like openai/gpt-4o");
  if (!from) fields.wrong(fields.at("from"), "is missing: since when the price holds");
  if (price.source.empty()) fields.wrong(fields.at("source"), "is missing: where the price is from");
  price.from = from.value_or(price.from);
}

}  // namespace

Result<PriceDocument> read_prices(std::string_view text) {
  const Result<Json> json = parse_json_document(text);
  if (!json) return tl::unexpected(json.error());
  Status status;
  const JsonPlace root;
  JsonFields fields(*json, root, status);
  PriceDocument document;
  std::int64_t version = 0, per_tokens = 1'000'000;
  std::string currency = "USD", ignored;
  std::vector<NamedPrice> named;
  fields.read("version", version);
  fields.read("checked", ignored);
  fields.read("gathered_from", ignored);
  fields.read("currency", currency);
  fields.read("per_tokens", per_tokens);
  fields.read("complete", document.complete);
  fields.each("prices", named, read_price);
  fields.finish();
  if (version != 1) fields.wrong(fields.at("version"), "must be 1");
  if (currency != "USD") fields.wrong(fields.at("currency"), "must be USD");
  if (per_tokens != 1'000'000) fields.wrong(fields.at("per_tokens"), "must be 1000000");
  if (!status) return tl::unexpected(status.error());
  for (NamedPrice& one : named) {
    document.prices.push_back(one.price);
    for (std::string& alias : one.aliases) document.prices.emplace_back(one.price).model = std::move(alias);
  }
  return document;
}

}  // namespace persona::llm
