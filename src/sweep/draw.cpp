#include "sweep/draw.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/error.h"
#include "core/hash.h"
#include "core/philox.h"

namespace fer {
namespace {

using Kind = Dimension::Kind;

// A stream of its own beside those of training (core/philox.h).
constexpr auto kSweepPurpose = static_cast<Purpose>(0x73776570);  // "swep"

Philox stream(const std::string& setting, uint64_t seed, uint32_t draw) {
  const std::string digits = sha256(setting).substr(0, 8);
  const auto name = static_cast<uint32_t>(std::stoul(digits, nullptr, 16));
  return {seed, draw, name, kSweepPurpose};
}

// [0, 1) with 53 bits.
double uniform(Philox& random) {
  const uint64_t high = random.next();
  return static_cast<double>((high << 32 | random.next()) >> 11) * 0x1p-53;
}

// Four digits, and more where the bounds share their first ones: 0.9995 to
// 0.9999 has more than five values.
std::string rounded(double value, double low, double high) {
  const double ratio = std::max(std::abs(low), std::abs(high)) / (high - low);
  const int digits = 4 + std::max(0, static_cast<int>(std::log10(ratio)) - 1);
  const double shorter = std::stod(fmt::format("{:.{}g}", value, digits));
  return fmt::format("{}", std::clamp(shorter, low, high));
}

std::vector<TrialSettings> draw_random(const SweepConfig& config,
                                       const std::vector<Dimension>& space) {
  const auto wanted = static_cast<size_t>(config.trials);
  std::vector<TrialSettings> trials;
  std::set<TrialSettings> seen;
  // A small space of lists runs out: then the draws soon bring nothing new.
  const auto most = static_cast<uint32_t>(100 * wanted + 1000);
  for (uint32_t draw = 0; draw < most && trials.size() < wanted; ++draw) {
    TrialSettings trial;
    for (const Dimension& dimension : space) {
      trial.emplace_back(
          dimension.setting,
          draw_value(dimension, static_cast<uint64_t>(config.seed), draw));
    }
    if (seen.insert(trial).second) trials.push_back(std::move(trial));
  }
  return trials;
}

size_t grid_size(const std::vector<Dimension>& space) {
  size_t size = 1;
  for (const Dimension& dimension : space) {
    if (dimension.kind != Kind::kChoice) {
      fail<ConfigError>(
          "{}: {}: a grid needs a list of values; got a range. Write a list, "
          "or search: random.",
          dimension.where, dimension.setting);
    }
    size *= dimension.choices.size();
    if (size > kMaxTrials) {
      fail<ConfigError>(
          "[sweep] expected a grid of at most {} trials; got more (space). "
          "Write shorter lists, or search: random.",
          kMaxTrials);
    }
  }
  return size;
}

std::vector<TrialSettings> all_combinations(
    const std::vector<Dimension>& space) {
  std::vector<TrialSettings> trials(grid_size(space));
  for (size_t i = 0; i < trials.size(); ++i) {
    size_t rest = i;
    for (auto dimension = space.rbegin(); dimension != space.rend();
         ++dimension) {
      const size_t n = dimension->choices.size();
      trials[i].emplace_back(dimension->setting, dimension->choices[rest % n]);
      rest /= n;
    }
    std::ranges::reverse(trials[i]);
  }
  return trials;
}

}  // namespace

std::string draw_value(const Dimension& dimension, uint64_t seed,
                       uint32_t draw) {
  Philox random = stream(dimension.setting, seed, draw);
  const double low = dimension.low, high = dimension.high;
  switch (dimension.kind) {
    case Kind::kChoice:
      return dimension.choices[random.below(
          static_cast<uint32_t>(dimension.choices.size()))];
    case Kind::kInteger:
      return fmt::format("{}", static_cast<int64_t>(low) +
                                   static_cast<int64_t>(std::floor(
                                       uniform(random) * (high - low + 1))));
    case Kind::kUniform:
      return rounded(low + uniform(random) * (high - low), low, high);
    case Kind::kLogUniform:
      break;
  }
  const double log_low = std::log(low);
  return rounded(
      std::exp(log_low + uniform(random) * (std::log(high) - log_low)), low,
      high);
}

std::vector<TrialSettings> draw_trials(const SweepConfig& config,
                                       const std::vector<Dimension>& space) {
  return config.search == SearchKind::kGrid ? all_combinations(space)
                                            : draw_random(config, space);
}

}  // namespace fer
