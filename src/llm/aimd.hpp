//! A limit that grows while it is used and shrinks where it was too much.
#pragma once

#include <algorithm>

namespace persona::llm {

enum class Load { bearable, too_much, unknown };

//! @source{Netflix concurrency-limits, AIMDLimit}
class AimdLimit {
 public:
  AimdLimit(int start, int least, int most, double decrease)
      : least_(std::max(least, 1)),
        most_(std::max<double>(most, least_)),
        decrease_(std::clamp(decrease, 0.0, 1.0)),
        limit_(std::clamp<double>(start, least_, most_)) {}

  int limit() const { return static_cast<int>(limit_); }

  //! @param inside  calls under way, the one that ended too: a limit that nobody reaches is not raised
  void ended(Load load, int inside) {
    if (load == Load::bearable && inside * 2 >= limit()) limit_ = std::min(limit_ + 1, most_);
    if (load == Load::too_much) limit_ = std::max(limit_ * decrease_, least_);
  }

 private:
  double least_, most_, decrease_, limit_;
};

}  // namespace persona::llm
