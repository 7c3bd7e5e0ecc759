//! Ten million people in a few kilobytes: the recipe is kept, rows are drawn when they are read.
#include <persona.hpp>
#include <persona/storage/sqlite.hpp>

#include <iostream>

using namespace persona;

namespace {

int stop(const Error& error) {
  return std::cerr << to_string(error) << "\n", 1;
}

}  // namespace

int main(int argc, char** argv) {
  auto spec = read_spec(argc > 1 ? argv[1] : "examples/massachusetts.json");
  if (!spec) return stop(spec.error());
  // [storage]
  auto database = sqlite::open(argc > 2 ? argv[2] : "people.db");
  if (!database) return stop(database.error());
  auto recipe = (*database)->create(
      {.name = "everybody", .form = StorageForm::recipe, .spec = to_json(*spec), .seed = 7, .count = 10'000'000});
  if (!recipe) return stop(recipe.error());
  if (auto kept = (*recipe)->finish(); !kept) return stop(kept.error());

  auto page = (*database)->read(
      "everybody", {.filters = {{.attribute = "age", .compare = Compare::greater, .values = {90}}}, .limit = 20});
  // [storage]
  if (!page) return stop(page.error());
  std::cout << to_csv(*page);
}
