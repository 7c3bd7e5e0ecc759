//! Values bound to a statement.
#include "postgres/parameters.hpp"

#include "postgres/binary.hpp"

#include <utility>

namespace persona::postgres {
namespace {

unsigned type_of(const Value& value) {
  static constexpr unsigned types[] = {0, bool_id, int8_id, float8_id, text_id, date_id, 0};
  return types[value.index()];
}

unsigned array_type_of(unsigned type) {
  switch (type) {
    case bool_id: return 1000;
    case int8_id: return 1016;
    case float8_id: return 1022;
    case date_id: return 1182;
    default: return 1009;  // text[]
  }
}

template <class T>
std::string number_bytes(T number) {
  std::string bytes;
  append_number(bytes, number);
  return bytes;
}

std::string bytes_of(const Value& value) {
  struct Bytes {
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(bool v) const { return std::string(1, v ? '\1' : '\0'); }
    std::string operator()(std::int64_t v) const { return number_bytes(v); }
    std::string operator()(double v) const { return number_bytes(std::bit_cast<std::int64_t>(v)); }
    std::string operator()(const std::string& v) const { return v; }
    std::string operator()(Date v) const { return number_bytes(postgres_days(v)); }
    std::string operator()(const std::vector<std::string>&) const { return {}; }
  };
  return std::visit(Bytes{}, value);
}

std::string array_bytes(unsigned element_type, std::span<const Value> values) {
  std::string bytes;
  const auto size = static_cast<std::int32_t>(values.size());
  append_number(bytes, std::int32_t{size == 0 ? 0 : 1});  // dimensions
  append_number(bytes, std::int32_t{0});                  // nothing is NULL
  append_number(bytes, static_cast<std::int32_t>(element_type));
  if (size == 0) return bytes;
  append_number(bytes, size);
  append_number(bytes, std::int32_t{1});  // the first one's number
  for (const Value& value : values) {
    const std::string element = bytes_of(value);
    append_number(bytes, static_cast<std::int32_t>(element.size()));
    bytes += element;
  }
  return bytes;
}

}  // namespace

void Parameters::add(const Value& value) {
  if (const auto* labels = std::get_if<std::vector<std::string>>(&value)) {
    const std::vector<Value> texts(labels->begin(), labels->end());
    return add_bytes(array_type_of(text_id), array_bytes(text_id, texts));
  }
  add_bytes(type_of(value), bytes_of(value), std::holds_alternative<std::monostate>(value));
}

void Parameters::add(const SqlParameter& parameter) {
  if (!parameter.is_array) return add(parameter.values.front());
  const unsigned type = type_of(parameter.values.front());
  add_bytes(array_type_of(type), array_bytes(type, parameter.values));
}

void Parameters::add_bytes(unsigned type, std::string bytes, bool missing) {
  types_.push_back(type);
  bytes_.push_back(std::move(bytes));
  missing_.push_back(missing);
}

std::size_t Parameters::bytes() const {
  std::size_t sum = 0;
  for (const std::string& bytes : bytes_) sum += bytes.size();
  return sum;
}

const char* const* Parameters::values() {
  pointers_.clear();
  for (std::size_t i = 0; i < bytes_.size(); ++i) pointers_.push_back(missing_[i] ? nullptr : bytes_[i].data());
  return pointers_.data();
}

const int* Parameters::lengths() {
  lengths_.clear();
  for (const std::string& bytes : bytes_) lengths_.push_back(static_cast<int>(bytes.size()));
  return lengths_.data();
}

const int* Parameters::formats() {
  formats_.assign(types_.size(), 1);
  return formats_.data();
}

}  // namespace persona::postgres
