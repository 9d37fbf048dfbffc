// EarlyStopping, ReduceLrOnPlateau and ModelCheckpoint against what Keras
// 3.15.1 does on 1,500 generated sequences: tests/reference/keras_callbacks.py
// holds the same generator and made the outcomes.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "callbacks/early_stopping.h"
#include "callbacks/model_checkpoint.h"
#include "callbacks/reduce_lr_on_plateau.h"
#include "core/csv.h"
#include "mock_context.h"

namespace fer {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

class Lcg {
 public:
  explicit Lcg(uint64_t seed) : state_(seed) {}
  int below(uint32_t n) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<int>(static_cast<uint32_t>(state_ >> 33) % n);
  }

 private:
  uint64_t state_;
};

struct Case {
  EarlyStoppingConfig stopping;
  ReduceLrOnPlateauConfig plateau;
  ModelCheckpointConfig checkpoint;
  double rate;
  std::vector<double> values;
};

double make_value(Lcg& rng, int kind, int epoch, bool special) {
  if (special && rng.below(8) == 0) {
    const double values[] = {kNan, kNan, kInfinity, -kInfinity};
    return values[rng.below(4)];
  }
  if (kind == 0) return rng.below(128) / 64.0;
  if (kind == 1) return std::max(40 - epoch, 20) / 16.0 + rng.below(16) / 64.0;
  if (kind == 2) return rng.below(4) / 4.0;
  if (kind == 3) return 1 - epoch * rng.below(3) / 4096.0;
  return 1 + rng.below(8) / 4096.0;
}

std::vector<double> make_values(Lcg& rng, bool mirrored) {
  const int kind = rng.below(5);
  const bool special = rng.below(3) == 0;
  std::vector<double> values(1 + rng.below(60));
  for (size_t i = 0; i < values.size(); ++i) {
    const double value = make_value(rng, kind, static_cast<int>(i), special);
    values[i] = mirrored ? 2 - value : value;
  }
  return values;
}

Case make_case(int index) {
  constexpr double kMinDeltas[] = {0, 0, 1 / 128.0, 1e-4, 0.01, 0.1};
  constexpr double kFactors[] = {0.1, 0.2, 0.5, 0.25, 0.9};
  constexpr double kRates[] = {1e-3, 1e-2, 0.1, 5e-4};
  constexpr double kMinRates[] = {0, 1e-5, 1e-4, 1e-6, 2.5e-4};
  Lcg rng(index + 1);
  for (int i = 0; i < 4; ++i) rng.below(2);
  Case c;
  const bool max = rng.below(2) == 1;
  c.stopping.monitor = c.plateau.monitor = c.checkpoint.monitor =
      max ? "val_accuracy" : "val_loss";
  c.stopping.min_delta = c.plateau.min_delta = kMinDeltas[rng.below(6)];
  c.stopping.patience = c.plateau.patience = rng.below(7);
  if (rng.below(3) == 0) c.stopping.start_from_epoch = rng.below(6);
  if (rng.below(3) == 0) c.stopping.baseline = rng.below(32) / 16.0;
  c.stopping.restore_best = rng.below(2) == 1;
  c.plateau.factor = kFactors[rng.below(5)];
  c.rate = kRates[rng.below(4)];
  c.plateau.min_lr = kMinRates[rng.below(5)];
  c.plateau.cooldown = rng.below(5);
  c.values = make_values(rng, max);
  return c;
}

uint32_t checksum(uint32_t old, const Json& number) {
  return old * 31 + number.get<uint32_t>();
}

std::string stopping_outcome(const Case& c) {
  EarlyStopping callback(c.stopping);
  MockContext context;
  callback.on_train_begin(context);
  uint32_t waits = 0;
  int epoch = 0;
  for (const double value : c.values) {
    context.weights = ++epoch;
    callback.on_epoch_end(context, logs_of(epoch, value));
    waits = checksum(waits, callback.state()["wait"]);
    if (context.stop_requested()) break;
  }
  callback.on_train_end(context);
  return fmt::format("{},{},{},{}", context.stop_requested() ? epoch : 0,
                     callback.state()["best_epoch"].get<int>(), context.weights,
                     waits);
}

struct PlateauOutcome {
  std::string falls;
  double rate;
  std::string checksum;
};

PlateauOutcome plateau_outcome(const Case& c) {
  ReduceLrOnPlateau callback(c.plateau);
  MockContext context;
  context.rate = c.rate;
  callback.on_train_begin(context);
  uint64_t falls = 0;
  uint32_t sums = 0;
  for (size_t i = 0; i < c.values.size(); ++i) {
    const int before = context.rate_sets;
    callback.on_epoch_end(context,
                          logs_of(static_cast<int>(i) + 1, c.values[i]));
    if (context.rate_sets > before) falls |= uint64_t{1} << i;
    const Json state = callback.state();
    sums = checksum(checksum(sums, state["wait"]), state["cooldown"]);
  }
  return {fmt::format("{:x}", falls), context.rate, fmt::format("{}", sums)};
}

std::string saves(const Case& c) {
  ModelCheckpoint callback(c.checkpoint);
  MockContext context;
  callback.on_train_begin(context);
  uint64_t mask = 0;
  for (size_t i = 0; i < c.values.size(); ++i) {
    const size_t before = context.saves.size();
    callback.on_epoch_end(context,
                          logs_of(static_cast<int>(i) + 1, c.values[i]));
    if (context.saves.size() > before) mask |= uint64_t{1} << i;
  }
  return fmt::format("{:x}", mask);
}

class KerasReference : public testing::Test {
 protected:
  KerasReference()
      : table_(read_csv(FERBENCH_TEST_DIR "/reference/keras_callbacks.csv")) {}
  const std::string& at(size_t row, const char* column) const {
    return table_.rows[row][table_.column(column)];
  }
  CsvTable table_;
};

TEST_F(KerasReference, HoldsEnoughCasesOfEveryKind) {
  ASSERT_EQ(table_.rows.size(), 1500u);
  int stops = 0, falls = 0;
  for (size_t i = 0; i < table_.rows.size(); ++i) {
    stops += at(i, "stop") != "0";
    falls += at(i, "falls") != "0";
  }
  EXPECT_GT(stops, 500);
  EXPECT_LT(stops, 1450);
  EXPECT_GT(falls, 500);
}

TEST_F(KerasReference, EarlyStoppingStopsAndRestoresAsKeras) {
  for (int i = 0; i < 1500; ++i) {
    EXPECT_EQ(stopping_outcome(make_case(i)),
              at(i, "stop") + ',' + at(i, "best") + ',' + at(i, "restored") +
                  ',' + at(i, "waits"))
        << "case " << i;
  }
}

TEST_F(KerasReference, ReduceLrOnPlateauFallsAsKeras) {
  for (int i = 0; i < 1500; ++i) {
    const PlateauOutcome ours = plateau_outcome(make_case(i));
    const float rate = std::strtof(at(i, "rate").c_str(), nullptr);
    EXPECT_EQ(ours.falls, at(i, "falls")) << "case " << i;
    EXPECT_EQ(ours.checksum, at(i, "plateau")) << "case " << i;
    EXPECT_EQ(static_cast<float>(ours.rate), rate) << "case " << i;
  }
}

TEST_F(KerasReference, ModelCheckpointSavesAsKeras) {
  for (int i = 0; i < 1500; ++i)
    EXPECT_EQ(saves(make_case(i)), at(i, "saves")) << "case " << i;
}

}  // namespace
}  // namespace fer
