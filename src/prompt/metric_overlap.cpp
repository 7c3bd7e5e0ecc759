//! How much of the expected text is there.
#include <persona/prompt/metric.hpp>

#include "metric_words.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <utility>

namespace persona::prompt {
namespace {

double f_score(double common, double given, double expected, double beta = 1) {
  if (common <= 0) return 0;
  const double precision = common / given;
  const double recall = common / expected;
  return (1 + beta * beta) * precision * recall / (beta * beta * precision + recall);
}

// Both empty is right, one empty is wrong.
template <class List>
bool settled_by_emptiness(const List& a, const List& b, double& score) {
  if (!a.empty() && !b.empty()) return false;
  score = a.empty() && b.empty() ? 1 : 0;
  return true;
}

double f1_of_words(std::string_view expected, std::string_view given) {
  const auto a = answer_words(expected);
  const auto b = answer_words(given);
  if (double score = 0; settled_by_emptiness(a, b, score)) return score;
  std::map<std::string, int> left;
  for (const auto& word : a) ++left[word];
  int common = 0;
  for (const auto& word : b) common += left[word]-- > 0 ? 1 : 0;
  return f_score(common, static_cast<double>(b.size()), static_cast<double>(a.size()));
}

double edit_share(std::string_view expected, std::string_view given) {
  const std::string expected_text = folded(expected);
  const std::string given_text = folded(given);
  const auto a = characters(expected_text);
  const auto b = characters(given_text);
  if (double score = 0; settled_by_emptiness(a, b, score)) return score;
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t corner = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
      corner = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return 1 - static_cast<double>(row.back()) / static_cast<double>(std::max(a.size(), b.size()));
}

std::vector<std::string> plain_words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : folded(text) + " ") {
    const bool inside = std::isalnum(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80;
    if (inside) {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  return words;
}

double longest_common(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (const auto& word : a) {
    std::size_t corner = 0;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = word == b[j - 1] ? corner + 1 : std::max(row[j], row[j - 1]);
      corner = above;
    }
  }
  return static_cast<double>(row.back());
}

double rouge(std::string_view expected, std::string_view given) {
  const auto a = plain_words(expected);
  const auto b = plain_words(given);
  if (double score = 0; settled_by_emptiness(a, b, score)) return score;
  return f_score(longest_common(a, b), static_cast<double>(b.size()), static_cast<double>(a.size()));
}

template <class Token>
std::map<std::vector<Token>, int> grams(const std::vector<Token>& tokens, std::size_t n) {
  std::map<std::vector<Token>, int> counts;
  for (std::size_t i = 0; i + n <= tokens.size(); ++i) {
    ++counts[std::vector<Token>(tokens.begin() + static_cast<std::ptrdiff_t>(i),
                                tokens.begin() + static_cast<std::ptrdiff_t>(i + n))];
  }
  return counts;
}

template <class Grams>
int matches(const Grams& expected, const Grams& given) {
  int common = 0;
  for (const auto& [gram, count] : given) {
    const auto found = expected.find(gram);
    common += found == expected.end() ? 0 : std::min(count, found->second);
  }
  return common;
}

using Words = std::vector<std::string>;

// Each gram as often as the reference that has it most often.
std::map<Words, int> grams_of_any(const std::vector<Words>& references, std::size_t n) {
  std::map<Words, int> most;
  for (const Words& words : references) {
    for (const auto& [gram, count] : grams(words, n)) most[gram] = std::max(most[gram], count);
  }
  return most;
}

// The length nearest to that of the answer, the shorter of equals.
std::size_t nearest_length(const std::vector<Words>& references, std::size_t length) {
  const auto distance = [&](std::size_t a) { return a > length ? a - length : length - a; };
  std::size_t nearest = references.front().size();
  for (const Words& words : references) {
    const std::size_t size = words.size();
    if (distance(size) < distance(nearest) || (distance(size) == distance(nearest) && size < nearest)) nearest = size;
  }
  return nearest;
}

double bleu_of(std::span<const std::string> expected, std::string_view given) {
  const Words words = plain_words(given);
  std::vector<Words> references;
  bool may_be_empty = false;
  for (const std::string& text : expected) {
    references.push_back(plain_words(text));
    may_be_empty = may_be_empty || references.back().empty();
  }
  if (words.empty()) return may_be_empty ? 1 : 0;
  std::erase_if(references, [](const Words& reference) { return reference.empty(); });
  if (references.empty()) return 0;
  const std::size_t orders = std::min<std::size_t>(4, words.size());
  double logs = 0;
  for (std::size_t n = 1; n <= orders; ++n) {
    const double common = matches(grams_of_any(references, n), grams(words, n));
    const double all = static_cast<double>(words.size() - n + 1);
    if (n == 1 && common == 0) return 0;
    logs += std::log((common > 0 ? common : 0.1) / all);
  }
  const double lengths =
      static_cast<double>(nearest_length(references, words.size())) / static_cast<double>(words.size());
  return std::exp(logs / static_cast<double>(orders) + std::min(0.0, 1 - lengths));
}

double chrf_of(std::string_view expected, std::string_view given) {
  std::string expected_text = folded(expected);
  std::string given_text = folded(given);
  std::erase(expected_text, ' ');
  std::erase(given_text, ' ');
  const auto a = characters(expected_text);
  const auto b = characters(given_text);
  if (double score = 0; settled_by_emptiness(a, b, score)) return score;
  double precision = 0;
  double recall = 0;
  int orders = 0;
  for (std::size_t n = 1; n <= 6 && n <= std::max(a.size(), b.size()); ++n, ++orders) {
    const double common = matches(grams(a, n), grams(b, n));
    if (n <= b.size()) precision += common / static_cast<double>(b.size() - n + 1);
    if (n <= a.size()) recall += common / static_cast<double>(a.size() - n + 1);
  }
  precision /= orders;
  recall /= orders;
  constexpr double beta = 2;
  return precision + recall > 0 ? (1 + beta * beta) * precision * recall / (beta * beta * precision + recall) : 0;
}

}  // namespace

MetricPtr token_f1(std::string field, std::string references) {
  return text_metric("token_f1", {std::move(field), std::move(references)}, best_of<f1_of_words>);
}

MetricPtr edit_similarity(std::string field, std::string references) {
  return text_metric("edit_similarity", {std::move(field), std::move(references)}, best_of<edit_share>);
}

MetricPtr rouge_l(std::string field, std::string references) {
  return text_metric("rouge_l", {std::move(field), std::move(references)}, best_of<rouge>);
}

MetricPtr bleu(std::string field, std::string references) {
  return text_metric("bleu", {std::move(field), std::move(references)}, bleu_of);
}

MetricPtr chrf(std::string field, std::string references) {
  return text_metric("chrf", {std::move(field), std::move(references)}, best_of<chrf_of>);
}

}  // namespace persona::prompt
