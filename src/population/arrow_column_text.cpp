//! Texts, labels and lists of labels out of Arrow.
#include "arrow_input.hpp"
#include "bits.hpp"
#include "column_build.hpp"
#include "core/utf8.hpp"

#include <unordered_map>

#include <fmt/format.h>

namespace persona {
namespace {

tl::unexpected<Error> arrow_row_error(const std::string& column, std::int64_t row, std::string_view what) {
  return fail(Errc::invalid_argument, fmt::format("column '{}': row {}: {}", column, row, what));
}

template <class Offset>
Result<std::vector<std::int64_t>> arrow_offsets_of(const std::string& column, const ArrowValues& values) {
  std::vector<std::int64_t> offsets(1, 0);
  if (values.length == 0) return offsets;
  const std::int64_t bytes = (values.offset + values.length + 1) * static_cast<std::int64_t>(sizeof(Offset));
  if (Status enough = need_arrow_bytes(column, "offsets", values.offsets, bytes); !enough)
    return tl::unexpected(std::move(enough.error()));
  offsets.resize(static_cast<std::size_t>(values.length) + 1);
  std::int64_t before = 0;
  for (std::int64_t i = 0; i <= values.length; ++i) {
    const std::int64_t offset = values.offsets.at<Offset>(values.offset + i);
    if (offset < before) return arrow_row_error(column, i, fmt::format("offset {} after {}", offset, before));
    offsets[static_cast<std::size_t>(i)] = before = offset;
  }
  return offsets;
}

// length + 1 of them, rising from 0 or more
Result<std::vector<std::int64_t>> arrow_offsets(const std::string& column, int bytes, const ArrowValues& values) {
  return bytes == 4 ? arrow_offsets_of<std::int32_t>(column, values) : arrow_offsets_of<std::int64_t>(column, values);
}

using ArrowTexts = std::vector<std::string_view>;

Result<ArrowTexts> offset_texts(const std::string& column, int bytes, const ArrowValues& values) {
  const auto offsets = arrow_offsets(column, bytes, values);
  if (!offsets) return tl::unexpected(offsets.error());
  if (Status enough = need_arrow_bytes(column, "texts", values.values, offsets->back()); !enough)
    return tl::unexpected(std::move(enough.error()));
  const char* begin = reinterpret_cast<const char*>(values.values.data);
  ArrowTexts texts(static_cast<std::size_t>(values.length));
  for (std::size_t row = 0; row < texts.size(); ++row)
    texts[row] = {begin + (*offsets)[row], static_cast<std::size_t>((*offsets)[row + 1] - (*offsets)[row])};
  return texts;
}

// A view is a length, then up to 12 bytes of text, or four of them and where all lie: a buffer and a place in it.
Result<std::string_view> arrow_view(const std::string& column, const ArrowValues& values, std::int64_t row) {
  const std::byte* view = values.values.data + (values.offset + row) * 16;
  const ArrowBytes words{view, 16};
  const std::int64_t length = words.at<std::int32_t>(0);
  if (length < 0) return arrow_row_error(column, row, fmt::format("a text of length {}", length));
  const auto size = static_cast<std::size_t>(length);
  if (length <= 12) return std::string_view(reinterpret_cast<const char*>(view) + 4, size);
  const std::int64_t buffer = words.at<std::int32_t>(2);
  const std::int64_t begin = words.at<std::int32_t>(3);
  if (buffer < 0 || buffer >= static_cast<std::int64_t>(values.shared.size()))
    return arrow_row_error(column, row, fmt::format("a text in buffer {} of {}", buffer, values.shared.size()));
  const ArrowBytes& shared = values.shared[static_cast<std::size_t>(buffer)];
  if (begin < 0 || begin > shared.size - length)
    return arrow_row_error(column, row, fmt::format("a text at byte {} of a buffer of {}", begin, shared.size));
  return std::string_view(reinterpret_cast<const char*>(shared.data) + begin, size);
}

Result<ArrowTexts> view_texts(const std::string& column, const ArrowValues& values) {
  const std::int64_t end = values.length == 0 ? 0 : values.offset + values.length;
  if (Status enough = need_arrow_bytes(column, "views", values.values, end * 16); !enough)
    return tl::unexpected(std::move(enough.error()));
  ArrowTexts texts(static_cast<std::size_t>(values.length));
  std::int64_t left = values.most_text;
  for (std::int64_t row = 0; row < values.length; ++row) {
    if (!values.is_valid(row)) continue;
    const auto text = arrow_view(column, values, row);
    if (!text) return tl::unexpected(text.error());
    left -= static_cast<std::int64_t>(text->size());
    if (left < 0) return arrow_row_error(column, row, "far more text than the file has bytes");
    texts[static_cast<std::size_t>(row)] = *text;
  }
  return texts;
}

Field arrow_label_field(const ArrowField& field, ColumnType type, bool ordered, const ArrowDictionary& dictionary) {
  return {.name = field.name,
          .type = type,
          .unit = field.unit,
          .description = field.description,
          .decimals = field.decimals,
          .ordered = ordered,
          .code_bytes = type == ColumnType::category ? code_bytes_for(dictionary.labels->size()) : 4,
          .labels = dictionary.labels};
}

template <class Code>
void fill_arrow_codes(const std::vector<std::int32_t>& codes, ColumnDraft& draft) {
  Code* to = draft.values<Code>().data();
  for (std::size_t row = 0; row < codes.size(); ++row) to[row] = static_cast<Code>(std::max(codes[row], 0));
}

// An array of texts is a dictionary of itself: value i has the code of row i.
Result<std::shared_ptr<const ArrowDictionary>> list_item_dictionary(const ArrowField& list, const ArrowValues& items) {
  if (!list.item->dictionary) return read_arrow_dictionary(list.name, list.item->type, items);
  auto dictionary = std::make_shared<ArrowDictionary>();
  if (items.dictionary) dictionary->labels = items.dictionary->labels;
  ArrowField field = *list.item;
  field.name = list.name;
  auto codes = arrow_codes(field, items);
  if (!codes) return tl::unexpected(std::move(codes.error()));
  dictionary->codes = *std::move(codes);
  return dictionary;
}

}  // namespace

Result<ArrowTexts> arrow_texts(const std::string& column, const ArrowType& type, const ArrowValues& values) {
  auto texts =
      type.kind == ArrowKind::text_view ? view_texts(column, values) : offset_texts(column, type.bytes, values);
  if (!texts) return texts;
  for (std::int64_t row = 0; row < values.length; ++row)
    if (values.is_valid(row) && !is_utf8((*texts)[static_cast<std::size_t>(row)]))
      return arrow_row_error(column, row, "text is not UTF-8");
  return texts;
}

Result<std::shared_ptr<const ArrowDictionary>> read_arrow_dictionary(const std::string& column, const ArrowType& type,
                                                                     const ArrowValues& values,
                                                                     const ArrowDictionary* more) {
  if (Status sound = check_arrow_values(column, values); !sound) return tl::unexpected(std::move(sound.error()));
  const auto texts = arrow_texts(column, type, values);
  if (!texts) return tl::unexpected(texts.error());
  auto dictionary = std::make_shared<ArrowDictionary>();
  if (more != nullptr) *dictionary = *more;
  const std::size_t before = dictionary->codes.size();
  if (before + texts->size() > std::size_t{std::numeric_limits<std::int32_t>::max()})
    return fail(Errc::unsupported, fmt::format("column '{}': more than 2^31 - 1 labels", column));
  std::vector<std::string> labels = *dictionary->labels;
  std::unordered_map<std::string, std::int32_t> codes;
  for (const std::string& label : labels) codes.emplace(label, static_cast<std::int32_t>(codes.size()));
  for (std::int64_t i = 0; i < values.length; ++i) {
    if (!values.is_valid(i)) {
      dictionary->codes.push_back(-1);
      continue;
    }
    const auto next = static_cast<std::int32_t>(labels.size());
    const auto [at, is_new] = codes.emplace((*texts)[static_cast<std::size_t>(i)], next);
    if (is_new) labels.push_back(at->first);
    dictionary->codes.push_back(at->second);
  }
  dictionary->labels = std::make_shared<const std::vector<std::string>>(std::move(labels));
  return dictionary;
}

Result<std::vector<std::int32_t>> arrow_codes(const ArrowField& field, const ArrowValues& values) {
  if (Status sound = check_arrow_values(field.name, values); !sound) return tl::unexpected(std::move(sound.error()));
  const std::int64_t bytes = values.length == 0 ? 0 : (values.offset + values.length) * field.type.bytes;
  if (Status enough = need_arrow_bytes(field.name, "indexes", values.values, bytes); !enough)
    return tl::unexpected(std::move(enough.error()));
  std::vector<std::int32_t> codes(static_cast<std::size_t>(values.length), -1);
  const std::vector<std::int32_t> none;
  const std::vector<std::int32_t>& known = values.dictionary ? values.dictionary->codes : none;
  const auto index_at = [&](std::int64_t i) -> std::uint64_t {  // a negative one is beyond all
    switch (field.type.is_signed ? field.type.bytes : -field.type.bytes) {
      case 1: return static_cast<std::uint64_t>(values.values.at<std::int8_t>(i));
      case 2: return static_cast<std::uint64_t>(values.values.at<std::int16_t>(i));
      case 4: return static_cast<std::uint64_t>(values.values.at<std::int32_t>(i));
      case -1: return values.values.at<std::uint8_t>(i);
      case -2: return values.values.at<std::uint16_t>(i);
      case -4: return values.values.at<std::uint32_t>(i);
      default: return values.values.at<std::uint64_t>(i);
    }
  };
  for (std::int64_t row = 0; row < values.length; ++row) {
    if (!values.is_valid(row)) continue;
    const std::uint64_t index = index_at(values.offset + row);
    if (index >= known.size())
      return arrow_row_error(field.name, row,
                             fmt::format("index {} of {} labels", static_cast<std::int64_t>(index), known.size()));
    codes[static_cast<std::size_t>(row)] = known[index];
  }
  return codes;
}

Result<Column> read_arrow_labels(const ArrowField& field, const ArrowValues& values) {
  const auto codes = arrow_codes(field, values);
  if (!codes) return tl::unexpected(codes.error());
  const ArrowDictionary none;
  const ArrowDictionary& dictionary = values.dictionary ? *values.dictionary : none;
  ColumnDraft draft(arrow_label_field(field, ColumnType::category, field.ordered, dictionary), values.length);
  switch (draft.field().code_bytes) {
    case 1: fill_arrow_codes<std::int8_t>(*codes, draft); break;
    case 2: fill_arrow_codes<std::int16_t>(*codes, draft); break;
    default: fill_arrow_codes<std::int32_t>(*codes, draft);
  }
  for (std::size_t row = 0; row < codes->size(); ++row)
    if ((*codes)[row] < 0) clear_bit(draft.validity(), static_cast<std::int64_t>(row));
  return std::move(draft).finish();
}

Result<Column> read_arrow_lists(const ArrowField& field, const ArrowValues& values) {
  const auto offsets = arrow_offsets(field.name, field.type.bytes, values);
  if (!offsets) return tl::unexpected(offsets.error());
  if (values.item)
    if (Status sound = check_arrow_values(field.name, *values.item); !sound)
      return tl::unexpected(std::move(sound.error()));
  if (!values.item || offsets->back() > values.item->length)
    return fail(Errc::invalid_argument, fmt::format("column '{}': its lists hold {} items, there are {}", field.name,
                                                    offsets->back(), values.item ? values.item->length : 0));
  if (offsets->back() - offsets->front() > std::numeric_limits<std::int32_t>::max())
    return fail(Errc::unsupported, fmt::format("column '{}': more than 2^31 - 1 items", field.name));
  ArrowValues items = *values.item;  // those in use
  items.offset += offsets->front();
  items.length = offsets->back() - offsets->front();
  items.null_count = -1;
  const auto dictionary = list_item_dictionary(field, items);
  if (!dictionary) return tl::unexpected(dictionary.error());
  ColumnAppender appender(arrow_label_field(field, ColumnType::list, field.item->ordered, **dictionary));
  const std::vector<std::int32_t>& codes = (*dictionary)->codes;
  for (std::int64_t row = 0; row < values.length; ++row) {
    if (!values.is_valid(row)) {
      appender.append_missing();
      continue;
    }
    const auto at = static_cast<std::size_t>(row);
    const auto begin = static_cast<std::size_t>((*offsets)[at] - offsets->front());
    const auto count = static_cast<std::size_t>((*offsets)[at + 1] - (*offsets)[at]);
    const auto list = std::span(codes).subspan(begin, count);
    for (const std::int32_t code : list)
      if (code < 0) return arrow_row_error(field.name, row, "a missing item in a list; leave it out of the list");
    appender.append_list(list);
  }
  return std::move(appender).finish();
}

}  // namespace persona
