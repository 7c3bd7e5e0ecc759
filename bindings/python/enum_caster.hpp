//! Enumerators are words in Python: "spearman", ">=", "recipe".
#pragma once

#include <persona/population/column.hpp>
#include <persona/population/correlation.hpp>
#include <persona/population/distribution.hpp>
#include <persona/population/export.hpp>
#include <persona/population/fidelity.hpp>
#include <persona/storage/query.hpp>
#include <persona/storage/storage.hpp>

#include <pybind11/pybind11.h>

#include <array>
#include <string>
#include <string_view>

namespace persona::python {

//! The words, in the order of the enumerators.
template <class E>
inline constexpr std::array<std::string_view, 0> words{};

template <>
inline constexpr std::array<std::string_view, 8> words<ColumnType> = {"float64", "int32",    "int64", "boolean",
                                                                      "date",    "category", "text",  "list"};
template <>
inline constexpr std::array<std::string_view, 3> words<CorrelationKind> = {"pearson", "spearman", "kendall"};
template <>
inline constexpr std::array<std::string_view, 7> words<IdentityPart> = {"given_name", "surname", "full_name",  "email",
                                                                        "city",       "state",   "postal_code"};
template <>
inline constexpr std::array<std::string_view, 3> words<FileFormat> = {"csv", "ndjson", "arrow"};
template <>
inline constexpr std::array<std::string_view, 3> words<Verdict> = {"pass", "moved", "fail"};
template <>
inline constexpr std::array<std::string_view, 6> words<FidelityKind> = {"marginal", "conditional", "correlation",
                                                                        "missing",  "constraint",  "segment"};
template <>
inline constexpr std::array<std::string_view, 11> words<Compare> = {
    "==", "!=", "<", "<=", ">", ">=", "in", "is_missing", "is_present", "contains", "begins_with"};
template <>
inline constexpr std::array<std::string_view, 2> words<StorageForm> = {"rows", "recipe"};

template <class E>
concept Worded = std::is_enum_v<E> && !words<E>.empty();

template <Worded E>
std::string word(E value) {
  return std::string(words<E>.at(static_cast<std::size_t>(value)));
}

//! Raises ValueError that lists the words.
template <Worded E>
E from_word(std::string_view text) {
  std::string known;
  for (std::size_t i = 0; i < words<E>.size(); ++i) {
    if (words<E>[i] == text) return static_cast<E>(i);
    known += (known.empty() ? "'" : ", '") + std::string(words<E>[i]) + "'";
  }
  throw pybind11::value_error("'" + std::string(text) + "' is none of " + known);
}

}  // namespace persona::python

namespace pybind11::detail {

template <persona::python::Worded E>
struct word_caster {
  PYBIND11_TYPE_CASTER(E, const_name("str"));
  bool load(handle source, bool) {
    if (!isinstance<str>(source)) return false;
    value = persona::python::from_word<E>(source.cast<std::string>());
    return true;
  }
  static handle cast(E source, return_value_policy, handle) { return str(persona::python::word(source)).release(); }
};

// clang-format off
template <> struct type_caster<persona::ColumnType>      : word_caster<persona::ColumnType> {};
template <> struct type_caster<persona::CorrelationKind> : word_caster<persona::CorrelationKind> {};
template <> struct type_caster<persona::IdentityPart>    : word_caster<persona::IdentityPart> {};
template <> struct type_caster<persona::FileFormat>      : word_caster<persona::FileFormat> {};
template <> struct type_caster<persona::Verdict>         : word_caster<persona::Verdict> {};
template <> struct type_caster<persona::FidelityKind>    : word_caster<persona::FidelityKind> {};
template <> struct type_caster<persona::Compare>         : word_caster<persona::Compare> {};
template <> struct type_caster<persona::StorageForm>     : word_caster<persona::StorageForm> {};
// clang-format on

}  // namespace pybind11::detail
