//! Others who can answer.
#pragma once

#include <persona/core/clock.hpp>
#include <persona/llm/provider.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace persona::llm {

struct Target {
  Provider provider = {};
  std::string model = {};  //!< empty: the request's
};

struct FallbackOptions {
  std::chrono::milliseconds rest{30'000};  //!< for a target that failed; it is asked last meanwhile
  std::shared_ptr<Clock> clock = system_clock();
};

//! Asks the targets in order, healthy ones first, until one answers. The next is asked after an
//! outage, an exhausted rate or quota, a missing key or model, what a target cannot do, an input too
//! long or a refusal by policy; a wrong request, a stop or a begun stream ends it. The error is the last
//! one and names what each said. Embeddings are asked of targets with the first one's model alone: those
//! of two models cannot be compared.
PERSONA_EXPORT Provider fallback(std::vector<Target> targets, FallbackOptions options = {});

}  // namespace persona::llm
