//! The Arrow IPC formats: https://arrow.apache.org/docs/format/Columnar.html#format-ipc
#pragma once

#include "export_output.hpp"

#include <persona/population/sink.hpp>

#include <memory>

namespace persona {

enum class IpcForm {
  file,    //!< with a footer; read in any order, mapped into memory
  stream,  //!< read from the beginning, as it comes
};

//! All batches have the fields and labels of the first.
std::unique_ptr<PopulationSink> make_ipc_sink(std::unique_ptr<ByteOutput> out, IpcForm form);

}  // namespace persona
