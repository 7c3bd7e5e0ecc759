//! Price tables as JSON documents.
#pragma once

#include <persona/llm/price.hpp>

#include <string_view>
#include <vector>

namespace persona::llm {

struct PriceDocument {
  std::vector<Price> prices;
  bool complete = false;  //!< what it does not name is gone
};

//! @errors invalid_argument: `path` points to what is wrong
Result<PriceDocument> read_prices(std::string_view json);

//! The text of src/llm/prices.json.
std::string_view built_in_prices();

}  // namespace persona::llm
