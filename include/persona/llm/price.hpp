//! What tokens cost.
#pragma once

#include <persona/core/money.hpp>
#include <persona/core/result.hpp>
#include <persona/llm/reply.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace persona::llm {

//! For one token each.
struct TokenPrices {
  Money input = {}, output = {};
  Money cached = {};          //!< input read from the provider's cache
  Money cache_write = {};     //!< input written to it, kept 5 minutes
  Money cache_write_1h = {};  //!< kept an hour
  bool operator==(const TokenPrices&) const = default;
};

//! What one model costs, from a day until another.
struct Price {
  std::string model = {};  //!< "openai/gpt-4o-mini"
  TokenPrices standard = {};
  std::optional<TokenPrices> long_context = {};  //!< where the input is above `long_context_from`
  std::int64_t long_context_from = 0;
  double batch_factor = 0.5;  //!< of all prices, for what is asked in a batch
  std::optional<std::int64_t> max_input_tokens = {}, max_output_tokens = {};
  std::chrono::sys_days from = {};                  //!< first day
  std::optional<std::chrono::sys_days> until = {};  //!< first day no more
  std::string source = {};                          //!< URL
  bool operator==(const Price&) const = default;
};

//! Of all tokens, each at its own price. @errors none: usage that contradicts itself counts in full
PERSONA_EXPORT Money cost(const Price& price, const Usage& usage);

//! The same of a request that was part of a batch.
PERSONA_EXPORT Money batch_cost(const Price& price, const Usage& usage);

//! Prices by model and day; does not change once made.
class PriceTable {
 public:
  //! Those known when this version was made, with their sources.
  PERSONA_EXPORT static std::shared_ptr<const PriceTable> built_in();

  //! A document of docs/prices.schema.json; entries replace those of `base` with the same model and day.
  //! One that calls itself complete replaces all of `base`.
  //! @errors invalid_argument: malformed; more than half of the models of `base` are gone, or a price
  //!         moved more than tenfold, and `trust` is false
  [[nodiscard]] PERSONA_EXPORT static Result<std::shared_ptr<const PriceTable>> parse(std::string_view json,
                                                                                      const PriceTable* base = nullptr,
                                                                                      bool trust = false);

  PERSONA_EXPORT explicit PriceTable(std::vector<Price> prices);

  //! The price of a day; none is unknown, never free. "gpt-4o-mini" finds "openai/gpt-4o-mini" where
  //! `provider` is "openai".
  PERSONA_EXPORT std::optional<Price> find(std::string_view provider, std::string_view model,
                                           std::chrono::sys_days day) const;
  const std::vector<Price>& prices() const { return prices_; }
  PERSONA_EXPORT std::string to_json() const;

 private:
  std::vector<Price> prices_;  // by model, then day
};

}  // namespace persona::llm
