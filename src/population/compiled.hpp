//! What compiling a specification leaves behind: laws, case maps, correlated blocks, expressions.
#pragma once

#include "expression.hpp"
#include "identity.hpp"
#include "marginal.hpp"
#include "quantile_table.hpp"

#include <persona/population/model.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace persona {

//! A number or an expression, as an operand of a law.
struct Operand {
  double number = 0;
  int expression = -1;  //!< index into Compiled::expressions, or -1
};

//! How a drawn value is made from the base law. `x = location + scale * base`, or its exponential, or
//! a count whose parameter differs from person to person.
enum class Transform { none, affine, exponential, bernoulli, poisson, binomial };

//! One distribution of one attribute, in one case.
struct Law {
  std::string label;  //!< "education=bachelor, age 25..65"; "" for the attribute's own
  Distribution distribution;
  std::optional<Marginal>
      marginal;  //!< the base law; none for lists, derived and identity, bernoulli/poisson/binomial transforms
  Transform transform = Transform::none;
  Operand location, scale;  //!< bernoulli: location is the probability; poisson: the mean; binomial: trials in scale
  std::optional<Truncation> truncation;  //!< of an affine or exponential transform of the normal
  double probability = 1;                //!< share of people, exact or from the pilot
};

inline constexpr std::uint16_t no_law = 0xFFFF;  //!< nothing is known of these people: missing

//! Which law holds for whom.
struct CaseMap {
  struct Given {
    std::size_t attribute = 0;   //!< index into Compiled::attributes
    std::vector<double> breaks;  //!< cell = number of breaks <= x
    int cells = 1;               //!< one more than that: the last is for a missing value
  };
  std::vector<Given> given;  //!< empty: law 0 for everybody
  std::vector<std::uint16_t> law_of_cell;

  //! values[k][i]: number of given[k].attribute for row i (codes of categories; NaN missing).
  void laws(std::span<const double* const> values, std::span<std::uint16_t> out) const;
};

//! One attribute, ready to be drawn.
struct CompiledAttribute {
  Field field;
  std::uint64_t stream = 0;
  std::vector<Law> laws;
  CaseMap cases;
  double round = 0;
  double missing = 0;
  int block = -1;            //!< correlated block, or -1
  std::size_t position = 0;  //!< within the block
};

//! Attributes whose normals are drawn together: y = lower * z.
struct CorrelatedBlock {
  std::vector<std::size_t> attributes;
  std::vector<double> latent;  //!< d x d correlation of the normals
  std::vector<double> lower;   //!< its Cholesky factor
};

struct BoundExpression {
  Expression expression;
  std::vector<std::size_t> inputs;  //!< attributes, one for each of expression.names()
};

//! The law of an attribute where constraints or the pilot leave no closed form: sorted pilot values.
struct PilotLaw {
  std::size_t attribute = 0;
  std::vector<double> values;  //!< numbers or codes, rising, missing left out
};

//! The people's names and places, and the attributes they agree with (-1: none).
struct CompiledIdentity {
  std::shared_ptr<const IdentityModel> model;
  int sex = -1, age = -1, origin = -1, place = -1;
};

class SamplerTables;
class SamplerPool;

struct PopulationModel::Compiled {
  PopulationSpec spec;  //!< as given
  PopulationSpec flat;  //!< segments turned into an attribute and cases
  std::string spec_hash, names_hash;
  CompileReport report;
  std::vector<Field> fields;
  std::vector<CompiledAttribute> attributes;  //!< in column order, as flat.attributes
  std::vector<std::size_t> order;             //!< of evaluation
  std::vector<CorrelatedBlock> blocks;
  std::vector<BoundExpression> expressions;
  std::vector<std::size_t> constraints;  //!< indices into expressions
  CompiledIdentity identity;
  std::vector<PilotLaw> pilot;  //!< of attributes that constraints make drift
  std::shared_ptr<const SamplerTables> tables;
  std::shared_ptr<SamplerPool> pool;  //!< its samplers refer to this object
};

}  // namespace persona
