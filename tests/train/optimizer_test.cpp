// The update rules against Keras 3.15.1 and torch 2.11.0 in double:
// tests/reference/keras_adam.json, ten steps on five numbers. Asked: 1e-13.
#include "train/optimizer.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "core/json.h"
#include "core/temporary_folder.h"

namespace fer {
namespace {

const Json& reference() {
  static const Json json =
      read_json(FERBENCH_TEST_DIR "/reference/keras_adam.json");
  return json;
}

torch::Tensor row(const Json& values) {
  return torch::tensor(values.get<std::vector<double>>(), torch::kDouble);
}

OptimizerKind kind_of(const std::string& name) {
  if (name == "Adam") return OptimizerKind::kAdam;
  return name == "AdamW" ? OptimizerKind::kAdamW : OptimizerKind::kSgd;
}

/// The library's defaults, then the options of the setting.
OptimizerConfig config_of(const std::string& library, const Json& setting) {
  const bool keras = library == "keras";
  OptimizerConfig c;
  c.name = kind_of(setting["optimizer"]);
  c.variant = keras ? AdamVariant::kKeras : AdamVariant::kTorch;
  c.epsilon = keras ? 1e-7 : 1e-8;
  c.learning_rate = c.name == OptimizerKind::kSgd ? 0.01 : 1e-3;
  if (c.name == OptimizerKind::kAdamW) c.weight_decay = keras ? 0.004 : 0.01;
  for (const auto& [key, value] : setting["options"].items()) {
    if (key == "learning_rate" || key == "lr") {
      c.learning_rate = value;
    } else if (key == "epsilon" || key == "eps") {
      c.epsilon = value;
    } else if (key == "beta_1") {
      c.beta_1 = value;
    } else if (key == "beta_2") {
      c.beta_2 = value;
    } else if (key == "betas") {
      c.beta_1 = value[0];
      c.beta_2 = value[1];
    } else if (key == "momentum") {
      c.momentum = value;
    } else if (key == "nesterov") {
      c.nesterov = value;
    } else if (key == "weight_decay") {
      c.weight_decay = value;
    } else {
      ADD_FAILURE() << "no setting of ours for " << key;
    }
  }
  return c;
}

enum class Rate { kNumber, kTensor };

void expect_ten_steps(const std::string& library, const std::string& name,
                      Rate rate) {
  const Json& setting = reference()[library][name];
  const OptimizerConfig config = config_of(library, setting);
  const torch::Tensor w = row(reference()["start"]).requires_grad_();
  Optimizer optimizer(config, {{"w", w}});
  if (rate == Rate::kTensor) optimizer.use_tensor_rate();
  for (size_t step = 1; step <= 10; ++step) {
    if (setting.contains("halve_after") &&
        step == setting["halve_after"].get<size_t>() + 1) {
      optimizer.set_learning_rate(config.learning_rate / 2);
    }
    w.mutable_grad() = row(reference()["gradients"][step - 1]);
    optimizer.step();
    const torch::Tensor expected = row(setting["values"][step - 1]);
    EXPECT_LT((w.detach() - expected).abs().max().item<double>(), 1e-13)
        << library << " " << name << ", step " << step;
  }
}

class KerasRule : public testing::TestWithParam<const char*> {};
TEST_P(KerasRule, IsFollowedForTenSteps) {
  expect_ten_steps("keras", GetParam(), Rate::kNumber);
}
TEST_P(KerasRule, IsFollowedWithTheRateInATensor) {
  expect_ten_steps("keras", GetParam(), Rate::kTensor);
}
// Not claimed: sgd_nesterov_halved (Keras's momentum buffer holds the old
// learning rate after a change), adam_weight_decay and sgd_weight_decay (Keras
// decays decoupled, we add to the gradient as torch does), adam_amsgrad,
// adam_clipnorm (per tensor).
INSTANTIATE_TEST_SUITE_P(
    SgdOnlyAtAConstantRate, KerasRule,
    testing::Values("adam_defaults", "adam_options", "adam_halved",
                    "adamw_defaults", "adamw_options", "adamw_halved",
                    "sgd_plain", "sgd_momentum", "sgd_nesterov"),
    [](const auto& each) { return std::string(each.param); });

class TorchRule : public testing::TestWithParam<const char*> {};
TEST_P(TorchRule, IsFollowedForTenSteps) {
  expect_ten_steps("torch", GetParam(), Rate::kNumber);
}
TEST_P(TorchRule, IsFollowedWithTheRateInATensor) {
  expect_ten_steps("torch", GetParam(), Rate::kTensor);
}
INSTANTIATE_TEST_SUITE_P(
    WithoutAmsgradAndDampening, TorchRule,
    testing::Values("adam_defaults", "adam_keras_epsilon", "adam_options",
                    "adam_weight_decay", "adam_halved", "adamw_defaults",
                    "adamw_options", "adamw_halved", "sgd_plain",
                    "sgd_momentum", "sgd_nesterov", "sgd_nesterov_halved",
                    "sgd_weight_decay"),
    [](const auto& each) { return std::string(each.param); });

OptimizerConfig simple(OptimizerKind kind) {
  OptimizerConfig config;
  config.name = kind;
  config.learning_rate = 0.01;
  config.momentum = 0.9;
  return config;
}

class EveryOptimizer : public testing::TestWithParam<OptimizerKind> {
 protected:
  static void run(Optimizer& optimizer, const torch::Tensor& w, size_t first,
                  size_t last) {
    for (size_t step = first; step <= last; ++step) {
      w.mutable_grad() =
          row(reference()["gradients"][step - 1]).to(torch::kFloat);
      optimizer.step();
    }
  }
  static torch::Tensor start() {
    return row(reference()["start"]).to(torch::kFloat).requires_grad_();
  }
};

TEST_P(EveryOptimizer, GoesOnToTheBitFromASavedState) {
  const torch::Tensor whole = start();
  Optimizer unbroken(simple(GetParam()), {{"w", whole}});
  run(unbroken, whole, 1, 10);

  const torch::Tensor part = start();
  Optimizer before(simple(GetParam()), {{"w", part}});
  run(before, part, 1, 5);
  const torch::Tensor resumed = part.detach().clone().requires_grad_();
  Optimizer after(simple(GetParam()), {{"w", resumed}});
  after.load_state(before.state(), before.steps());
  EXPECT_EQ(after.steps(), 5);
  run(after, resumed, 6, 10);
  EXPECT_TRUE(resumed.equal(whole));
  EXPECT_EQ(after.steps(), 10);
}

TEST_P(EveryOptimizer, CopiesTheStateItLoads) {
  const torch::Tensor w = start();
  Optimizer one(simple(GetParam()), {{"w", w}});
  run(one, w, 1, 2);
  const torch::Tensor other = start();
  Optimizer two(simple(GetParam()), {{"w", other}});
  two.load_state(one.state(), 2);
  const torch::Tensor kept = one.state()[0].second.clone();
  run(two, other, 3, 4);
  EXPECT_TRUE(one.state()[0].second.equal(kept));
}

TEST_P(EveryOptimizer, LeavesParametersWithoutAGradientAlone) {
  OptimizerConfig config = simple(GetParam());
  config.weight_decay = 0.1;
  const torch::Tensor w = start(), frozen = start();
  Optimizer optimizer(config, {{"frozen", frozen}, {"w", w}});
  // It moves once, so that momentum could carry it on.
  frozen.mutable_grad() = torch::ones({5});
  run(optimizer, w, 1, 1);
  frozen.mutable_grad() = torch::Tensor();
  const torch::Tensor before = frozen.detach().clone();
  run(optimizer, w, 2, 3);
  EXPECT_TRUE(frozen.equal(before));
  EXPECT_FALSE(before.equal(start()));
  EXPECT_FALSE(w.equal(start()));
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryOptimizer,
                         testing::Values(OptimizerKind::kAdam,
                                         OptimizerKind::kAdamW,
                                         OptimizerKind::kSgd),
                         [](const auto& each) {
                           return std::string(word(each.param));
                         });

TEST(Optimizer, NamesItsState) {
  const torch::Tensor a = torch::zeros({2}).requires_grad_();
  const torch::Tensor b = torch::zeros({3}).requires_grad_();
  std::vector<std::string> names;
  for (const auto kind : {OptimizerKind::kAdam, OptimizerKind::kSgd}) {
    for (const auto& item :
         Optimizer(simple(kind), {{"a", a}, {"b", b}}).state()) {
      names.push_back(item.first);
    }
  }
  EXPECT_EQ(names,
            (std::vector<std::string>{"a/mean", "a/square", "b/mean",
                                      "b/square", "a/momentum", "b/momentum"}));
}

TEST(Optimizer, RefusesAForeignState) {
  const torch::Tensor w = torch::zeros({2}).requires_grad_();
  Optimizer adam(simple(OptimizerKind::kAdam), {{"w", w}});
  Optimizer sgd(simple(OptimizerKind::kSgd), {{"w", w}});
  EXPECT_EQ(error_text([&] { adam.load_state(sgd.state(), 1); }),
            "[optimizer] expected 2 state tensors; got 1. The checkpoint "
            "belongs to another optimizer.");
  auto state = adam.state();
  state[1].first = "v/square";
  EXPECT_EQ(error_text([&] { adam.load_state(state, 1); }),
            "[optimizer] expected the state 'w/square'; got 'v/square' or "
            "another shape. The checkpoint belongs to another optimizer or "
            "model.");
  state = adam.state();
  state[0].second = torch::zeros({3});
  EXPECT_EQ(error_text([&] { adam.load_state(state, 1); }),
            "[optimizer] expected the state 'w/mean'; got 'w/mean' or another "
            "shape. The checkpoint belongs to another optimizer or model.");
}

TEST(Optimizer, ForgetsGradientsWhenAsked) {
  const torch::Tensor w = torch::zeros({2}).requires_grad_();
  w.mutable_grad() = torch::ones({2});
  Optimizer optimizer(simple(OptimizerKind::kSgd), {{"w", w}});
  optimizer.zero_grad();
  EXPECT_FALSE(w.grad().defined());
}

TEST(ClipGradients, ScalesTheCommonNormDownToTheLimit) {
  // (3, 0) and (0, 4) have the common norm 5; limit 1 divides both by 5. The
  // norm carries torch's 1e-6 against division by zero.
  const torch::Tensor a = torch::zeros({2}).requires_grad_();
  const torch::Tensor b = torch::zeros({2}).requires_grad_();
  const torch::Tensor unused = torch::zeros({2}).requires_grad_();
  Optimizer optimizer(simple(OptimizerKind::kSgd),
                      {{"a", a}, {"b", b}, {"unused", unused}});
  a.mutable_grad() = torch::tensor({3.0f, 0.0f});
  b.mutable_grad() = torch::tensor({0.0f, 4.0f});
  optimizer.clip_gradients(1.0);
  EXPECT_NEAR(a.grad()[0].item<float>(), 0.6, 1e-6);
  EXPECT_NEAR(b.grad()[1].item<float>(), 0.8, 1e-6);
  EXPECT_EQ(a.grad()[1].item<float>(), 0.0f);
  EXPECT_FALSE(unused.grad().defined());
}

TEST(ClipGradients, LeavesSmallGradientsAlone) {
  const torch::Tensor w = torch::zeros({2}).requires_grad_();
  Optimizer optimizer(simple(OptimizerKind::kSgd), {{"w", w}});
  for (const float scale : {1.0f, 0.0f}) {
    w.mutable_grad() = scale * torch::tensor({3.0f, 4.0f});
    const torch::Tensor before = w.grad().clone();
    optimizer.clip_gradients(5.1);
    EXPECT_TRUE(w.grad().equal(before));
  }
}

}  // namespace
}  // namespace fer
