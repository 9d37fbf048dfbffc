// "Is it better?": the one place that knows it, for ModelCheckpoint,
// EarlyStopping and ReduceLrOnPlateau (Keras 3's MonitorCallback).
#pragma once

#include <optional>
#include <string>

#include "callbacks/callback.h"
#include "config/sections.h"

namespace fer {

/// A column of history.csv and the direction in which it is better. Holds no
/// best value: that belongs to the callback that watches.
class Monitor {
 public:
  /// `owner`: name of the callback, for messages. `min_delta` >= 0 in the
  /// metric's unit. ConfigError for a metric that has no better direction, and
  /// for a direction against the metric's own unless that is allowed.
  Monitor(const std::string& owner, std::string metric, Direction mode,
          double min_delta = 0.0, bool allow_wrong_direction = false);

  const std::string& metric() const { return metric_; }
  Direction direction() const { return direction_; }  ///< kMin or kMax

  double value(const EpochLogs& logs) const;

  /// min: value + min_delta < reference; max: value - min_delta > reference,
  /// both strict, in double. No reference: true, even for NaN, as in Keras;
  /// with one, NaN is never better, and nothing is better than NaN.
  bool improves(double value, std::optional<double> reference) const;

 private:
  std::string metric_;
  Direction direction_;
  double min_delta_;
};

}  // namespace fer
