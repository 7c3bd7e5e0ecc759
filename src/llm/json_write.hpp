//! Requests and replies as canonical JSON inside a greater document.
#pragma once

#include "canonical_json.hpp"

#include <persona/llm/reply.hpp>
#include <persona/llm/request.hpp>

#include <optional>
#include <string_view>

namespace persona::llm {

//! All that shapes the answer; `call` does not.
void write_json(const Request& request, CanonicalJson& out);
void write_json(const Message& message, CanonicalJson& out);
void write_json(const ToolCall& call, CanonicalJson& out);
void write_json(const Thinking& thought, CanonicalJson& out);
void write_json(const Reply& reply, CanonicalJson& out);
void write_json(const Error& error, CanonicalJson& out);

template <class T>
void write_optional(std::string_view name, const std::optional<T>& what, CanonicalJson& out) {
  if (what) out.key(name).value(*what);
}

template <class List>
void write_list(std::string_view name, const List& list, CanonicalJson& out) {
  if (list.empty()) return;
  out.key(name).open_list();
  for (const auto& item : list) {
    if constexpr (requires { out.value(item); })
      out.value(item);
    else
      write_json(item, out);
  }
  out.close_list();
}

}  // namespace persona::llm
