#include "train/fine_tune.h"

#include <algorithm>
#include <limits>
#include <regex>
#include <set>

#include "core/error.h"
#include "core/text.h"
#include "models/layers.h"
#include "train/layer_depth.h"

namespace fer {
namespace {

constexpr int kAlways = std::numeric_limits<int>::max();
constexpr size_t kShownNames = 3;

// "blocks.0.norm1.weight": itself and the parts it stands in.
std::set<std::string> names_of(const NamedTensors& parameters) {
  std::set<std::string> names;
  for (const auto& item : parameters) {
    const std::string& name = item.first;
    for (size_t end = name.find('.'); end != std::string::npos;
         end = name.find('.', end + 1))
      names.insert(name.substr(0, end));
    names.insert(name);
  }
  return names;
}

[[noreturn]] void fail_unmatched(const std::string& pattern,
                                 const NamedTensors& parameters) {
  const std::set<std::string> all = names_of(parameters);
  std::vector<std::string> names(all.begin(), all.end());
  std::ranges::stable_sort(names, {}, [&](const std::string& name) {
    return edit_distance(pattern, name);
  });
  names.resize(std::min(names.size(), kShownNames));
  fail<DataError>(
      "[train] expected patterns that match a parameter's name from its start; "
      "got '{}', which matches no parameter; nearest names: {} "
      "(train.fine_tune.freeze). Mend the pattern, or remove it.",
      pattern, join(names, ", "));
}

// Whether the layer has parameters, and none of them trains.
bool all_frozen(const torch::nn::Module& layer) {
  const auto own = layer.parameters(/*recurse=*/false);
  return !own.empty() &&
         std::ranges::none_of(own, &torch::Tensor::requires_grad);
}

}  // namespace

FineTune::FineTune(const FineTuneConfig& config, const std::string& name,
                   Model& model, int epochs)
    : config_(config),
      model_(model),
      parameters_(named_parameters(model)),
      last_frozen_(parameters_.size()),
      scales_(
          layer_scales(layer_depths(name, parameters_), config.layer_decay)) {
  for (const auto& [pattern, count] : config.freeze) {
    const std::regex rule(pattern);
    const int last = count == 0 ? kAlways : static_cast<int>(count);
    bool matched = false;
    for (size_t i = 0; i < parameters_.size(); ++i) {
      if (!std::regex_search(parameters_[i].first, rule,
                             std::regex_constants::match_continuous))
        continue;
      matched = true;
      last_frozen_[i] = std::max(last_frozen_[i], last);
    }
    if (!matched) fail_unmatched(pattern, parameters_);
  }
  check(epochs);
}

// Patterns only ever set parameters free: the first epoch has the fewest.
void FineTune::check(int epochs) const {
  if (count_training(1) > 0) return;
  const int first = *std::ranges::min_element(last_frozen_);
  fail<DataError>(
      "[train] expected something to train in every epoch; got patterns that "
      "freeze all {} parameters in epochs 1 to {} (train.fine_tune.freeze). "
      "Leave the head out: \"(?!head)\", for example.",
      parameters_.size(), std::min(first, epochs));
}

bool FineTune::frozen(size_t parameter, int epoch) const {
  return epoch <= last_frozen_[parameter];
}

size_t FineTune::count_training(int epoch) const {
  size_t count = 0;
  for (size_t i = 0; i < parameters_.size(); ++i) count += !frozen(i, epoch);
  return count;
}

std::string FineTune::begin_epoch(int epoch) {
  model_.train();
  for (size_t i = 0; i < parameters_.size(); ++i)
    parameters_[i].second.set_requires_grad(!frozen(i, epoch));
  for (const auto& layer : model_.modules(/*include_self=*/false)) {
    if (dynamic_cast<const BatchNorm*>(layer.get()) &&
        (config_.freeze_batch_norm || all_frozen(*layer)))
      layer->eval();
  }
  const size_t now = count_training(epoch);
  const size_t before = epoch == 1 ? parameters_.size()  // none is frozen
                                   : count_training(epoch - 1);
  if (now == before) return "";
  return fmt::format("epoch {}: {} of {} parameter tensors train", epoch, now,
                     parameters_.size());
}

}  // namespace fer
