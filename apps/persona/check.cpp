//! `persona check`: is a specification right, and what does compiling it find?
#include "arguments.hpp"
#include "command.hpp"
#include "table.hpp"
#include "terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace persona::cli {
namespace {

struct CheckArguments {
  SpecArguments spec;
  bool json = false;
};

// The attribute of a column; "segment" is a column of which the specification says nothing itself.
const Attribute* attribute_of(const PopulationSpec& spec, const std::string& name) {
  const auto found = std::find_if(spec.attributes.begin(), spec.attributes.end(),
                                  [&](const Attribute& attribute) { return attribute.name == name; });
  return found == spec.attributes.end() ? nullptr : &*found;
}

std::string shown_distribution(const Attribute* attribute) {
  if (attribute == nullptr) return "segment";
  std::string text = attribute->distribution ? std::string(family(*attribute->distribution)) : "by case";
  if (!attribute->cases.empty()) text += ", " + counted(attribute->cases.size(), "case");
  return text;
}

std::string attribute_table(const PopulationModel& model) {
  Table table({"attribute", "type", "distribution", "unit", ">missing"});
  for (const auto& field : model.fields()) {
    const auto* attribute = attribute_of(model.spec(), field.name);
    std::string type(to_string(field.type));
    if (field.labels) type += fmt::format(" of {}", field.labels->size());
    const double missing = attribute != nullptr ? attribute->missing : 0;
    table.row({field.name, type, shown_distribution(attribute), field.unit,
               missing > 0 ? fmt::format("{:.1f} %", 100 * missing) : ""});
  }
  return table.text();
}

std::string correlation_table(const CompileReport& report) {
  Table table({"correlation", "kind", ">asked", ">lowest", ">highest", ">used", ""});
  for (const auto& found : report.correlations)
    table.row({found.asked.a + " ~ " + found.asked.b, std::string(to_string(found.asked.kind)),
               fmt::format("{:.3f}", found.asked.value), fmt::format("{:.3f}", found.lowest),
               fmt::format("{:.3f}", found.highest), fmt::format("{:.3f}", found.used),
               found.moved ? "moved: " + found.reason : ""});
  return table.text();
}

std::string as_text(const PersonaGenerator& generator) {
  const auto& spec = generator.spec();
  const auto& report = generator.report();
  std::string text =
      fmt::format("{}: {}, specification {}\n\n", spec.name.empty() ? "specification" : spec.name,
                  counted(generator.model().fields().size(), "attribute"), generator.model().spec_hash().substr(0, 12));
  text += attribute_table(generator.model());
  if (!report.correlations.empty()) text += "\n" + correlation_table(report);
  if (!spec.constraints.empty())
    text += fmt::format("\n{}: {:.1f} % of candidates accepted\n", counted(spec.constraints.size(), "constraint"),
                        100 * report.acceptance);
  for (const auto& drift : report.drifts)
    text += fmt::format("  they move '{}' by {:.4f} (noise {:.4f})\n", drift.attribute, drift.distance, drift.noise);
  for (const auto& note : report.notes) text += "\nnote: " + note;
  return text + (report.notes.empty() ? "\nThe specification is right.\n" : "\n\nThe specification is right.\n");
}

nlohmann::ordered_json attributes_json(const PopulationModel& model) {
  auto all = nlohmann::ordered_json::array();
  for (const auto& field : model.fields()) {
    const auto* attribute = attribute_of(model.spec(), field.name);
    nlohmann::ordered_json one = {{"name", field.name}, {"type", to_string(field.type)}, {"unit", field.unit}};
    if (attribute != nullptr && attribute->distribution) one["distribution"] = family(*attribute->distribution);
    one["cases"] = attribute != nullptr ? attribute->cases.size() : 0;
    one["missing"] = attribute != nullptr ? attribute->missing : 0;
    if (field.labels) one["labels"] = *field.labels;
    all.push_back(std::move(one));
  }
  return all;
}

std::string as_json(const PersonaGenerator& generator) {
  const auto& report = generator.report();
  nlohmann::ordered_json document = {{"name", generator.spec().name},
                                     {"spec_hash", generator.model().spec_hash()},
                                     {"names_hash", generator.model().names_hash()},
                                     {"attributes", attributes_json(generator.model())},
                                     {"correlations", nlohmann::ordered_json::array()},
                                     {"acceptance", report.acceptance},
                                     {"drifts", nlohmann::ordered_json::array()},
                                     {"notes", report.notes}};
  for (const auto& found : report.correlations)
    document["correlations"].push_back({{"a", found.asked.a},
                                        {"b", found.asked.b},
                                        {"kind", to_string(found.asked.kind)},
                                        {"asked", found.asked.value},
                                        {"lowest", found.lowest},
                                        {"highest", found.highest},
                                        {"used", found.used},
                                        {"latent", found.latent},
                                        {"pilot_error", found.pilot_error},
                                        {"moved", found.moved},
                                        {"reason", found.reason}});
  for (const auto& drift : report.drifts)
    document["drifts"].push_back(
        {{"attribute", drift.attribute}, {"distance", drift.distance}, {"noise", drift.noise}});
  return document.dump(2) + "\n";
}

}  // namespace

Command add_check(CLI::App& app) {
  auto* command = app.add_subcommand("check", "Check a specification and show what compiling it finds");
  const auto arguments = std::make_shared<CheckArguments>();
  add_spec_arguments(*command, arguments->spec);
  command->add_flag("--json", arguments->json, "As JSON, for programs");
  command->footer(
      "Shows the attributes, for each correlation what was asked, what these two attributes can reach and\n"
      "what is used, and how many candidates the constraints leave.\n"
      "\n"
      "Examples:\n"
      "  persona check town.json && echo right\n"
      "  persona check town.json --json | jq '.correlations[] | select(.moved)'\n"
      "\n"
      "Exit code 1 and the place in the file on stderr if it is wrong, or if no population can satisfy it.");
  const auto run = [arguments](const Context& context) -> Result<ExitCode> {
    const auto generator = compile(arguments->spec, context);
    if (!generator) return tl::unexpected(generator.error());
    fmt::print("{}", arguments->json ? as_json(*generator) : as_text(*generator));
    return exit_ok;
  };
  return {command, run};
}

}  // namespace persona::cli
