//! Messages of Arrow IPC: flatbuffers written by hand from the format's field numbers, without generated code.
//! @source{https://github.com/apache/arrow/blob/main/format/Message.fbs, Schema.fbs, File.fbs}
#pragma once

#include <persona/population/column.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace persona {

struct IpcNode {
  std::int64_t length = 0, nulls = 0;
};

struct IpcRange {
  std::int64_t offset = 0, length = 0;
};

//! Where a message lies in a file.
struct IpcBlock {
  std::int64_t offset = 0;
  std::int32_t metadata = 0;  //!< bytes before the body, with prefix and padding
  std::int64_t body = 0;
};

//! The values of a record batch: pieces that follow each other at multiples of 64 bytes.
struct IpcBody {
  std::vector<IpcNode> nodes;
  std::vector<IpcRange> ranges;
  std::vector<std::span<const std::byte>> pieces;  //!< one a range
  std::vector<std::shared_ptr<const Buffer>> owners;
  std::int64_t size = 0;

  void add(std::shared_ptr<const Buffer> buffer, std::int64_t first_byte, std::int64_t bytes);
  void add_nothing() { add(nullptr, 0, 0); }
};

IpcBody column_body(std::span<const Column> columns);
IpcBody labels_body(const std::vector<std::string>& labels);

//! The flatbuffers alone. Dictionary k belongs to the k-th field that has one.
std::string schema_message(std::span<const Field> fields);
std::string batch_message(std::int64_t rows, const IpcBody& body);
std::string dictionary_message(std::int64_t id, std::int64_t labels, const IpcBody& body);
std::string file_footer(std::span<const Field> fields, const std::vector<IpcBlock>& dictionaries,
                        const std::vector<IpcBlock>& batches);

}  // namespace persona
