//! What makes one provider's language differ from another's; `provider.cpp` does the rest.
#pragma once

#include "llm/wire/answer.hpp"
#include "llm/wire/complaint.hpp"
#include "llm/wire/documents.hpp"

#include <persona/llm/provider.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace persona::llm::wire {

//! A request in the words of a dialect.
struct Prepared {
  std::string path = {};  //!< after the base URL, with its query
  Json body = Json::object();
  std::vector<std::string> warnings = {};
};

//! Takes the bytes of a stream and tells an answer what they say. Ends with the service's error, if it sends one.
class StreamReader {
 public:
  virtual ~StreamReader() = default;
  [[nodiscard]] virtual Status feed(std::string_view bytes) = 0;
  [[nodiscard]] virtual Status finish() = 0;  //!< no more bytes come

 protected:
  StreamReader() = default;
  StreamReader(const StreamReader&) = default;
  StreamReader& operator=(const StreamReader&) = default;
};

//! How many inputs go into one request for embeddings.
struct EmbeddingLimits {
  std::size_t inputs = 2048;
  std::size_t tokens = 300'000;
};

class Dialect {
 public:
  virtual ~Dialect() = default;

  virtual Capabilities capabilities(std::string_view model) const = 0;
  virtual ReadComplaint read_complaint() const = 0;

  //! The request with its JSON texts read. @errors unsupported, invalid_argument
  [[nodiscard]] virtual Result<Prepared> chat(const Request& request, const Documents& documents,
                                              bool streamed) const = 0;
  [[nodiscard]] virtual Status read(const Request& request, const Json& document, Answer& answer) const = 0;
  virtual std::unique_ptr<StreamReader> reader(const Request& request, Answer& answer) const = 0;

  virtual EmbeddingLimits embedding_limits() const { return {}; }
  [[nodiscard]] virtual Result<Prepared> embedding(const EmbedRequest& request,
                                                   std::span<const std::string> inputs) const;
  //! Adds a vector for each of `inputs`, in their order, and the usage.
  [[nodiscard]] virtual Status read_embeddings(const Json& document, std::span<const std::string> inputs,
                                               Embeddings& embeddings) const;

  [[nodiscard]] virtual Result<Prepared> count(const Request& request, const Documents& documents) const;
  [[nodiscard]] virtual Result<std::int64_t> read_count(const Json& document) const;

 protected:
  Dialect() = default;
  Dialect(const Dialect&) = default;
  Dialect& operator=(const Dialect&) = default;
};

}  // namespace persona::llm::wire
