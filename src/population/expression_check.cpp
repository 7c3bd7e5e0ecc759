//! Types of an expression's parts, and the code they become.
#include "expression_check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"

namespace persona {
namespace {

using CheckedLabels = std::vector<std::string>;
using NodeKind = ExpressionNode::Kind;

enum class CheckedKind { number, truth, category, date };  // in the order of `types` below

//! A checked part: what it is, and its code.
struct Checked {
  CheckedKind kind = CheckedKind::number;
  std::string code = {};
  const CheckedLabels* labels = nullptr;  // of a category
  bool ordered = false;                   // of a category
  bool known = false;                     // a truth that is never missing
};

//! What a label may stand for where it stands: one of some labels, or a day.
struct Expected {
  const CheckedLabels* labels = nullptr;
  bool ordered = false;
  bool day = false;
  std::string owner = {};  // for messages
};

Checked checked_truth(std::string code) {
  return {.kind = CheckedKind::truth, .code = std::move(code), .known = true};
}

class Checker {
 public:
  Checker(std::string_view text, std::span<const Symbol> symbols) : text_(text), symbols_(symbols) {}

  std::vector<std::string> names;

  Result<Checked> check(const ExpressionNode& node, const Expected& expected) {
    switch (node.kind) {
      case NodeKind::number: return Checked{.code = fmt::format("{}", node.number)};
      case NodeKind::truth: return checked_truth(node.number != 0 ? "1" : "0");
      case NodeKind::label: return label(node, expected);
      case NodeKind::name: return name(node);
      case NodeKind::operation: return operation(node);
      case NodeKind::call: return call(node, expected);
    }
    return error(node, "not an expression");
  }

 private:
  tl::unexpected<Error> error(const ExpressionNode& node, std::string_view what) const {
    return expression_error(text_, node.column, what);
  }

  const Symbol* find(std::string_view name) const {
    const auto found = std::find_if(symbols_.begin(), symbols_.end(), [&](const Symbol& s) { return s.name == name; });
    return found == symbols_.end() ? nullptr : &*found;
  }

  std::string variable(const std::string& name) {
    auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) found = names.insert(names.end(), name);
    return fmt::format("v{}", found - names.begin());
  }

  Result<const Symbol*> known(const ExpressionNode& node) const {
    if (const Symbol* symbol = find(node.text)) return symbol;
    std::vector<std::string> candidates(expression_words().begin(), expression_words().end());
    for (const Symbol& symbol : symbols_) candidates.push_back(symbol.name);
    return error(
        node, fmt::format("there is no attribute '{}'{}", shortened(node.text), did_you_mean(node.text, candidates)));
  }

  Result<Checked> name(const ExpressionNode& node) {
    const auto symbol = known(node);
    if (!symbol) return tl::unexpected(symbol.error());
    Checked result{.labels = (*symbol)->labels.get(), .ordered = (*symbol)->ordered};
    switch ((*symbol)->type) {
      case ColumnType::boolean: result.kind = CheckedKind::truth; break;
      case ColumnType::date: result.kind = CheckedKind::date; break;
      case ColumnType::category: result.kind = CheckedKind::category; break;
      case ColumnType::text:
      case ColumnType::list:
        return error(node, fmt::format("'{}' holds {}; only is_missing({}) can be asked of it", node.text,
                                       (*symbol)->type == ColumnType::text ? "text" : "lists", node.text));
      default: break;
    }
    result.code = variable(node.text);
    return result;
  }

  Result<Checked> label(const ExpressionNode& node, const Expected& expected) const {
    if (expected.day) {
      const auto date = parse_date(node.text);
      if (!date) return error(node, fmt::format("'{}' is no day; write it as '2019-07-04'", shortened(node.text)));
      return Checked{.kind = CheckedKind::date, .code = fmt::format("({})", date->days)};
    }
    if (expected.labels == nullptr)
      return error(node, fmt::format("the label '{}' stands alone; write it beside the attribute it belongs to",
                                     shortened(node.text)));
    const auto found = std::find(expected.labels->begin(), expected.labels->end(), node.text);
    if (found == expected.labels->end())
      return error(node, fmt::format("{} has no label '{}'; its labels are {}{}", expected.owner, shortened(node.text),
                                     listing(*expected.labels), did_you_mean(node.text, *expected.labels)));
    return Checked{.kind = CheckedKind::category,
                   .code = fmt::format("{}", found - expected.labels->begin()),
                   .labels = expected.labels,
                   .ordered = expected.ordered};
  }

  //! What labels beside `node` stand for.
  Expected beside(const ExpressionNode& node) const {
    if (node.kind == NodeKind::call && node.text == "if" && node.arguments.size() == 3) {
      const Expected first = beside(node.arguments[1]);
      return first.labels != nullptr || first.day ? first : beside(node.arguments[2]);
    }
    const Symbol* symbol = node.kind == NodeKind::name ? find(node.text) : nullptr;
    if (symbol == nullptr) return {};
    Expected expected{.day = symbol->type == ColumnType::date, .owner = fmt::format("'{}'", symbol->name)};
    if (symbol->type == ColumnType::category)
      expected.labels = symbol->labels.get(), expected.ordered = symbol->ordered;
    return expected;
  }

  Result<Checked> operation(const ExpressionNode& node) {
    const std::string& sign = node.text;
    if (is_logic(node)) return logic(node);
    if (sign == "not") {
      return condition(node.arguments[0]).map([](std::string code) {
        return checked_truth(fmt::format("({}==0)", code));
      });
    }
    return sign == "==" || sign == "!=" || sign[0] == '<' || sign[0] == '>' ? comparison(node) : arithmetic(node);
  }

  //! The operations of `a + b - c`, the last first. They lean to the left, as deep as the text is long: a loop
  //! goes down them, since calls would need a stack as deep.
  static std::vector<const ExpressionNode*> links(const ExpressionNode& last, bool (*is_link)(const ExpressionNode&)) {
    std::vector<const ExpressionNode*> found = {&last};
    while (is_link(found.back()->arguments[0])) found.push_back(&found.back()->arguments[0]);
    return found;
  }

  static bool is_logic(const ExpressionNode& node) {
    return node.kind == NodeKind::operation && (node.text == "and" || node.text == "or");
  }

  static bool is_arithmetic(const ExpressionNode& node) {
    return node.kind == NodeKind::operation && node.text.size() == 1 &&
           std::string_view("+-*/%^").find(node.text[0]) != std::string_view::npos;
  }

  Result<Checked> logic(const ExpressionNode& node) {
    const auto chain = links(node, is_logic);
    auto code = condition(chain.back()->arguments[0]);
    for (auto link = chain.rbegin(); code && link != chain.rend(); ++link) {
      auto right = condition((*link)->arguments[1]);
      if (!right) return tl::unexpected(right.error());
      *code = fmt::format("({}{}{})", *code, (*link)->text == "and" ? "&&" : "||", *right);
    }
    return code.map(checked_truth);
  }

  //! Code that is 0 or 1; what is missing counts as no.
  Result<std::string> condition(const ExpressionNode& node) {
    auto checked = check(node, {});
    if (!checked) return tl::unexpected(checked.error());
    if (checked->kind != CheckedKind::truth)
      return error(node, node.kind == NodeKind::name
                             ? fmt::format("'{}' is no condition; compare it with something", node.text)
                             : std::string("a condition should stand here; compare this with something"));
    return checked->known ? checked->code : fmt::format("({}>0)", checked->code);
  }

  Result<std::string> number(const ExpressionNode& node) {
    auto checked = check(node, {});
    if (!checked) return tl::unexpected(checked.error());
    if (checked->kind == CheckedKind::category)
      return error(node, node.kind == NodeKind::name
                             ? fmt::format("'{}' is a category, not a number; compare it with one of its labels: {}",
                                           node.text, listing(*checked->labels))
                             : std::string("a number should stand here, not a category"));
    return checked->code;
  }

  Result<Checked> arithmetic(const ExpressionNode& node) {
    if (!is_arithmetic(node))  // a sign before a value
      return number(node.arguments[0]).map([&](std::string code) {
        return Checked{.code = node.text == "negate" ? fmt::format("(-{})", code) : std::move(code)};
      });
    const auto chain = links(node, is_arithmetic);
    auto code = number(chain.back()->arguments[0]);
    for (auto link = chain.rbegin(); code && link != chain.rend(); ++link) {
      const auto right = number((*link)->arguments[1]);
      if (!right) return tl::unexpected(right.error());
      *code = joined(**link, *code, *right);
    }
    return code.map([](std::string whole) { return Checked{.code = std::move(whole)}; });
  }

  static std::string joined(const ExpressionNode& node, std::string_view left, std::string_view right) {
    const ExpressionNode& last = node.arguments[1];
    const bool divides = node.text == "/" && !(last.kind == NodeKind::number && last.number != 0);
    if (const char* call = node.text == "^" ? "pow" : node.text == "%" ? "mod" : divides ? "div" : nullptr)
      return fmt::format("{}({},{})", call, left, right);
    return fmt::format("({}{}{})", left, node.text, right);
  }

  Result<Checked> comparison(const ExpressionNode& node) {
    Expected expected = beside(node.arguments[0]);
    if (expected.labels == nullptr && !expected.day) expected = beside(node.arguments[1]);
    auto left = check(node.arguments[0], expected);
    if (!left) return left;
    auto right = check(node.arguments[1], expected);
    if (!right) return right;
    if (auto status = comparable(node, *left, *right); !status) return tl::unexpected(status.error());
    if (node.text == "!=") return checked_truth(fmt::format("ne({},{})", left->code, right->code));
    return checked_truth(fmt::format("({}{}{})", left->code, node.text, right->code));
  }

  Status comparable(const ExpressionNode& node, const Checked& a, const Checked& b) const {
    const auto either = [&](CheckedKind kind) { return (a.kind == kind) != (b.kind == kind); };
    if (either(CheckedKind::category))
      return error(node, "a category is compared with a label in quotes, or with a category");
    if (either(CheckedKind::date))
      return error(node, "a day is compared with a day: '2019-07-04'; or compare year(...)");
    if (a.kind != CheckedKind::category) return {};
    if (*a.labels != *b.labels) return error(node, "the two categories have different labels");
    if (!a.ordered && node.text != "==" && node.text != "!=")
      return error(node, fmt::format("labels without an order cannot be compared by {}", node.text));
    return {};
  }

  Result<Checked> call(const ExpressionNode& node, const Expected& expected) {
    if (node.text == "if") return choice(node, expected);
    if (node.text == "in") return membership(node);
    return node.text == "is_missing" ? missing(node) : function(node);
  }

  Result<Checked> choice(const ExpressionNode& node, const Expected& expected) {
    if (node.arguments.size() != 3) return error(node, "write if(condition, value, other value)");
    auto when = condition(node.arguments[0]);
    if (!when) return tl::unexpected(when.error());
    const Expected inside = expected.labels != nullptr || expected.day ? expected : beside(node);
    auto yes = check(node.arguments[1], inside);
    if (!yes) return yes;
    auto no = check(node.arguments[2], inside);
    if (!no) return no;
    if (yes->kind != no->kind) return error(node, "both values of if(...) must be of one kind");
    if (yes->kind == CheckedKind::category && *yes->labels != *no->labels)
      return error(node, "both values of if(...) must have the same labels");
    yes->code = fmt::format("({}?{}:{})", *when, yes->code, no->code);
    yes->known = yes->known && no->known;
    yes->ordered = yes->ordered && no->ordered;
    return yes;
  }

  Result<Checked> membership(const ExpressionNode& node) {
    if (node.arguments.size() < 2 || node.arguments[0].kind != NodeKind::name)
      return error(node, "write in(attribute, value, value, ...)");
    ExpressionNode equal{.kind = NodeKind::operation, .text = "==", .arguments = {node.arguments[0], {}}};
    std::string code;
    for (std::size_t i = 1; i < node.arguments.size(); ++i) {
      equal.arguments[1] = node.arguments[i];
      equal.column = node.arguments[i].column;
      auto part = comparison(equal);
      if (!part) return part;
      code += (i == 1 ? "(" : "||") + part->code;
    }
    return checked_truth(code + ")");
  }

  Result<Checked> missing(const ExpressionNode& node) {
    if (node.arguments.size() != 1 || node.arguments[0].kind != NodeKind::name)
      return error(node, "write is_missing(attribute)");
    if (const auto symbol = known(node.arguments[0]); !symbol) return tl::unexpected(symbol.error());
    return checked_truth(fmt::format("missing({})", variable(node.arguments[0].text)));
  }

  //! Functions of numbers; min and max take any count, the others one.
  Result<Checked> function(const ExpressionNode& node) {
    const bool any_count = node.text == "min" || node.text == "max";
    if (any_count ? node.arguments.empty() : node.arguments.size() != 1)
      return error(node, fmt::format("write {}({})", node.text, any_count ? "value, value, ..." : "value"));
    std::string code;
    for (const ExpressionNode& argument : node.arguments) {
      auto part = node.text == "year" ? day(argument) : number(argument);
      if (!part) return tl::unexpected(part.error());
      code = code.empty() ? std::move(*part) : fmt::format("{}({},{})", node.text, code, *part);
    }
    return Checked{.code = any_count ? code : fmt::format("{}({})", node.text, code)};
  }

  Result<std::string> day(const ExpressionNode& node) {
    auto checked = check(node, Expected{.day = true});
    if (!checked) return tl::unexpected(checked.error());
    if (checked->kind != CheckedKind::date) return error(node, "year(...) is asked of a date");
    return checked->code;
  }

  std::string_view text_;
  std::span<const Symbol> symbols_;
};

}  // namespace

Result<ExpressionCode> check_expression(std::string_view text, const ExpressionNode& tree,
                                        std::span<const Symbol> symbols, const CheckedLabels* result_labels) {
  Checker checker(text, symbols);
  const auto checked = checker.check(tree, {.labels = result_labels, .owner = "the result"});
  if (!checked) return tl::unexpected(checked.error());
  if (result_labels != nullptr && (checked->kind != CheckedKind::category || *checked->labels != *result_labels))
    return expression_error(text, tree.column, fmt::format("the result must be one of {}", listing(*result_labels)));
  ExpressionCode code{.code = checked->code, .names = std::move(checker.names)};
  constexpr ColumnType types[] = {ColumnType::float64, ColumnType::boolean, ColumnType::category, ColumnType::date};
  code.type = types[static_cast<std::size_t>(checked->kind)];
  return code;
}

}  // namespace persona
