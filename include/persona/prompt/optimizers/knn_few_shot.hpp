//! Demos chosen for each question.
#pragma once

#include <persona/prompt/optimizer.hpp>

#include <string>

namespace persona::prompt {

struct KnnFewShotOptions {
  int k = 4;
  llm::Provider embedder = {};  //!< none: words and 3-grams
  std::string embedding_model = {};
};

//! Unlike the original, no teacher runs at answering time: demos are the examples themselves.
//! @source{DSPy KNNFewShot; Liu et al. 2022}
PERSONA_EXPORT OptimizerPtr knn_few_shot(KnnFewShotOptions options = {});

}  // namespace persona::prompt
