//! What tokens cost.
#include <persona/llm/price.hpp>

#include "core/text.hpp"
#include "price_document.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace persona::llm {
namespace {

bool before(const Price& a, const Price& b) {
  return std::tie(a.model, a.from) < std::tie(b.model, b.from);
}

std::set<std::string_view> models_of(const std::vector<Price>& prices) {
  std::set<std::string_view> models;
  for (const Price& price : prices) models.insert(price.model);
  return models;
}

bool moved_tenfold(Money now, Money then) {
  if (now.picodollars == 0 || then.picodollars == 0) return now != then;
  return now.picodollars / 10 > then.picodollars || then.picodollars / 10 > now.picodollars;
}

// The one that held on the day of the newer, or the first there is.
const Price* predecessor(const std::vector<Price>& sorted, const Price& newer) {
  const Price* found = nullptr;
  for (const Price& price : sorted)
    if (price.model == newer.model && (found == nullptr || price.from <= newer.from)) found = &price;
  return found;
}

Status check_update(const PriceDocument& document, const PriceTable& base) {
  if (document.complete) {
    const auto known = models_of(base.prices()), named = models_of(document.prices);
    const auto gone = std::ranges::count_if(known, [&](std::string_view model) { return !named.contains(model); });
    if (2 * static_cast<std::size_t>(gone) > known.size())
      return fail(Errc::invalid_argument,
                  fmt::format("{} of {} models are gone from the price table", gone, known.size()), "/prices");
  }
  for (const Price& price : document.prices) {
    const Price* old = predecessor(base.prices(), price);
    if (old == nullptr) continue;
    for (const auto& [name, kind] :
         {std::pair("input", &TokenPrices::input), std::pair("output", &TokenPrices::output),
          std::pair("cached", &TokenPrices::cached), std::pair("cache_write", &TokenPrices::cache_write),
          std::pair("cache_write_1h", &TokenPrices::cache_write_1h)}) {
      const Money then = old->standard.*kind, now = price.standard.*kind;
      if (moved_tenfold(now, then))
        return fail(Errc::invalid_argument,
                    fmt::format("the price of '{}' for {} moves from {} to {} a token, more than tenfold", price.model,
                                name, to_string(then), to_string(now)),
                    "/prices");
    }
  }
  return {};
}

}  // namespace

Money cost(const Price& price, const Usage& usage) {
  const auto count = [](std::int64_t tokens) { return std::max<std::int64_t>(tokens, 0); };
  const bool is_long = price.long_context && usage.input > price.long_context_from;
  const TokenPrices& each = is_long ? *price.long_context : price.standard;
  const std::int64_t cached = count(usage.input_cached), hour = count(usage.input_cache_write_1h);
  const std::int64_t written = std::max(count(usage.input_cache_write), hour);
  return each.input * count(usage.input - cached - written) + each.cached * cached +
         each.cache_write * (written - hour) + each.cache_write_1h * hour +
         each.output * std::max(count(usage.output), count(usage.output_reasoning));
}

Money batch_cost(const Price& price, const Usage& usage) {
  const auto reduced = [&](TokenPrices prices) {
    for (Money* each : {&prices.input, &prices.output, &prices.cached, &prices.cache_write, &prices.cache_write_1h})
      each->picodollars = std::llround(static_cast<double>(each->picodollars) * price.batch_factor);
    return prices;
  };
  Price batch = price;
  batch.standard = reduced(price.standard);
  if (price.long_context) batch.long_context = reduced(*price.long_context);
  return cost(batch, usage);
}

PriceTable::PriceTable(std::vector<Price> prices) : prices_(std::move(prices)) {
  std::ranges::stable_sort(prices_, before);
}

std::shared_ptr<const PriceTable> PriceTable::built_in() {
  static const auto table = std::make_shared<const PriceTable>(read_prices(built_in_prices())->prices);
  return table;
}

Result<std::shared_ptr<const PriceTable>> PriceTable::parse(std::string_view json, const PriceTable* base, bool trust) {
  Result<PriceDocument> document = read_prices(json);
  if (!document) return tl::unexpected(document.error());
  if (base == nullptr) return std::make_shared<const PriceTable>(std::move(document->prices));
  if (!trust)
    if (Status sound = check_update(*document, *base); !sound) return tl::unexpected(sound.error());
  std::vector<Price> prices = std::move(document->prices);
  std::ranges::stable_sort(prices, before);
  std::vector<Price> kept;
  if (!document->complete)
    std::ranges::copy_if(base->prices(), std::back_inserter(kept),
                         [&](const Price& old) { return !std::ranges::binary_search(prices, old, before); });
  prices.insert(prices.end(), kept.begin(), kept.end());
  return std::make_shared<const PriceTable>(std::move(prices));
}

std::optional<Price> PriceTable::find(std::string_view provider, std::string_view model,
                                      std::chrono::sys_days day) const {
  const auto by_name = [&](const std::string& name) -> std::optional<Price> {
    const auto first = std::ranges::lower_bound(prices_, name, {}, &Price::model);
    auto last = std::ranges::upper_bound(prices_, name, {}, &Price::model);
    while (last != first) {
      const Price& price = *--last;
      if (price.from <= day) return !price.until || day < *price.until ? std::optional(price) : std::nullopt;
    }
    return {};
  };
  if (auto price = by_name(std::string(model))) return price;
  return by_name(std::string(provider).append("/").append(model));
}

}  // namespace persona::llm
