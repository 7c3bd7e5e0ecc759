//! Programs out of signatures and programs.
#include <persona/prompt/program.hpp>

#include "core/text.hpp"
#include "fields_json.hpp"
#include "run_within.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace persona::prompt {
namespace {

Predictor bare_predictor(Signature signature) {
  Predictor predictor;
  predictor.signature = std::move(signature);
  return predictor;
}

// What stands most often; the earliest of equals.
FieldValue most_common(const std::vector<Fields>& answers, const std::string& name) {
  std::map<std::string, int> votes;
  for (const Fields& answer : answers) {
    if (const auto value = answer.find(name); value != answer.end()) ++votes[to_text(value->second)];
  }
  const FieldValue* best = nullptr;
  int most = 0;
  for (const Fields& answer : answers) {
    const auto value = answer.find(name);
    if (value == answer.end()) continue;
    if (const int count = votes[to_text(value->second)]; count > most) {
      most = count;
      best = &value->second;
    }
  }
  return best != nullptr ? *best : FieldValue();
}

Fields voted(const std::vector<Fields>& answers) {
  Fields result;
  for (const Fields& answer : answers) {
    for (const auto& [name, value] : answer) result.try_emplace(name);
  }
  for (auto& [name, value] : result) value = most_common(answers, name);
  return result;
}

bool ends_a_run(const Error& error) {
  return error.code == Errc::cancelled || error.code == Errc::deadline_exceeded || error.code == Errc::quota_exceeded;
}

// Calls the predictors of one member under their names in the whole.
class MemberRun final : public RunWithin {
 public:
  MemberRun(Run& whole, std::string prefix) : RunWithin(whole), prefix_(std::move(prefix)) {}
  Result<Fields> predict(std::string_view predictor, const Fields& inputs, const Aside& aside) override {
    return whole_.predict(prefix_ + std::string(predictor), inputs, aside);
  }

 private:
  std::string prefix_;
};

// Notes a complaint to whatever is asked.
class ComplainingRun final : public RunWithin {
 public:
  ComplainingRun(Run& whole, std::string note) : RunWithin(whole), note_(std::move(note)) {}
  Result<Fields> predict(std::string_view predictor, const Fields& inputs, const Aside& aside) override {
    Aside noted = aside;
    noted.note += (noted.note.empty() || note_.empty() ? "" : "\n") + note_;
    return whole_.predict(predictor, inputs, noted);
  }

 private:
  std::string note_;
};

// What several runs of the same flow take.
FlowNeeds repeated(FlowNeeds needs, int times) {
  needs.most_calls *= times;
  for (ModelLoad& load : needs.load) load.calls *= times;
  return needs;
}

void add_needs(FlowNeeds& all, const FlowNeeds& more) {
  all.most_calls += more.most_calls;
  all.most_added_bytes = std::max(all.most_added_bytes, more.most_added_bytes);
  all.load.insert(all.load.end(), more.load.begin(), more.load.end());
  all.preparations.insert(all.preparations.end(), more.preparations.begin(), more.preparations.end());
}

}  // namespace

Result<Program> predict(Signature signature) {
  return Program::make({bare_predictor(std::move(signature))});
}

Result<Program> chain_of_thought(Signature signature) {
  Predictor predictor = bare_predictor(std::move(signature));
  predictor.reasons = true;
  return Program::make({std::move(predictor)});
}

Result<Program> predict(std::string_view signature, std::string instructions) {
  return parse_signature(signature, std::move(instructions)).and_then([](Signature s) {
    return predict(std::move(s));
  });
}

Result<Program> chain_of_thought(std::string_view signature, std::string instructions) {
  return parse_signature(signature, std::move(instructions)).and_then([](Signature s) {
    return chain_of_thought(std::move(s));
  });
}

constexpr std::size_t most_complaint = 4000;  // bytes

Program asserted(Program program, Assertion assertion, int tries) {
  Flow inner = flow_of(program);
  Flow flow = [inner = std::move(inner), assertion = std::move(assertion), tries](
                  Run& run, const Fields& inputs) -> Result<Fields> {
    std::string note;
    for (int i = 0; i < std::max(tries, 1); ++i) {
      ComplainingRun noted(run, note);
      auto outputs = inner(noted, inputs);
      if (!outputs) return outputs;
      const auto complaint = assertion(inputs, *outputs);
      if (!complaint) return outputs;
      note = "An earlier answer was: " + to_json(*outputs) +
             "\nWhat was wrong with it: " + shortened(*complaint, most_complaint);
    }
    return fail(Errc::invalid_output,
                "after " + std::to_string(std::max(tries, 1)) + " tries: " + shortened(note, 300));
  };
  FlowNeeds needs = repeated(program.needs(), std::max(tries, 1));
  needs.most_added_bytes += most_complaint;
  return *Program::make(program.predictors(), std::move(flow), std::move(needs));
}

Program majority(Program program, int votes) {
  Flow flow = [inner = flow_of(program), votes](Run& run, const Fields& inputs) -> Result<Fields> {
    std::vector<Fields> answers;
    Error last{Errc::invalid_argument, "a majority needs a vote", {}};
    for (int vote = 0; vote < votes; ++vote) {
      run.set_sample(vote);
      auto outputs = inner(run, inputs);
      if (!outputs && ends_a_run(outputs.error())) return outputs;
      if (outputs) {
        answers.push_back(*std::move(outputs));
      } else {
        last = outputs.error();
      }
    }
    if (answers.empty()) return tl::unexpected(last);
    return voted(answers);
  };
  return *Program::make(program.predictors(), std::move(flow), repeated(program.needs(), std::max(votes, 1)));
}

Result<Program> ensemble(std::vector<Program> programs) {
  std::vector<Predictor> predictors;
  std::vector<Flow> flows;
  FlowNeeds needs;
  for (std::size_t i = 0; i < programs.size(); ++i) {
    for (Predictor predictor : programs[i].predictors()) {
      predictor.name = std::to_string(i) + "." + predictor.name;
      predictors.push_back(std::move(predictor));
    }
    flows.push_back(flow_of(programs[i]));
    add_needs(needs, programs[i].needs());
  }
  Flow flow = [flows = std::move(flows)](Run& run, const Fields& inputs) -> Result<Fields> {
    std::vector<Fields> answers;
    Error last;
    for (std::size_t i = 0; i < flows.size(); ++i) {
      MemberRun member(run, std::to_string(i) + ".");
      auto outputs = flows[i](member, inputs);
      if (!outputs && ends_a_run(outputs.error())) return outputs;
      if (outputs) {
        answers.push_back(*std::move(outputs));
      } else {
        last = outputs.error();
      }
    }
    if (answers.empty()) return tl::unexpected(last);
    return voted(answers);
  };
  return Program::make(std::move(predictors), std::move(flow), std::move(needs));
}

}  // namespace persona::prompt
