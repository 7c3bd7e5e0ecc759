//! Populations as files: CSV, NDJSON and Arrow.
#pragma once

#include <persona/population/sink.hpp>

#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

namespace persona {

enum class FileFormat {
  csv,     //!< RFC 4180, header line, missing is an empty field, list labels joined by ';'
  ndjson,  //!< one JSON object a line, missing is null
  arrow,   //!< Arrow IPC file; on a stream that cannot seek, the IPC stream format
};

//! By extension: .csv, .ndjson or .jsonl, .arrow or .feather. @errors unsupported: names those known
[[nodiscard]] PERSONA_EXPORT Result<FileFormat> format_of(std::string_view path);

//! Writes to a temporary file beside `path` and renames it on `finish`.
//! @errors io: names the path
[[nodiscard]] PERSONA_EXPORT Result<std::unique_ptr<PopulationSink>> open_file_sink(const std::string& path,
                                                                                    FileFormat format);

//! Writes to a stream that outlives the sink; arrow is the IPC stream format.
PERSONA_EXPORT std::unique_ptr<PopulationSink> make_stream_sink(std::ostream& out, FileFormat format);

//! The whole population as text.
PERSONA_EXPORT std::string to_csv(const Population& population);
PERSONA_EXPORT std::string to_ndjson(const Population& population);

}  // namespace persona
