//! Arrow IPC files and streams read: messages in order, or where the footer says.
#include "arrow_ipc_parts.hpp"

#include <persona/population/arrow.hpp>

#include <algorithm>
#include <bit>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

namespace persona {
namespace {

constexpr std::string_view arrow_file_magic = "ARROW1";
constexpr std::string_view feather_1_magic = "FEA1";
constexpr std::size_t arrow_footer_end = 4 + arrow_file_magic.size();
constexpr std::uint32_t arrow_continuation = 0xffffffff;
constexpr std::int64_t least_null_values = std::int64_t{1} << 27;
constexpr std::int64_t most_per_byte = 64;
enum ArrowMessage : std::uint8_t { message_schema = 1, message_dictionary = 2, message_batch = 3 };

using ArrowSpan = std::span<const std::byte>;

struct IpcExtent {  // of a message in the file
  std::size_t begin = 0, end = 0;
};

class IpcReading {
 public:
  explicit IpcReading(ArrowSpan bytes) : bytes_(bytes) {
    const std::int64_t most = most_per_byte * static_cast<std::int64_t>(bytes.size());
    allowance_ = {std::max(least_null_values, most), most_per_byte};
  }

  Result<Population> read_stream() {
    std::size_t place = 0;
    while (place < bytes_.size()) {
      const auto message = read_message(place, bytes_.size());
      if (!message) return tl::unexpected(message.error());
      if (message->end == place) break;  // the end of the stream, in so many words
      place = message->end;
    }
    if (!schema_known_) return fail(Errc::corrupted, "it ends before its schema");
    return join_arrow_batches(fields_, std::move(batches_));
  }

  Result<Population> read_file() {
    if (bytes_.size() < 8 + arrow_footer_end ||
        !text(bytes_.size() - arrow_file_magic.size()).starts_with(arrow_file_magic))
      return fail(Errc::corrupted, "it is cut off: an Arrow file ends in " + std::string(arrow_file_magic));
    const std::size_t end = bytes_.size() - arrow_footer_end;
    const std::size_t size = number(end);
    if (size > end - 8)
      return fail(Errc::corrupted, fmt::format("a footer of {} bytes in a file of {}", size, bytes_.size()));
    FlatBytes footer(bytes_.subspan(end - size, size));
    const FlatFields root = FlatFields::root(footer);
    if (Status known = take_schema(root.table(1), footer); !known) return tl::unexpected(std::move(known.error()));
    for (const int field : {2, 3})
      if (Status read = read_blocks(root.rows(field, 24), end - size); !read)
        return tl::unexpected(std::move(read.error()));
    if (!footer.is_sound()) return damaged("footer");
    if (Status apart = check_apart(); !apart) return tl::unexpected(std::move(apart.error()));
    return join_arrow_batches(fields_, std::move(batches_));
  }

 private:
  static tl::unexpected<Error> damaged(std::string_view what) {
    return fail(Errc::corrupted, fmt::format("its {} is damaged", what));
  }
  std::string_view text(std::size_t place) const {
    return {reinterpret_cast<const char*>(bytes_.data()) + place, bytes_.size() - place};
  }
  std::size_t number(std::size_t place) const { return ArrowBytes{bytes_.data() + place, 4}.at<std::uint32_t>(0); }

  Status take_schema(const FlatFields& schema, const FlatBytes& flat) {
    if (!schema.is_there()) return damaged("schema");
    auto fields = read_ipc_schema(schema);
    if (!flat.is_sound()) return damaged("schema");
    if (!fields) return tl::unexpected(std::move(fields.error()));
    fields_ = *std::move(fields);
    schema_known_ = true;
    return {};
  }

  Status read_blocks(const FlatRows& blocks, std::size_t limit) {
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      const auto offset = blocks.member<std::int64_t>(i);
      if (offset < 8 || offset >= static_cast<std::int64_t>(limit))
        return fail(Errc::corrupted, fmt::format("a message at byte {} of a file of {}", offset, bytes_.size()));
      const auto message = read_message(static_cast<std::size_t>(offset), limit);
      if (!message) return tl::unexpected(message.error());
      extents_.push_back(*message);
    }
    return {};
  }

  // A footer that names a message twice could make any size of a small file.
  Status check_apart() {
    std::ranges::sort(extents_, {}, &IpcExtent::begin);
    for (std::size_t i = 1; i < extents_.size(); ++i)
      if (extents_[i].begin < extents_[i - 1].end)
        return fail(Errc::corrupted, fmt::format("two messages share byte {}", extents_[i].begin));
    return {};
  }

  Result<IpcExtent> read_message(std::size_t begin, std::size_t limit);
  Status take_message(const FlatFields& message, ArrowSpan body, const FlatBytes& flat);
  Status take_dictionary(const FlatFields& header, ArrowSpan body);

  ArrowSpan bytes_;
  bool schema_known_ = false;
  std::vector<ArrowField> fields_;
  IpcDictionaries dictionaries_;
  std::vector<Population> batches_;
  std::vector<IpcExtent> extents_;
  IpcAllowance allowance_;
};

tl::unexpected<Error> ipc_cut_off(std::size_t begin) {
  return fail(Errc::corrupted, fmt::format("it is cut off in the message at byte {}", begin));
}

// A mark (older writers leave it out), the size of the metadata, the metadata, the body. Ends where it begins: the
// end of a stream.
Result<IpcExtent> IpcReading::read_message(std::size_t begin, std::size_t limit) {
  std::size_t place = begin;
  const auto has = [&](std::size_t size) { return size <= limit - place; };
  if (!has(4)) return ipc_cut_off(begin);
  if (number(place) == arrow_continuation) place += 4;
  if (!has(4)) return ipc_cut_off(begin);
  const std::size_t size = number(place);
  place += 4;
  if (size == 0) return IpcExtent{.begin = begin, .end = begin};
  if (!has(size)) return ipc_cut_off(begin);
  FlatBytes flat(bytes_.subspan(place, size));
  place += size;
  const FlatFields message = FlatFields::root(flat);
  const auto body = message.scalar<std::int64_t>(3);
  if (!flat.is_sound() || body < 0) return damaged(fmt::format("message at byte {}", begin));
  if (!has(static_cast<std::size_t>(body))) return ipc_cut_off(begin);
  const std::size_t end = place + static_cast<std::size_t>(body);
  const Status taken = take_message(message, bytes_.subspan(place, static_cast<std::size_t>(body)), flat);
  if (!flat.is_sound()) return damaged(fmt::format("message at byte {}", begin));
  if (!taken) return tl::unexpected(taken.error());
  return IpcExtent{.begin = begin, .end = end};
}

Status IpcReading::take_message(const FlatFields& message, ArrowSpan body, const FlatBytes& flat) {
  if (message.scalar<std::int16_t>(0) < 3)
    return fail(Errc::unsupported, "it is of a version of Arrow before 0.8, which is not read");
  const FlatFields header = message.table(2);
  switch (message.scalar<std::uint8_t>(1)) {
    case message_schema:
      if (schema_known_) return fail(Errc::corrupted, "it has two schemas");
      return take_schema(header, flat);
    case message_dictionary: return take_dictionary(header, body);
    case message_batch: {
      if (!schema_known_) return fail(Errc::corrupted, "a record batch stands before the schema");
      Result<Population> batch = read_ipc_batch(fields_, header, body, dictionaries_, allowance_);
      if (!batch) return tl::unexpected(std::move(batch.error()));
      if (flat.is_sound()) batches_.push_back(*std::move(batch));
      return {};
    }
    default: return {};  // tensors and the like
  }
}

Status IpcReading::take_dictionary(const FlatFields& header, ArrowSpan body) {
  const auto id = header.scalar<std::int64_t>(0);
  const bool is_delta = header.scalar<std::uint8_t>(2) != 0;
  const auto& known = dictionaries_[id];
  for (const ArrowField& field : fields_) {
    const ArrowField& labelled = field.item ? *field.item : field;
    if (!labelled.dictionary || labelled.dictionary_id != id) continue;
    ArrowField named = labelled;
    named.name = field.name;
    auto dictionary = read_ipc_dictionary(named, header.table(1), body, is_delta ? known.get() : nullptr, allowance_);
    if (!dictionary) return tl::unexpected(std::move(dictionary.error()));
    dictionaries_[id] = *std::move(dictionary);
    return {};
  }
  return {};
}

}  // namespace

Result<Population> parse_arrow(std::string_view bytes) {
  static_assert(std::endian::native == std::endian::little, "the format's numbers are read as they lie");
  IpcReading reading(std::as_bytes(std::span(bytes.data(), bytes.size())));
  if (bytes.starts_with(arrow_file_magic)) return reading.read_file();
  if (bytes.starts_with(feather_1_magic))
    return fail(Errc::unsupported, "it is Feather version 1, which is not read: write version 2, which is Arrow IPC");
  return reading.read_stream();
}

Result<Population> read_arrow(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(Errc::not_found, "there is no such file, or it may not be read", path);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) return fail(Errc::io, "the file cannot be read", path);
  auto population = parse_arrow(bytes);
  if (!population) population.error().message = path + ": " + population.error().message;
  return population;
}

}  // namespace persona
