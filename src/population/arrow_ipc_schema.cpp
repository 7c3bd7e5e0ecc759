//! The schema of an Arrow IPC message.
#include "arrow_ipc_parts.hpp"

#include <array>

#include <fmt/format.h>

namespace persona {
namespace {

constexpr int deepest_ipc_field = 3;

std::string ipc_integer_format(const FlatFields& type) {
  const auto bits = type.scalar<std::int32_t>(0);
  const bool is_signed = type.scalar<std::uint8_t>(1) != 0;
  switch (bits) {
    case 8: return is_signed ? "c" : "C";
    case 16: return is_signed ? "s" : "S";
    case 32: return is_signed ? "i" : "I";
    case 64: return is_signed ? "l" : "L";
    default: return fmt::format("int{}", bits);
  }
}

std::string ipc_timestamp_format(const FlatFields& type) {
  constexpr std::string_view units = "smun";
  const auto unit = static_cast<std::size_t>(type.scalar<std::int16_t>(0));
  return fmt::format("ts{}:{}", unit < units.size() ? units[unit] : '?', type.text(1));
}

// In the letters of the C Data Interface.
std::string ipc_format(std::uint8_t kind, const FlatFields& type) {
  constexpr std::array<std::string_view, 27> formats = {"?",  "n", "",   "",   "z",  "u",  "b",  "",    "",
                                                        "tt", "",  "ti", "+l", "+s", "+u", "w:", "+w",  "+m",
                                                        "tD", "Z", "U",  "+L", "+r", "vz", "vu", "+vl", "+vL"};
  switch (kind) {
    case 2: return ipc_integer_format(type);
    case 3: {
      constexpr std::array<std::string_view, 3> precisions = {"e", "f", "g"};
      const auto precision = static_cast<std::size_t>(type.scalar<std::int16_t>(0));
      return std::string(precision < precisions.size() ? precisions[precision] : "?");
    }
    case 7: return fmt::format("d:{},{}", type.scalar<std::int32_t>(0), type.scalar<std::int32_t>(1));
    case 8: return type.scalar<std::int16_t>(0, 1) == 0 ? "tdD" : "tdm";
    case 10: return ipc_timestamp_format(type);
    default: return kind < formats.size() ? std::string(formats[kind]) : fmt::format("type {}", kind);
  }
}

ArrowField ipc_field(const FlatFields& flat, int depth) {
  ArrowField field{.name = std::string(flat.text(0))};
  const ArrowType type = arrow_type(ipc_format(flat.scalar<std::uint8_t>(2), flat.table(3)));
  field.type = type;
  if (const FlatFields dictionary = flat.table(4); dictionary.is_there()) {
    field.dictionary = std::make_shared<const ArrowType>(type);
    field.dictionary_id = dictionary.scalar<std::int64_t>(0);
    field.ordered = dictionary.scalar<std::uint8_t>(2) != 0;
    const FlatFields index = dictionary.table(1);
    field.type = arrow_type(index.is_there() ? ipc_integer_format(index) : "i");
  }
  const FlatRows metadata = flat.rows(6, 4);
  for (std::size_t i = 0; i < metadata.size(); ++i) {
    const FlatFields pair = metadata.table(i);
    take_arrow_metadata(field, pair.text(0), pair.text(1));
  }
  const FlatRows children = flat.rows(5, 4);
  const bool item = field.type.kind == ArrowKind::list && children.size() == 1;
  if (item && depth < deepest_ipc_field)
    field.item = std::make_shared<const ArrowField>(ipc_field(children.table(0), depth + 1));
  return field;
}

}  // namespace

Result<std::vector<ArrowField>> read_ipc_schema(const FlatFields& schema) {
  if (schema.scalar<std::int16_t>(0) != 0)
    return fail(Errc::unsupported, "its numbers are big-endian, which is not read");
  const FlatRows flat = schema.rows(1, 4);
  std::vector<ArrowField> fields;
  for (std::size_t i = 0; i < flat.size(); ++i) {
    fields.push_back(ipc_field(flat.table(i), 0));
    if (Status read = check_arrow_field(fields.back()); !read) return tl::unexpected(std::move(read.error()));
  }
  return fields;
}

}  // namespace persona
