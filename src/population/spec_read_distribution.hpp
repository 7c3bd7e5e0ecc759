//! Reads values and distributions from JSON; the first complaint ends it all.
#pragma once

#include <persona/population/distribution.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "core/json_document.hpp"
#include "core/text.hpp"
#include "distribution_fields.hpp"
#include "spec_complaint.hpp"

namespace persona {

class DistributionReader : public Complaints {
 protected:
  bool object(const Json& json, const JsonPath& path);
  void known_keys(const Json& json, const JsonPath& path, const std::vector<std::string>& keys);

  void read_value(const Json& json, const JsonPath& path, std::string& out);
  void read_value(const Json& json, const JsonPath& path, double& out);
  void read_value(const Json& json, const JsonPath& path, int& out);
  void read_value(const Json& json, const JsonPath& path, bool& out);
  void read_value(const Json& json, const JsonPath& path, Date& out);
  void read_value(const Json& json, const JsonPath& path, Value& out);
  void read_value(const Json& json, const JsonPath& path, Parameter& out);
  void read_value(const Json& json, const JsonPath& path, std::vector<double>& out);
  void read_value(const Json& json, const JsonPath& path, std::vector<std::string>& out);
  void read_value(const Json& json, const JsonPath& path, std::vector<Component>& out);

  //! Leaves `out` as it is where there is no such key.
  template <class T>
  void read_key(const Json& json, const JsonPath& path, std::string_view key, T& out) {
    if (ok() && json.contains(key)) read_value(json[std::string(key)], path / key, out);
  }

  //! @param base  the attribute's own distribution: family and labels may be left out where it has them
  Distribution distribution(const Json& json, const JsonPath& path, const Distribution* base);

 private:
  template <class D>
  void fields(const Json& json, const JsonPath& path, D& out);
  template <class D>
  void labelled(const Json& json, const JsonPath& path, const Distribution* base, D& out);
  void weights_by_label(const Json& json, const JsonPath& path, bool known, std::vector<std::string>& categories,
                        std::vector<double>& weights);
};

}  // namespace persona
