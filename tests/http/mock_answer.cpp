//! Answers, good and bad, as bytes.
#include "mock_server.hpp"

#include <utility>

namespace persona::testing {
namespace {

std::string head_of(int status, const std::vector<http::Header>& headers) {
  std::string head = "HTTP/1.1 " + std::to_string(status) + " Status\r\n";
  for (const auto& header : headers) head += header.name + ": " + header.value + "\r\n";
  return head;
}

}  // namespace

Answer Answer::whole(int status, std::string_view body, std::vector<http::Header> headers) {
  headers.push_back({"Content-Length", std::to_string(body.size())});
  return Answer().raw(head_of(status, headers) + "\r\n" + std::string(body));
}

Answer Answer::json(std::string_view body, int status) {
  return whole(status, body, {{"Content-Type", "application/json"}});
}

Answer Answer::stream(std::string_view media_type, std::vector<http::Header> headers) {
  headers.push_back({"Content-Type", std::string(media_type)});
  headers.push_back({"Transfer-Encoding", "chunked"});
  return Answer().raw(head_of(200, headers) + "\r\n");
}

Answer Answer::events(const std::vector<std::string>& data) {
  Answer answer = stream();
  for (const auto& one : data) answer.piece("data: " + one + "\n\n");
  return answer.end();
}

Answer& Answer::raw(std::string_view bytes) {
  return add({Step::Kind::send, std::string(bytes)});
}

Answer& Answer::piece(std::string_view bytes) {
  std::string size;
  for (std::size_t rest = bytes.size(); rest > 0; rest /= 16) size.insert(size.begin(), "0123456789abcdef"[rest % 16]);
  return raw(size + "\r\n" + std::string(bytes) + "\r\n");
}

Answer& Answer::add(Step step) {
  steps_.push_back(std::move(step));
  return *this;
}

}  // namespace persona::testing
