//! The Arrow C Stream Interface over a function that gives batches.
#include <persona/population/arrow.hpp>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace persona {
namespace {

struct ArrowStreamState {
  Population schema;
  std::function<Result<Population>()> next;
  std::string error;
  bool ended = false;
};

ArrowStreamState& arrow_state(ArrowArrayStream* stream) {
  return *static_cast<ArrowStreamState*>(stream->private_data);
}

int arrow_errno(Errc code) {
  switch (code) {
    case Errc::invalid_argument:
    case Errc::infeasible: return EINVAL;
    case Errc::cancelled: return ECANCELED;
    case Errc::deadline_exceeded: return ETIMEDOUT;
    default: return EIO;
  }
}

bool same_arrow_columns(const Population& a, const Population& b) {
  return std::ranges::equal(a.columns(), b.columns(), [](const Column& x, const Column& y) {
    return x.name() == y.name() && x.type() == y.type() && x.field().code_bytes == y.field().code_bytes;
  });
}

// Foreign code runs in `next`, and C code calls this: nothing may be thrown through it.
Result<Population> next_arrow_batch(ArrowStreamState& state) try {
  Result<Population> batch = state.next();
  if (batch && batch->size() > 0 && !same_arrow_columns(*batch, state.schema))
    return fail(Errc::invalid_argument, "a batch of the stream has other columns than its schema");
  return batch;
} catch (const std::exception& thrown) {
  return fail(Errc::internal, thrown.what());
}

int arrow_stream_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  export_arrow_schema(arrow_state(stream).schema, out);
  return 0;
}

int arrow_stream_next(ArrowArrayStream* stream, ArrowArray* out) {
  ArrowStreamState& state = arrow_state(stream);
  *out = ArrowArray{};  // released: the end of the stream
  if (state.ended) return 0;
  const Result<Population> batch = next_arrow_batch(state);
  if (!batch) {
    state.error = batch.error().message;
    return arrow_errno(batch.error().code);
  }
  state.ended = batch->size() == 0;
  if (!state.ended) export_arrow(*batch, nullptr, out);
  return 0;
}

const char* arrow_stream_error(ArrowArrayStream* stream) {
  const std::string& error = arrow_state(stream).error;
  return error.empty() ? nullptr : error.c_str();
}

void release_arrow_stream(ArrowArrayStream* stream) {
  delete &arrow_state(stream);
  stream->release = nullptr;
}

}  // namespace

void export_arrow_stream(const Population& schema, std::function<Result<Population>()> next, ArrowArrayStream* out) {
  auto state = std::make_unique<ArrowStreamState>();
  state->schema = schema.slice(0, 0);
  state->next = std::move(next);
  *out = {arrow_stream_schema, arrow_stream_next, arrow_stream_error, release_arrow_stream, state.release()};
}

}  // namespace persona
