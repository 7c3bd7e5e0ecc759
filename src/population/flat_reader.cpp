//! Flatbuffers read without trust.
#include "flat_reader.hpp"

namespace persona {
namespace {

constexpr std::size_t flat_text_factor = 64;  // texts shared by many fields are rare

}  // namespace

FlatBytes::FlatBytes(std::span<const std::byte> bytes)
    : bytes_(bytes), text_left_(bytes.size() * flat_text_factor), tables_left_(bytes.size()) {}

void FlatBytes::visit_table() {
  tables_left_ == 0 ? condemn() : void(--tables_left_);
}

std::string_view FlatBytes::text(std::size_t place, std::size_t size) {
  if (!holds(place, size) || size > text_left_) return condemn(), std::string_view();
  text_left_ -= size;
  return {reinterpret_cast<const char*>(bytes_.data()) + place, size};
}

FlatFields FlatFields::root(FlatBytes& bytes) {
  return {bytes, bytes.at<std::uint32_t>(0)};
}

FlatFields::FlatFields(FlatBytes& bytes, std::size_t place) : table_(place) {
  bytes.visit_table();
  if (!bytes.is_sound()) return;
  const auto back = bytes.at<std::int32_t>(place);
  const std::int64_t offsets = static_cast<std::int64_t>(place) - back;
  if (offsets < 0) {
    bytes.condemn();
    return;
  }
  offsets_ = static_cast<std::size_t>(offsets);
  offsets_bytes_ = bytes.at<std::uint16_t>(offsets_);
  table_bytes_ = bytes.at<std::uint16_t>(offsets_ + 2);
  const bool sound = offsets_bytes_ >= 4 && table_bytes_ >= 4 && bytes.holds(offsets_, offsets_bytes_) &&
                     bytes.holds(table_, table_bytes_);
  if (!sound) bytes.condemn();
  if (sound) bytes_ = &bytes;
}

std::size_t FlatFields::place_of(int field, std::size_t size) const {
  const std::size_t entry = 4 + 2 * static_cast<std::size_t>(field);
  if (bytes_ == nullptr || entry + 2 > offsets_bytes_) return 0;
  const std::size_t offset = bytes_->at<std::uint16_t>(offsets_ + entry);
  if (offset == 0) return 0;
  if (offset + size > table_bytes_) return bytes_->condemn(), 0;
  return table_ + offset;
}

std::size_t FlatFields::target_of(int field) const {
  const std::size_t place = place_of(field, sizeof(std::uint32_t));
  if (place == 0) return 0;
  const std::size_t offset = bytes_->at<std::uint32_t>(place);
  if (offset == 0) return bytes_->condemn(), 0;
  return place + offset;
}

FlatFields FlatFields::table(int field) const {
  const std::size_t target = target_of(field);
  return target == 0 ? FlatFields() : FlatFields(*bytes_, target);
}

std::string_view FlatFields::text(int field) const {
  const std::size_t target = target_of(field);
  return target == 0 ? std::string_view() : bytes_->text(target + 4, bytes_->at<std::uint32_t>(target));
}

FlatRows FlatFields::rows(int field, std::size_t element_bytes) const {
  const std::size_t target = target_of(field);
  return target == 0 ? FlatRows() : FlatRows(*bytes_, target, element_bytes);
}

FlatRows::FlatRows(FlatBytes& bytes, std::size_t place, std::size_t element_bytes)
    : first_(place + 4), element_bytes_(element_bytes) {
  const std::size_t size = bytes.at<std::uint32_t>(place);
  const bool sound = bytes.holds(first_, size * element_bytes);
  if (!sound) bytes.condemn();
  if (!sound) return;
  bytes_ = &bytes;
  size_ = size;
}

FlatFields FlatRows::table(std::size_t i) const {
  if (bytes_ == nullptr || i >= size_) return {};
  const std::size_t place = first_ + i * element_bytes_;
  return {*bytes_, place + bytes_->at<std::uint32_t>(place)};
}

}  // namespace persona
