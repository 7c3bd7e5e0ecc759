//! Texts that a proposing model is asked for.
#include "proposals.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace persona::prompt {

Result<std::vector<std::optional<std::string>>> ask(Session& session, const std::vector<Proposal>& proposals,
                                                    const Context& context) {
  std::vector<llm::Request> requests;
  for (const Proposal& proposal : proposals) {
    llm::Request request{.temperature = proposal.temperature};
    request.messages.push_back(llm::Message::user(proposal.question));
    request.call.sample = proposal.sample;
    requests.push_back(std::move(request));
  }
  auto replies = session.ask(requests, true, context);
  if (!replies) return tl::unexpected(replies.error());
  std::vector<std::optional<std::string>> answers;
  for (auto& reply : *replies) answers.push_back(reply ? std::optional(std::move(reply->text)) : std::nullopt);
  return answers;
}

std::string instruction_in(std::string_view answer) {
  const auto close = answer.rfind("```");
  if (close != std::string_view::npos && close > 0) {
    const auto open = answer.rfind("```", close - 1);
    if (open != std::string_view::npos) {
      auto inside = answer.substr(open + 3, close - open - 3);
      const auto line = inside.find('\n');
      if (line != std::string_view::npos && inside.substr(0, line).find(' ') == std::string_view::npos) {
        inside.remove_prefix(line + 1);  // the language after the fence
      }
      answer = inside;
    }
  }
  const auto skips = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '"'; };
  while (!answer.empty() && skips(answer.front())) answer.remove_prefix(1);
  while (!answer.empty() && skips(answer.back())) answer.remove_suffix(1);
  return std::string(answer);
}

namespace {

std::string shown_fields(const std::vector<Field>& fields, const Fields& values, std::string_view prefix) {
  std::string text;
  for (const Field& field : fields) {
    const auto value = values.find(field.name);
    if (value == values.end()) continue;
    text += std::string(prefix) + field.name + ": " + shortened(to_text(value->second), 1500) + "\n";
  }
  return text;
}

}  // namespace

std::string shown(const Example& example, const Signature& signature) {
  return shown_fields(signature.inputs, example.fields, "") + shown_fields(signature.outputs, example.fields, "");
}

std::string shown(const Example& example, const Outcome& outcome, const Signature& signature) {
  std::string text = shown_fields(signature.inputs, example.fields, "");
  text += shown_fields(signature.outputs, outcome.outputs, "answered ");
  text += shown_fields(signature.outputs, example.fields, "expected ");
  if (outcome.error) text += "the run failed: " + shortened(outcome.error->message, 300) + "\n";
  if (!outcome.feedback.empty()) text += "what was wrong: " + shortened(outcome.feedback, 600) + "\n";
  return text;
}

std::uint64_t Dice::next() {  // SplitMix64
  std::uint64_t x = state_ += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

std::size_t Dice::below(std::size_t count) {
  return static_cast<std::size_t>((static_cast<unsigned __int128>(next()) * count) >> 64);
}

double Dice::uniform() {
  return static_cast<double>(next() >> 11) * 0x1p-53;
}

std::vector<std::size_t> Dice::sample(std::size_t count, std::size_t of) {
  std::vector<std::size_t> all(of);
  std::iota(all.begin(), all.end(), std::size_t{0});
  count = std::min(count, of);
  for (std::size_t i = 0; i < count; ++i) std::swap(all[i], all[i + below(of - i)]);
  all.resize(count);
  return all;
}

}  // namespace persona::prompt
