//! How numbers and sentences of a fidelity report read, in the terminal and on the page.
#pragma once

#include <persona/population/fidelity.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace persona {

std::string grouped(std::int64_t number);           //!< 1,000,000
std::string as_percent(double share, int digits);   //!< "12.3 %"
std::string compact(double x, const Field& field);  //!< "52.3k", "2019-07-04", three digits
std::string p_value_text(double p);                 //!< "0.42", "3e-07"

//! A value of a line in its own terms: correlation, share or distance.
std::string line_number(const FidelityLine& line, double x);
std::string asked_text(const FidelityLine& line);  //!< "" for distances
std::string band_text(const FidelityLine& line);   //!< "±0.0020"; distances are "< 0.0014"

inline bool is_distance(const FidelityLine& line) {
  return line.measure == "KS" || line.measure == "TVD";
}

//! (achieved - target) / band: within -1 .. 1 for 19 of 20 right lines; distances are never negative.
double in_bands(const FidelityLine& line);

struct VerdictCount {
  std::size_t lines = 0, moved = 0, failed = 0;
};
VerdictCount count_verdicts(const FidelityReport& report);

//! "31 of 31 lines pass (family-wise error 1 %), 1,000,000 people"
std::string verdict_sentence(const FidelityReport& report);

//! The attribute of a line about one case of it: "income | education=bachelor".
std::string_view attribute_of_case(const FidelityLine& line);

//! "Distributions", "Case by case", ...
std::string_view group_title(FidelityKind kind);

//! Groups in the order of reading.
inline constexpr FidelityKind reading_order[] = {FidelityKind::segment,     FidelityKind::marginal,
                                                 FidelityKind::correlation, FidelityKind::constraint,
                                                 FidelityKind::missing,     FidelityKind::conditional};

}  // namespace persona
