// What is frozen when, and how fast each layer learns: timm 1.0.31's numbers
// (tests/reference/timm_layer_decay.json), and hand-made ones.
#include "train/fine_tune.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "callbacks/learning_rate_schedule.h"
#include "core/error.h"
#include "core/json.h"
#include "core/temporary_folder.h"
#include "models/registry.h"
#include "tiny_model.h"
#include "train/layer_depth.h"
#include "train/step_engine.h"

namespace fer {
namespace {

ModelPtr model_of(const std::string& name, const ModelShape& shape) {
  ModelConfig config;
  config.name = name;
  return find_model(name).make(config, shape);
}

/// Fernet on images of 16 pixels: eight convolutions and two dense layers with
/// batch normalisation, then "logits".
ModelPtr small_fernet() {
  ModelConfig config;
  return make_model(config, {1, 16, 2}, 1);
}

FineTuneConfig freezing(std::map<std::string, double> patterns) {
  FineTuneConfig config;
  config.freeze = std::move(patterns);
  return config;
}

/// All that makes the model's answers, copied.
NamedTensors copy_of(const Model& model) {
  NamedTensors copy;
  for (const auto& [name, tensor] : named_tensors(model))
    copy.emplace_back(name, tensor.detach().clone());
  return copy;
}

class TimmModel : public testing::TestWithParam<const char*> {
 protected:
  const Json& timm() const {
    static const Json json =
        read_json(FERBENCH_TEST_DIR "/reference/timm_layer_decay.json");
    return json.at(GetParam());
  }
};

// AdamW with gradients of zero moves by the decay alone: a weight of one
// becomes 1 - rate * scale * decay.
TEST_P(TimmModel, HasTimmsScalesAndDecays) {
  const ModelPtr model = model_of(GetParam(), {3, 224, 7});
  FineTuneConfig config;
  config.layer_decay = 0.75;
  const FineTune fine_tune(config, GetParam(), *model, 1);
  OptimizerConfig adamw;
  adamw.name = OptimizerKind::kAdamW;
  adamw.learning_rate = 0.5;
  adamw.weight_decay = 0.5;
  adamw.decay_vectors = false;
  const NamedTensors parameters = named_parameters(*model);
  Optimizer optimizer(adamw, parameters, fine_tune.rate_scales());
  {
    const torch::NoGradGuard guard;
    for (const auto& item : parameters) {
      item.second.fill_(1.0);
      item.second.mutable_grad() = torch::zeros_like(item.second);
    }
  }
  optimizer.step();
  ASSERT_EQ(parameters.size(), timm().size());
  for (size_t i = 0; i < parameters.size(); ++i) {
    const auto& [name, weight] = parameters[i];
    const Json& expected = timm().at(name);
    const double scale = expected[0];
    EXPECT_DOUBLE_EQ(fine_tune.rate_scales()[i], scale) << name;
    const double moved = expected[1] == 1 ? 1 - 0.5 * scale * 0.5 : 1.0;
    EXPECT_FLOAT_EQ(weight.flatten()[0].item<float>(),
                    static_cast<float>(moved))
        << name;
  }
}
INSTANTIATE_TEST_SUITE_P(Depth, TimmModel,
                         testing::Values("vit_tiny", "resnet18", "resnet50",
                                         "efficientnet_b0"),
                         [](const auto& each) {
                           return std::string(each.param);
                         });

std::map<std::string, int> depths(const std::string& name,
                                  const ModelShape& shape) {
  const ModelPtr model = model_of(name, shape);
  const NamedTensors parameters = named_parameters(*model);
  const std::vector<int> found = layer_depths(name, parameters);
  std::map<std::string, int> result;
  for (size_t i = 0; i < parameters.size(); ++i)
    result[parameters[i].first] = found[i];
  return result;
}

TEST(LayerDepth, OfAPlainNetworkCountsConvolutionsAndDenseLayers) {
  auto fernet = depths("fernet", {1, 48, 2});
  EXPECT_EQ(fernet["block1_conv1.weight"], 0);
  EXPECT_EQ(fernet["block1_conv1.bias"], 0);
  EXPECT_EQ(fernet["block1_bn1.weight"], 0);
  EXPECT_EQ(fernet["block1_conv2.weight"], 1);
  EXPECT_EQ(fernet["block4_bn2.bias"], 7);
  EXPECT_EQ(fernet["dense2_bn.bias"], 9);
  EXPECT_EQ(fernet["logits.bias"], 10);
  EXPECT_EQ(depths("cnn48", {1, 48, 7})["logits.weight"], 5);
}

TEST(LayerDepth, OfKerasVariantsFollowsTheirFamily) {
  // 3 + 4 + 6 + 3 blocks.
  auto v2 = depths("resnet50v2", {3, 32, 7});
  EXPECT_EQ(v2["conv1.bias"], 0);
  EXPECT_EQ(v2["layer4.2.conv3.bias"], 16);
  EXPECT_EQ(v2["post_bn.weight"], 16);
  EXPECT_EQ(v2["fc.weight"], 17);
  auto v1 = depths("resnet50_keras", {3, 48, 2});
  EXPECT_EQ(v1["bn1.weight"], 0);
  EXPECT_EQ(v1["fc.bias"], 17);
  auto b3 = depths("efficientnet_b3_fer", {3, 64, 7});
  EXPECT_EQ(b3["head_bn.weight"], b3["classifier.bias"]);
  EXPECT_EQ(b3["conv_head.weight"], b3["classifier.bias"] - 1);
}

TEST(LayerDepth, ScalesAreOneAtTheHeadAndFallTowardsTheImage) {
  EXPECT_EQ(layer_scales({0, 1, 1, 3}, 0.5),
            (std::vector<double>{0.125, 0.25, 0.25, 1.0}));
  EXPECT_EQ(layer_scales({0, 1}, 1.0), (std::vector<double>{1.0, 1.0}));
}

TEST(FineTune, NamesThePatternThatMatchesNothing) {
  const auto model = std::make_shared<TinyModel>();
  EXPECT_EQ(error_text([&] {
              FineTune(freezing({{"dence", 1}}), "tiny", *model, 3);
            }),
            "[train] expected patterns that match a parameter's name from its "
            "start; got 'dence', which matches no parameter; nearest names: "
            "dense, conv, dense.bias (train.fine_tune.freeze). Mend the "
            "pattern, or remove it.");
  // From the start of a name, not anywhere in it.
  EXPECT_THROW(FineTune(freezing({{"bias", 1}}), "tiny", *model, 3), DataError);
  EXPECT_NO_THROW(FineTune(freezing({{".*bias", 1}}), "tiny", *model, 3));
}

TEST(FineTune, RefusesAnEpochWithNothingToTrain) {
  const auto model = std::make_shared<TinyModel>();
  const auto text = [&](const FineTuneConfig& config) {
    return error_text([&] { FineTune(config, "tiny", *model, 9); });
  };
  EXPECT_EQ(text(freezing({{"conv", 2}, {"dense", 5}})),
            "[train] expected something to train in every epoch; got patterns "
            "that freeze all 4 parameters in epochs 1 to 2 "
            "(train.fine_tune.freeze). Leave the head out: \"(?!head)\", for "
            "example.");
  EXPECT_NE(text(freezing({{"", 0}})).find("epochs 1 to 9"), std::string::npos);
  EXPECT_EQ(text(freezing({{"(?!dense.bias)", 0}})), "no error");
}

std::string training(const Model& model) {
  std::string names;
  for (const auto& [name, parameter] : named_parameters(model))
    if (parameter.requires_grad()) names += name + " ";
  return names;
}

TEST(FineTune, FreezesByPatternAndEpoch) {
  const auto model = std::make_shared<TinyModel>();
  FineTune fine_tune(
      freezing({{"conv", 2}, {"conv\\.bias", 3}, {"dense\\.bias", 0}}), "tiny",
      *model, 9);
  EXPECT_EQ(fine_tune.begin_epoch(1),
            "epoch 1: 1 of 4 parameter tensors train");
  EXPECT_EQ(training(*model), "dense.weight ");
  EXPECT_EQ(fine_tune.begin_epoch(2), "");
  EXPECT_EQ(fine_tune.begin_epoch(3),
            "epoch 3: 2 of 4 parameter tensors train");
  EXPECT_EQ(training(*model), "conv.weight dense.weight ");
  EXPECT_EQ(fine_tune.begin_epoch(4),
            "epoch 4: 3 of 4 parameter tensors train");
  EXPECT_EQ(fine_tune.begin_epoch(9), "");
  EXPECT_EQ(training(*model), "conv.weight conv.bias dense.weight ");
}

TEST(FineTune, WithoutSettingsEverythingTrains) {
  const auto model = std::make_shared<TinyModel>();
  FineTune fine_tune({}, "tiny", *model, 2);
  model->eval();
  EXPECT_EQ(fine_tune.begin_epoch(1), "");
  EXPECT_EQ(training(*model), "conv.weight conv.bias dense.weight dense.bias ");
  EXPECT_TRUE(model->is_training());
  EXPECT_EQ(fine_tune.rate_scales(), (std::vector<double>(4, 1.0)));
}

std::string evaluating(const Model& model) {
  std::string names;
  for (const auto& item : model.named_modules("", /*include_self=*/false))
    if (!item.value()->is_training()) names += item.key() + " ";
  return names;
}

TEST(FineTune, FrozenBatchNormalisationKeepsItsStatistics) {
  const ModelPtr model = small_fernet();
  // Both own parameters, one of two, one by one.
  FineTune fine_tune(freezing({{"block1_bn1", 1},
                               {"block1_bn2.weight", 1},
                               {"block2_bn1.weight", 1},
                               {"block2_bn1.bias", 1},
                               {"block2_conv2", 1}}),
                     "fernet", *model, 3);
  fine_tune.begin_epoch(1);
  EXPECT_EQ(evaluating(*model), "block1_bn1 block2_bn1 ");
  fine_tune.begin_epoch(2);
  EXPECT_EQ(evaluating(*model), "");
}

TEST(FineTune, FreezeBatchNormSpeaksOfAllAndOfStatisticsAlone) {
  const ModelPtr model = small_fernet();
  FineTuneConfig config;
  config.freeze_batch_norm = true;
  FineTune fine_tune(config, "fernet", *model, 3);
  fine_tune.begin_epoch(2);
  EXPECT_EQ(evaluating(*model),
            "block1_bn1 block1_bn2 block2_bn1 block2_bn2 block3_bn1 "
            "block3_bn2 block4_bn1 block4_bn2 dense1_bn dense2_bn ");
  for (const torch::Tensor& parameter : model->parameters())
    EXPECT_TRUE(parameter.requires_grad());
}

/// A model, its optimiser and engine under fine-tune settings.
struct Bench {
  Bench(ModelPtr m, const std::string& name, const FineTuneConfig& config,
        const OptimizerConfig& rule, TrainConfig train = {})
      : model(std::move(m)),
        fine_tune(config, name, *model, 9),
        optimizer(rule, named_parameters(*model), fine_tune.rate_scales()),
        engine(*model, optimizer,
               std::make_unique<Classification>(*model, Loss(0.0, {})), train,
               torch::kCPU) {
    place_model(*model, torch::kCPU, train.channels_last);
  }
  void epoch(int number, int64_t side) {
    fine_tune.begin_epoch(number);
    const torch::Tensor images =
        at::upsample_nearest2d(tiny_images(8).to(torch::kFloat), {side, side});
    for (int i = 0; i < 2; ++i)
      engine.train({images, tiny_labels(8)}, i == 1, metrics);
    RunningMetrics scored;
    engine.score({images, tiny_labels(8)}, scored);
  }

  ModelPtr model;
  FineTune fine_tune;
  Optimizer optimizer;
  StepEngine engine;
  RunningMetrics metrics;
};

TEST(FineTune, TrainsTheHeadAloneAndThenAll) {
  Bench s(small_fernet(), "fernet", freezing({{"(?!logits)", 3}}), {});
  const NamedTensors start = copy_of(*s.model);
  for (int epoch = 1; epoch <= 3; ++epoch) s.epoch(epoch, 16);
  NamedTensors now = named_tensors(*s.model);
  for (size_t i = 0; i < now.size(); ++i) {
    EXPECT_EQ(now[i].second.equal(start[i].second),
              !now[i].first.starts_with("logits."))
        << now[i].first;
  }
  for (const auto& [name, state] : s.optimizer.state()) {
    EXPECT_EQ(state.count_nonzero().item<int64_t>() > 0,
              name.starts_with("logits."))
        << name;
  }
  EXPECT_EQ(s.optimizer.late_clocks().size(),
            named_parameters(*s.model).size() - 2);
  s.epoch(4, 16);
  now = named_tensors(*s.model);
  for (size_t i = 0; i < now.size(); ++i)
    EXPECT_FALSE(now[i].second.equal(start[i].second)) << now[i].first;
}

TEST(FineTune, PredictingLeavesFrozenLayersAsTheyWere) {
  FineTuneConfig config;
  config.freeze_batch_norm = true;
  Bench s(small_fernet(), "fernet", config, {});
  s.epoch(1, 16);
  EXPECT_NE(evaluating(*s.model).find("block1_bn1 "), std::string::npos);
  EXPECT_EQ(evaluating(*s.model).find("dropout"), std::string::npos);
  const NamedTensors start = copy_of(*s.model);
  s.epoch(2, 16);
  for (const auto& item : s.model->named_buffers()) {
    for (const auto& [name, before] : start) {
      if (name != item.key()) continue;
      EXPECT_TRUE(item.value().equal(before)) << name;
    }
  }
}

OptimizerConfig plain_sgd(double rate) {
  OptimizerConfig config;
  config.name = OptimizerKind::kSgd;
  config.learning_rate = rate;
  return config;
}

TEST(FineTune, RateIsScheduleTimesScale) {
  // Two layers and a decay of 1/4. Cosine over 4 epochs after one of warm-up:
  // 0.2 / 2; 0.2; 0.2 (1 + cos(pi / 3)) / 2; 0.2 (1 + cos(2 pi / 3)) / 2.
  const double rates[] = {0.1, 0.2, 0.15, 0.05};
  FineTuneConfig config;
  config.layer_decay = 0.25;
  const auto model = std::make_shared<TinyModel>();
  const FineTune fine_tune(config, "tiny", *model, 4);
  const NamedTensors parameters = named_parameters(*model);
  Optimizer optimizer(plain_sgd(0.2), parameters, fine_tune.rate_scales());
  const ScheduleConfig schedule{.name = ScheduleKind::kCosine,
                                .warmup_epochs = 1};
  for (int epoch = 1; epoch <= 4; ++epoch) {
    optimizer.set_learning_rate(
        scheduled_learning_rate(schedule, 0.2, 4, epoch));
    const torch::NoGradGuard guard;
    for (const auto& item : parameters) {
      item.second.zero_();
      item.second.mutable_grad() = torch::ones_like(item.second);
    }
    optimizer.step();
    const double rate = rates[epoch - 1];
    for (const auto& [name, weight] : parameters) {
      const double expected = name.starts_with("conv") ? rate / 4 : rate;
      EXPECT_NEAR(weight.flatten()[0].item<float>(), -expected, 1e-8) << name;
    }
  }
}

TEST(FineTune, ClippingCountsWhatTrainsAlone) {
  // SGD with rate 1 moves by the clipped gradient itself.
  TrainConfig train;
  train.clip_norm = 0.01;
  Bench s(std::make_shared<TinyModel>(), "tiny", freezing({{"conv", 0}}),
          plain_sgd(1.0), train);
  s.fine_tune.begin_epoch(1);
  const NamedTensors start = copy_of(*s.model);
  s.engine.train({tiny_images(8).to(torch::kFloat), tiny_labels(8)}, true,
                 s.metrics);
  const NamedTensors now = named_tensors(*s.model);
  double squares = 0;
  for (size_t i = 0; i < now.size(); ++i) {
    const torch::Tensor moved = now[i].second - start[i].second;
    if (now[i].first.starts_with("conv")) {
      EXPECT_TRUE(moved.eq(0).all().item<bool>());
    }
    squares += moved.square().sum().item<double>();
  }
  EXPECT_NEAR(std::sqrt(squares), 0.01, 1e-6);
}

TEST(FineTune, PenaltyCountsTheKernelsThatTrain) {
  TrainConfig with;
  with.l2 = 0.01;
  const auto loss_of = [](const TrainConfig& train,
                          const FineTuneConfig& config) {
    Bench s(std::make_shared<TinyModel>(), "tiny", config, plain_sgd(0.1),
            train);
    s.fine_tune.begin_epoch(1);
    s.engine.train({tiny_images(8).to(torch::kFloat), tiny_labels(8)}, true,
                   s.metrics);
    return s.metrics.loss();
  };
  const auto model = std::make_shared<TinyModel>();
  const double dense =
      model->named_parameters()["dense.weight"].square().sum().item<double>();
  const double plain = loss_of({}, freezing({{"conv", 0}}));
  EXPECT_NEAR(loss_of(with, freezing({{"conv", 0}})) - plain, 0.01 * dense,
              1e-6);
  EXPECT_NEAR(loss_of(with, freezing({{".*weight", 0}})), plain, 1e-6);
}

}  // namespace
}  // namespace fer
