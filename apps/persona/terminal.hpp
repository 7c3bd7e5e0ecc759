//! What the streams of the command can show, and numbers as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace persona::cli {

enum class Stream { out = 1, err = 2 };

bool is_terminal(Stream stream);
bool has_color(Stream stream);  //!< a terminal, and NO_COLOR is not set
bool has_utf8();                //!< by the locale's environment variables
int width(Stream stream);       //!< columns; 100 where it is no terminal

std::string with_commas(std::uint64_t number);  //!< "1,000,000"
std::string short_rate(double per_second);      //!< "161 k", "2.41 M"
std::string file_size(std::uint64_t bytes);     //!< "94.1 MB"
std::string duration(double seconds);           //!< "6.2 s", "1:03", "2:00:07"

//! "1 person", "12 people". @param many  the plural where it is not `one` with an s
std::string counted(std::uint64_t number, const std::string& one, const std::string& many = {});

}  // namespace persona::cli
