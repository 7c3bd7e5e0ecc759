//! Arguments that several subcommands share.
#include "arguments.hpp"

#include "standard_input.hpp"
#include "syntax.hpp"
#include "text_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

namespace persona::cli {
namespace {

// The power of ten that a suffix stands for; -1 for none that is known.
int suffix_power(std::string_view suffix) {
  if (suffix.empty()) return 0;
  if (suffix == "k" || suffix == "K") return 3;
  if (suffix == "M") return 6;
  if (suffix == "G" || suffix == "B") return 9;
  return -1;
}

std::optional<std::uint64_t> scaled(std::uint64_t digits, int power) {
  for (; power > 0; --power) {
    if (digits > std::numeric_limits<std::uint64_t>::max() / 10) return {};
    digits *= 10;
  }
  for (; power < 0; ++power) {
    if (digits % 10 != 0) return {};
    digits /= 10;
  }
  return digits;
}

// Digits, perhaps with a point among them, then an exponent or a suffix. Exact: no floating point.
std::optional<std::uint64_t> parse_whole(std::string text) {
  std::erase_if(text, [](char c) { return c == '_' || c == ','; });
  const auto mantissa_end = std::min(text.find_first_not_of("0123456789."), text.size());
  std::string mantissa = text.substr(0, mantissa_end), rest = text.substr(mantissa_end);
  int power = 0;
  if (!rest.empty() && (rest[0] == 'e' || rest[0] == 'E')) {
    const char* first = rest.data() + (rest.size() > 1 && rest[1] == '+' ? 2 : 1);
    const auto [end, error] = std::from_chars(first, rest.data() + rest.size(), power);
    if (error != std::errc() || end != rest.data() + rest.size() || power > 30 || power < -30) return {};
  } else if (power = suffix_power(rest); power < 0) {
    return {};
  }
  if (const auto point = mantissa.find('.'); point != mantissa.npos) {
    power -= static_cast<int>(mantissa.size() - point - 1);
    mantissa.erase(point, 1);
  }
  std::uint64_t digits = 0;
  const auto [end, error] = std::from_chars(mantissa.data(), mantissa.data() + mantissa.size(), digits);
  if (error != std::errc() || end != mantissa.data() + mantissa.size()) return {};
  return scaled(digits, power);
}

Result<std::string> read_text(const std::string& path, const Context& context) {
  if (path == "-") return StandardInput().rest(context);
  return read_text_file(path);
}

Result<std::shared_ptr<const NameTable>> read_names(const std::vector<std::string>& paths) {
  if (paths.empty()) return nullptr;
  return NameTable::read_csv(paths[0], paths[1]);
}

}  // namespace

CLI::Validator whole_number() {
  CLI::Validator validator(
      [](std::string& text) -> std::string {
        const auto number = parse_whole(text);
        if (!number) return fmt::format("'{}' is not a whole number such as 1000000, 1_000_000, 1e6 or 10M", text);
        text = std::to_string(*number);
        return {};
      },
      "");
  return validator.active();
}

void add_spec_arguments(CLI::App& app, SpecArguments& arguments) {
  app.add_option("spec", arguments.path, "The specification, a JSON file; - is stdin")->required()->type_name("SPEC");
  app.add_option("--names", arguments.names,
                 "Given names (decade,sex,name,count) and surnames (name,count,...) instead of the built-in ones")
      ->delimiter(',')
      ->expected(2)
      ->type_name("GIVEN.csv,SURNAMES.csv");
}

void add_draw_arguments(CLI::App& app, DrawArguments& arguments) {
  app.add_option("--seed", arguments.seed, "The same seed gives the same people, on every machine")
      ->transform(whole_number())
      ->type_name("S")
      ->capture_default_str();
  app.add_option("--start", arguments.start, "Index of the first person; person I is the same in every run")
      ->transform(whole_number())
      ->type_name("I")
      ->capture_default_str();
  app.add_option("--threads", arguments.threads, "How many; 0 is one per processor. The people are the same")
      ->transform(whole_number())
      ->type_name("T")
      ->capture_default_str();
}

Result<PersonaGenerator> compile(const SpecArguments& arguments, const Context& context) {
  const std::string shown = arguments.path == "-" ? "<stdin>" : arguments.path;
  const auto in_file = [&](Error error) {
    error.path = error.path.empty() ? shown : shown + ": " + error.path;
    return error;
  };
  const auto text = read_text(arguments.path, context);
  if (!text) return tl::unexpected(text.error());
  if (const auto syntax = json_syntax_error(*text, shown); !syntax.empty()) return fail(Errc::invalid_argument, syntax);
  auto names = read_names(arguments.names);
  if (!names) return tl::unexpected(names.error());
  return PersonaGenerator::compile_json(*text, {.names = std::move(*names)}, context).map_error(in_file);
}

}  // namespace persona::cli
