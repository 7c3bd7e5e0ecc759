//! Checks what refers to other attributes: conditions, expressions, identities, correlations, constraints.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/text.hpp"
#include "spec_validate.hpp"

namespace persona {
namespace {

bool reference_is_number(const Symbol& symbol) {
  return symbol.type == ColumnType::float64 || symbol.type == ColumnType::int64;
}

}  // namespace

void SpecValidator::references() {
  auto symbols = symbols_of(desugared(spec_));
  if (!symbols) {
    error = symbols.error();
    return;
  }
  symbols_ = std::move(*symbols);
  for (std::size_t i = 0; i < spec_.attributes.size() && ok(); ++i) {
    const Attribute& attribute = spec_.attributes[i];
    const JsonPath path = JsonPath() / "attributes" / i;
    subject = fmt::format("attribute '{}'", attribute.name);
    if (attribute.distribution) dependent(*attribute.distribution, path / "distribution");
    for (std::size_t k = 0; k < attribute.cases.size() && ok(); ++k) {
      const JsonPath at = path / "cases" / k;
      for (const Condition& one : attribute.cases[k].when) condition(one, at / "when" / one.attribute);
      dependent(attribute.cases[k].distribution, at / "distribution");
    }
    const Symbol* symbol = symbols_->find(attribute.name);
    if (ok() && (attribute.round != 0 || attribute.integer) && !reference_is_number(*symbol))
      complain(path / (attribute.integer ? "integer" : "round"),
               "the expression gives no number that could be rounded");
  }
  for (std::size_t i = 0; i < spec_.segments.size(); ++i) {
    subject = fmt::format("segment '{}'", shortened(spec_.segments[i].name));
    for (const auto& [name, distribution] : spec_.segments[i].attributes)
      dependent(distribution, JsonPath() / "segments" / i / "attributes" / name);
  }
  correlations();
  constraints();
}

const Symbol* SpecValidator::known(const std::string& name, const JsonPath& path) {
  const Symbol* symbol = symbols_->find(name);
  if (symbol != nullptr || !ok()) return ok() ? symbol : nullptr;
  std::vector<std::string> names;
  for (const Symbol& one : symbols_->symbols()) names.push_back(one.name);
  complain(path, fmt::format("there is no attribute '{}'{}", shortened(name), did_you_mean(name, names)));
  return nullptr;
}

//! The expressions among a distribution's parameters, and the attributes an identity agrees with.
void SpecValidator::dependent(const Distribution& distribution, const JsonPath& path) {
  if (const auto* part = std::get_if<Identity>(&distribution)) return identity(*part, path);
  std::visit(
      [&]<class D>(const D& d) {
        for_each_field<D>([&]<class M>(const DistributionField<D, M>& field) {
          if constexpr (std::is_same_v<M, Parameter>) {
            const Parameter& value = d.*field.member;
            if (!ok() || !value.is_expression()) return;
            const auto expression = symbols_->parse(value.expression);
            if (!expression)
              complain(path / field.name, expression.error().message);
            else if (expression->result_type() != ColumnType::float64 &&
                     expression->result_type() != ColumnType::boolean)
              complain(path / field.name,
                       fmt::format("'{}' must be a number, and its expression gives none", field.name));
          }
        });
      },
      distribution);
}

void SpecValidator::condition(const Condition& condition, const JsonPath& path) {
  const Symbol* symbol = known(condition.attribute, path);
  if (symbol == nullptr) return;
  const bool labelled = symbol->type == ColumnType::category || symbol->type == ColumnType::boolean;
  const bool ranged = !std::isinf(condition.from) || !std::isinf(condition.below);
  if (labelled) {
    condition_labels(condition, *symbol, path);
    if (ranged) complain(path, fmt::format("'{}' has labels; no range can be asked of it", condition.attribute));
  } else if (!reference_is_number(*symbol)) {
    complain(path, fmt::format("a case cannot ask for '{}', which holds no numbers, labels or yes and no; derive an "
                               "attribute from it",
                               condition.attribute));
  } else if (!condition.any_of.empty() || !ranged) {
    complain(path, fmt::format("'{}' is a number; ask {{\"from\": number, \"below\": number}}", condition.attribute));
  } else if (!(condition.from < condition.below)) {
    complain(path, fmt::format("no number lies from {} to below {}", condition.from, condition.below));
  }
}

void SpecValidator::condition_labels(const Condition& condition, const Symbol& symbol, const JsonPath& path) {
  const std::vector<std::string> yes_or_no = {"true", "false"};
  const auto& labels = symbol.type == ColumnType::boolean ? yes_or_no : *symbol.labels;
  if (condition.any_of.empty())
    complain(path, fmt::format("a label of '{}' should stand here: {}", condition.attribute, listing(labels)));
  std::set<std::string_view> seen;
  for (const std::string& label : condition.any_of) {
    if (std::find(labels.begin(), labels.end(), label) == labels.end())
      complain(path, fmt::format("'{}' has no label '{}'; its labels are {}{}", condition.attribute, shortened(label),
                                 listing(labels), did_you_mean(label, labels)));
    else if (!seen.insert(label).second)
      complain(path, fmt::format("the label '{}' stands twice", shortened(label)));
  }
}

void SpecValidator::identity(const Identity& identity, const JsonPath& path) {
  const auto agree = [&](const std::string& name, const char* key, bool number) {
    const Symbol* symbol = name.empty() ? nullptr : known(name, path / key);
    if (symbol == nullptr || (number ? reference_is_number(*symbol) : symbol->type == ColumnType::category)) return;
    complain(path / key,
             fmt::format("'{}' must name {}, and '{}' is none", key,
                         number ? "an attribute that holds numbers" : "a categorical or ordinal attribute", name));
  };
  agree(identity.sex, "sex", false);
  agree(identity.age, "age", true);
  agree(identity.origin, "origin", false);
  agree(identity.place, "place", false);
  if (!identity.age.empty() && spec_.year == 0)
    complain(path / "age", "ages become years of birth only if the specification has a 'year'");
}

void SpecValidator::correlated(const std::string& name, const JsonPath& path) {
  const Symbol* symbol = known(name, path);
  if (symbol == nullptr) return;
  if (symbol->type == ColumnType::text || symbol->type == ColumnType::list)
    complain(path, fmt::format("'{}' holds {}, which has no correlation", name,
                               symbol->type == ColumnType::text ? "text" : "lists"));
  else if (symbol->type == ColumnType::category && symbol->labels->size() < 2)
    complain(path, fmt::format("'{}' is the same for everybody, which has no correlation", name));
  else if (symbol->type == ColumnType::category && !symbol->ordered && symbol->labels->size() > 2)
    complain(path, fmt::format("'{}' has labels without an order, which have no correlation; write cases instead, or "
                               "make it ordinal",
                               name));
  const auto found = std::find_if(spec_.attributes.begin(), spec_.attributes.end(),
                                  [&](const Attribute& one) { return one.name == name; });
  if (found == spec_.attributes.end() || !ok()) return;
  const Distribution& leading = leading_distribution(*found);
  if (std::holds_alternative<Derived>(leading))
    complain(path, fmt::format("'{}' is derived; correlate what it is computed from", name));
  else if (std::holds_alternative<Constant>(leading) && found->cases.empty())
    complain(path, fmt::format("'{}' is the same for everybody, which has no correlation", name));
}

void SpecValidator::correlations() {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (std::size_t i = 0; i < spec_.correlations.size() && ok(); ++i) {
    const Correlation& one = spec_.correlations[i];
    const JsonPath path = JsonPath() / "correlations" / i;
    subject = fmt::format("correlation of '{}' and '{}'", shortened(one.a), shortened(one.b));
    correlated(one.a, path / "between" / std::size_t{0});
    correlated(one.b, path / "between" / std::size_t{1});
    if (one.a == one.b) complain(path / "between", "an attribute is not correlated with itself");
    if (!(std::fabs(one.value) <= 1))
      complain(path / to_string(one.kind), fmt::format("a correlation lies between -1 and 1, not at {}", one.value));
    number(one.weight, Domain::positive, "weight", path / "weight");
    if (!seen.insert(std::minmax(std::string_view(one.a), std::string_view(one.b))).second)
      complain(path / "between", "the pair stands twice");
  }
}

void SpecValidator::constraints() {
  for (std::size_t i = 0; i < spec_.constraints.size() && ok(); ++i) {
    const Constraint& one = spec_.constraints[i];
    const JsonPath path = JsonPath() / "constraints" / i;
    subject = fmt::format("constraint {}", i);
    text(one.reason, "reason", path);
    const auto expression = symbols_->parse(one.expression);
    if (!expression)
      complain(path, expression.error().message);
    else if (expression->result_type() != ColumnType::boolean)
      complain(path, fmt::format("\"{}\" is no condition; compare it with something", shortened(one.expression)));
  }
}

}  // namespace persona
