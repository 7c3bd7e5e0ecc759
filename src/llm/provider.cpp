//! What a provider does where it says nothing of its own.
#include <persona/llm/provider.hpp>

#include "show_whole.hpp"

namespace persona::llm {

Status show_whole(const Reply& reply, const OnDelta& on_delta) {
  for (const Thinking& thought : reply.thinking) {
    if (const auto shown = on_delta(ThinkingDelta{thought.text}); !shown) return shown;
  }
  if (!reply.text.empty()) {
    if (const auto shown = on_delta(TextDelta{reply.text}); !shown) return shown;
  }
  for (std::size_t i = 0; i < reply.tool_calls.size(); ++i) {
    const ToolCall& call = reply.tool_calls[i];
    if (const auto shown = on_delta(ToolCallDelta{i, call.id, call.name, call.arguments}); !shown) return shown;
  }
  return {};
}

Result<Reply> LLMProvider::stream(const Request& request, const OnDelta& on_delta, const Context& context) {
  auto reply = complete(request, context);
  if (!reply) return reply;
  if (const auto shown = show_whole(*reply, on_delta); !shown) return tl::unexpected(shown.error());
  return reply;
}

Result<Embeddings> LLMProvider::embed(const EmbedRequest&, const Context&) {
  return fail(Errc::unsupported, name() + " has no embeddings");
}

Result<std::int64_t> LLMProvider::count_tokens(const Request&, const Context&) {
  return fail(Errc::unsupported, name() + " does not count tokens");
}

}  // namespace persona::llm
