//! Prices as people read them.
#pragma once

#include <persona/llm/price.hpp>

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace persona::cli {

std::chrono::sys_days today();
std::string per_million(Money token);  //!< dollars for a million tokens, "0.15"
std::string iso_date(std::chrono::sys_days day);

//! "openai/gpt-4o-mini", or "gpt-4o-mini" where one provider alone has it. None: unknown.
std::optional<llm::Price> find_price(const llm::PriceTable& table, std::string_view model);

//! Dollars for a million tokens, limits in tokens.
nlohmann::ordered_json price_json(const llm::Price& price);

}  // namespace persona::cli
