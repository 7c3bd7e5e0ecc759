//! A predictor's request.
#include <persona/prompt/predictor.hpp>

#include "wording.hpp"

#include <utility>

namespace persona::prompt {
namespace {

// What a demo lacks is said, so that the model does not learn to leave it out.
Fields completed(const Predictor& predictor, const Fields& outputs) {
  Fields whole = outputs;
  for (const Field& field : written_fields(predictor)) {
    whole.try_emplace(field.name, std::string("(not given for this example)"));
  }
  return whole;
}

bool has_any_output(const Predictor& predictor, const Demo& demo) {
  for (const Field& field : predictor.signature.outputs) {
    if (demo.fields.contains(field.name)) return true;
  }
  return false;
}

}  // namespace

Result<llm::Request> render(const Predictor& predictor, const Fields& inputs, std::string_view model,
                            std::string_view note) {
  for (const Field& field : predictor.signature.inputs) {
    if (!inputs.contains(field.name)) {
      return fail(Errc::invalid_argument, "predictor '" + predictor.name + "': input '" + field.name + "' is missing");
    }
  }
  llm::Request request;
  request.model = model;
  request.temperature = predictor.temperature;
  request.max_output_tokens = predictor.max_output_tokens;
  request.messages.push_back(llm::Message::system(system_text(predictor)));
  for (const Demo& demo : predictor.demos) {
    if (!has_any_output(predictor, demo)) continue;
    request.messages.push_back(llm::Message::user(inputs_text(predictor, demo.fields)));
    request.messages.push_back(llm::Message::assistant(outputs_text(predictor, completed(predictor, demo.fields))));
  }
  request.messages.push_back(llm::Message::user(inputs_text(predictor, inputs, note)));
  if (predictor.format == Format::json) request.json = llm::JsonFormat{.schema = outputs_schema(predictor)};
  return request;
}

}  // namespace persona::prompt
