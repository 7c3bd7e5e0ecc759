//! Measures without a law of their own: the matrix of correlations, and constraints.
#include "fidelity_measure.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numeric>

namespace persona {

namespace {

constexpr std::size_t most_matrix_attributes = 40;

bool has_numbers(const Field& field) {
  if (field.type == ColumnType::category) return field.ordered;
  return field.type != ColumnType::text && field.type != ColumnType::list;
}

//! Every pair over the people of whom both are known: sums of a b, a, a a, and how many they are.
class MatrixMeasure final : public FidelityMeasure {
 public:
  explicit MatrixMeasure(const Compiled& model) : model_(model) {
    for (std::size_t i = 0; i < model.attributes.size() && attributes_.size() < most_matrix_attributes; ++i)
      if (has_numbers(model.attributes[i].field)) {
        attributes_.push_back(i);
        scores_.push_back(ordinal_scores(model.attributes[i]));
      }
    const auto d = static_cast<Eigen::Index>(attributes_.size());
    products_ = sums_ = squares_ = people_ = Eigen::MatrixXd::Zero(d, d);
    center_ = Eigen::VectorXd::Zero(d);
    scale_ = Eigen::VectorXd::Ones(d);
  }

  FidelityMeasurePtr clone() const override { return std::make_unique<MatrixMeasure>(*this); }

  void calibrate(const FidelityBlock& block) override {
    const Eigen::MatrixXd z = standardized(block, nullptr);
    for (Eigen::Index j = 0; j < z.cols(); ++j) {
      const auto known = z.col(j).array() == z.col(j).array();
      const double n = std::max<double>(static_cast<double>(known.count()), 1);
      center_[j] = known.select(z.col(j).array(), 0).sum() / n;
      const double sd = std::sqrt(known.select((z.col(j).array() - center_[j]).square(), 0).sum() / n);
      scale_[j] = sd > 0 ? sd : 1;
    }
  }

  void add(const FidelityBlock& block) override {
    Eigen::MatrixXd known;
    Eigen::MatrixXd z = standardized(block, &known);
    products_.noalias() += z.transpose() * z;
    if (known.sum() == static_cast<double>(known.size())) {
      const auto d = z.cols();
      people_.array() += static_cast<double>(block.rows);
      sums_ += z.colwise().sum().transpose().replicate(1, d);
      squares_ += z.cwiseAbs2().colwise().sum().transpose().replicate(1, d);
    } else {
      people_.noalias() += known.transpose() * known;
      sums_.noalias() += z.transpose() * known;
      squares_.noalias() += z.cwiseAbs2().transpose() * known;
    }
  }

  void report(FidelityReport& report) const override {
    for (const std::size_t i : attributes_) report.numeric.push_back(model_.attributes[i].field.name);
    const Eigen::Index d = products_.rows();
    for (Eigen::Index i = 0; i < d; ++i)
      for (Eigen::Index j = 0; j < d; ++j) {
        const double n = people_(i, j), mean_i = sums_(i, j) / n, mean_j = sums_(j, i) / n;
        const double spread = (squares_(i, j) / n - mean_i * mean_i) * (squares_(j, i) / n - mean_j * mean_j);
        report.correlation.push_back(i == j ? 1 : (products_(i, j) / n - mean_i * mean_j) / std::sqrt(spread));
      }
  }

 private:
  //! Columns in standard units; missing as 0 and told in `known`, or as NaN where that is null.
  Eigen::MatrixXd standardized(const FidelityBlock& block, Eigen::MatrixXd* known) const {
    const auto n = static_cast<Eigen::Index>(block.rows);
    Eigen::MatrixXd z(n, static_cast<Eigen::Index>(attributes_.size()));
    if (known != nullptr) known->resizeLike(z);
    for (std::size_t k = 0; k < attributes_.size(); ++k) {
      const auto column = static_cast<Eigen::Index>(k);
      const double* x = block.columns[attributes_[k]];
      for (Eigen::Index i = 0; i < n; ++i) {
        const bool missing = std::isnan(x[i]);
        double value = x[i];
        if (!missing && !scores_[k].empty())
          value = scores_[k][std::min(static_cast<std::size_t>(value), scores_[k].size() - 1)];
        value = (value - center_[column]) / scale_[column];
        z(i, column) = missing && known != nullptr ? 0 : value;
        if (known != nullptr) (*known)(i, column) = missing ? 0 : 1;
      }
    }
    return z;
  }

  const Compiled& model_;
  std::vector<std::size_t> attributes_;
  std::vector<std::vector<double>> scores_;
  Eigen::MatrixXd products_, sums_, squares_, people_;
  Eigen::VectorXd center_, scale_;
};

//! Nobody may break it. Where something it reads is missing and it does not hold, it is undecided.
class ConstraintMeasure final : public FidelityMeasure {
 public:
  ConstraintMeasure(const Compiled& model, std::size_t constraint)
      : bound_(model.expressions[model.constraints[constraint]]),
        reason_(constraint < model.spec.constraints.size() ? model.spec.constraints[constraint].reason : "") {}

  FidelityMeasurePtr clone() const override { return std::make_unique<ConstraintMeasure>(*this); }

  void add(const FidelityBlock& block) override {
    std::vector<std::uint32_t> rows(block.rows);
    std::iota(rows.begin(), rows.end(), 0U);
    const auto holds = expression_values(bound_, block, rows);
    for (std::size_t i = 0; i < block.rows; ++i) {
      const bool satisfied = !std::isnan(holds[i]) && holds[i] != 0;
      if (!satisfied && is_undecided(block, i)) continue;
      ++people_;
      satisfied_ += satisfied ? 1 : 0;
    }
  }

  void report(FidelityReport& report) const override {
    FidelityLine line;
    line.kind = FidelityKind::constraint;
    line.name = bound_.expression.text();
    line.measure = "share";
    line.asked = line.target = 1;
    line.rows = people_;
    line.achieved = people_ > 0 ? static_cast<double>(satisfied_) / static_cast<double>(people_) : 1;
    line.p_value = satisfied_ == people_ ? 1 : 0;
    line.note = satisfied_ == people_       ? reason_
                : people_ - satisfied_ == 1 ? "1 person breaks it"
                                            : std::to_string(people_ - satisfied_) + " people break it";
    report.lines.push_back(std::move(line));
  }

 private:
  bool is_undecided(const FidelityBlock& block, std::size_t row) const {
    return std::any_of(bound_.inputs.begin(), bound_.inputs.end(),
                       [&](std::size_t input) { return std::isnan(block.columns[input][row]); });
  }

  const BoundExpression& bound_;
  std::string reason_;
  std::int64_t people_ = 0, satisfied_ = 0;
};

}  // namespace

FidelityMeasurePtr measure_matrix(const Compiled& model) {
  return std::make_unique<MatrixMeasure>(model);
}

FidelityMeasurePtr measure_constraint(const Compiled& model, std::size_t constraint) {
  return std::make_unique<ConstraintMeasure>(model, constraint);
}

}  // namespace persona
