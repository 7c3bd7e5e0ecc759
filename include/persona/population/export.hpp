//! Populations as files: CSV, NDJSON and Arrow.
#pragma once

#include <persona/population/sink.hpp>

#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

namespace persona {

//! In text, numbers are the shortest that read back as the same double ("45.0", "0.1"); those that are not
//! finite are missing; bytes that are not UTF-8 become U+FFFD; lines end in "\n".
enum class FileFormat {
  csv,     //!< RFC 4180, header line, missing is an empty field (empty text is ""), list labels joined by ';'
  ndjson,  //!< one JSON object a line, missing is null
  arrow,   //!< Arrow IPC file; on a stream that cannot seek, the IPC stream format
};

//! By extension: .csv, .ndjson or .jsonl, .arrow or .feather. @errors unsupported: names those known
[[nodiscard]] PERSONA_EXPORT Result<FileFormat> format_of(std::string_view path);

//! Writes to a temporary file beside `path` and renames it on `finish`; a sink destroyed before that removes it.
//! Pipes and devices are written directly. Arrow batches have the fields and labels of the first.
//! @errors io: names the path
[[nodiscard]] PERSONA_EXPORT Result<std::unique_ptr<PopulationSink>> open_file_sink(const std::string& path,
                                                                                    FileFormat format);

//! Writes to a stream that outlives the sink; arrow is the IPC stream format.
PERSONA_EXPORT std::unique_ptr<PopulationSink> make_stream_sink(std::ostream& out, FileFormat format);

//! The whole population as text.
PERSONA_EXPORT std::string to_csv(const Population& population);
PERSONA_EXPORT std::string to_ndjson(const Population& population);

}  // namespace persona
