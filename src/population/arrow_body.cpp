//! Columns as the buffers of a record batch: shared where they begin at their slice, copied where bits must move.
#include "arrow_labels.hpp"
#include "arrow_message.hpp"
#include "bits.hpp"
#include "column_build.hpp"

#include <utility>

namespace persona {
namespace {

constexpr std::int64_t ipc_alignment = 64;

void add_ipc_bits(IpcBody& body, const std::shared_ptr<const Buffer>& bits, std::int64_t first, std::int64_t count) {
  const auto bytes = static_cast<std::int64_t>(bit_bytes(count));
  if (first % 8 == 0) return body.add(bits, first / 8, bytes);
  auto moved = Buffer::allocate(bit_bytes(count));
  if (bytes > 0) moved->data()[bytes - 1] = std::byte{0};  // no stray bits behind the last
  copy_bits(bits->data(), first, moved->data(), 0, count);
  body.add(std::move(moved), 0, bytes);
}

// Offsets that begin at zero, and the values they enclose.
template <class Offset>
void add_ipc_offsets(IpcBody& body, const Column::Parts& parts, std::int64_t value_bytes) {
  const Offset* offsets = reinterpret_cast<const Offset*>(parts.offsets->data()) + parts.offset;
  const auto rows = static_cast<std::size_t>(parts.length);
  const std::int64_t bytes = (parts.length + 1) * static_cast<std::int64_t>(sizeof(Offset));
  const Offset begin = offsets[0];
  if (begin == 0) {
    body.add(parts.offsets, parts.offset * static_cast<std::int64_t>(sizeof(Offset)), bytes);
  } else {
    auto moved = Buffer::allocate(static_cast<std::size_t>(bytes));
    auto* to = reinterpret_cast<Offset*>(moved->data());
    for (std::size_t i = 0; i <= rows; ++i) to[i] = static_cast<Offset>(offsets[i] - begin);
    body.add(std::move(moved), 0, bytes);
  }
  if constexpr (sizeof(Offset) == sizeof(std::int32_t)) {  // a list: its values are an array of their own
    body.nodes.push_back({offsets[rows] - begin, 0});
    body.add_nothing();
  }
  body.add(parts.values, begin * value_bytes, (offsets[rows] - begin) * value_bytes);
}

void add_ipc_column(IpcBody& body, const Column& column) {
  const Column::Parts& parts = column.parts();
  body.nodes.push_back({parts.length, parts.null_count});
  if (parts.null_count > 0) {
    add_ipc_bits(body, parts.validity, parts.offset, parts.length);
  } else {
    body.add_nothing();
  }
  if (column.type() == ColumnType::text) return add_ipc_offsets<std::int64_t>(body, parts, 1);
  if (column.type() == ColumnType::list) return add_ipc_offsets<std::int32_t>(body, parts, sizeof(std::int32_t));
  if (column.type() == ColumnType::boolean) return add_ipc_bits(body, parts.values, parts.offset, parts.length);
  const auto width = static_cast<std::int64_t>(value_bytes(column.field()));
  body.add(parts.values, parts.offset * width, parts.length * width);
}

}  // namespace

void IpcBody::add(std::shared_ptr<const Buffer> buffer, std::int64_t first_byte, std::int64_t bytes) {
  ranges.push_back({size, bytes});
  pieces.emplace_back(buffer ? buffer->data() + first_byte : nullptr, static_cast<std::size_t>(bytes));
  owners.push_back(std::move(buffer));
  size += (bytes + ipc_alignment - 1) / ipc_alignment * ipc_alignment;
}

IpcBody column_body(std::span<const Column> columns) {
  IpcBody body;
  for (const Column& column : columns) add_ipc_column(body, column);
  return body;
}

IpcBody labels_body(const std::vector<std::string>& labels) {
  const ArrowLabels array = arrow_labels(labels);
  IpcBody body;
  body.nodes.push_back({array.count, 0});
  body.add_nothing();
  body.add(array.offsets, 0, array.offset_bytes());
  body.add(array.bytes, 0, static_cast<std::int64_t>(array.bytes->size()));
  return body;
}

}  // namespace persona
