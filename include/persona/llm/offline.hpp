//! Answers without a model, for examples and tests: it looks things up, it does not think.
#pragma once

#include <persona/llm/provider.hpp>

#include <cstddef>
#include <cstdint>

namespace persona::llm {

struct OfflineOptions {
  std::uint64_t seed = 0;  //!< of values made up for a schema
  std::size_t neighbours = 3;
};

//! An in-context learner by nearest neighbours, honest about being one (`Reply::model` is
//! "offline-nearest-neighbour"). Examples are read from the conversation: earlier user and assistant
//! turns, and "Input: ... Output: ..." blocks in any message. The answer is the distance-weighted
//! vote of the nearest examples by words and character 3-grams (TF-IDF, cosine); where a schema is
//! asked for, the vote in each field, and where there are no examples, a valid document made up from
//! the schema. Without examples or schema it says that it has nothing to go by.
//!
//! Deterministic. Embeddings are hashed words and 3-grams (256 dimensions unless asked otherwise).
//! @source{Cover and Hart 1967; Weinberger et al. 2009, feature hashing}
PERSONA_EXPORT Provider offline(OfflineOptions options = {});

}  // namespace persona::llm
