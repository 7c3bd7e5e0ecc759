//! Names, addresses and places of a chunk of people.
#include "chunk_work.hpp"

#include <limits>

namespace persona {
namespace {

// All parts of one person's identity come from these three draws, so they agree.
constexpr std::uint64_t given_stream = stream_id("persona identity: given name");
constexpr std::uint64_t surname_stream = stream_id("persona identity: surname");
constexpr std::uint64_t place_stream = stream_id("persona identity: place");

std::int64_t identity_code(const double* codes, std::size_t i) {
  return codes == nullptr || codes[i] != codes[i] ? -1 : static_cast<std::int64_t>(codes[i]);
}

double identity_age(const double* ages, std::size_t i) {
  return ages == nullptr ? std::numeric_limits<double>::quiet_NaN() : ages[i];
}

}  // namespace

void ChunkSampler::Work::draw_identity(std::size_t attribute) {
  const CompiledIdentity& identity = compiled.identity;
  const IdentityModel& model = *identity.model;
  const auto part = std::get<Identity>(compiled.attributes[attribute].laws.front().distribution).part;
  const auto numbers_of = [&](int of) { return of < 0 ? nullptr : true_numbers(static_cast<std::size_t>(of)); };
  const double *sex = numbers_of(identity.sex), *age = numbers_of(identity.age), *origin = numbers_of(identity.origin),
               *place = numbers_of(identity.place);
  const auto word = [&](std::uint64_t stream, std::size_t i) {
    return threefry::word(source->key(stream, Purpose::value), rows[i]);
  };
  const auto given = [&](std::size_t i) {
    return model.given(identity_code(sex, i), identity_age(age, i), identity_code(origin, i), word(given_stream, i));
  };
  const auto surname = [&](std::size_t i) { return model.surname(identity_code(origin, i), word(surname_stream, i)); };
  const auto where = [&](std::size_t i) { return model.place(identity_code(place, i), word(place_stream, i)); };

  const std::size_t n = rows.count;
  if (part == IdentityPart::full_name || part == IdentityPart::email) {
    auto* packed = static_cast<std::uint64_t*>(slots[attribute].values);
    for (std::size_t i = 0; i < n; ++i)
      packed[i] = static_cast<std::uint64_t>(given(i)) << 32 | static_cast<std::uint32_t>(surname(i));
    return;
  }
  for (std::size_t i = 0; i < n; ++i) {
    switch (part) {
      case IdentityPart::given_name: values[i] = given(i); break;
      case IdentityPart::surname: values[i] = surname(i); break;
      case IdentityPart::city: values[i] = model.city_of(where(i)); break;
      case IdentityPart::state: values[i] = model.state_of(where(i)); break;
      case IdentityPart::postal_code: values[i] = model.postal_code_of(where(i)); break;
      case IdentityPart::full_name:
      case IdentityPart::email: break;
    }
  }
  store(attribute, values);
}

void append_identity_text(const PopulationModel::Compiled& compiled, std::size_t attribute, std::uint64_t slot,
                          std::uint64_t index, std::string& out) {
  const auto given = static_cast<std::int32_t>(slot >> 32), surname = static_cast<std::int32_t>(slot & 0xffffffffu);
  const auto part = std::get<Identity>(compiled.attributes[attribute].laws.front().distribution).part;
  if (part == IdentityPart::full_name)
    compiled.identity.model->append_full_name(out, given, surname);
  else
    compiled.identity.model->append_email(out, given, surname, index, threefry::word({slot, given_stream, 0}, index));
}

}  // namespace persona
