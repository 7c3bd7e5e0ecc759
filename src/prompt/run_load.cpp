//! What running and judging a program takes at most, and what has to be asked before.
#include "run_load.hpp"

#include "allowance.hpp"
#include "session_call.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace persona::prompt {
namespace {

llm::Charge times(const llm::Charge& each, std::int64_t calls) {
  return {each.money * calls, each.tokens * calls, calls};
}

Result<llm::Charge> most_of_load(const ModelLoad& load, std::size_t shown, const Session& session) {
  const auto each = session.most_of(load.model, load.model_name, load.bytes + shown, load.output_tokens);
  if (!each) return each;
  return times(*each, load.calls);
}

Result<llm::Charge> most_of_run(const Program& program, const Fields& inputs, const Session& session) {
  std::size_t bytes = 0;
  std::int64_t output = 0;
  for (const Predictor& predictor : program.predictors()) {
    Fields filled = inputs;
    const std::int64_t most_output = predictor.max_output_tokens.value_or(session.options().max_output_tokens);
    output = std::max(output, most_output);
    for (const Field& input : predictor.signature.inputs) {
      // What an earlier predictor will have written.
      filled.try_emplace(input.name, std::string(longest_text(most_output), ' '));
    }
    const auto request = render(predictor, filled);
    if (!request) return tl::unexpected(request.error());
    bytes = std::max(bytes, bytes_of(*request));
  }
  if (program.most_calls() > static_cast<int>(program.predictors().size())) {
    bytes += longest_text(output);  // notes and earlier steps
  }
  bytes += program.needs().most_added_bytes;
  const auto each = session.most_of(bytes, output);
  if (!each) return each;
  llm::Charge all = times(*each, program.most_calls());
  for (const ModelLoad& load : program.needs().load) {
    const auto more = most_of_load(load, to_json(inputs).size(), session);
    if (!more) return more;
    all += *more;
  }
  return all;
}

Result<llm::Charge> most_of_judging(const Metric& metric, const Program& program, const Fields& fields,
                                    const Session& session) {
  llm::Charge all;
  std::int64_t answer = 0;
  for (const Predictor& predictor : program.predictors())
    answer = std::max(answer, predictor.max_output_tokens.value_or(session.options().max_output_tokens));
  const std::size_t shown = to_json(fields).size() + longest_text(answer);
  for (const ModelLoad& load : metric.load()) {
    const auto more = most_of_load(load, shown, session);
    if (!more) return more;
    all += *more;
  }
  return all;
}

}  // namespace

bool may_pass_later(const Error& error) {
  return error.code == Errc::unavailable || error.code == Errc::rate_limited;
}

Lend lend_through(Models& models, std::string role) {
  return [&models, role = std::move(role)](const llm::Provider& model, std::string_view model_name) {
    return models.counted(model, model_name, role);
  };
}

Result<llm::Charge> most_of_item(const Program& program, const Metric& metric, const Fields& fields,
                                 const Session& session) {
  auto running = most_of_run(program, fields, session);
  if (!running) return running;
  const auto judging = most_of_judging(metric, program, fields, session);
  if (!judging) return judging;
  *running += *judging;
  return running;
}

Result<bool> prepare(const Program& program, const std::string& hash, Session& session, const Context& context) {
  for (const Preparation& preparation : program.needs().preparations) {
    if (preparation.is_done()) continue;
    const auto most = most_of_load(preparation.load, 0, session);
    if (!most) return tl::unexpected(most.error());
    Status status;
    const Work work = [&](std::size_t, Models& models) {
      status = preparation.prepare(lend_through(models, "flow"), context);
    };
    for (Tries tries(session, 1 + more_tries); tries.are_left();) {
      tries.begin();
      const auto done = session.run(1, *most, work, context, [&](std::size_t) { return About{hash, {}}; });
      if (!done) return tl::unexpected(done.error());
      if (*done == 0) return false;
      if (status || !may_pass_later(status.error())) break;
      tries.end();
    }
    if (!status) return tl::unexpected(status.error());
  }
  return true;
}

void Tries::begin() {
  before_ = session_.spent();
}

// Tries that the ledger answers are those of an earlier process: they do not count.
void Tries::end() {
  const Spent after = session_.spent();
  if (after.calls - after.replayed_calls > before_.calls - before_.replayed_calls || after.calls == before_.calls) {
    --left_;
  }
}

}  // namespace persona::prompt
