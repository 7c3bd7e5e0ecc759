//! Populations as lines of text: the engine of CSV and NDJSON.
#pragma once

#include "export_output.hpp"

#include <persona/population/population.hpp>

#include <string>

namespace persona {

enum class RowSyntax { csv, ndjson };

//! The header line of CSV.
std::string csv_header(const Population& population);

//! One line a person. @errors those of `out`
Status write_rows(const Population& population, RowSyntax syntax, ByteOutput& out);

}  // namespace persona
