//! libcurl's codes as errors.
#include "curl_failure.hpp"

#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>

namespace persona::http {
namespace {

// libcurl's code is the same where the two sides did not agree; its words are not.
bool handshake_broke(const Exchange& exchange) {
  const std::string_view words(exchange.words.data());
  return words.starts_with("Recv failure") || words.starts_with("Send failure") || words.starts_with("getpeername()") ||
         words.find("SSL_connect: ") != std::string_view::npos ||
         words.find("unexpected eof") != std::string_view::npos;
}

std::string reason_of_system(const Exchange& exchange) {
  long number = 0;
  curl_easy_getinfo(exchange.easy, CURLINFO_OS_ERRNO, &number);
  return number == 0 ? std::string() : ": " + std::generic_category().message(static_cast<int>(number));
}

Error tls_failure(const Exchange& exchange) {
  const std::string& origin = exchange.target.origin;
  if (exchange.code == CURLE_SSL_CONNECT_ERROR && handshake_broke(exchange)) {
    return service_error(Errc::unavailable, origin + " broke the connection during the TLS handshake", true, false);
  }
  const std::string_view words(exchange.words.data());
  return service_error(Errc::unavailable,
                       "no trusted TLS connection to " + origin + ": " +
                           std::string(words.empty() ? curl_easy_strerror(exchange.code) : words),
                       false, false);
}

Error broken(const Exchange& exchange) {
  const bool sent = exchange.sent.load();
  const std::string_view when = exchange.received > 0 ? " broke the connection in the middle of its answer"
                                : sent                ? " broke the connection before answering"
                                                      : " broke the connection before the request was sent";
  return service_error(Errc::unavailable, exchange.target.origin + std::string(when), true, sent);
}

}  // namespace

Error service_error(Errc code, std::string message, bool retryable, bool sent) {
  Error error{code, std::move(message), {}};
  error.service = ServiceFailure{.retryable = retryable, .sent = sent};
  return error;
}

std::string in_words(std::chrono::milliseconds time) {
  if (time.count() % 1000 != 0) return std::to_string(time.count()) + " ms";
  return std::to_string(time.count() / 1000) + " s";
}

Error curl_failure(const Exchange& exchange) {
  const std::string& origin = exchange.target.origin;
  const bool sent = exchange.sent.load();
  if (exchange.too_large) {
    return service_error(
        Errc::invalid_output,
        "the answer of " + origin + " is larger than " + std::to_string(exchange.request.max_bytes) + " bytes", false,
        true);
  }
  switch (exchange.code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return service_error(Errc::unavailable, "there is no address for the host of " + origin, true, false);
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY: return service_error(Errc::unavailable, "the proxy does not lead to " + origin, true, false);
    case CURLE_COULDNT_CONNECT:
      return service_error(Errc::unavailable, "no connection to " + origin + reason_of_system(exchange), true, false);
    case CURLE_OPERATION_TIMEDOUT:
      return service_error(Errc::unavailable,
                           "no connection to " + origin + " within " + in_words(exchange.request.connect_timeout), true,
                           sent);
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_USE_SSL_FAILED: return tls_failure(exchange);
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return service_error(Errc::unavailable, "the answer of " + origin + " is not HTTP", false, sent);
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM: return broken(exchange);
    default:
      return service_error(Errc::unavailable, "the call to " + origin + " failed: " + curl_easy_strerror(exchange.code),
                           true, sent);
  }
}

}  // namespace persona::http
