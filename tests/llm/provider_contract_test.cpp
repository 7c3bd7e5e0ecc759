//! The contract of providers, kept by the doubles and broken by others.
#include <persona/llm/offline.hpp>
#include <persona/testing/provider_contract.hpp>
#include <persona/testing/scripted_provider.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace persona;
using llm::Provider;

namespace {

std::vector<std::string> contract_of(std::function<Provider()> make) {
  return testing::provider_contract({.make = std::move(make), .model = "any"});
}

void check_kept(const std::vector<std::string>& failures) {
  for (const std::string& failure : failures) FAIL_CHECK(failure);
}

//! Answers "yes and no" in three pieces, wrong in the way that a test wants.
struct Wrong : llm::LLMProvider {
  bool loses_a_piece = false, ignores_stops = false, hides_errors = false, takes_images = false, odd_usage = false;

  std::string name() const override { return "wrong"; }
  llm::Capabilities capabilities(std::string_view) const override { return {.tools = true, .images = false}; }
  Result<llm::Reply> complete(const llm::Request& request, const Context& context) override {
    if (const auto may_go = context.check(); !may_go && !ignores_stops) return tl::unexpected(may_go.error());
    const bool image = std::holds_alternative<llm::Image>(request.messages.back().parts.back());
    if (image && !takes_images) return fail(Errc::unsupported, "no images");
    llm::Reply reply = *testing::says("yes and no").reply;
    if (odd_usage) reply.usage.output_reasoning = reply.usage.output + 1;
    return reply;
  }
  Result<llm::Reply> stream(const llm::Request& request, const llm::OnDelta& show, const Context& context) override {
    auto reply = complete(request, context);
    if (!reply) return reply;
    for (const char* piece : {"yes ", "and ", "no"}) {
      if (const auto may_go = context.check(); !may_go && !ignores_stops) return tl::unexpected(may_go.error());
      if (loses_a_piece && std::string_view(piece) == "and ") continue;
      const auto shown = show(llm::TextDelta{piece});
      if (!shown && !hides_errors) return tl::unexpected(shown.error());
    }
    return reply;
  }
};

void check_broken(bool Wrong::*flaw, const std::string& part) {
  CAPTURE(part);
  const auto failures = contract_of([&] {
    const auto provider = std::make_shared<Wrong>();
    if (flaw != nullptr) (*provider).*flaw = true;
    return provider;
  });
  const auto names_it = [&](const std::string& failure) { return failure.starts_with(part); };
  CHECK(std::any_of(failures.begin(), failures.end(), names_it));
}

}  // namespace

TEST_CASE("the offline provider keeps the contract, with and without examples") {
  check_kept(contract_of([] { return llm::offline(); }));
  testing::ProviderUnderTest under_test{.make = [] { return llm::offline(); }};
  under_test.request.messages = {llm::Message::user("Input: 1 + 1\nOutput: two words\n\nInput: 1 + 2\nOutput:")};
  check_kept(testing::provider_contract(under_test));
}

TEST_CASE("the scripted provider keeps the contract, from steps and from a function") {
  check_kept(contract_of([] {
    testing::Step step = testing::says("yes, that is so");
    step.pieces = {"yes,", " that", " is so"};
    return std::make_shared<testing::ScriptedProvider>(std::vector<testing::Step>(40, step));
  }));
  check_kept(contract_of([] {
    return std::make_shared<testing::ScriptedProvider>([](const llm::Request&) { return *testing::says("yes").reply; });
  }));
}

TEST_CASE("the contract finds what is broken") {
  check_kept(contract_of([] { return std::make_shared<Wrong>(); }));
  check_broken(&Wrong::loses_a_piece, "a stream: the pieces add up");
  check_broken(&Wrong::ignores_stops, "a stop: complete does not start");
  check_broken(&Wrong::ignores_stops, "a stop: a stop while the answer is shown");
  check_broken(&Wrong::ignores_stops, "a deadline: stream does not start");
  check_broken(&Wrong::hides_errors, "an error of OnDelta: it comes back");
  check_broken(&Wrong::takes_images, "what it denies: images");
  check_broken(&Wrong::odd_usage, "an answer: reasoning");
  CHECK_FALSE(contract_of([] { return Provider(); }).empty());
}
