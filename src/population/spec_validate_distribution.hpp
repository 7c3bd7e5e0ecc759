//! Checks one distribution by itself: fields, domains, and whether expressions may stand there.
#pragma once

#include <persona/population/attribute.hpp>

#include "distribution_fields.hpp"
#include "spec_complaint.hpp"

namespace persona {

class DistributionValidator : public Complaints {
 protected:
  //! @param attribute  whose distribution it is
  void distribution(const Distribution& distribution, const JsonPath& path, const Attribute& attribute);

  void number(double value, Domain domain, std::string_view name, const JsonPath& path);
  void text(const std::string& value, std::string_view name, const JsonPath& path);
  void labels(const std::vector<std::string>& labels, const JsonPath& path);

 private:
  template <class D>
  void fields(const D& d, const JsonPath& path, const Attribute& attribute);
  void parameter(const Parameter& value, std::string_view name, Domain domain, Moves moves, bool truncatable,
                 const JsonPath& path, const Attribute& attribute);
  void below(const Parameter& low, const Parameter& high, bool or_equal, std::string_view what, const JsonPath& path);
  void rising(const std::vector<double>& list, bool strictly, std::string_view name, const JsonPath& path);
  void same_length(std::size_t labels, std::size_t numbers, std::string_view name, const JsonPath& path);
  void weights(const std::vector<double>& weights, const JsonPath& path);
  void components(const std::vector<Component>& components, const JsonPath& path, bool single,
                  const Attribute& attribute);

  // What the fields mean together; nothing for most families.
  template <class D>
  void together(const D&, const JsonPath&) {}
  void together(const Constant& d, const JsonPath& path);
  void together(const Beta& d, const JsonPath& path) { below(d.low, d.high, false, "low must be below high", path); }
  void together(const Uniform& d, const JsonPath& path) { below(d.low, d.high, false, "low must be below high", path); }
  void together(const UniformInteger& d, const JsonPath& path) {
    below(d.low, d.high, true, "low must not be above high", path);
  }
  void together(const Triangular& d, const JsonPath& path);
  void together(const Quantiles& d, const JsonPath& path);
  void together(const Histogram& d, const JsonPath& path);
  void together(const Categorical& d, const JsonPath& path);
  void together(const Ordinal& d, const JsonPath& path);
  void together(const MultiSelect& d, const JsonPath& path);
  void together(const DateRange& d, const JsonPath& path);
  void together(const Derived& d, const JsonPath& path);

  int depth_ = 0;  // of mixtures
};

}  // namespace persona
