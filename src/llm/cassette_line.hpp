//! One recorded exchange, as a line of a file.
#pragma once

#include "held_delta.hpp"

#include <persona/llm/provider.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace persona::llm {

//! What was asked and what came back. `kind` says which of the answers counts.
struct CassetteLine {
  enum class Kind { model, reply, embeddings, tokens };
  Kind kind = Kind::reply;
  std::string request = {};  //!< JSON as `request_key` writes it; of `model`, its name
  std::string provider = {};
  Capabilities capabilities = {};  //!< of `model`
  Result<Reply> reply = {};        //!< of embeddings: model, usage and cost
  std::vector<HeldDelta> pieces = {};
  std::vector<std::vector<float>> vectors = {};
  std::int64_t tokens = 0;
};

//! With keys masked. A line ends with a newline.
std::string print_line(const CassetteLine& line);

//! @errors corrupted
Result<CassetteLine> parse_line(std::string_view text);

//! What equal requests have in common, with keys masked.
std::string request_key(const Request& request);
std::string request_key(const EmbedRequest& request);

}  // namespace persona::llm
