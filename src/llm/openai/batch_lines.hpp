//! The files of a batch: requests on lines, answers on lines.
#pragma once

#include "llm/openai/request.hpp"

#include <persona/llm/openai.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace persona::llm::openai_api {

//! One line for each item. @errors invalid_argument, unsupported: the path begins with the item's number
Result<std::string> batch_lines(std::span<const OpenAIBatches::Item> items, const Server& server,
                                std::vector<std::string>& warnings);

//! What a file of answers says; lines that are none are an error.
Result<std::vector<OpenAIBatches::Answer>> read_batch_lines(std::string_view lines, const std::string& name);

//! A form with one file. @source{RFC 7578}
struct FileForm {
  std::string content_type = {};
  std::string body = {};
};
FileForm file_form(std::string_view purpose, std::string_view file_name, std::string_view content);

}  // namespace persona::llm::openai_api
