//! Populations for pandas, Polars, pyarrow, DuckDB and Spark, without a copy and without Arrow.
//! The Arrow C Data Interface: https://arrow.apache.org/docs/format/CDataInterface.html
#pragma once

#include <persona/core/result.hpp>
#include <persona/population/population.hpp>

#include <cstdint>
#include <functional>

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
//! Units and descriptions are field metadata.
PERSONA_EXPORT void export_arrow(const Population& population, ArrowSchema* schema, ArrowArray* array);

//! The schema without the values.
PERSONA_EXPORT void export_arrow_schema(const Population& population, ArrowSchema* schema);

//! One column alone.
PERSONA_EXPORT void export_arrow(const Column& column, ArrowSchema* schema, ArrowArray* array);

//! A stream of batches. `next` gives an empty population at the end; it is called until then, from
//! the consumer's thread. `schema` is a population (perhaps without rows) with the same columns.
PERSONA_EXPORT void export_arrow_stream(const Population& schema, std::function<Result<Population>()> next,
                                        ArrowArrayStream* out);

}  // namespace persona
