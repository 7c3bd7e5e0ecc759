//! Regular expressions as nondeterministic machines, all of whose states are followed at once.
#include "pattern.hpp"

#include "pattern_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace persona::llm {
namespace {

constexpr std::size_t most_states = 10'000;

}  // namespace

//! Look-arounds are machines of their own, run over the whole text before those that ask for them.
struct PatternProgram {
  struct State {
    enum class Kind { set, fork, begin, end, boundary, not_boundary, look, found };
    Kind kind = Kind::found;
    std::uint32_t next = 0, other = 0;  // where to go on; `other` of forks
    std::uint32_t index = 0;            // of the set or the look-around
    bool negated = false;
  };

  //! Backward ones read the text from its end.
  struct Machine {
    std::vector<State> states = {};
    std::uint32_t start = 0;
    bool backward = false;
  };

  std::vector<CodeSet> sets;
  std::vector<Machine> looks;
  Machine whole;
};

namespace {

//! Builds machines from their ends: each part is given what follows it.
class MachineBuilder {
 public:
  explicit MachineBuilder(PatternProgram& program) : program_(program) {}

  PatternProgram::Machine build(const PatternTree& tree, bool backward) {
    PatternMachine outer = std::exchange(machine_, {.backward = backward});
    const std::uint32_t found = add({});
    machine_.start = part(tree, found);
    return std::exchange(machine_, std::move(outer));
  }

  bool too_large() const { return total_ > most_states; }

 private:
  using PatternState = PatternProgram::State;
  using PatternMachine = PatternProgram::Machine;
  using Kind = PatternState::Kind;

  std::uint32_t add(PatternState state) {
    machine_.states.push_back(state);
    return static_cast<std::uint32_t>(machine_.states.size() - 1);
  }

  //! @return where the part begins
  std::uint32_t part(const PatternTree& tree, std::uint32_t next) {
    ++total_;  // a part without states, repeated without end, costs too
    if (too_large()) return next;
    switch (tree.kind) {
      case PatternTree::Kind::set: return set(tree, next);
      case PatternTree::Kind::sequence: return sequence(tree, next);
      case PatternTree::Kind::choice: return choice(tree, next);
      case PatternTree::Kind::repeat: return repeat(tree, next);
      case PatternTree::Kind::begin: return add({.kind = Kind::begin, .next = next});
      case PatternTree::Kind::end: return add({.kind = Kind::end, .next = next});
      case PatternTree::Kind::boundary: return add({.kind = Kind::boundary, .next = next});
      case PatternTree::Kind::not_boundary: return add({.kind = Kind::not_boundary, .next = next});
      case PatternTree::Kind::ahead:
      case PatternTree::Kind::behind: return look(tree, next);
    }
    return next;
  }

  std::uint32_t set(const PatternTree& tree, std::uint32_t next) {
    program_.sets.push_back(tree.set);
    return add({.kind = Kind::set, .next = next, .index = static_cast<std::uint32_t>(program_.sets.size() - 1)});
  }

  std::uint32_t sequence(const PatternTree& tree, std::uint32_t next) {
    const auto follow = [&](const PatternTree& each) { next = part(each, next); };
    if (machine_.backward)
      std::for_each(tree.parts.begin(), tree.parts.end(), follow);
    else
      std::for_each(tree.parts.rbegin(), tree.parts.rend(), follow);
    return next;
  }

  std::uint32_t choice(const PatternTree& tree, std::uint32_t next) {
    std::uint32_t begin = part(tree.parts.back(), next);
    for (std::size_t i = tree.parts.size() - 1; i-- > 0;)
      begin = add({.kind = Kind::fork, .next = part(tree.parts[i], next), .other = begin});
    return begin;
  }

  std::uint32_t repeat(const PatternTree& tree, std::uint32_t next) {
    const PatternTree& body = tree.parts[0];
    std::uint32_t begin = next;
    if (tree.most == PatternTree::unlimited) {
      begin = add({.kind = Kind::fork, .other = next});
      const std::uint32_t again = part(body, begin);
      machine_.states[begin].next = again;
    } else {
      for (std::uint32_t i = tree.least; i < tree.most && !too_large(); ++i)
        begin = add({.kind = Kind::fork, .next = part(body, begin), .other = next});
    }
    for (std::uint32_t i = 0; i < tree.least && !too_large(); ++i) begin = part(body, begin);
    return begin;
  }

  //! What lies ahead of a position is found by reading up to it from the end, and the other way round.
  std::uint32_t look(const PatternTree& tree, std::uint32_t next) {
    program_.looks.push_back(build(tree.parts[0], tree.kind == PatternTree::Kind::ahead));
    const auto index = static_cast<std::uint32_t>(program_.looks.size() - 1);
    return add({.kind = Kind::look, .next = next, .index = index, .negated = tree.negated});
  }

  PatternProgram& program_;
  PatternMachine machine_;
  std::size_t total_ = 0;
};

bool is_word_code(char32_t c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= 'a' && c <= 'z');
}

//! A text that machines run over.
class PatternText {
 public:
  PatternText(const PatternProgram& program, std::string_view text, std::size_t& budget)
      : program_(program), budget_(budget) {
    codes_.reserve(text.size());
    while (!text.empty()) codes_ += take_code_point(text);
  }

  std::optional<bool> search() {
    for (const PatternProgram::Machine& look : program_.looks) {
      std::vector<bool> places(codes_.size() + 1);
      run(look, &places);
      looks_.push_back(std::move(places));
    }
    const bool found = run(program_.whole, nullptr);
    return budget_ == 0 ? std::optional<bool>() : found;
  }

 private:
  //! Marks all places where the machine ends, or stops at the first.
  bool run(const PatternProgram::Machine& machine, std::vector<bool>* places) {
    active_.clear();
    entered_.assign(machine.states.size(), 0);
    stamp_ = 0;
    for (std::size_t step = 0; step <= codes_.size() && budget_ > 0; ++step) {
      const std::size_t at = machine.backward ? codes_.size() - step : step;
      ++stamp_;
      std::vector<std::uint32_t> waiting = std::exchange(active_, std::move(spare_));
      active_.clear();
      bool found = enter(machine, machine.start, at);
      for (const std::uint32_t state : waiting) found = enter(machine, state, at) || found;
      spare_ = std::move(waiting);
      if (found && places == nullptr) return true;
      if (found) (*places)[at] = true;
      if (step < codes_.size()) advance(machine, codes_[machine.backward ? at - 1 : at]);
    }
    return false;
  }

  //! Follows all that needs no code point. @return whether the end is among it
  bool enter(const PatternProgram::Machine& machine, std::uint32_t first, std::size_t at) {
    bool found = false;
    stack_.assign(1, first);
    while (!stack_.empty() && budget_ > 0) {
      const std::uint32_t index = stack_.back();
      stack_.pop_back();
      if (std::exchange(entered_[index], stamp_) == stamp_) continue;
      --budget_;
      const PatternProgram::State& state = machine.states[index];
      if (state.kind == PatternProgram::State::Kind::found) {
        found = true;
      } else if (state.kind == PatternProgram::State::Kind::set) {
        active_.push_back(index);
      } else if (state.kind == PatternProgram::State::Kind::fork) {
        stack_.push_back(state.other);
        stack_.push_back(state.next);
      } else if (holds(state, at)) {
        stack_.push_back(state.next);
      }
    }
    return found;
  }

  bool holds(const PatternProgram::State& state, std::size_t at) const {
    switch (state.kind) {
      case PatternProgram::State::Kind::begin: return at == 0;
      case PatternProgram::State::Kind::end: return at == codes_.size();
      case PatternProgram::State::Kind::boundary: return is_boundary(at);
      case PatternProgram::State::Kind::not_boundary: return !is_boundary(at);
      default: return looks_[state.index][at] != state.negated;
    }
  }

  bool is_boundary(std::size_t at) const {
    const bool before = at > 0 && is_word_code(codes_[at - 1]);
    const bool after = at < codes_.size() && is_word_code(codes_[at]);
    return before != after;
  }

  //! Leaves in `active_` what the states that take this code point lead to.
  void advance(const PatternProgram::Machine& machine, char32_t code) {
    std::size_t kept = 0;
    for (const std::uint32_t index : active_) {
      const PatternProgram::State& state = machine.states[index];
      if (program_.sets[state.index].contains(code)) active_[kept++] = state.next;
    }
    active_.resize(kept);
  }

  const PatternProgram& program_;
  std::size_t& budget_;
  std::u32string codes_;
  std::vector<std::vector<bool>> looks_;
  std::vector<std::uint32_t> active_, spare_, stack_;
  std::vector<std::uint64_t> entered_;
  std::uint64_t stamp_ = 0;
};

}  // namespace

Pattern::Pattern(std::shared_ptr<const PatternProgram> program) : program_(std::move(program)) {}

Result<Pattern> Pattern::compile(std::string_view pattern) {
  const auto tree = parse_pattern(pattern);
  if (!tree) return tl::unexpected(tree.error());
  const auto program = std::make_shared<PatternProgram>();
  MachineBuilder builder(*program);
  program->whole = builder.build(*tree, false);
  if (builder.too_large())
    return fail(Errc::invalid_argument,
                fmt::format("the pattern \"{}\" needs more than {} states", pattern, most_states));
  return Pattern(program);
}

std::optional<bool> Pattern::search(std::string_view text, std::size_t& budget) const {
  return PatternText(*program_, text, budget).search();
}

}  // namespace persona::llm
