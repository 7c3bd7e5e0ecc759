//! What a user's first program does: a thousand people into a text file and a database, and a prompt made better.
//! usage: consumer SPEC.json PEOPLE.ndjson PEOPLE.db
#include <persona.hpp>
#include <persona/http/curl.hpp>
#include <persona/http/fetch.hpp>
#include <persona/llm/offline.hpp>
#include <persona/prompt/optimizers/labeled_few_shot.hpp>
#include <persona/prompt_optimizer.hpp>
#include <persona/storage/sqlite.hpp>

#include <fstream>
#include <iostream>

namespace {

int failed(const persona::Error& error) {
  std::cerr << persona::to_string(error) << '\n';
  return 1;
}

// A few plain facts, and the learner that is built in.
persona::Result<persona::Optimized> optimized() {
  std::string lines;
  for (int i = 0; i < 40; ++i) {
    const std::string number = std::to_string(i);
    lines += i % 2 == 0 ? R"({"text": "the cat sleeps )" + number + R"(", "label": "animal"})"
                        : R"({"text": "the train leaves )" + number + R"(", "label": "vehicle"})";
    lines += "\n";
  }
  auto data = persona::prompt::parse_jsonl(lines);
  if (!data) return tl::unexpected(data.error());
  auto program = persona::prompt::predict("text -> label", "Is it an animal or a vehicle?");
  if (!program) return tl::unexpected(program.error());
  const persona::PromptOptimizer optimizer(
      {.program = *program, .train = *data, .metric = persona::prompt::exact_match("label")},
      {.model = persona::llm::offline(), .model_name = "learner", .budget = {.calls = 200}},
      {.optimizer = persona::prompt::labeled_few_shot()});
  return optimizer.optimize();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  auto spec = persona::read_spec(argv[1]);
  if (!spec) return failed(spec.error());
  auto generator = persona::PersonaGenerator::compile(*spec);
  if (!generator) return failed(generator.error());
  auto people = generator->generate({.count = 1000, .seed = 7});
  if (!people) return failed(people.error());
  std::ofstream(argv[2], std::ios::binary) << persona::to_ndjson(*people);

  auto storage = persona::sqlite::open(argv[3]);
  if (!storage) return failed(storage.error());
  persona::PopulationRecord record{.name = "people", .spec = persona::to_json(*spec), .seed = 7};
  if (auto kept = persona::put(**storage, record, *people); !kept) return failed(kept.error());
  auto count = (*storage)->count("people");
  if (!count) return failed(count.error());

  auto http = persona::http::curl_transport();
  if (!http) return failed(http.error());
  if (auto inside = persona::http::fetch("http://127.0.0.1/"); inside) return 1;

  auto better = optimized();
  if (!better) return failed(better.error());
  if (better->report.spent.calls > 200) return 1;
  std::cout << "persona " PERSONA_VERSION ": kept " << *count << " people\n";
  return *count == 1000 ? 0 : 1;
}
