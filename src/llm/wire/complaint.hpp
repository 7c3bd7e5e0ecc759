//! What a service says when it fails, in any dialect, and what that means to a caller.
#pragma once

#include "core/json_document.hpp"

#include <persona/core/error.hpp>
#include <persona/http/transport.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace persona::llm::wire {

struct Complaint {
  int status = 0;         //!< where the document names one
  std::string type = {};  //!< the service's own word: "insufficient_quota"
  std::string message = {};
  std::string request_id = {};
  std::optional<std::chrono::milliseconds> retry_after = {};
  std::optional<Errc> meaning = {};    //!< where its words say more than the status
  std::optional<bool> retryable = {};  //!< where `meaning` does not settle it
};

//! Reads a dialect's error document.
using ReadComplaint = Complaint (*)(const Json& document);

//! The words that all dialects share: an input too long, a policy, a request that was never right.
//! Leaves what the dialect has found alone.
void judge(Complaint& complaint);

//! As an error that names who failed. Status 0 is a failure inside an answer that began well.
Error error_of(const Complaint& complaint, int status, std::string_view name);

//! Of an answer that is not 2xx: its document where there is one, else its first words, and what its
//! headers say about trying again.
Error error_of(const http::Response& response, std::string_view name, ReadComplaint read,
               std::chrono::system_clock::time_point today);

//! The service's identification of an answer; empty where it gives none.
std::string request_id_of(const std::vector<http::Header>& headers);

//! Is this an error document, whatever the status?
bool is_complaint(const Json& document);

}  // namespace persona::llm::wire
