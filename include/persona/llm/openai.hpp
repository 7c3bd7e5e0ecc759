//! OpenAI, Azure, and every server that speaks like them: vLLM, llama.cpp, LiteLLM.
#pragma once

#include <persona/core/secret.hpp>
#include <persona/http/transport.hpp>
#include <persona/llm/provider.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace persona::llm {

struct OpenAIOptions {
  std::string base_url = "https://api.openai.com/v1";
  Secret key = {};  //!< none: no Authorization header, for local servers
  std::string organization = {}, project = {};
  std::string name = "openai";  //!< in replies, errors and cache keys
  std::chrono::milliseconds timeout{600'000};
  //! Whether the server knows `max_completion_tokens`; none: OpenAI's does, others get the older `max_tokens`.
  std::optional<bool> max_completion_tokens = {};
};

//! `/chat/completions` and `/embeddings`.
PERSONA_EXPORT Provider openai(std::shared_ptr<http::Transport> transport, OpenAIOptions options = {});

//! `/responses` and `/embeddings`. Nothing is stored at OpenAI.
PERSONA_EXPORT Provider openai_responses(std::shared_ptr<http::Transport> transport, OpenAIOptions options = {});

struct AzureOptions {
  std::string endpoint = {};  //!< "https://NAME.openai.azure.com"
  Secret key = {};
  Secret token = {};  //!< of Entra ID, instead of a key
  std::string api_version = "2024-10-21";
  std::string name = "azure";
  std::chrono::milliseconds timeout{600'000};
};

//! Chat completions and embeddings; `Request::model` is the deployment.
PERSONA_EXPORT Provider azure(std::shared_ptr<http::Transport> transport, AzureOptions options);

//! Requests answered within a day at half the price.
//! @source{OpenAI Batch API}
class OpenAIBatches {
 public:
  PERSONA_EXPORT OpenAIBatches(std::shared_ptr<http::Transport> transport, OpenAIOptions options = {});

  struct Item {
    std::string id = {};  //!< unique in its batch; what answers are matched by
    Request request = {};
  };
  struct Answer {
    std::string id = {};
    Result<Reply> reply;
  };
  //! "validating", "in_progress", "finalizing", "completed", "failed", "expired", "cancelling" or "cancelled".
  struct State {
    std::string id = {}, status = {};
    std::int64_t total = 0, completed = 0, failed = 0;
    std::string output_file = {}, error_file = {};
    std::vector<std::string> errors = {};    //!< why it failed, as a whole
    std::vector<std::string> warnings = {};  //!< of `submit`: what OpenAI cannot honour
    bool is_over() const {
      return status == "completed" || status == "failed" || status == "expired" || status == "cancelled";
    }
  };

  //! @errors invalid_argument: more than 50,000 items or 200 MB, an id twice
  [[nodiscard]] PERSONA_EXPORT Result<State> submit(std::span<const Item> items, const Context& context = {});
  [[nodiscard]] PERSONA_EXPORT Result<State> find(std::string_view batch, const Context& context = {});
  [[nodiscard]] PERSONA_EXPORT Result<State> cancel(std::string_view batch, const Context& context = {});
  //! What has been answered, in any order; `Reply::cost` by the built-in prices of batches. @errors conflict: it is
  //! not over
  [[nodiscard]] PERSONA_EXPORT Result<std::vector<Answer>> answers(const State& state, const Context& context = {});

 private:
  std::shared_ptr<http::Transport> transport_;
  OpenAIOptions options_;
};

}  // namespace persona::llm
