//! All optimizers, by name.
#pragma once

#include <persona/prompt/optimizer.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace persona::prompt {

//! "halving", "gepa", ...; the default comes first.
PERSONA_EXPORT std::vector<std::string> optimizer_names();

//! With its default options. @errors not_found: the message lists the names
[[nodiscard]] PERSONA_EXPORT Result<OptimizerPtr> optimizer_named(std::string_view name);

}  // namespace persona::prompt
