//! Demos: drawn from the data, or made by running the program.
#pragma once

#include "proposals.hpp"

#include <persona/prompt/optimizer.hpp>

#include <vector>

namespace persona::prompt {

//! One list for each predictor.
using DemoSets = std::vector<std::vector<Demo>>;

//! `count` examples for each predictor, drawn from those not in `without`.
DemoSets labeled_demos(const Task& task, std::size_t count, Dice& dice, const std::vector<std::string>& without = {});

//! The same, as many of each expected answer as can be: where answers are few, all of them are shown.
DemoSets balanced_demos(const Task& task, std::size_t count, Dice& dice, const std::vector<std::string>& without = {});

struct Bootstrap {
  DemoSets demos = {};                 //!< bootstrapped ones first, then labeled ones
  std::vector<std::string> used = {};  //!< ids
  bool is_complete = true;             //!< false: budget, stop or outage
};

struct BootstrapPlan {
  std::size_t bootstrapped = 4, labeled = 16;
  int rounds = 1;
  double threshold = 1;
  bool is_balanced = false;  //!< the labeled ones
};

//! Runs the teacher on examples in the given order until enough went well; a run's steps become demos.
//! @errors as `evaluate_items`
Result<Bootstrap> bootstrap(const Task& task, const Dataset& order, const BootstrapPlan& plan, Session& session,
                            Dice& dice, const Context& context);

//! The program's predictors with these demos.
std::vector<Predictor> with_demos(std::vector<Predictor> predictors, const DemoSets& demos);

}  // namespace persona::prompt
