//! How OpenTelemetry and persona name the attributes of events.
#pragma once

namespace persona::llm::event_words {

//! @source{OpenTelemetry GenAI semantic conventions 1.37}
inline constexpr const char* operation = "gen_ai.operation.name";
inline constexpr const char* provider = "gen_ai.provider.name";
inline constexpr const char* request_model = "gen_ai.request.model";
inline constexpr const char* request_max_tokens = "gen_ai.request.max_tokens";
inline constexpr const char* request_temperature = "gen_ai.request.temperature";
inline constexpr const char* request_top_p = "gen_ai.request.top_p";
inline constexpr const char* request_top_k = "gen_ai.request.top_k";
inline constexpr const char* request_seed = "gen_ai.request.seed";
inline constexpr const char* output_type = "gen_ai.output.type";
inline constexpr const char* response_id = "gen_ai.response.id";
inline constexpr const char* response_model = "gen_ai.response.model";
inline constexpr const char* finish_reasons = "gen_ai.response.finish_reasons";
inline constexpr const char* input_tokens = "gen_ai.usage.input_tokens";
inline constexpr const char* output_tokens = "gen_ai.usage.output_tokens";
inline constexpr const char* error_type = "error.type";
inline constexpr const char* http_status = "http.response.status_code";

// What the conventions have no name for.
inline constexpr const char* kind = "persona.kind";  // "call", "attempt"
inline constexpr const char* streamed = "persona.streamed";
inline constexpr const char* source = "persona.source";  // "provider", "memory_cache", ...
inline constexpr const char* tenant = "persona.tenant";
inline constexpr const char* attempts = "persona.attempts";
inline constexpr const char* attempt = "persona.attempt";  // 1, 2, ...
inline constexpr const char* hedge = "persona.hedge";
inline constexpr const char* cost = "persona.cost.picodollars";
inline constexpr const char* first_token = "persona.time_to_first_token";  // seconds
inline constexpr const char* cached_tokens = "persona.usage.input_cached_tokens";
inline constexpr const char* reasoning_tokens = "persona.usage.output_reasoning_tokens";
inline constexpr const char* estimated = "persona.usage.estimated";
inline constexpr const char* retry_after = "persona.retry_after";  // seconds

}  // namespace persona::llm::event_words
