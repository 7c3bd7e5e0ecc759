//! Whatever answers like a language model.
#pragma once

#include <persona/core/context.hpp>
#include <persona/llm/reply.hpp>
#include <persona/llm/request.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace persona::llm {

//! What a model can do through a provider.
struct Capabilities {
  bool json_schema = false;  //!< the provider itself keeps to a schema
  bool tools = false;
  bool images = false;
  bool streaming = false;
  bool seed = false;
  bool embeddings = false;
  bool count_tokens = false;
  std::optional<std::int64_t> max_input_tokens = {}, max_output_tokens = {};  //!< none: not known
};

//! Answers requests. An application's own needs `name`, `capabilities` and `complete` alone.
//! Every member may be called from any thread; calls block their caller and nobody else.
//!
//! @errors of all calls, with `Error::service` where a service answered
//!   - invalid_argument, unsupported, context_too_long: mend the request
//!   - unauthenticated, permission_denied, not_found, quota_exceeded: mend the account
//!   - refused, truncated, invalid_output: the answer is not one
//!   - rate_limited, unavailable: later
//!   - cancelled, deadline_exceeded: the context's
class LLMProvider {
 public:
  virtual ~LLMProvider() = default;

  //! "openai", "retry(openai)", ...
  virtual std::string name() const = 0;
  virtual Capabilities capabilities(std::string_view model) const = 0;

  [[nodiscard]] virtual Result<Reply> complete(const Request& request, const Context& context = {}) = 0;

  //! The same answer, shown while it is written. The default shows it whole.
  [[nodiscard]] PERSONA_EXPORT virtual Result<Reply> stream(const Request& request, const OnDelta& on_delta,
                                                            const Context& context = {});

  //! The default is `unsupported`.
  [[nodiscard]] PERSONA_EXPORT virtual Result<Embeddings> embed(const EmbedRequest& request,
                                                                const Context& context = {});

  //! Input tokens of a request, as the provider counts them. The default is `unsupported`.
  [[nodiscard]] PERSONA_EXPORT virtual Result<std::int64_t> count_tokens(const Request& request,
                                                                         const Context& context = {});

 protected:
  LLMProvider() = default;
  LLMProvider(const LLMProvider&) = default;
  LLMProvider& operator=(const LLMProvider&) = default;
};

//! Shared, as several stacks may stand on one provider.
using Provider = std::shared_ptr<LLMProvider>;

//! Answers all requests, at most `concurrency` at a time; results are in the order of the requests.
//! After a stop or deadline, the rest are `cancelled` or `deadline_exceeded`.
[[nodiscard]] PERSONA_EXPORT std::vector<Result<Reply>> complete_many(LLMProvider& provider,
                                                                      std::span<const Request> requests,
                                                                      int concurrency = 8, const Context& context = {});

}  // namespace persona::llm
