//! A specification written in C++ instead of JSON.
#pragma once

#include <persona/population/spec.hpp>

#include <string>
#include <utility>
#include <vector>

namespace persona {

//! Collects a specification; `build()` checks it.
//!
//! Calls after `attribute` or `segment` speak about that attribute or segment:
//!
//!     auto spec = SpecBuilder("adults")
//!                     .attribute("age", Normal{46, 18}).unit("years").truncate(18, 95).integer()
//!                     .attribute("sex", Categorical{{"female", "male"}, {51, 49}})
//!                     .attribute("income", LogNormal{10.3, 0.6})
//!                         .when("sex", "male", LogNormal{10.5, 0.6})
//!                     .correlate("age", "income", 0.3)
//!                     .build();
class SpecBuilder {
 public:
  explicit SpecBuilder(std::string name) { spec_.name = std::move(name); }

  PERSONA_EXPORT SpecBuilder& description(std::string text);  //!< of the attribute, or of all
  PERSONA_EXPORT SpecBuilder& year(int year);

  PERSONA_EXPORT SpecBuilder& attribute(std::string name, Distribution distribution);
  PERSONA_EXPORT SpecBuilder& attribute(std::string name);  //!< cases follow
  PERSONA_EXPORT SpecBuilder& unit(std::string unit);
  PERSONA_EXPORT SpecBuilder& truncate(double min, double max);
  PERSONA_EXPORT SpecBuilder& round(double step);
  PERSONA_EXPORT SpecBuilder& integer();
  PERSONA_EXPORT SpecBuilder& missing(double share);
  PERSONA_EXPORT SpecBuilder& when(std::string attribute, std::string label, Distribution distribution);
  PERSONA_EXPORT SpecBuilder& when(std::vector<Condition> conditions, Distribution distribution);

  PERSONA_EXPORT SpecBuilder& segment(std::string name, double weight);
  PERSONA_EXPORT SpecBuilder& replace(std::string attribute, Distribution distribution);

  PERSONA_EXPORT SpecBuilder& correlate(std::string a, std::string b, double value,
                                        CorrelationKind kind = CorrelationKind::pearson, double weight = 1);
  PERSONA_EXPORT SpecBuilder& require(std::string expression, std::string reason = {});

  //! @errors invalid_argument: as `validate`; also a call that had no attribute or segment to speak about
  [[nodiscard]] PERSONA_EXPORT Result<PopulationSpec> build() const;

 private:
  enum class About { all, attribute, segment };
  Attribute* current(const char* call);

  PopulationSpec spec_;
  About about_ = About::all;  // what was named last
  Attribute nowhere_;
  std::string misuse_;
};

}  // namespace persona
