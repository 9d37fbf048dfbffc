#include "models/fernet.h"

#include "core/error.h"

namespace fer {

Fernet::Fernet(const ModelConfig& config, const ModelShape& shape) {
  const std::vector<double> rates =
      config.dropout.empty() ? std::vector<double>{.4, .4, .5, .5, .6, .6}
                             : config.dropout;
  if (rates.size() != 6) {
    fail<ConfigError>(
        "[fernet] expected 6 dropout rates (4 blocks, 2 dense layers); got {} "
        "(model.dropout). Leave it out for the report's.",
        rates.size());
  }
  if (shape.image_size < 16) {
    fail<ConfigError>(
        "[fernet] expected images of at least 16x16 pixels; got {0}x{0} "
        "(data.image_size). Take larger images.",
        shape.image_size);
  }
  const BatchNormRule norm =
      batch_norm_rule(config.batch_norm, kKerasBatchNorm);
  const int64_t filters[] = {32, 64, 128, 256};
  int64_t channels = shape.channels;
  add_input(config.input, channels);
  for (int i = 0; i < 4; ++i) {
    const auto name = [&](const char* part) {
      return fmt::format("block{}_{}", i + 1, part);
    };
    const int64_t kernel = i == 0 ? 5 : 3;
    const int64_t width = filters[i];
    add<Conv2d>(
        name("conv1"),
        Conv2d::Options{
            .in = channels, .out = width, .kernel = kernel, .relu = true});
    add<BatchNorm>(name("bn1"), width, norm);
    add<Conv2d>(name("conv2"),
                Conv2d::Options{
                    .in = width, .out = width, .kernel = kernel, .relu = true});
    add<BatchNorm>(name("bn2"), width, norm);
    add<MaxPool2d>(name("pool"));
    add<Dropout>(name("dropout"), rates[static_cast<size_t>(i)]);
    channels = width;
  }
  add<Flatten>("flatten");
  int64_t features =
      channels * (shape.image_size / 16) * (shape.image_size / 16);
  for (int i = 0; i < 2; ++i) {
    const int64_t width = i == 0 ? 512 : 128;
    const std::string n = std::to_string(i + 1);
    add<Dense>("dense" + n,
               Dense::Options{.in = features, .out = width, .relu = true});
    add<BatchNorm>("dense" + n + "_bn", width, norm);
    add<Dropout>("dense" + n + "_dropout", rates[static_cast<size_t>(4 + i)]);
    features = width;
  }
  add<Dense>("logits", Dense::Options{.in = features,
                                      .out = shape.logits(),
                                      .init = KernelInit::kGlorotUniform});
}

}  // namespace fer
