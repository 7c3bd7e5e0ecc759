//! Answers by the meaning of their questions.
#pragma once

#include "similar_texts.hpp"
#include "text_guard.hpp"

#include <persona/llm/reply.hpp>

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace persona::llm {

struct SemanticEntry {
  std::string frame;  //!< all of the request but its question
  std::vector<float> vector;
  TextMarks marks;
  std::shared_ptr<const Reply> reply = {};
  std::chrono::system_clock::time_point stored = {}, expires = {};
};

struct SemanticMatch {
  std::shared_ptr<const Reply> reply = {};  //!< none: nothing near enough, or guarded
  bool guarded = false;                     //!< something was near enough, but its words differ
};

//! The oldest goes when it is full. One thread at a time.
class SemanticStore {
 public:
  explicit SemanticStore(std::size_t most_entries) : most_entries_(most_entries) {}

  //! The nearest that is near enough and agrees.
  SemanticMatch find(const SemanticEntry& asked, double similarity, std::chrono::system_clock::time_point today,
                     const std::optional<std::chrono::seconds>& max_age) const;
  void add(SemanticEntry entry);

 private:
  using Entries = std::list<SemanticEntry>;

  std::size_t most_entries_;
  Entries entries_;  // oldest first
  std::unordered_map<std::string, std::vector<Entries::iterator>> frames_;
};

}  // namespace persona::llm
