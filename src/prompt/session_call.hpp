//! One item's models: every call answered from the ledger or paid for, within what the item may take.
#pragma once

#include <persona/llm/provider.hpp>
#include <persona/prompt/session.hpp>

#include "call_book.hpp"

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace persona::prompt {

//! What an item has taken, and may take.
struct ItemAccount {
  std::mutex mutex;
  llm::Charge most, taken;
  std::int64_t replayed = 0;
  About about;
  Status trouble;  //!< of the ledger
};

//! Whom a call is for, and who answers it.
struct Asked {
  std::string role;  //!< as in `LedgerEntry`
  llm::LLMProvider& model;
  std::string model_name;  //!< where a request names none
};

class SessionCall final : public llm::LLMProvider {
 public:
  SessionCall(const SessionOptions& options, Asked asked, ItemAccount& account, CallBook& book);

  std::string name() const override;
  llm::Capabilities capabilities(std::string_view model) const override;
  Result<llm::Reply> complete(const llm::Request& request, const Context& context) override;
  Result<llm::Embeddings> embed(const llm::EmbedRequest& request, const Context& context) override;

 private:
  //! What one call came to: the entry it is kept as, and whether it is.
  struct Answer {
    LedgerEntry entry;
    Status status;  //!< of the call
    bool is_kept = true;
  };
  using Ask = std::function<Answer(LedgerEntry entry, const llm::Charge& most)>;

  Answer answered(LedgerEntry entry, const Result<llm::Charge>& most, const Ask& ask);
  Answer asked(LedgerEntry entry, const Result<llm::Charge>& most, const Ask& ask);
  void count(const LedgerEntry& entry);
  void note(const Status& trouble);
  LedgerEntry entry_of(std::string request, int sample) const;

  const SessionOptions& options_;
  Asked asked_;
  ItemAccount& account_;
  CallBook& book_;
};

Asked task_of(const SessionOptions& options);
Asked proposer_of(const SessionOptions& options);

//! What a request can take at most. @errors unsupported: no price, and a budget of money
Result<llm::Charge> most_of_call(const SessionOptions& options, const llm::LLMProvider& model,
                                 const std::string& model_name, std::size_t bytes, std::int64_t output_tokens);

//! Bytes that count as input tokens at most.
std::size_t bytes_of(const llm::Request& request);

}  // namespace persona::prompt
