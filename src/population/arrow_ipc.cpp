//! Arrow IPC files and streams: schema, dictionaries, batches, footer.
#include "arrow_ipc.hpp"

#include "arrow_labels.hpp"
#include "arrow_message.hpp"

#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include <fmt/format.h>

namespace persona {
namespace {

constexpr std::string_view ipc_magic = "ARROW1";
constexpr std::uint32_t ipc_continuation = 0xffffffff;
constexpr std::size_t ipc_block = 64;  // bodies begin, and their buffers lie, at multiples of it

std::string ipc_little_endian(std::uint32_t value) {
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<char>(value >> shift & 0xff));
  return bytes;
}

class IpcSink final : public PopulationSink {
 public:
  IpcSink(std::unique_ptr<ByteOutput> out, IpcForm form) : out_(std::move(out)), form_(form) {}

  Status append(const Population& batch) override {
    if (!begun_)
      if (Status begun = begin(batch); !begun) return begun;
    if (Status same = check_fields(batch); !same) return same;
    if (batch.size() == 0) return {};
    const IpcBody body = column_body(batch.columns());
    return write_message(batch_message(batch.size(), body), body).map([&](IpcBlock block) {
      batches_.push_back(block);
    });
  }

  Status finish() override {
    if (!begun_)
      if (Status begun = begin({}); !begun) return begun;
    std::string end = ipc_little_endian(ipc_continuation) + ipc_little_endian(0);
    if (form_ == IpcForm::file) {
      const std::string footer = file_footer(fields_, dictionaries_, batches_);
      end.append(footer).append(ipc_little_endian(static_cast<std::uint32_t>(footer.size()))).append(ipc_magic);
    }
    return write(end).and_then([&] { return out_->finish(); });
  }

 private:
  Status begin(const Population& batch) {
    begun_ = true;
    for (const Column& column : batch.columns()) fields_.push_back(column.field());
    if (form_ == IpcForm::file)
      if (Status magic = write(std::string(ipc_magic) + std::string(2, '\0')); !magic) return magic;
    if (auto schema = write_message(schema_message(fields_), {}); !schema) return tl::unexpected(schema.error());
    for (const Field& field : fields_) {
      if (!has_dictionary(field)) continue;
      const IpcBody body = labels_body(*field.labels);
      const auto id = static_cast<std::int64_t>(dictionaries_.size());
      const auto rows = static_cast<std::int64_t>(field.labels->size());
      const Result<IpcBlock> block = write_message(dictionary_message(id, rows, body), body);
      if (!block) return tl::unexpected(block.error());
      dictionaries_.push_back(*block);
    }
    return {};
  }

  Status check_fields(const Population& batch) const {
    const std::span<const Column> columns = batch.columns();
    if (columns.size() != fields_.size())
      return fail(Errc::invalid_argument,
                  fmt::format("the batch has {} columns, the first one had {}", columns.size(), fields_.size()));
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (columns[i].field() != fields_[i])
        return fail(Errc::invalid_argument,
                    fmt::format("column '{}' of the batch differs from column '{}' of the first one", columns[i].name(),
                                fields_[i].name));
    return {};
  }

  Status write(std::string_view bytes) {
    position_ += bytes.size();
    return bytes.empty() ? Status{} : out_->write(bytes);
  }

  // Prefix, flatbuffer, padding, then the body's pieces, each padded.
  Result<IpcBlock> write_message(const std::string& message, const IpcBody& body) {
    const std::size_t begin = position_;
    const std::size_t unpadded = begin + 8 + message.size();
    const std::size_t padding = (ipc_block - unpadded % ipc_block) % ipc_block;
    std::string head = ipc_little_endian(ipc_continuation);
    head.append(ipc_little_endian(static_cast<std::uint32_t>(message.size() + padding))).append(message);
    Status written = write(head.append(padding, '\0'));
    for (const std::span<const std::byte> piece : body.pieces) {
      if (!written) break;
      written = write({reinterpret_cast<const char*>(piece.data()), piece.size()});
      if (written) written = write(std::string((ipc_block - piece.size() % ipc_block) % ipc_block, '\0'));
    }
    if (!written) return tl::unexpected(written.error());
    return IpcBlock{static_cast<std::int64_t>(begin), static_cast<std::int32_t>(8 + message.size() + padding),
                    body.size};
  }

  std::unique_ptr<ByteOutput> out_;
  IpcForm form_;
  std::vector<Field> fields_;
  std::vector<IpcBlock> dictionaries_, batches_;
  std::size_t position_ = 0;
  bool begun_ = false;
};

}  // namespace

std::unique_ptr<PopulationSink> make_ipc_sink(std::unique_ptr<ByteOutput> out, IpcForm form) {
  return std::make_unique<IpcSink>(std::move(out), form);
}

}  // namespace persona
