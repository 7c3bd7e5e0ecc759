//! Programs: made, run, saved.
#include <persona/core/hash.hpp>
#include <persona/prompt/program.hpp>

#include "core/text.hpp"
#include "predictor_json.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace persona::prompt {
namespace {

void book_cost(Prediction& prediction, const std::optional<Money>& cost) {
  prediction.cost = prediction.cost && cost ? std::optional(*prediction.cost + *cost) : std::nullopt;
}

// A flow's other model: what it takes is part of the prediction.
class OtherModel final : public llm::LLMProvider {
 public:
  OtherModel(llm::Provider model, Prediction& prediction) : model_(std::move(model)), prediction_(prediction) {}

  std::string name() const override { return model_->name(); }
  llm::Capabilities capabilities(std::string_view model) const override { return model_->capabilities(model); }
  Result<llm::Reply> complete(const llm::Request& request, const Context& context) override {
    auto reply = model_->complete(request, context);
    if (reply) prediction_.latency += reply->total;
    return booked(std::move(reply));
  }
  Result<llm::Embeddings> embed(const llm::EmbedRequest& request, const Context& context) override {
    return booked(model_->embed(request, context));
  }

 private:
  template <class Answer>
  Result<Answer> booked(Result<Answer> answer) {
    ++prediction_.calls;
    if (answer) {
      prediction_.usage += answer->usage;
      book_cost(prediction_, answer->cost);
    } else {
      book_cost(prediction_, answer.error().service ? answer.error().service->cost : std::nullopt);
    }
    return answer;
  }

  llm::Provider model_;
  Prediction& prediction_;
};

// One run of a program against a model.
class ModelRun final : public Run {
 public:
  ModelRun(const Program& program, llm::LLMProvider& model, std::string_view model_name, int sample,
           const Context& context, const Lend& lend)
      : predictors_(program.predictors()),
        most_calls_(program.most_calls()),
        model_(model),
        model_name_(model_name),
        sample_(sample),
        context_(context),
        lend_(lend) {}

  Result<Fields> predict(std::string_view name, const Fields& inputs, const Aside& aside) override {
    const auto found =
        std::find_if(predictors_.begin(), predictors_.end(), [&](const Predictor& p) { return p.name == name; });
    if (found == predictors_.end())
      return fail(Errc::not_found, "the program has no predictor '" + std::string(name) + "'");
    if (!aside.demos) return ask(*found, inputs, aside.note);
    Predictor changed = *found;
    changed.demos = *aside.demos;
    return ask(changed, inputs, aside.note);
  }

  llm::Provider through(const llm::Provider& model, std::string_view model_name) override {
    return std::make_shared<OtherModel>(lend_ ? lend_(model, model_name) : model, prediction);
  }
  void set_sample(int sample) override { sample_ = sample; }
  const Context& context() const override { return context_; }

  Prediction prediction;

 private:
  Result<Fields> ask(const Predictor& predictor, const Fields& inputs, std::string_view note) {
    auto request = render(predictor, inputs, model_name_, note);
    if (!request) return tl::unexpected(request.error());
    if (asked_ >= most_calls_) {
      return fail(Errc::invalid_argument, "the program makes more than the " + std::to_string(most_calls_) +
                                              " calls that it declares (`Program::make`)");
    }
    request->call.sample = sample_;
    if (sample_ > 0 && request->temperature.value_or(1) == 0) request->temperature = 1;
    const auto reply = model_.complete(*request, context_);
    ++asked_;
    ++prediction.calls;
    if (!reply) {
      book_cost(prediction, reply.error().service ? reply.error().service->cost : std::nullopt);
      return tl::unexpected(reply.error());
    }
    book_cost(prediction, reply->cost);
    prediction.usage += reply->usage;
    prediction.latency += reply->total;
    auto outputs = read_reply(predictor, *reply);
    if (outputs) prediction.trace.push_back({predictor.name, inputs, *outputs});
    return outputs;
  }

  const std::vector<Predictor>& predictors_;
  int most_calls_, asked_ = 0;
  llm::LLMProvider& model_;
  std::string_view model_name_;
  int sample_;
  const Context& context_;
  const Lend& lend_;
};

Status check_predictors(const std::vector<Predictor>& predictors) {
  if (predictors.empty()) return fail(Errc::invalid_argument, "a program needs a predictor");
  std::set<std::string_view> names;
  for (const Predictor& predictor : predictors) {
    if (!names.insert(predictor.name).second) {
      return fail(Errc::invalid_argument, "predictor '" + predictor.name + "' stands there twice");
    }
    if (predictor.signature.outputs.empty()) {
      return fail(Errc::invalid_argument, "predictor '" + predictor.name + "' has no output");
    }
    for (const auto* side : {&predictor.signature.inputs, &predictor.signature.outputs}) {
      for (const Field& field : *side) {
        if (field.name.empty())
          return fail(Errc::invalid_argument, "predictor '" + predictor.name + "': a field without a name");
      }
    }
  }
  return {};
}

}  // namespace

Program::Program(std::vector<Predictor> predictors, std::shared_ptr<const Flow> flow, FlowNeeds needs)
    : predictors_(std::move(predictors)), flow_(std::move(flow)), needs_(std::move(needs)) {}

Result<Program> Program::make(std::vector<Predictor> predictors, Flow flow, FlowNeeds needs) {
  if (const auto right = check_predictors(predictors); !right) return tl::unexpected(right.error());
  if (needs.most_calls <= 0) needs.most_calls = static_cast<int>(predictors.size());
  return Program(std::move(predictors), flow ? std::make_shared<const Flow>(std::move(flow)) : nullptr,
                 std::move(needs));
}

Result<Program> Program::with(std::vector<Predictor> predictors) const {
  if (const auto right = check_predictors(predictors); !right) return tl::unexpected(right.error());
  const bool same = std::equal(predictors.begin(), predictors.end(), predictors_.begin(), predictors_.end(),
                               [](const Predictor& a, const Predictor& b) { return a.name == b.name; });
  if (!same) return fail(Errc::invalid_argument, "the predictors of a program keep their names and order");
  return Program(std::move(predictors), flow_, needs_);
}

Result<Prediction> Program::run(llm::LLMProvider& model, std::string_view model_name, const Fields& inputs, int sample,
                                const Context& context, const Lend& lend) const {
  ModelRun run(*this, model, model_name, sample, context, lend);
  auto outputs = flow_ != nullptr ? (*flow_)(run, inputs) : run.predict(predictors_.front().name, inputs, {});
  if (!outputs) return tl::unexpected(outputs.error());
  run.prediction.outputs = *std::move(outputs);
  return std::move(run.prediction);
}

std::string Program::to_json() const {
  Json list = Json::array();
  for (const Predictor& predictor : predictors_) list.push_back(json_of(predictor));
  return print_json_document({{"persona_program", 1}, {"predictors", std::move(list)}});
}

Result<std::vector<Predictor>> parse_predictors(std::string_view json) {
  const auto tree = parse_json_document(json);
  if (!tree) return tl::unexpected(tree.error());
  if (!tree->is_object() || !tree->contains("predictors") || !(*tree)["predictors"].is_array()) {
    return fail(Errc::invalid_argument, "a program is an object with a list 'predictors'", "/predictors");
  }
  if (const auto version = tree->find("persona_program"); version != tree->end() && *version != 1) {
    return fail(Errc::unsupported, "this program was saved by a later version of persona", "/persona_program");
  }
  std::vector<Predictor> predictors;
  for (const Json& item : (*tree)["predictors"]) {
    auto predictor = predictor_from(item, JsonPath() / "predictors" / predictors.size());
    if (!predictor) return tl::unexpected(predictor.error());
    predictors.push_back(*std::move(predictor));
  }
  return predictors;
}

Result<Program> Program::load(std::string_view json) const {
  auto predictors = parse_predictors(json);
  if (!predictors) return tl::unexpected(predictors.error());
  return with(*std::move(predictors));
}

Result<Program> parse_program(std::string_view json) {
  auto predictors = parse_predictors(json);
  if (!predictors) return tl::unexpected(predictors.error());
  if (predictors->size() > 1) {
    return fail(Errc::unsupported,
                "a program of " + std::to_string(predictors->size()) +
                    " predictors needs its flow, which is code: load it into the program that has it",
                "/predictors");
  }
  return Program::make(*std::move(predictors));
}

std::string Program::hash() const {
  return content_hash(to_json());
}

Flow flow_of(const Program& program) {
  if (program.flow_ != nullptr) return *program.flow_;
  return
      [name = program.predictors_.front().name](Run& run, const Fields& inputs) { return run.predict(name, inputs); };
}

}  // namespace persona::prompt
