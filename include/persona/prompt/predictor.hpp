//! One call of a model, with what an optimizer may change about it.
#pragma once

#include <persona/llm/reply.hpp>
#include <persona/llm/request.hpp>
#include <persona/prompt/signature.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace persona::prompt {

//! A worked example in a prompt.
struct Demo {
  Fields fields = {};
  bool augmented = false;  //!< made by running a program, not taken from the data
  bool operator==(const Demo&) const = default;
};

//! How fields are written: `chat` heads each with `[[ ## name ## ]]`, `json` asks for an object by
//! schema, `plain` writes "Label: value" blocks.
enum class Format { chat, json, plain };

//! A value. Two predictors with equal content send equal requests.
struct Predictor {
  std::string name = "predict";  //!< unique in its program
  Signature signature = {};
  std::vector<Demo> demos = {};
  bool reasons = false;  //!< writes a `reasoning` first: chain of thought
  Format format = Format::chat;
  std::optional<double> temperature = 0.0;
  std::optional<std::int64_t> max_output_tokens = {};
  bool operator==(const Predictor&) const = default;
};

//! The request for one set of inputs. Inputs that the signature does not name are left out.
//! @errors invalid_argument: an input is missing; the message names it
[[nodiscard]] PERSONA_EXPORT Result<llm::Request> render(const Predictor& predictor, const Fields& inputs,
                                                         std::string_view model = {}, std::string_view note = {});

//! The outputs in an answer, `reasoning` among them where there is one.
//! @errors invalid_output: a field is missing or not of its type; the message names it
[[nodiscard]] PERSONA_EXPORT Result<Fields> read_reply(const Predictor& predictor, const llm::Reply& reply);

}  // namespace persona::prompt
