//! YAML as JSON.
#include "yaml_text.hpp"

#ifdef PERSONA_CLI_YAML
#include <yaml-cpp/yaml.h>
#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#endif

namespace persona::cli {

#ifdef PERSONA_CLI_YAML
namespace {

using YamlJson = nlohmann::ordered_json;

constexpr int yaml_most_levels = 60;
constexpr std::size_t yaml_most_nodes = 500'000;  // with aliases written out

tl::unexpected<Error> at_mark(const YAML::Mark& mark, std::string_view what, Errc code = Errc::invalid_argument) {
  return fail(code, fmt::format("line {}: {}", mark.line + 1, what));
}

// A scalar without quotes: null, yes or no, a number, else text. @source{YAML 1.2.2, 10.3.2}
YamlJson plain_scalar(const std::string& text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return nullptr;
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  const char* first = text.data() + (text[0] == '+' ? 1 : 0);
  const char* const end = text.data() + text.size();
  if (first == end || (*first != '-' && *first != '.' && (*first < '0' || *first > '9'))) return text;
  std::int64_t whole = 0;
  const bool is_based = text.starts_with("0x") || text.starts_with("0o");
  if (is_based) first += 2;
  const auto read = std::from_chars(first, end, whole, text.starts_with("0x") ? 16 : is_based ? 8 : 10);
  if (read.ec == std::errc() && read.ptr == end) return whole;
  double number = 0;
  const auto real = std::from_chars(first, end, number);
  if (!is_based && real.ec == std::errc() && real.ptr == end) return number;
  return text;
}

class YamlReader {
 public:
  Result<YamlJson> read(const YAML::Node& node, int level = 0) {
    if (level > yaml_most_levels) return at_mark(node.Mark(), fmt::format("nested deeper than {} levels", level - 1));
    if (++nodes_ > yaml_most_nodes) return at_mark(node.Mark(), "too many values, aliases written out");
    const std::string& tag = node.Tag();
    if (!tag.empty() && tag != "?" && tag != "!" && tag != "tag:yaml.org,2002:str")
      return at_mark(node.Mark(), fmt::format("the tag '{}' is not read", tag), Errc::unsupported);
    if (node.IsSequence()) return list(node, level);
    if (node.IsMap()) return object(node, level);
    if (!node.IsScalar()) return YamlJson();
    return tag == "?" || tag.empty() ? plain_scalar(node.Scalar()) : YamlJson(node.Scalar());
  }

 private:
  Result<YamlJson> list(const YAML::Node& node, int level) {
    YamlJson json = YamlJson::array();
    for (const auto& item : node) {
      auto value = read(item, level + 1);
      if (!value) return value;
      json.push_back(*std::move(value));
    }
    return json;
  }

  Result<YamlJson> object(const YAML::Node& node, int level) {
    YamlJson json = YamlJson::object();
    for (const auto& item : node) {
      if (!item.first.IsScalar()) return at_mark(item.first.Mark(), "a key that is not text");
      const std::string& key = item.first.Scalar();
      if (key == "<<") return at_mark(item.first.Mark(), "merge keys are not read", Errc::unsupported);
      if (json.contains(key)) return at_mark(item.first.Mark(), fmt::format("the key '{}' stands there twice", key));
      auto value = read(item.second, level + 1);
      if (!value) return value;
      json[key] = *std::move(value);
    }
    return json;
  }

  std::size_t nodes_ = 0;
};

}  // namespace
#endif

Result<std::string> json_of_yaml(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && (text[first] == '{' || text[first] == '[')) return text;
#ifdef PERSONA_CLI_YAML
  try {
    const auto documents = YAML::LoadAll(text);
    if (documents.size() != 1)
      return fail(Errc::invalid_argument, fmt::format("{} documents of YAML", documents.size()));
    const auto json = YamlReader().read(documents[0]);
    if (!json) return tl::unexpected(json.error());
    return json->dump(-1, ' ', false, YamlJson::error_handler_t::strict);
  } catch (const YAML::Exception& error) {
    return at_mark(error.mark, "not YAML: " + error.msg);
  } catch (const YamlJson::exception&) {
    return fail(Errc::invalid_argument, "the document is not UTF-8");
  }
#else
  return fail(Errc::unsupported, "this persona was built without yaml-cpp: it reads JSON alone");
#endif
}

}  // namespace persona::cli
