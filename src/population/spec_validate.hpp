//! The checks of a specification, from single attributes to how all hang together.
#pragma once

#include <persona/population/spec.hpp>

#include "dependencies.hpp"
#include "spec_validate_distribution.hpp"

namespace persona {

class SpecValidator : public DistributionValidator {
 public:
  explicit SpecValidator(const PopulationSpec& spec) : spec_(spec) {}
  Status run();

 private:
  // Each attribute by itself: spec_validate.cpp.
  void header();
  void name(const std::string& name, const JsonPath& path);
  void names();
  void attribute(const Attribute& attribute, const JsonPath& path);
  void numbers_only(const Attribute& attribute, const JsonPath& path);
  void alternative(const Distribution& distribution, const JsonPath& path, const Attribute& attribute);
  void segments();

  // How they hang together: spec_validate_references.cpp.
  void references();
  void dependent(const Distribution& distribution, const JsonPath& path);
  void condition(const Condition& condition, const JsonPath& path);
  void condition_labels(const Condition& condition, const Symbol& symbol, const JsonPath& path);
  void identity(const Identity& identity, const JsonPath& path);
  const Symbol* known(const std::string& name, const JsonPath& path);
  void correlations();
  void correlated(const std::string& name, const JsonPath& path);
  void constraints();

  const PopulationSpec& spec_;
  std::optional<SymbolTable> symbols_;  // of the desugared specification, once attributes are sound
};

}  // namespace persona
