//! One item's models: every call answered from the ledger or paid for, within what the item may take.
#pragma once

#include <persona/llm/provider.hpp>
#include <persona/prompt/session.hpp>

#include "call_book.hpp"

#include <mutex>
#include <string>

namespace persona::prompt {

//! What an item has taken, and may take.
struct ItemAccount {
  std::mutex mutex;
  llm::Charge most, taken;
  std::int64_t replayed = 0;
  Status trouble;  //!< of the ledger
};

class SessionCall final : public llm::LLMProvider {
 public:
  SessionCall(const SessionOptions& options, bool is_proposer, ItemAccount& account, CallBook& book);

  std::string name() const override;
  llm::Capabilities capabilities(std::string_view model) const override;
  Result<llm::Reply> complete(const llm::Request& request, const Context& context) override;
  Result<llm::Embeddings> embed(const llm::EmbedRequest& request, const Context& context) override;

 private:
  Result<llm::Reply> replayed(const LedgerEntry& entry, bool& is_counted);
  Result<llm::Reply> asked(const llm::Request& request, LedgerEntry entry, bool& is_counted, const Context& context);
  Result<llm::Reply> answered(const llm::Request& request, LedgerEntry entry, bool& is_counted, const Context& context);

  const SessionOptions& options_;
  bool is_proposer_;
  llm::LLMProvider& model_;
  ItemAccount& account_;
  CallBook& book_;
};

//! What a request can take at most. @errors unsupported: no price, and a budget of money
Result<llm::Charge> most_of_call(const SessionOptions& options, std::size_t bytes, std::int64_t output_tokens,
                                 bool is_proposer);

//! Bytes that count as input tokens at most.
std::size_t bytes_of(const llm::Request& request);

}  // namespace persona::prompt
