//! Collects what `SpecBuilder` is told; the first misuse is remembered until `build`.
#include <persona/population/builder.hpp>

#include <fmt/format.h>

namespace persona {

//! The attribute spoken about; without one the misuse is remembered and `nowhere_` takes what is said.
Attribute* SpecBuilder::current(const char* call) {
  if (about_ == About::attribute) return &spec_.attributes.back();
  if (misuse_.empty()) misuse_ = fmt::format("{}(...) was called before attribute(...)", call);
  return &nowhere_;
}

SpecBuilder& SpecBuilder::description(std::string text) {
  (about_ == About::attribute ? spec_.attributes.back().description : spec_.description) = std::move(text);
  return *this;
}

SpecBuilder& SpecBuilder::year(int year) {
  spec_.year = year;
  return *this;
}

SpecBuilder& SpecBuilder::attribute(std::string name, Distribution distribution) {
  attribute(std::move(name));
  spec_.attributes.back().distribution = std::move(distribution);
  return *this;
}

SpecBuilder& SpecBuilder::attribute(std::string name) {
  spec_.attributes.emplace_back().name = std::move(name);
  about_ = About::attribute;
  return *this;
}

SpecBuilder& SpecBuilder::unit(std::string unit) {
  current("unit")->unit = std::move(unit);
  return *this;
}

SpecBuilder& SpecBuilder::truncate(double min, double max) {
  current("truncate")->truncation = Truncation{min, max};
  return *this;
}

SpecBuilder& SpecBuilder::round(double step) {
  current("round")->round = step;
  return *this;
}

SpecBuilder& SpecBuilder::integer() {
  current("integer")->integer = true;
  return *this;
}

SpecBuilder& SpecBuilder::missing(double share) {
  current("missing")->missing = share;
  return *this;
}

SpecBuilder& SpecBuilder::when(std::string attribute, std::string label, Distribution distribution) {
  Condition condition;
  condition.attribute = std::move(attribute);
  condition.any_of.push_back(std::move(label));
  return when(std::vector<Condition>{std::move(condition)}, std::move(distribution));
}

SpecBuilder& SpecBuilder::when(std::vector<Condition> conditions, Distribution distribution) {
  current("when")->cases.push_back({std::move(conditions), std::move(distribution)});
  return *this;
}

SpecBuilder& SpecBuilder::segment(std::string name, double weight) {
  spec_.segments.push_back({std::move(name), weight, {}});
  about_ = About::segment;
  return *this;
}

SpecBuilder& SpecBuilder::replace(std::string attribute, Distribution distribution) {
  if (about_ == About::segment)
    spec_.segments.back().attributes.emplace_back(std::move(attribute), std::move(distribution));
  else if (misuse_.empty())
    misuse_ = "replace(...) was called before segment(...)";
  return *this;
}

SpecBuilder& SpecBuilder::correlate(std::string a, std::string b, double value, CorrelationKind kind, double weight) {
  spec_.correlations.push_back({std::move(a), std::move(b), value, kind, weight});
  return *this;
}

SpecBuilder& SpecBuilder::require(std::string expression, std::string reason) {
  spec_.constraints.push_back({std::move(expression), std::move(reason)});
  return *this;
}

Result<PopulationSpec> SpecBuilder::build() const {
  if (!misuse_.empty()) return fail(Errc::invalid_argument, misuse_);
  if (auto valid = validate(spec_); !valid) return tl::unexpected(valid.error());
  return spec_;
}

}  // namespace persona
