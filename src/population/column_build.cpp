//! Columns under construction: memory and finishing.
#include "column_build.hpp"

#include "bits.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace persona {
namespace {

std::size_t draft_bytes(const Field& field, std::int64_t rows) {
  if (field.type == ColumnType::boolean) return bit_bytes(rows);
  return value_bytes(field) * static_cast<std::size_t>(rows);
}

// The memory of a buffer that has no other owner and is large enough; it was allocated mutable.
std::shared_ptr<Buffer> reclaim_buffer(std::shared_ptr<const Buffer> old, std::size_t bytes) {
  if (old == nullptr || old.use_count() != 1 || old->size() < bytes) return nullptr;
  return std::const_pointer_cast<Buffer>(std::move(old));
}

}  // namespace

std::size_t value_bytes(const Field& field) {
  switch (field.type) {
    case ColumnType::float64:
    case ColumnType::int64: return 8;
    case ColumnType::int32:
    case ColumnType::date:
    case ColumnType::list: return 4;
    case ColumnType::category: return static_cast<std::size_t>(field.code_bytes);
    case ColumnType::boolean:
    case ColumnType::text: break;
  }
  return 0;
}

int code_bytes_for(std::size_t labels) {
  if (labels <= 128) return 1;
  return labels <= 32768 ? 2 : 4;
}

ColumnDraft::ColumnDraft(Field field, std::int64_t rows)
    : field_(std::move(field)), rows_(rows), values_(Buffer::allocate(draft_bytes(field_, rows))) {}

ColumnDraft::ColumnDraft(Field field, std::int64_t rows, Column old) : field_(std::move(field)), rows_(rows) {
  Column::Parts parts = old.parts();
  old = Column(Field{}, {});
  values_ = reclaim_buffer(std::move(parts.values), draft_bytes(field_, rows));
  if (!values_) values_ = Buffer::allocate(draft_bytes(field_, rows));
  spare_ = reclaim_buffer(std::move(parts.validity), bit_bytes(rows));
}

std::byte* ColumnDraft::validity() {
  if (!validity_) {
    validity_ = spare_ ? std::move(spare_) : Buffer::allocate(bit_bytes(rows_));
    fill_bits(validity_->data(), 0, rows_, true);
  }
  return validity_->data();
}

Column ColumnDraft::finish() && {
  Column::Parts parts{.values = std::move(values_), .validity = std::move(validity_), .length = rows_};
  if (parts.validity) parts.null_count = rows_ - count_bits(parts.validity->data(), 0, rows_);
  return {std::move(field_), std::move(parts)};
}

std::byte* GrowingBuffer::extend(std::size_t bytes) {
  const std::size_t needed = size_ + bytes;
  if (!buffer_ || needed > buffer_->size()) {
    auto grown = Buffer::allocate(std::max<std::size_t>(needed, buffer_ ? 2 * buffer_->size() : 64));
    if (size_ > 0) std::memcpy(grown->data(), buffer_->data(), size_);
    buffer_ = std::move(grown);
  }
  std::byte* begin = buffer_->data() + size_;
  size_ = needed;
  return begin;
}

void GrowingBuffer::reserve(std::size_t bytes) {
  if (!buffer_ && bytes > 0) buffer_ = Buffer::allocate(bytes);
}

std::shared_ptr<const Buffer> GrowingBuffer::finish() && {
  if (buffer_ && buffer_->shrink(size_)) return std::move(buffer_);
  // Exact memory: a column says what it holds, and its padding is zero.
  auto exact = Buffer::allocate(size_);
  if (size_ > 0) std::memcpy(exact->data(), buffer_->data(), size_);
  buffer_.reset();
  return exact;
}

}  // namespace persona
