//! Aligned memory, and reading columns.
#include <persona/population/column.hpp>

#include "bits.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace persona {
namespace {

constexpr std::size_t buffer_alignment = 64;
constexpr std::size_t buffer_huge_page = std::size_t{2} << 20;
constexpr std::size_t most_small_bytes = 512;

std::size_t buffer_alignment_for(std::size_t bytes) {
  return bytes >= 2 * buffer_huge_page ? buffer_huge_page : buffer_alignment;
}

std::size_t padded_bytes(std::size_t bytes) {
  return std::max((bytes + buffer_alignment - 1) / buffer_alignment, std::size_t{1}) * buffer_alignment;
}

// Memory of one T with room for so many aligned bytes after it. Far cheaper than memory that is aligned itself.
template <class T>
struct WithRoomAfter {
  using value_type = T;
  std::size_t room;

  explicit WithRoomAfter(std::size_t bytes) : room(bytes) {}
  template <class Other>
  WithRoomAfter(const WithRoomAfter<Other>& other) : room(other.room) {}

  T* allocate(std::size_t count) {
    return static_cast<T*>(::operator new(count * sizeof(T) + buffer_alignment + room));
  }
  void deallocate(T* memory, std::size_t) { ::operator delete(memory); }
  bool operator==(const WithRoomAfter&) const = default;
};

template <class T>
const T* column_values(const Column::Parts& parts) {
  return reinterpret_cast<const T*>(parts.values->data()) + parts.offset;
}

template <class T>
std::span<const T> column_span(const Column::Parts& parts) {
  return {column_values<T>(parts), static_cast<std::size_t>(parts.length)};
}

template <class T>
void widen_column(const T* from, std::span<double> out) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<double>(from[i]);
}

std::int64_t column_code(const Column::Parts& parts, int bytes, std::int64_t row) {
  if (bytes == 1) return column_values<std::int8_t>(parts)[row];
  if (bytes == 2) return column_values<std::int16_t>(parts)[row];
  return column_values<std::int32_t>(parts)[row];
}

}  // namespace

std::string_view to_string(ColumnType type) {
  switch (type) {
    case ColumnType::float64: return "float64";
    case ColumnType::int32: return "int32";
    case ColumnType::int64: return "int64";
    case ColumnType::boolean: return "boolean";
    case ColumnType::date: return "date";
    case ColumnType::category: return "category";
    case ColumnType::text: return "text";
    case ColumnType::list: return "list";
  }
  return "unknown";
}

// A buffer of few bytes, with its owners' count and its bytes in one piece of memory.
struct SmallBuffer : Buffer {
  explicit SmallBuffer(std::size_t bytes) : Buffer(aligned_after(this + 1), bytes) { is_small_ = true; }

 private:
  static std::byte* aligned_after(void* end) {
    return reinterpret_cast<std::byte*>(padded_bytes(reinterpret_cast<std::uintptr_t>(end)));
  }
};

std::shared_ptr<Buffer> Buffer::allocate(std::size_t bytes) {
  if (bytes <= most_small_bytes) {
    auto small = std::allocate_shared<SmallBuffer>(WithRoomAfter<SmallBuffer>{padded_bytes(bytes)}, bytes);
    std::memset(small->data_ + bytes, 0, padded_bytes(bytes) - bytes);
    return small;
  }
  const std::size_t alignment = buffer_alignment_for(bytes), padded = padded_bytes(bytes);
  auto* data = static_cast<std::byte*>(::operator new (padded, std::align_val_t{alignment}));
#if defined(__linux__)
  if (alignment == buffer_huge_page) madvise(data, padded, MADV_HUGEPAGE);  // fewer page faults; failing is harmless
#endif
  std::memset(data + bytes, 0, padded - bytes);
  return std::shared_ptr<Buffer>(new Buffer(data, bytes));
}

bool Buffer::shrink(std::size_t bytes) {
  if (!is_small_ &&
      (padded_bytes(bytes) != padded_bytes(size_) || buffer_alignment_for(bytes) != buffer_alignment_for(size_)))
    return false;
  std::memset(data_ + bytes, 0, size_ - bytes);
  size_ = bytes;
  return true;
}

Buffer::~Buffer() {
  if (!is_small_) ::operator delete (data_, std::align_val_t{buffer_alignment_for(size_)});
}

bool Field::operator==(const Field& other) const {
  const auto same_labels = [&] {
    if (labels == other.labels) return true;
    return labels && other.labels && *labels == *other.labels;
  };
  return name == other.name && type == other.type && unit == other.unit && description == other.description &&
         decimals == other.decimals && ordered == other.ordered && code_bytes == other.code_bytes && same_labels();
}

bool Column::is_valid(std::int64_t row) const {
  return !parts_.validity || bit_at(parts_.validity->data(), parts_.offset + row);
}

double Column::number(std::int64_t row) const {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  if (!is_valid(row)) return none;
  switch (field_->type) {
    case ColumnType::float64: return column_values<double>(parts_)[row];
    case ColumnType::int32:
    case ColumnType::date: return column_values<std::int32_t>(parts_)[row];
    case ColumnType::int64: return static_cast<double>(column_values<std::int64_t>(parts_)[row]);
    case ColumnType::boolean: return bit_at(parts_.values->data(), parts_.offset + row) ? 1 : 0;
    case ColumnType::category: return static_cast<double>(column_code(parts_, field_->code_bytes, row));
    case ColumnType::text:
    case ColumnType::list: break;
  }
  return none;
}

std::int64_t Column::code(std::int64_t row) const {
  if (field_->type != ColumnType::category || !is_valid(row)) return -1;
  return column_code(parts_, field_->code_bytes, row);
}

std::string_view Column::text(std::int64_t row) const {
  if (field_->type == ColumnType::category) {
    const std::int64_t at = code(row);
    return at < 0 ? std::string_view() : std::string_view((*field_->labels)[static_cast<std::size_t>(at)]);
  }
  if (field_->type != ColumnType::text || !is_valid(row)) return {};
  const auto* offsets = reinterpret_cast<const std::int64_t*>(parts_.offsets->data()) + parts_.offset + row;
  return {reinterpret_cast<const char*>(parts_.values->data()) + offsets[0],
          static_cast<std::size_t>(offsets[1] - offsets[0])};
}

std::span<const std::int32_t> Column::list(std::int64_t row) const {
  if (field_->type != ColumnType::list || !is_valid(row)) return {};
  const auto* offsets = reinterpret_cast<const std::int32_t*>(parts_.offsets->data()) + parts_.offset + row;
  return {reinterpret_cast<const std::int32_t*>(parts_.values->data()) + offsets[0],
          static_cast<std::size_t>(offsets[1] - offsets[0])};
}

Value Column::value(std::int64_t row) const {
  if (!is_valid(row)) return {};
  switch (field_->type) {
    case ColumnType::float64: return column_values<double>(parts_)[row];
    case ColumnType::int32: return std::int64_t{column_values<std::int32_t>(parts_)[row]};
    case ColumnType::int64: return column_values<std::int64_t>(parts_)[row];
    case ColumnType::boolean: return bit_at(parts_.values->data(), parts_.offset + row);
    case ColumnType::date: return Date{column_values<std::int32_t>(parts_)[row]};
    case ColumnType::category:
    case ColumnType::text: return std::string(text(row));
    case ColumnType::list: break;
  }
  std::vector<std::string> chosen;
  for (const std::int32_t label : list(row)) chosen.push_back((*field_->labels)[static_cast<std::size_t>(label)]);
  return chosen;
}

std::span<const double> Column::float64s() const {
  if (field_->type != ColumnType::float64) return {};
  return column_span<double>(parts_);
}

std::span<const std::int32_t> Column::int32s() const {
  const bool codes = field_->type == ColumnType::category && field_->code_bytes == 4;
  if (!codes && field_->type != ColumnType::int32 && field_->type != ColumnType::date) return {};
  return column_span<std::int32_t>(parts_);
}

std::span<const std::int64_t> Column::int64s() const {
  if (field_->type != ColumnType::int64) return {};
  return column_span<std::int64_t>(parts_);
}

std::span<const std::int8_t> Column::codes8() const {
  if (field_->type != ColumnType::category || field_->code_bytes != 1) return {};
  return column_span<std::int8_t>(parts_);
}

std::span<const std::int16_t> Column::codes16() const {
  if (field_->type != ColumnType::category || field_->code_bytes != 2) return {};
  return column_span<std::int16_t>(parts_);
}

void Column::numbers(std::int64_t first, std::span<double> out) const {
  switch (field_->type) {
    case ColumnType::float64: widen_column(column_values<double>(parts_) + first, out); break;
    case ColumnType::int32:
    case ColumnType::date: widen_column(column_values<std::int32_t>(parts_) + first, out); break;
    case ColumnType::int64: widen_column(column_values<std::int64_t>(parts_) + first, out); break;
    case ColumnType::category:
      if (field_->code_bytes == 1) widen_column(column_values<std::int8_t>(parts_) + first, out);
      if (field_->code_bytes == 2) widen_column(column_values<std::int16_t>(parts_) + first, out);
      if (field_->code_bytes == 4) widen_column(column_values<std::int32_t>(parts_) + first, out);
      break;
    default:
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = number(first + static_cast<std::int64_t>(i));
      return;
  }
  if (parts_.null_count == 0 || !parts_.validity) return;
  for (std::size_t i = 0; i < out.size(); ++i)
    if (!is_valid(first + static_cast<std::int64_t>(i))) out[i] = std::numeric_limits<double>::quiet_NaN();
}

}  // namespace persona
