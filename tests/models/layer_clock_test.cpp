#include "models/layer_clock.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include <thread>

#include "models/chain.h"
#include "models/registry.h"

namespace fer {
namespace {

void sleep_for(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

// Sleeps, and has a layer inside that sleeps, too.
class Sleeper final : public Layer {
 public:
  explicit Sleeper(double seconds, std::shared_ptr<Layer> inner = nullptr)
      : Layer("Sleeper"), seconds_(seconds), inner_(std::move(inner)) {
    if (inner_) register_module("inner", inner_);
  }
  torch::Tensor forward(const torch::Tensor& x) override {
    sleep_for(seconds_);
    return inner_ ? (*inner_)(x) : x;
  }

 private:
  double seconds_;
  std::shared_ptr<Layer> inner_;
};

class Sleepers final : public Chain {
 public:
  Sleepers() {
    add<Sleeper>("outer", 0.02, std::make_shared<Sleeper>(0.05));
    add<Flatten>("flatten");
  }
};

TEST(LayerClock, GivesALayerItsTimeWithoutThatOfLayersInside) {
  Sleepers model;
  const LayerClock clock(model);
  model.forward(at::zeros({1, 1, 2, 2}));
  model.forward(at::zeros({1, 1, 2, 2}));
  ASSERT_EQ(clock.entries().size(), 3u);
  const auto& outer = clock.entries()[0];
  const auto& inner = clock.entries()[1];
  EXPECT_EQ(outer.name, "outer");
  EXPECT_EQ(inner.name, "outer.inner");
  EXPECT_EQ(outer.kind, "Sleeper");
  EXPECT_EQ(outer.calls, 2);
  EXPECT_GE(outer.seconds, 0.04);
  EXPECT_GE(inner.seconds, 0.10);
  // Less than both together: 0.14 s.
  EXPECT_LT(outer.seconds, 0.10);
  EXPECT_EQ(clock.entries()[2].name, "flatten");
}

TEST(LayerClock, CountsNothingAfterItsEnd) {
  Sleepers model;
  { const LayerClock clock(model); }
  model.forward(at::zeros({1, 1, 2, 2}));
  const LayerClock clock(model);
  EXPECT_TRUE(clock.entries().empty());
}

}  // namespace
}  // namespace fer
