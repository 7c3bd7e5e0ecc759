//! Labelled examples.
#pragma once

#include <persona/core/result.hpp>
#include <persona/prompt/fields.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace persona {
class Population;
}

namespace persona::prompt {

struct Example {
  std::string id = {};       //!< unique in its data set; made from the content where the file has none
  Fields fields = {};        //!< inputs and expected outputs
  double weight = 1;         //!< > 0
  std::string segment = {};  //!< empty is none
  bool operator==(const Example&) const = default;
};

//! Examples in order. Their ids name them in ledgers and reports.
class Dataset {
 public:
  Dataset() = default;
  //! @errors invalid_argument: an id twice, a weight that is not positive; the message names the example
  [[nodiscard]] PERSONA_EXPORT static Result<Dataset> make(std::vector<Example> examples);

  std::size_t size() const { return examples_.size(); }
  bool empty() const { return examples_.empty(); }
  const Example& operator[](std::size_t i) const { return examples_[i]; }
  auto begin() const { return examples_.begin(); }
  auto end() const { return examples_.end(); }

  PERSONA_EXPORT Dataset first(std::size_t count) const;
  PERSONA_EXPORT Dataset take(const std::vector<std::size_t>& rows) const;
  PERSONA_EXPORT Dataset shuffled(std::uint64_t seed) const;

 private:
  std::vector<Example> examples_;
};

//! Shares of one data set that do not overlap; an example's place depends on its id and the seed alone.
struct Split {
  Dataset train = {}, validation = {}, test = {};
};

//! @errors invalid_argument: shares that are negative or pass 1
[[nodiscard]] PERSONA_EXPORT Result<Split> split(const Dataset& data, double train, double validation,
                                                 std::uint64_t seed = 0);

//! One JSON object a line; "id", "weight" and "segment" are taken out where they are of that kind.
//! @errors invalid_argument: the message names the line
[[nodiscard]] PERSONA_EXPORT Result<Dataset> parse_jsonl(std::string_view text);
//! What `parse_jsonl` reads back. @errors invalid_argument: a field with a name and value of such a mark
[[nodiscard]] PERSONA_EXPORT Result<std::string> to_jsonl(const Dataset& data);
//! With a header line; RFC 4180. Numbers and true/false are read as such.
[[nodiscard]] PERSONA_EXPORT Result<Dataset> parse_csv(std::string_view text);
//! By the name: .csv, else a line or a list of JSON objects. @errors as above; io, not_found
[[nodiscard]] PERSONA_EXPORT Result<Dataset> read_dataset(const std::string& path);

//! One example a person: attributes as fields, the population's weights, and a segment by an
//! attribute (none where it is empty).
//! @errors invalid_argument: there is no such attribute
[[nodiscard]] PERSONA_EXPORT Result<Dataset> from_population(const Population& population,
                                                             std::string_view segment = {},
                                                             std::string_view weight = {});

}  // namespace persona::prompt
