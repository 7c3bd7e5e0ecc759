//! What all requests of one call took together.
#pragma once

#include <persona/llm/reply.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace persona::llm {

//! Gathers the requests that are not the answer, and writes them into what is given back.
class Tally {
 public:
  //! A try that failed; one that never went out is not listed.
  void failed(std::string provider, std::string model, std::chrono::microseconds took, const Error& error);
  //! Books a request that counts though nobody sees its answer.
  void add(Attempt attempt);

  //! With all attempts before its own, and the sum of costs: none where one is not known.
  Reply into(Reply reply, std::chrono::microseconds took) const;
  Embeddings into(Embeddings embeddings, std::chrono::microseconds took) const;
  std::int64_t into(std::int64_t tokens, std::chrono::microseconds) const { return tokens; }
  //! The error of a call whose tries are all counted here, itself too.
  Error into(Error error) const;

 private:
  std::vector<Attempt> attempts_;
  std::optional<Money> cost_ = Money{};
  bool sent_ = false;
};

//! The requests behind an answer: its attempts, or itself where the provider lists none.
std::vector<Attempt> attempts_of(const Reply& reply, std::chrono::microseconds took);

}  // namespace persona::llm
