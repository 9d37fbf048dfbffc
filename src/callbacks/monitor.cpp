#include "callbacks/monitor.h"

#include "config/metric_direction.h"
#include "core/error.h"
#include "core/text.h"

namespace fer {
namespace {

Direction own_direction(const std::string& owner, const std::string& metric) {
  if (const auto direction = metric_direction(metric)) return *direction;
  const std::string guess = nearest(metric, monitorable_metrics());
  fail<ConfigError>(
      "[callbacks.{}.monitor] expected a metric with a better direction; got "
      "'{}'.{} Metrics: {}.",
      owner, metric,
      guess.empty() ? "" : fmt::format(" Did you mean '{}'?", guess),
      join(monitorable_metrics(), ", "));
}

Direction resolve(const std::string& owner, const std::string& metric,
                  Direction mode, bool allow_wrong_direction) {
  const Direction own = own_direction(owner, metric);
  if (mode == Direction::kFromMetric) return own;
  if (own != mode && !allow_wrong_direction) {
    fail<ConfigError>(
        "[callbacks.{}.mode] expected {}, because {} is better when {}; got "
        "{}, which takes the worst epoch for the best. Remove mode, or set "
        "allow_wrong_direction: true to do it on purpose.",
        owner, word(own), metric, own == Direction::kMax ? "larger" : "smaller",
        word(mode));
  }
  return mode;
}

}  // namespace

Monitor::Monitor(const std::string& owner, std::string metric, Direction mode,
                 double min_delta, bool allow_wrong_direction)
    : metric_(std::move(metric)),
      direction_(resolve(owner, metric_, mode, allow_wrong_direction)),
      min_delta_(min_delta) {}

double Monitor::value(const EpochLogs& logs) const {
  return *logs.value(metric_);  // checked in the constructor
}

bool Monitor::improves(double value, std::optional<double> reference) const {
  if (!reference) return true;
  return direction_ == Direction::kMin ? value + min_delta_ < *reference
                                       : value - min_delta_ > *reference;
}

}  // namespace fer
