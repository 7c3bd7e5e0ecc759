//! How near two embedded texts are.
#pragma once

#include <span>
#include <vector>

namespace persona::llm {

//! To length 1, so that a product of two is their cosine. False where there is no direction.
bool normalize(std::vector<float>& vector);

double cosine_of_normalized(std::span<const float> a, std::span<const float> b);

}  // namespace persona::llm
