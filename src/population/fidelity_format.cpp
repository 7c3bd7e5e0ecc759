//! How numbers and sentences of a fidelity report read, in the terminal and on the page.
#include "fidelity_format.hpp"

#include <fmt/format.h>

#include <cmath>

namespace persona {

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (auto i = static_cast<std::ptrdiff_t>(digits.size()) - 3; i > (number < 0 ? 1 : 0); i -= 3)
    digits.insert(static_cast<std::size_t>(i), ",");
  return digits;
}

std::string as_percent(double share, int digits) {
  return std::isfinite(share) ? fmt::format("{:.{}f} %", 100 * share, digits) : std::string("–");
}

std::string compact(double x, const Field& field) {
  if (!std::isfinite(x)) return "–";
  if (field.type == ColumnType::date) return to_string(Date{static_cast<std::int32_t>(std::lround(x))});
  const double size = std::fabs(x);
  if (size >= 999.5e6 && size < 1e15) return fmt::format("{:.3g}G", x / 1e9);
  if (size >= 999.5e3 && size < 1e15) return fmt::format("{:.3g}M", x / 1e6);
  if (size >= 9999.5 && size < 1e15) return fmt::format("{:.3g}k", x / 1e3);
  if (size >= 999.5 && size < 1e15) return fmt::format("{:.0f}", x);
  return fmt::format("{:.3g}", size < 1e-12 ? 0.0 : x);
}

std::string p_value_text(double p) {
  if (p >= 0.0995) return fmt::format("{:.2f}", p);
  return p >= 0.0001 ? fmt::format("{:.2g}", p) : fmt::format("{:.0e}", p);
}

std::string line_number(const FidelityLine& line, double x) {
  if (line.measure == "share") return as_percent(x, 3);
  return fmt::format("{:.{}f}", x, is_distance(line) ? 5 : 4);
}

std::string asked_text(const FidelityLine& line) {
  if (is_distance(line)) return "";
  const std::string asked = line_number(line, line.asked);
  return line.target == line.asked ? asked : asked + " → " + line_number(line, line.target);
}

std::string band_text(const FidelityLine& line) {
  if (line.kind == FidelityKind::constraint) return "";
  return fmt::format("{}{}", is_distance(line) ? "< " : "±", line_number(line, line.band));
}

double in_bands(const FidelityLine& line) {
  const double deviation = line.achieved - line.target;
  if (std::fabs(deviation) < 1e-12) return 0;
  return line.band > 0 ? deviation / line.band : std::copysign(99.0, deviation);
}

VerdictCount count_verdicts(const FidelityReport& report) {
  VerdictCount count;
  for (const FidelityLine& line : report.lines) {
    ++count.lines;
    count.moved += line.verdict == Verdict::moved ? 1 : 0;
    count.failed += line.verdict == Verdict::fail ? 1 : 0;
  }
  return count;
}

std::string verdict_sentence(const FidelityReport& report) {
  const VerdictCount count = count_verdicts(report);
  std::string sentence = fmt::format("{} of {} lines pass", count.lines - count.failed, count.lines);
  if (count.moved > 0) sentence += fmt::format(", {} of them moved", count.moved);
  if (count.failed > 0) sentence += fmt::format(", {} {}", count.failed, count.failed == 1 ? "fails" : "fail");
  return sentence + fmt::format(" (family-wise error {:g} %), {} {}", 100 * report.level, grouped(report.rows),
                                report.rows == 1 ? "person" : "people");
}

std::string_view attribute_of_case(const FidelityLine& line) {
  const std::string_view name = line.name;
  return name.substr(0, name.find(" | "));
}

std::string_view group_title(FidelityKind kind) {
  switch (kind) {
    case FidelityKind::marginal: return "Distributions";
    case FidelityKind::conditional: return "Case by case";
    case FidelityKind::correlation: return "Correlations";
    case FidelityKind::missing: return "Missing values";
    case FidelityKind::constraint: return "Constraints";
    case FidelityKind::segment: return "Segments";
  }
  return "";
}

}  // namespace persona
