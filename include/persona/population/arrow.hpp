//! Populations for pandas, Polars, pyarrow, DuckDB and Spark without a copy, and from them; without Arrow.
//! The Arrow C Data Interface: https://arrow.apache.org/docs/format/CDataInterface.html
#pragma once

#include <persona/core/result.hpp>
#include <persona/population/population.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

extern "C" {

// The ABI of the specification; the guards are the ones every implementation uses.
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE
#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4
struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};
struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};
#endif
#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE
struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};
#endif

}  // extern "C"

namespace persona {

//! Fills `schema` and `array` (a struct array, one child a column). The memory lives until both
//! are released, whatever happens to the population. `schema` may be null where it is known.
//! Units, descriptions and decimals are field metadata.
PERSONA_EXPORT void export_arrow(const Population& population, ArrowSchema* schema, ArrowArray* array);

//! The schema without the values.
PERSONA_EXPORT void export_arrow_schema(const Population& population, ArrowSchema* schema);

//! One column alone.
PERSONA_EXPORT void export_arrow(const Column& column, ArrowSchema* schema, ArrowArray* array);

//! A stream of batches. `next` gives an empty population at the end; it is called until then, from
//! the consumer's thread. `schema` is a population (perhaps without rows) with the same columns.
PERSONA_EXPORT void export_arrow_stream(const Population& schema, std::function<Result<Population>()> next,
                                        ArrowArrayStream* out);

//! A population of a record batch (a struct array). Its values are copied; both structs are released in any case.
//!
//! Whole numbers become int32 or int64, floating-point numbers float64, text in any layout text, a dictionary of
//! text a category with the dictionary's order of labels, date32 and date64 dates, lists of labels or of text lists,
//! and a column of the null type text that is missing throughout. What export_arrow gave comes back equal, but
//! for the origin.
//! @errors
//!   - unsupported: another type; the message names the column and its Arrow type
//!   - invalid_argument: a value no column holds (a whole number beyond int64, text that is not UTF-8) with its
//!     column and row; a name twice; lengths, offsets, indexes or missing buffers that contradict each other
[[nodiscard]] PERSONA_EXPORT Result<Population> import_arrow(ArrowSchema* schema, ArrowArray* array);

//! All batches of a stream, one below the other, their dictionaries merged; the stream is released in any case.
//! Blocks until its end, and calls the stream from this thread.
//! @errors as above; invalid_argument: dictionaries ordered in contradictory ways; what the stream says went wrong
[[nodiscard]] PERSONA_EXPORT Result<Population> import_arrow_stream(ArrowArrayStream* stream);

//! The bytes of an Arrow IPC file (also Feather version 2) or stream: little-endian, not compressed. Types as above.
//! Bytes of any origin may be given: every offset and length in them is checked.
//! @errors as above; unsupported: compressed, big-endian, or Feather version 1; corrupted: cut off, or not Arrow
[[nodiscard]] PERSONA_EXPORT Result<Population> parse_arrow(std::string_view bytes);

//! @errors as above; not_found, io: names the path
[[nodiscard]] PERSONA_EXPORT Result<Population> read_arrow(const std::string& path);

}  // namespace persona
