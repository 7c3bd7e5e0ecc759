//! The name table made ready for the attributes that names agree with.
#include "column_build.hpp"
#include "compile.hpp"

namespace persona {
namespace {

const Identity* identity_of(const Attribute& attribute) {
  return attribute.distribution.has_value() ? std::get_if<Identity>(&*attribute.distribution) : nullptr;
}

std::vector<std::string> codes_as_labels(const CompiledModel& model, int attribute) {
  if (attribute < 0) return {};
  const Field& field = model.attributes[static_cast<std::size_t>(attribute)].field;
  if (field.type == ColumnType::boolean) return {"false", "true"};
  return field.labels ? *field.labels : std::vector<std::string>();
}

NameDictionary dictionary_of(const IdentityModel& model, IdentityPart part) {
  switch (part) {
    case IdentityPart::given_name: return model.given_names();
    case IdentityPart::surname: return model.surnames();
    case IdentityPart::city: return model.cities();
    case IdentityPart::state: return model.states();
    case IdentityPart::postal_code: return model.postal_codes();
    case IdentityPart::full_name:
    case IdentityPart::email: break;
  }
  return nullptr;
}

}  // namespace

Status compile_identity(CompiledModel& model, const NameTable& names) {
  const Identity* any = nullptr;
  for (const Attribute& attribute : model.flat.attributes)
    if (any == nullptr) any = identity_of(attribute);
  if (any == nullptr) return {};

  CompiledIdentity& identity = model.identity;
  const auto index = [&](const std::string& name) { return name.empty() ? -1 : find_attribute(model, name); };
  identity.sex = index(any->sex), identity.age = index(any->age);
  identity.origin = index(any->origin), identity.place = index(any->place);
  const IdentityLabels labels{codes_as_labels(model, identity.sex), codes_as_labels(model, identity.origin),
                              codes_as_labels(model, identity.place), identity.age >= 0, model.flat.year};
  identity.model = std::make_shared<const IdentityModel>(names, labels);
  model.names_hash = names.hash();
  for (const std::string& note : identity.model->notes()) model.report.notes.push_back(note);

  for (std::size_t i = 0; i < model.attributes.size(); ++i) {
    const Identity* own = identity_of(model.flat.attributes[i]);
    if (own == nullptr || model.attributes[i].field.type != ColumnType::category) continue;
    model.attributes[i].field.labels = dictionary_of(*identity.model, own->part);
    model.attributes[i].field.code_bytes = code_bytes_for(model.attributes[i].field.labels->size());
  }
  return {};
}

}  // namespace persona
