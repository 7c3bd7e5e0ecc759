//! A program that calls functions on its way.
#include <persona/prompt/program.hpp>

#include "core/text.hpp"
#include "fields_json.hpp"

#include <algorithm>
#include <utility>

namespace persona::prompt {
namespace {

std::string tool_list(const std::vector<ToolFunction>& tools) {
  std::string text =
      "Work step by step. In each step write a thought, then call one tool with its arguments as a JSON "
      "object.\nTools:";
  for (const ToolFunction& tool : tools) {
    text += "\n- " + tool.name + "(";
    for (const Field& input : tool.inputs) text += (&input == &tool.inputs.front() ? "" : ", ") + input.name;
    text += "): " + tool.description;
  }
  return text + "\n- finish(): enough is known to answer";
}

constexpr std::size_t most_step_bytes = 8000;  // thought, call and result, each cut

std::string observed(const std::vector<ToolFunction>& tools, const Fields& step) {
  const std::string name = to_text(step.at("tool"));
  const auto tool = std::find_if(tools.begin(), tools.end(), [&](const ToolFunction& t) { return t.name == name; });
  if (tool == tools.end()) return "there is no tool '" + name + "'";
  auto arguments = parse_fields(to_text(step.at("arguments")));
  if (!arguments) return "the arguments are not a JSON object";
  for (const Field& input : tool->inputs) {
    if (!arguments->contains(input.name)) return "argument '" + input.name + "' is missing";
  }
  auto result = tool->call(*arguments);
  return result ? *result : "failed: " + result.error().message;
}

Predictor step_predictor(const Signature& signature, const std::vector<ToolFunction>& tools) {
  Predictor step;
  step.name = "step";
  step.signature.instructions =
      (signature.instructions.empty() ? "" : signature.instructions + "\n\n") + tool_list(tools);
  step.signature.inputs = signature.inputs;
  step.signature.inputs.push_back({.name = "so_far", .description = "thoughts, calls and results up to here"});
  Field choice{.name = "tool", .type = FieldType::choice};
  for (const ToolFunction& tool : tools) choice.choices.push_back(tool.name);
  choice.choices.emplace_back("finish");
  step.signature.outputs = {{.name = "thought"}, choice, {.name = "arguments", .type = FieldType::object}};
  return step;
}

}  // namespace

Result<Program> with_tools(Signature signature, std::vector<ToolFunction> tools, int most_steps) {
  Predictor step = step_predictor(signature, tools);
  Predictor answer;
  answer.name = "answer";
  answer.reasons = true;
  answer.signature = std::move(signature);
  answer.signature.inputs.push_back({.name = "so_far", .description = "thoughts, calls and results"});
  Flow flow = [tools = std::move(tools), most_steps](Run& run, const Fields& inputs) -> Result<Fields> {
    Fields state = inputs;
    std::string so_far;
    for (int i = 0; i < most_steps; ++i) {
      state["so_far"] = so_far.empty() ? "nothing yet" : so_far;
      auto next = run.predict("step", state);
      if (!next) {
        if (next.error().code != Errc::invalid_output) return next;
        so_far += "A step could not be read: " + shortened(next.error().message, 2000) + "\n";
        continue;
      }
      if (to_text(next->at("tool")) == "finish") break;
      so_far += "Thought: " + shortened(to_text(next->at("thought")), 2000) + "\nCall: " + to_text(next->at("tool")) +
                " " + shortened(to_text(next->at("arguments")), 1500) +
                "\nResult: " + shortened(observed(tools, *next), 4000) + "\n";
    }
    state["so_far"] = so_far;
    return run.predict("answer", state);
  };
  return Program::make({std::move(step), std::move(answer)}, std::move(flow),
                       {.most_calls = most_steps + 1,
                        .most_added_bytes = static_cast<std::size_t>(std::max(most_steps, 0)) * most_step_bytes});
}

}  // namespace persona::prompt
