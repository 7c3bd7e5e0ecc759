//! What an Arrow IPC message holds: a schema, or values of columns. Field numbers are the format's.
//! @source{https://github.com/apache/arrow/blob/main/format/Schema.fbs, Message.fbs}
#pragma once

#include "arrow_input.hpp"
#include "flat_reader.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <vector>

namespace persona {

//! @errors unsupported: a type that is not read, or big-endian numbers; the message names the column
Result<std::vector<ArrowField>> read_ipc_schema(const FlatFields& schema);

using IpcDictionaries = std::map<std::int64_t, std::shared_ptr<const ArrowDictionary>>;

//! How much more may be made of a file than it has bytes: a null column takes none of them.
struct IpcAllowance {
  std::int64_t nothing = 0;      //!< values of the null type
  std::int64_t text_factor = 0;  //!< bytes of text for each byte of a message's body
};

//! One record batch and the bytes of its body.
//! @errors unsupported: compressed; corrupted: ranges outside of the body or behind each other
Result<Population> read_ipc_batch(const std::vector<ArrowField>& fields, const FlatFields& batch,
                                  std::span<const std::byte> body, const IpcDictionaries& dictionaries,
                                  IpcAllowance& allowance);

//! The values of a dictionary, of type `type`; `more` as in read_arrow_dictionary.
Result<std::shared_ptr<const ArrowDictionary>> read_ipc_dictionary(const ArrowField& field, const FlatFields& batch,
                                                                   std::span<const std::byte> body,
                                                                   const ArrowDictionary* more,
                                                                   IpcAllowance& allowance);

}  // namespace persona
