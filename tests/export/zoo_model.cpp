#include "export/zoo_model.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <map>

#include "deploy/onnx_session.h"
#include "models/registry.h"
#include "train/loss.h"

namespace fer {
namespace {

// [n, H, W, C] in 0 to 255 -> what the model sees.
torch::Tensor images_of(const torch::Tensor& pixels) {
  return pixels.permute({0, 3, 1, 2}).to(torch::kFloat).div(255);
}

// The moving statistics near those of the pictures, as training leaves them:
// off by a tenth of the deviation. A shift that is large beside a narrow
// channel would grow from layer to layer and drown the pictures in rounding.
void disturb_statistics(Model& model) {
  std::map<std::string, torch::Tensor> tensors;
  for (auto& [name, tensor] : named_tensors(model)) tensors[name] = tensor;
  for (auto& [name, mean] : tensors) {
    const size_t end = name.rfind("running_mean");
    if (end == std::string::npos) continue;
    torch::Tensor variance = tensors.at(name.substr(0, end) + "running_var");
    mean.add_(at::sqrt(variance) * torch::empty_like(variance).normal_(0, 0.1));
    variance.mul_(torch::empty_like(variance).uniform_(0.8, 1.25));
  }
}

// Scales and shifts anywhere.
void randomise(Model& model, const torch::Tensor& images) {
  for (auto& [name, tensor] : named_tensors(model)) {
    torch::Tensor x = tensor;
    if (name.ends_with(".bias")) x.normal_(0, 0.1);
    if (x.dim() == 1 && name.ends_with(".weight")) x.uniform_(0.6, 1.4);
  }
  model.train();
  model.forward(images);
  model.eval();
  disturb_statistics(model);
}

// The last layer comes last among the parameters: its weight, its bias.
void scale_logits(Model& model, const torch::Tensor& images) {
  const torch::Tensor logits = model.forward(images);
  const torch::Tensor mean = logits.mean(), deviation = logits.std();
  const auto parameters = named_parameters(model);
  torch::Tensor weight = parameters[parameters.size() - 2].second;
  torch::Tensor bias = parameters.back().second;
  weight.div_(deviation);
  bias.sub_(mean).div_(deviation);
}

ModelConfig config_of(const std::string& name, const ModelShape& shape) {
  ModelConfig config;
  config.name = name;
  config.vit.patch_size = 16;
  config.batch_norm.momentum = 0.01;  // one batch makes the statistics
  // Keras's 1e-3 would stand above the variances of a deep untrained network
  // and leave nothing of the pictures.
  if (name.starts_with("efficientnet")) config.batch_norm.epsilon = 1e-5;
  if (shape.channels == 3) config.input = InputScale::kCaffe;
  return config;
}

}  // namespace

ZooModel make_test_model(ModelPtr model, int side, int channels, int classes) {
  ZooModel zoo{std::move(model), {}};
  for (int k = 0; k < classes; ++k)
    zoo.contract.classes.push_back("class-" + std::to_string(k));
  zoo.contract.height = zoo.contract.width = side;
  zoo.contract.channels = channels;
  zoo.contract.model = "model";
  zoo.contract.experiment = "test";
  return zoo;
}

ZooModel make_zoo_model(const std::string& name) {
  const torch::NoGradGuard guard;
  torch::manual_seed(3);
  ModelShape shape = find_model(name).reference_shape;
  shape.image_size = name == "cnn50" ? 50 : name.starts_with("vit") ? 32 : 48;
  ZooModel zoo = make_test_model(make_model(config_of(name, shape), shape, 5),
                                 static_cast<int>(shape.image_size),
                                 static_cast<int>(shape.channels),
                                 static_cast<int>(shape.classes));
  zoo.contract.model = name;
  const torch::Tensor images = images_of(zoo.pixels(8));
  randomise(*zoo.model, images);
  scale_logits(*zoo.model, images);
  return zoo;
}

// Broad patches under a little noise: noise alone looks the same to a deep
// network whatever the image, and leaves rounding to decide. The statistics of
// BatchNorm are those of the same eight images, so that none is an outlier.
torch::Tensor ZooModel::pixels(int64_t count) const {
  constexpr int64_t n = 8;
  torch::manual_seed(11);
  const int64_t h = contract.height, w = contract.width, c = contract.channels;
  const torch::Tensor patches =
      at::upsample_bilinear2d(torch::rand({n, c, 4, 4}), {h, w}, true);
  const torch::Tensor noise = torch::rand({n, c, h, w});
  return (patches * 225 + noise * 30)
      .to(torch::kByte)
      .permute({0, 2, 3, 1})
      .contiguous()
      .narrow(0, 0, count);
}

torch::Tensor ZooModel::answers(const torch::Tensor& pixels,
                                at::MemoryFormat order) const {
  const torch::NoGradGuard guard;
  model->eval();
  return probabilities(model->forward(images_of(pixels).contiguous(order)));
}

torch::Tensor ZooModel::exact_answers(const torch::Tensor& pixels) const {
  const torch::NoGradGuard guard;
  model->eval();
  model->to(torch::kDouble);
  const torch::Tensor exact =
      probabilities(model->forward(images_of(pixels).to(torch::kDouble)));
  model->to(torch::kFloat);
  return exact;
}

namespace {

OnnxSession session_of(const onnx::ModelProto& file) {
  return OnnxSession(file.SerializeAsString(), "test", {.threads = 1});
}

torch::Tensor answers_of(const OnnxSession& session,
                         const torch::Tensor& pixels) {
  const std::span<const uint8_t> values(pixels.const_data_ptr<uint8_t>(),
                                        static_cast<size_t>(pixels.numel()));
  const std::vector<float> p =
      session.run(values, static_cast<size_t>(pixels.size(0)));
  return torch::tensor(p).reshape({pixels.size(0), -1}).to(torch::kDouble);
}

}  // namespace

torch::Tensor file_answers(const onnx::ModelProto& file,
                           const torch::Tensor& pixels) {
  return answers_of(session_of(file), pixels);
}

Differences differences(const ZooModel& zoo, const onnx::ModelProto& file) {
  // In one go for torch, in three for the file: nothing mixes images.
  const torch::Tensor pixels = zoo.pixels(7);
  const torch::Tensor expected = zoo.answers(pixels);
  const auto largest = [](const torch::Tensor& difference) {
    return difference.abs().max().item<double>();
  };
  Differences found;
  const torch::Tensor exact = zoo.exact_answers(pixels);
  for (const auto order :
       {at::MemoryFormat::ChannelsLast, at::MemoryFormat::Contiguous})
    found.torch =
        std::max(found.torch, largest(zoo.answers(pixels, order) - exact));
  const OnnxSession session = session_of(file);
  for (const int64_t n : {1, 2, 7}) {
    const torch::Tensor got =
        answers_of(session, pixels.narrow(0, 0, n).contiguous());
    EXPECT_EQ(got.sizes(), expected.narrow(0, 0, n).sizes());
    found.file = std::max(found.file, largest(got - expected.narrow(0, 0, n)));
  }
  return found;
}

}  // namespace fer
