//! Puts the validator to tests in the form of the public JSON-Schema-Test-Suite: `schema_suite FOLDER [METASCHEMAS]`.
#include <persona/llm/schema.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using persona::llm::JsonSchema;
using persona::llm::SchemaDocument;

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

template <class Entries>
std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  if (!fs::exists(folder)) return files;
  for (const auto& entry : Entries(folder))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

//! What the suite serves at localhost:1234, and the metaschemas of both drafts.
std::vector<SchemaDocument> documents(const fs::path& suite, const fs::path& metaschemas) {
  std::vector<SchemaDocument> documents;
  for (const fs::path& path : files_in<fs::recursive_directory_iterator>(suite / "remotes"))
    documents.push_back(
        {"http://localhost:1234/" + path.lexically_relative(suite / "remotes").generic_string(), text_of(path)});
  for (const fs::path& path : files_in<fs::recursive_directory_iterator>(metaschemas)) {
    std::string text = text_of(path);
    documents.push_back({Json::parse(text).at("$id").get<std::string>(), std::move(text)});
  }
  return documents;
}

struct SuiteCount {
  int right = 0, tests = 0, refused = 0;
};

void run_group(Json group, const std::string& dialect, const std::vector<SchemaDocument>& others,
               const std::string& where, SuiteCount& count) {
  Json& schema = group["schema"];
  if (schema.is_object() && !schema.contains("$schema")) schema["$schema"] = dialect;
  const auto compiled = JsonSchema::compile(schema.dump(), others);
  if (!compiled) {
    ++count.refused;
    std::cout << "  " << where << ": refused: " << to_string(compiled.error()) << "\n";
  }
  for (const Json& test : group["tests"]) {
    ++count.tests;
    if (!compiled) continue;
    const auto issues = compiled->validate(test["data"].dump());
    if (issues.empty() == test["valid"].get<bool>()) {
      ++count.right;
      continue;
    }
    std::cout << "  " << where << ", " << test["description"].get<std::string>() << ": should be "
              << (issues.empty() ? "invalid" : "valid, but '" + issues[0].path + "' " + issues[0].message) << "\n";
  }
}

//! @return whether all of a folder is as it should be
bool run_folder(const fs::path& folder, const std::string& title, const std::string& dialect,
                const std::vector<SchemaDocument>& others) {
  if (!fs::exists(folder)) return false;
  SuiteCount count;
  for (const fs::path& path : files_in<fs::directory_iterator>(folder)) {
    for (const Json& group : Json::parse(text_of(path))) {
      const std::string where = path.stem().string() + ", " + group["description"].get<std::string>();
      run_group(group, dialect, others, where, count);
    }
  }
  std::cout << title << ": " << count.right << " of " << count.tests << " tests right, " << count.refused
            << " schemas refused\n";
  return count.tests > 0 && count.right == count.tests;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) return 2;
  const fs::path suite = arguments[1];
  const auto others = documents(suite, count > 2 ? arguments[2] : "");
  const std::string new_draft = "https://json-schema.org/draft/2020-12/schema";
  const std::string old_draft = "http://json-schema.org/draft-07/schema#";
  const bool new_right = run_folder(suite / "tests/draft2020-12", "draft 2020-12, required", new_draft, others);
  const bool old_right = run_folder(suite / "tests/draft7", "draft 7, required", old_draft, others);
  // Not required, and shown for what they are.
  run_folder(suite / "tests/draft2020-12/optional", "draft 2020-12, optional", new_draft, others);
  run_folder(suite / "tests/draft7/optional", "draft 7, optional", old_draft, others);
  return new_right && old_right ? 0 : 1;
}
