//! Answers by the meaning of their questions.
#include "semantic_store.hpp"

#include <utility>

namespace persona::llm {

SemanticMatch SemanticStore::find(const SemanticEntry& asked, double similarity,
                                  std::chrono::system_clock::time_point today,
                                  const std::optional<std::chrono::seconds>& max_age) const {
  SemanticMatch match;
  const auto frame = frames_.find(asked.frame);
  if (frame == frames_.end()) return match;
  double nearest = similarity;
  bool was_guarded = false;
  for (const Entries::iterator& entry : frame->second) {
    if (entry->expires <= today || (max_age && today - entry->stored > *max_age)) continue;
    const double cosine = cosine_of_normalized(asked.vector, entry->vector);
    if (cosine < nearest) continue;
    if (agree(asked.marks, entry->marks)) {
      nearest = cosine;
      match.reply = entry->reply;
    } else {
      was_guarded = true;
    }
  }
  match.guarded = was_guarded && !match.reply;
  return match;
}

void SemanticStore::add(SemanticEntry entry) {
  if (most_entries_ == 0) return;
  while (entries_.size() >= most_entries_) {
    const auto frame = frames_.find(entries_.front().frame);
    std::erase(frame->second, entries_.begin());
    if (frame->second.empty()) frames_.erase(frame);
    entries_.pop_front();
  }
  entries_.push_back(std::move(entry));
  frames_[entries_.back().frame].push_back(std::prev(entries_.end()));
}

}  // namespace persona::llm
