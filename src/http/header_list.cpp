//! Headers of a request, ready to be sent.
#include "header_list.hpp"

#include <algorithm>
#include <cctype>

namespace persona::http {

void wipe(std::string& text) {
  volatile char* bytes = text.data();  // what the optimizer must not leave out
  for (std::size_t i = 0; i < text.size(); ++i) bytes[i] = 0;
  text.clear();
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

HeaderList::~HeaderList() {
  for (std::string& line : lines_) wipe(line);
}

Status HeaderList::fill(const Request& request) {
  lines_.reserve(request.headers.size() + request.secrets.size() + 2);  // no line is ever moved: a copy would stay
  for (const Header& header : request.headers) {
    if (auto added = add(header.name, {}, header.value); !added) return added;
  }
  for (const SecretHeader& secret : request.secrets) {
    auto value = secret.value.reveal();
    if (!value) return tl::unexpected(std::move(value.error()));
    const auto added = add(secret.name, secret.prefix, *value);
    wipe(*value);
    if (!added) return added;
  }
  lines_.emplace_back("Expect:");
  if (header(request.headers, "content-type").empty()) lines_.emplace_back("Content-Type:");
  return {};
}

Status HeaderList::add(std::string_view name, std::string_view prefix, std::string_view value) {
  if (!is_token(name)) return fail(Errc::invalid_argument, "'" + std::string(name) + "' is not the name of a header");
  for (const std::string_view part : {prefix, value}) {
    if (part.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) {
      return fail(Errc::invalid_argument, "the value of header '" + std::string(name) + "' holds a line break");
    }
  }
  std::string& line = lines_.emplace_back();
  line.reserve(name.size() + 2 + prefix.size() + value.size());
  line.append(name);
  if (prefix.empty() && value.empty()) {
    line.append(";");  // libcurl's way to write a header without a value
  } else {
    line.append(": ").append(prefix).append(value);
  }
  return {};
}

curl_slist* HeaderList::list() {
  nodes_.resize(lines_.size());
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    nodes_[i] = {lines_[i].data(), i + 1 < lines_.size() ? &nodes_[i + 1] : nullptr};
  }
  return nodes_.empty() ? nullptr : nodes_.data();
}

}  // namespace persona::http
