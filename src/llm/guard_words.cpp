//! Words that say more than an embedding shows.
#include "guard_words.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace persona::llm {
namespace {

using Words = std::set<std::string_view>;

const Words number_words = {
    "zero",    "one",     "two",    "three",    "four",     "five",    "six",     "seven",     "eight",    "nine",
    "ten",     "eleven",  "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    "twenty",  "thirty",  "forty",  "fifty",    "sixty",    "seventy", "eighty",  "ninety",    "hundred",  "thousand",
    "million", "billion", "half",   "double",   "twice",    "first",   "second",  "third",     "fourth",   "fifth",
    "last",    "ein",     "eins",   "zwei",     "drei",     "vier",    "fünf",    "sechs",     "sieben",   "acht",
    "neun",    "zehn",    "deux",   "trois",    "quatre",   "cinq",    "sept",    "huit",      "neuf",     "dix",
    "dos",     "tres",    "cuatro", "cinco",    "siete",    "ocho",    "nueve",   "diez"};

// Words that turn a meaning round; the pairs among them are not told apart by most embeddings.
const Words turning_words = {"not",      "no",       "never",  "none",    "nobody", "nothing", "neither", "nor",
                             "without",  "cannot",   "except", "unless",  "hardly", "nicht",   "nie",     "niemals",
                             "ohne",     "pas",      "jamais", "sans",    "rien",   "sin",     "nunca",   "senza",
                             "mai",      "sem",      "niet",   "geen",    "before", "after",   "above",   "below",
                             "over",     "under",    "more",   "less",    "most",   "least",   "best",    "worst",
                             "increase", "decrease", "enable", "disable", "add",    "remove",  "open",    "close",
                             "start",    "stop",     "buy",    "sell",    "win",    "lose",    "true",    "false",
                             "minimum",  "maximum",  "min",    "max",     "and",    "or"};

// So common at the beginning of a sentence that their capital letter says nothing.
const Words opening_words = {
    "a",     "an",    "the",    "i",         "i'm",       "we",        "you",     "he",      "she",      "it",
    "they",  "my",    "your",   "our",       "this",      "that",      "these",   "those",   "what",     "what's",
    "who",   "who's", "when",   "where",     "where's",   "why",       "which",   "how",     "how's",    "is",
    "are",   "was",   "were",   "do",        "does",      "did",       "can",     "could",   "should",   "would",
    "will",  "shall", "may",    "might",     "must",      "have",      "has",     "had",     "if",       "in",
    "on",    "at",    "to",     "of",        "for",       "with",      "from",    "by",      "as",       "and",
    "or",    "but",   "so",     "please",    "tell",      "give",      "show",    "explain", "describe", "list",
    "name",  "write", "find",   "translate", "summarize", "summarise", "compare", "there",   "here",     "then",
    "hello", "hi",    "thanks", "ok",        "yes",       "let",       "make",    "der",     "die",      "das",
    "wie",   "was",   "wer",    "wo",        "ist",       "le",        "la",      "les",     "quel",     "quelle",
    "est",   "el",    "los",    "cómo",      "qué",       "il",        "come",    "o"};

// The commonest words of a language that others do not share.
constexpr std::array<std::array<std::string_view, 12>, guard_languages> language_words = {{
    {"the", "is", "of", "and", "what", "how", "are", "you", "with", "this", "for", "does"},
    {"der", "das", "ist", "und", "wie", "ein", "eine", "nicht", "ich", "mit", "wird", "auf"},
    {"le", "les", "est", "et", "des", "quel", "quelle", "une", "dans", "pour", "avec", "comment"},
    {"el", "los", "las", "y", "cómo", "qué", "para", "por", "cuál", "es", "una", "con"},
    {"il", "gli", "che", "di", "è", "della", "perché", "sono", "quale", "nel", "qual", "come"},
    {"o", "os", "não", "um", "uma", "da", "do", "em", "são", "qual", "você", "com"},
    {"het", "een", "van", "hoe", "wat", "zijn", "voor", "niet", "deze", "dit", "naar", "wordt"},
}};

}  // namespace

bool is_number_word(std::string_view word) {
  return number_words.contains(word);
}

bool turns_meaning(std::string_view word) {
  return turning_words.contains(word);
}

bool opens_sentences(std::string_view word) {
  return opening_words.contains(word);
}

bool belongs_to_language(std::string_view word, int language) {
  return std::ranges::find(language_words[static_cast<std::size_t>(language)], word) !=
         language_words[static_cast<std::size_t>(language)].end();
}

}  // namespace persona::llm
