//! Which attributes of a specification need which others, and what expressions see of them.
#pragma once

#include "expression.hpp"

#include <persona/core/result.hpp>
#include <persona/population/spec.hpp>

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

namespace persona {

//! Attributes that `attribute` is given by: in cases, expressions and identities; each once.
std::vector<std::string> references(const Attribute& attribute);

//! Indexes into `spec.attributes`, each after those it refers to; otherwise in order of declaration.
//! @errors invalid_argument: a cycle, named "a -> b -> a"
Result<std::vector<std::size_t>> evaluation_order(const PopulationSpec& spec);

//! The same people without segments: "segment" becomes the first attribute, and what a segment
//! replaces becomes a case before the attribute's own. A constant label or yes-or-no among the
//! distributions of a category or yes-or-no attribute becomes a distribution of the attribute's family.
PopulationSpec desugared(const PopulationSpec& spec);

//! The distribution that decides what kind of values an attribute has: its own, else its first case's.
//! @pre it has one
const Distribution& leading_distribution(const Attribute& attribute);

//! What expressions see of an attribute. Whole numbers are int64, other numbers float64.
//! A derived attribute without categories is taken to be a number; `symbols_of` knows better.
Symbol symbol_of(const Attribute& attribute);

//! Symbols by name.
class SymbolTable {
 public:
  explicit SymbolTable(std::vector<Symbol> symbols);
  const std::vector<Symbol>& symbols() const { return symbols_; }
  Symbol& operator[](std::size_t i) { return symbols_[i]; }
  const Symbol& operator[](std::size_t i) const { return symbols_[i]; }
  const Symbol* find(const std::string& name) const;  //!< nullptr where there is none

  //! As `Expression::parse`, fast where there are thousands of symbols.
  Result<Expression> parse(const std::string& text, const std::vector<std::string>* result_labels = nullptr) const;

 private:
  std::vector<Symbol> symbols_;
  std::unordered_map<std::string, std::size_t> index_;
};

//! One for each attribute of a desugared specification, derived ones by the type of their expression.
//! @errors invalid_argument: a cycle, or an expression that does not parse; `path` names it
Result<SymbolTable> symbols_of(const PopulationSpec& spec);

}  // namespace persona
