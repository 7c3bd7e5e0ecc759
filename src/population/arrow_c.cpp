//! The Arrow C Data Interface: schemas and arrays that own what they point to.
#include "arrow_labels.hpp"

#include <persona/population/arrow.hpp>

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace persona {
namespace {

// Memory behind one schema or array. A consumer may move children and dictionary elsewhere; those left
// are released with their parent.
template <class Struct>
struct ArrowOwner {
  std::string format, name, metadata;                 // of a schema
  std::vector<std::shared_ptr<const Buffer>> owners;  // of an array
  std::vector<const void*> buffers;
  std::deque<Struct> children;
  std::vector<Struct*> pointers;
  Struct dictionary{};

  Struct* add_child() {
    pointers.push_back(&children.emplace_back());
    return pointers.back();
  }
};

template <class Struct>
void release_arrow(Struct* released) {
  auto* owner = static_cast<ArrowOwner<Struct>*>(released->private_data);
  for (Struct& child : owner->children)
    if (child.release != nullptr) child.release(&child);
  if (owner->dictionary.release != nullptr) owner->dictionary.release(&owner->dictionary);
  released->release = nullptr;
  delete owner;
}

// Hands the memory over to the struct, which from then on is released by its consumer.
template <class Struct>
void give_arrow(Struct* target, std::unique_ptr<ArrowOwner<Struct>> owner) {
  target->n_children = static_cast<std::int64_t>(owner->pointers.size());
  target->children = owner->pointers.empty() ? nullptr : owner->pointers.data();
  target->dictionary = owner->dictionary.release != nullptr ? &owner->dictionary : nullptr;
  target->release = release_arrow<Struct>;
  target->private_data = owner.release();
}

void append_arrow_length(std::string& to, std::size_t value) {
  const auto length = static_cast<std::int32_t>(value);
  to.append(reinterpret_cast<const char*>(&length), sizeof length);
}

std::string encode_arrow_metadata(const Field& field) {
  const auto pairs = arrow_metadata(field);
  std::string bytes;
  if (pairs.empty()) return bytes;
  append_arrow_length(bytes, pairs.size());
  for (const auto& [key, value] : pairs)
    for (const std::string* text : {&key, &value}) {
      append_arrow_length(bytes, text->size());
      bytes.append(*text);
    }
  return bytes;
}

const char* arrow_format(const Field& field) {
  switch (field.type) {
    case ColumnType::float64: return "g";
    case ColumnType::int32: return "i";
    case ColumnType::int64: return "l";
    case ColumnType::boolean: return "b";
    case ColumnType::date: return "tdD";
    case ColumnType::category: return field.code_bytes == 1 ? "c" : field.code_bytes == 2 ? "s" : "i";
    case ColumnType::text: return "U";
    case ColumnType::list: return "+l";
  }
  return "n";
}

void fill_arrow_schema(ArrowSchema* schema, const char* format, std::int64_t flags,
                       std::unique_ptr<ArrowOwner<ArrowSchema>> owner) {
  *schema = ArrowSchema{};
  owner->format = format;
  schema->format = owner->format.c_str();
  schema->name = owner->name.c_str();
  schema->metadata = owner->metadata.empty() ? nullptr : owner->metadata.data();
  schema->flags = flags;
  give_arrow(schema, std::move(owner));
}

// Of the values of a dictionary.
void arrow_text_schema(ArrowSchema* schema) {
  auto owner = std::make_unique<ArrowOwner<ArrowSchema>>();
  fill_arrow_schema(schema, "u", ARROW_FLAG_NULLABLE, std::move(owner));
}

void arrow_field_schema(const Field& field, ArrowSchema* schema) {
  auto owner = std::make_unique<ArrowOwner<ArrowSchema>>();
  owner->name = field.name;
  owner->metadata = encode_arrow_metadata(field);
  if (field.type == ColumnType::category) arrow_text_schema(&owner->dictionary);
  if (field.type == ColumnType::list) {
    auto item = std::make_unique<ArrowOwner<ArrowSchema>>();
    item->name = "item";
    arrow_text_schema(&item->dictionary);
    const std::int64_t ordered = field.ordered ? ARROW_FLAG_DICTIONARY_ORDERED : 0;
    fill_arrow_schema(owner->add_child(), "i", ARROW_FLAG_NULLABLE | ordered, std::move(item));
  }
  const bool ordered = field.ordered && field.type == ColumnType::category;
  fill_arrow_schema(schema, arrow_format(field), ARROW_FLAG_NULLABLE | (ordered ? ARROW_FLAG_DICTIONARY_ORDERED : 0),
                    std::move(owner));
}

void arrow_population_schema(const Population& population, ArrowSchema* schema) {
  auto owner = std::make_unique<ArrowOwner<ArrowSchema>>();
  for (const Column& column : population.columns()) arrow_field_schema(column.field(), owner->add_child());
  fill_arrow_schema(schema, "+s", 0, std::move(owner));
}

struct ArrowShape {
  std::int64_t length = 0, offset = 0, null_count = 0;
};

// @param buffers  null for those the format allows to be absent
void fill_arrow_array(ArrowArray* array, ArrowShape shape, std::vector<std::shared_ptr<const Buffer>> buffers,
                      std::unique_ptr<ArrowOwner<ArrowArray>> owner) {
  *array = ArrowArray{};
  for (const auto& buffer : buffers) owner->buffers.push_back(buffer ? buffer->data() : nullptr);
  owner->owners = std::move(buffers);
  array->length = shape.length;
  array->offset = shape.offset;
  array->null_count = shape.null_count;
  array->n_buffers = static_cast<std::int64_t>(owner->buffers.size());
  array->buffers = owner->buffers.data();
  give_arrow(array, std::move(owner));
}

void arrow_labels_array(const Field& field, ArrowArray* array) {
  const ArrowLabels labels = arrow_labels(*field.labels);
  fill_arrow_array(array, {labels.count, 0, 0}, {nullptr, labels.offsets, labels.bytes},
                   std::make_unique<ArrowOwner<ArrowArray>>());
}

void arrow_column_array(const Column& column, ArrowArray* array) {
  const Column::Parts& parts = column.parts();
  const ArrowShape shape{parts.length, parts.offset, parts.null_count};
  auto owner = std::make_unique<ArrowOwner<ArrowArray>>();
  if (column.type() == ColumnType::list) {
    const auto* offsets = reinterpret_cast<const std::int32_t*>(parts.offsets->data());
    auto item = std::make_unique<ArrowOwner<ArrowArray>>();
    arrow_labels_array(column.field(), &item->dictionary);
    fill_arrow_array(owner->add_child(), {offsets[parts.offset + parts.length], 0, 0}, {nullptr, parts.values},
                     std::move(item));
    fill_arrow_array(array, shape, {parts.validity, parts.offsets}, std::move(owner));
  } else if (column.type() == ColumnType::text) {
    fill_arrow_array(array, shape, {parts.validity, parts.offsets, parts.values}, std::move(owner));
  } else {
    if (column.type() == ColumnType::category) arrow_labels_array(column.field(), &owner->dictionary);
    fill_arrow_array(array, shape, {parts.validity, parts.values}, std::move(owner));
  }
}

}  // namespace

void export_arrow(const Population& population, ArrowSchema* schema, ArrowArray* array) {
  auto owner = std::make_unique<ArrowOwner<ArrowArray>>();
  for (const Column& column : population.columns()) arrow_column_array(column, owner->add_child());
  fill_arrow_array(array, {population.size(), 0, 0}, {nullptr}, std::move(owner));
  if (schema != nullptr) arrow_population_schema(population, schema);
}

void export_arrow(const Column& column, ArrowSchema* schema, ArrowArray* array) {
  arrow_column_array(column, array);
  if (schema != nullptr) arrow_field_schema(column.field(), schema);
}

void export_arrow_schema(const Population& population, ArrowSchema* schema) {
  arrow_population_schema(population, schema);
}

}  // namespace persona
