//! `persona report-run`: what a ledger holds of an optimization.
#include "command.hpp"
#include "place.hpp"
#include "report_file.hpp"
#include "table.hpp"
#include "terminal.hpp"
#include "text_file.hpp"

#include <persona/prompt/report.hpp>

#include <fmt/format.h>

namespace persona::cli {
namespace {

struct ReportRunArguments {
  PlaceArguments place;
  std::string run, html, json;
};

struct Bill {
  std::int64_t calls = 0, tokens = 0;
  Money money = {};
  bool is_known = true;
};

Result<Bill> bill_of(const prompt::RunLedger& ledger, const std::string& run) {
  const auto entries = ledger.entries(run);
  if (!entries) return tl::unexpected(entries.error());
  Bill bill;
  for (const auto& entry : *entries) {
    ++bill.calls;
    bill.tokens += entry.tokens;
    bill.money += entry.cost.value_or(Money{});
    bill.is_known = bill.is_known && entry.cost.has_value();
  }
  return bill;
}

Result<ExitCode> list_runs(const prompt::RunLedger& ledger, const std::string& path) {
  const auto runs = ledger.runs();
  if (!runs) return tl::unexpected(runs.error());
  if (runs->empty()) return fail(Errc::not_found, fmt::format("there are no runs in '{}'", path), path);
  Table table({"run", "state", ">calls", ">tokens", ">dollars"});
  for (const auto& run : *runs) {
    const auto report = ledger.report(run);
    const auto bill = bill_of(ledger, run);
    if (!report || !bill) return tl::unexpected(!report ? report.error() : bill.error());
    table.row({run, report->empty() ? "not finished" : "finished", with_commas(static_cast<std::uint64_t>(bill->calls)),
               with_commas(static_cast<std::uint64_t>(bill->tokens)),
               bill->is_known ? to_string(bill->money) : "unknown"});
  }
  fmt::print("{}", table.text());
  return exit_ok;
}

Result<ExitCode> report_run(const ReportRunArguments& arguments) {
  const auto place = place_of(arguments.place);
  if (!place) return tl::unexpected(place.error());
  const std::string shown_place = (*place)->name();
  const auto ledger = (*place)->runs(false);
  if (!ledger) return tl::unexpected(ledger.error());
  if (arguments.run.empty()) return list_runs(**ledger, shown_place);
  const auto text = (*ledger)->report(arguments.run);
  if (!text) return tl::unexpected(text.error());
  if (text->empty()) {
    const auto bill = bill_of(**ledger, arguments.run);
    if (!bill) return tl::unexpected(bill.error());
    return fail(Errc::not_found,
                fmt::format("run '{}' has not finished: {} so far; the command that began it goes on with it",
                            arguments.run, counted(static_cast<std::uint64_t>(bill->calls), "call")),
                shown_place);
  }
  const auto report = prompt::parse_report(*text);
  if (!report)
    return fail(report.error().code, fmt::format("run '{}': {}", arguments.run, report.error().message), shown_place);
  if (!arguments.html.empty())
    if (auto written = write_text_file(arguments.html, to_html(*report)); !written)
      return tl::unexpected(written.error());
  if (!arguments.json.empty())
    if (auto written = write_text_file(arguments.json, *text + "\n"); !written) return tl::unexpected(written.error());
  fmt::print("{}", to_text(*report, width(Stream::out), has_color(Stream::out)));
  return exit_ok;
}

}  // namespace

Command add_report_run(CLI::App& app) {
  auto* command = app.add_subcommand("report-run", "Show the runs of optimizers in a ledger");
  const auto arguments = std::make_shared<ReportRunArguments>();
  add_place(*command, arguments->place, "The one of --ledger");
  auto* run = command->add_option("run", arguments->run, "Its name; all are listed without one")->type_name("RUN");
  command->add_option("--html", arguments->html, "Write the report as one self-contained page")
      ->needs(run)
      ->check(report_path({".html"}))
      ->type_name("FILE");
  command->add_option("--json", arguments->json, "Write the report as JSON")
      ->needs(run)
      ->check(report_path({".json"}))
      ->type_name("FILE");
  command->footer(
      "The ledger is plain tables:\n"
      "  sqlite3 runs.db 'SELECT role, count(*), sum(tokens) FROM persona_run_call GROUP BY role'\n"
      "\n"
      "Examples:\n"
      "  persona report-run runs.db\n"
      "  persona report-run runs.db first --html report.html");
  return {command, [arguments](const Context&) { return report_run(*arguments); }};
}

}  // namespace persona::cli
