//! Relative addresses.
#include "url_reference.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

namespace persona::llm {
namespace {

struct UrlParts {
  std::optional<std::string_view> scheme = {}, authority = {}, query = {}, fragment = {};
  std::string_view path = {};
};

UrlParts url_parts(std::string_view url) {
  UrlParts parts;
  if (const auto at = url.find('#'); at != std::string_view::npos) {
    parts.fragment = url.substr(at + 1);
    url = url.substr(0, at);
  }
  if (const auto at = url.find('?'); at != std::string_view::npos) {
    parts.query = url.substr(at + 1);
    url = url.substr(0, at);
  }
  const auto colon = url.find_first_of(":/");
  if (colon != std::string_view::npos && url[colon] == ':' && colon > 0 &&
      std::isalpha(static_cast<unsigned char>(url[0])) != 0) {
    parts.scheme = url.substr(0, colon);
    url = url.substr(colon + 1);
  }
  if (url.starts_with("//")) {
    const auto end = std::min(url.find('/', 2), url.size());
    parts.authority = url.substr(2, end - 2);
    url = url.substr(end);
  }
  parts.path = url;
  return parts;
}

//! Without "." and "..".
std::string plain_path(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const auto end = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(0, end);
    path = path.substr(end);
    const std::string_view name = segment.starts_with('/') ? segment.substr(1) : segment;
    if (name == "..") out.resize(out.rfind('/') == std::string::npos ? 0 : out.rfind('/'));
    if (name == "." || name == "..") {
      if (path.empty()) out += '/';
    } else {
      out += segment;
    }
  }
  return out;
}

std::string joined_path(const UrlParts& base, std::string_view path) {
  if (base.authority && base.path.empty()) return '/' + std::string(path);
  const auto slash = base.path.rfind('/');
  const std::string_view folder = slash == std::string_view::npos ? std::string_view() : base.path.substr(0, slash + 1);
  return std::string(folder) + std::string(path);
}

}  // namespace

std::string resolve_url(std::string_view base, std::string_view reference) {
  const UrlParts from = url_parts(base), to = url_parts(reference);
  if (to.scheme || base.empty()) return std::string(reference);
  std::string url = from.scheme ? std::string(*from.scheme) + ':' : std::string();
  const auto authority = to.authority ? to.authority : from.authority;
  if (authority) url.append("//").append(*authority);
  auto query = to.query;
  if (to.authority || to.path.starts_with('/')) {
    url += plain_path(to.path);
  } else if (to.path.empty()) {
    url += from.path;
    if (!query) query = from.query;
  } else {
    url += plain_path(joined_path(from, to.path));
  }
  if (query) url.append("?").append(*query);
  if (to.fragment) url.append("#").append(*to.fragment);
  return url;
}

std::pair<std::string, std::string> split_fragment(std::string_view url) {
  const auto at = url.find('#');
  if (at == std::string_view::npos) return {std::string(url), {}};
  std::string fragment;
  for (std::size_t i = at + 1; i < url.size(); ++i) {
    unsigned code = 0;
    if (url[i] == '%' && i + 2 < url.size() &&
        std::from_chars(url.data() + i + 1, url.data() + i + 3, code, 16).ptr == url.data() + i + 3) {
      fragment += static_cast<char>(code);
      i += 2;
    } else {
      fragment += url[i];
    }
  }
  return {std::string(url.substr(0, at)), std::move(fragment)};
}

}  // namespace persona::llm
