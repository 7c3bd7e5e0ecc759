//! A worker that draws populations, writes profiles, makes prompts better and tells others when it is done.
#include <persona.hpp>
#include <persona/http/curl.hpp>
#include <persona/llm/environment.hpp>
#include <persona/llm/offline.hpp>
#include <persona/prompt_optimizer.hpp>
#include <persona/storage/postgres_database.hpp>
#include <persona/storage/postgres_prompt.hpp>
#include <persona/storage/sqlite_database.hpp>
#include <persona/storage/sqlite_prompt.hpp>
#include <persona/storage/worker.hpp>

#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

using namespace persona;
using Json = nlohmann::ordered_json;

namespace {

std::string setting(const char* name, std::string otherwise) {
  const char* given = std::getenv(name);
  return given != nullptr && *given != '\0' ? given : std::move(otherwise);
}

struct Place {
  Result<std::unique_ptr<Database>> database;
  Result<std::shared_ptr<prompt::RunLedger>> runs;
};

//! @param where  a file, or a connection string of Postgres
Place open_place(const std::string& where) {
  if (where.find('=') == where.npos && where.find("://") == where.npos)
    return {sqlite::open_database(where, {.replace = true}), sqlite::open_run_ledger(where)};
  postgres::Options options{.schema = setting("PEOPLE_SCHEMA", "persona"),
                            .password = Secret::from_environment("PEOPLE_PASSWORD"),
                            .replace = true};
  return {postgres::open_database(where, options), postgres::open_run_ledger(where, options)};
}

// [handlers]
struct App {
  Database& database;  // populations are replaced: done twice, one is there once
  std::shared_ptr<prompt::RunLedger> runs;
  llm::Provider provider;
  std::string model;
  std::shared_ptr<http::Transport> web;
};

struct TellJob : Observer {
  explicit TellJob(const RunningJob& told) : job(told) {}
  void on_progress(const Progress& p) override {
    if (p.total != 0) job.progress(double(p.done) / double(p.total));
  }
  const RunningJob& job;
};

Result<JsonText> generate(App& app, const RunningJob& job) {
  const Json wanted = Json::parse(job.arguments().text);
  const auto name = wanted.at("name").get<std::string>();
  TellJob progress(job);
  const Context context{.stop = job.context().stop, .observer = &progress};  // stopped when the job is cancelled

  auto spec = read_spec(wanted.at("spec").get<std::string>());
  if (!spec) return tl::unexpected(spec.error());
  auto generator = PersonaGenerator::compile(*spec, {}, context);
  if (!generator) return tl::unexpected(generator.error());
  auto people = generator->generate(
      {.count = wanted.at("count").get<std::uint64_t>(), .seed = wanted.at("seed").get<std::uint64_t>()}, context);
  if (!people) return tl::unexpected(people.error());
  if (auto kept = put(app.database.populations(), {.name = name, .spec = to_json(generator->spec())}, *people); !kept)
    return tl::unexpected(kept.error());

  const std::string made = "made " + std::to_string(job.job().id);  // done twice, these are enqueued once
  const Json page = {{"name", name}, {"after", -1}, {"limit", 20}};
  const Json news = {{"url", wanted.at("url")}, {"body", {{"made", name}}}};
  const NewJob next[] = {{.kind = "write", .arguments = {page.dump()}, .idempotency_key = made + ": write"},
                         {.kind = "webhook", .arguments = {news.dump()}, .idempotency_key = made + ": tell"}};
  if (auto enqueued = app.database.jobs().enqueue(next); !enqueued) return tl::unexpected(enqueued.error());
  return JsonText{Json({{"people", people->size()}}).dump()};
}

llm::Request ask_for_profile(const Persona& person, const std::string& model) {
  return {
      .model = model,
      .messages = {llm::Message::system("Write a short profile of this person, true to every attribute."),
                   llm::Message::user(to_json(person))},
      .max_output_tokens = 300,
      .json = llm::JsonFormat{.schema = R"({"type": "object", "required": ["profile"], "additionalProperties": false,
                                    "properties": {"profile": {"type": "string", "minLength": 1}}})"}};
}

Result<JsonText> write(App& app, const RunningJob& job) {
  const Json wanted = Json::parse(job.arguments().text);
  const auto name = wanted.at("name").get<std::string>();
  auto page = app.database.populations().read(
      name, {.after = wanted.at("after").get<std::int64_t>(), .limit = wanted.at("limit").get<std::int64_t>()},
      job.context());
  if (!page) return tl::unexpected(page.error());
  int asked = 0;
  for (std::int64_t row = 0; row < page->size(); ++row) {
    const Persona person = page->person(row);
    const std::string who = name + "/" + to_string(*person.find("index"));
    job.progress(double(row) / double(page->size()));
    if (app.database.records().find("profile", who)) continue;  // paid for already
    auto reply = app.provider->complete(ask_for_profile(person, app.model), job.context());
    if (!reply) return tl::unexpected(reply.error());
    auto kept = app.database.records().put({{.kind = "profile",
                                             .id = who,
                                             .body = {reply->json},
                                             .person = who,
                                             .actor = "worker",
                                             .idempotency_key = "profile " + who}});
    ++asked;
    // conflict: the person was erased
    if (!kept && kept.error().code != Errc::conflict) return tl::unexpected(kept.error());
  }
  return JsonText{Json({{"people", page->size()}, {"asked", asked}}).dump()};
}

Result<JsonText> optimize(App& app, const RunningJob& job) {
  auto data = prompt::read_dataset(Json::parse(job.arguments().text).at("data").get<std::string>());
  if (!data) return tl::unexpected(data.error());
  auto parts = prompt::split(*data, 0.4, 0.6);
  auto program = prompt::predict("sentence -> kind: 'animal'|'plant'|'tool'");
  if (!parts || !program) return tl::unexpected(parts ? program.error() : parts.error());
  PromptOptimizer optimizer({.program = *program,
                             .train = parts->train,
                             .validation = parts->validation,
                             .metric = prompt::exact_match("kind")},
                            {.model = llm::offline(),
                             .model_name = "offline",
                             .budget = {.calls = 2000},
                             .ledger = app.runs,  // whoever takes the job over goes on where it stopped
                             .run = "job " + std::to_string(job.job().id)});
  auto better = optimizer.optimize(job.context());
  if (!better) return tl::unexpected(better.error());
  if (auto whole = job.context().check(); !whole) return tl::unexpected(whole.error());  // else the best so far
  return JsonText{Json({{"certificate", better->report.certificate.verdict}}).dump()};
}

Result<JsonText> webhook(App& app, const RunningJob& job) {
  const Json wanted = Json::parse(job.arguments().text);
  const http::Request request{
      .url = wanted.at("url").get<std::string>(),
      .headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", std::to_string(job.job().id)}},
      .body = wanted.at("body").dump(),
      .timeout = std::chrono::seconds(10)};
  auto answer = app.web->send(request, {}, job.context());
  if (!answer) return tl::unexpected(answer.error());
  const std::string says = "the receiver says " + std::to_string(answer->status);
  if (answer->status == 400) return fail(Errc::invalid_argument, says);  // final, as not_found is
  if (answer->status == 404 || answer->status == 410) return fail(Errc::not_found, says);
  if (answer->status / 100 != 2) return fail(Errc::unavailable, says);  // tried again later
  return JsonText{Json({{"status", answer->status}}).dump()};
}

Result<WorkerReport> work(App& app, std::stop_token stop) {
  const auto with = [&app](auto& handler) { return [&](const RunningJob& job) { return handler(app, job); }; };
  return run_worker(
      app.database.jobs(),
      {{"generate", with(generate)}, {"write", with(write)}, {"optimize", with(optimize)}, {"webhook", with(webhook)}},
      {.threads = 2}, stop);
}
// [handlers]

bool all_ended(const JobQueue& queue) {
  const auto jobs = queue.list({.limit = 1000});
  return !jobs || std::all_of(jobs->begin(), jobs->end(), [](const Job& job) { return job.ended.has_value(); });
}

int stop_with(const Error& error) {
  return std::cerr << to_string(error) << "\n", 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return std::cerr << "usage: " << argv[0] << " DATABASE SPEC.json DATA.jsonl URL\n", 2;
  auto [database, runs] = open_place(argv[1]);
  if (!database) return stop_with(database.error());
  if (!runs) return stop_with(runs.error());
  auto provider = llm::from_environment();  // PEOPLE_MODEL=openai/gpt-4o-mini, say
  if (!provider) return stop_with(provider.error());
  auto web = http::curl_transport();
  if (!web) return stop_with(web.error());
  App app{**database, *runs, *provider, setting("PEOPLE_MODEL", "offline/nearest-neighbour"), *web};

  JobQueue& queue = (*database)->jobs();
  const Json sample = {{"name", "sample"}, {"spec", argv[2]}, {"count", 5000}, {"seed", 7}, {"url", argv[4]}};
  const NewJob first[] = {{.kind = "generate", .arguments = {sample.dump()}, .unique_key = "sample"},
                          {.kind = "optimize", .arguments = {Json({{"data", argv[3]}}).dump()}}};
  if (auto enqueued = queue.enqueue(first); !enqueued) return stop_with(enqueued.error());

  std::stop_source done;
  std::jthread watch([&](const std::stop_token& left) {
    while (!left.stop_requested() && !all_ended(queue)) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    done.request_stop();
  });
  if (auto report = work(app, done.get_token()); !report) return stop_with(report.error());
  const auto jobs = queue.list({.limit = 1000});
  if (!jobs) return stop_with(jobs.error());
  for (const Job& job : *jobs)
    std::cout << job.work.kind << " " << to_string(job.state) << " " << job.result.text << " " << job.error << "\n";
}
