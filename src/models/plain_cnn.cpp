#include "models/plain_cnn.h"

#include <vector>

#include "core/error.h"
#include "models/chain.h"

namespace fer {
namespace {

enum class Step { kConv, kPool, kDropout, kFlatten, kDense };

// One line of a network's table; `width`: filters or units, `rate`: dropout.
struct Line {
  Step step;
  int64_t width = 0;
  double rate = 0;
};

constexpr Line conv(int64_t filters) { return {Step::kConv, filters}; }
constexpr Line dense(int64_t units) { return {Step::kDense, units}; }
constexpr Line dropout(double rate) { return {Step::kDropout, 0, rate}; }
constexpr Line kPool = {Step::kPool};
constexpr Line kFlatten = {Step::kFlatten};

struct Plan {
  const char* name;
  bool batch_norm;  // behind each convolution's ReLU
  std::vector<Line> lines;
};

class PlainCnn final : public Chain {
 public:
  PlainCnn(const Plan& plan, const ModelConfig& config, const ModelShape& shape)
      : plan_(plan),
        norm_(batch_norm_rule(config.batch_norm, kKerasBatchNorm)),
        rates_(config.dropout),
        width_(shape.channels),
        size_(shape.image_size) {
    check(shape);
    add_input(config.input, shape.channels);
    for (const Line& line : plan.lines) add_line(line);
    add<Dense>("logits", Dense::Options{.in = width_,
                                        .out = shape.logits(),
                                        .init = KernelInit::kGlorotUniform});
  }

 private:
  void check(const ModelShape& shape) const {
    size_t dropouts = 0;
    int64_t size = shape.image_size;
    for (const Line& line : plan_.lines) {
      dropouts += line.step == Step::kDropout;
      if (line.step == Step::kPool) size /= 2;
    }
    if (size < 1) {
      fail<ConfigError>(
          "[{}] expected images that survive its poolings; got {}x{} pixels "
          "(data.image_size). Take larger images.",
          plan_.name, shape.image_size, shape.image_size);
    }
    if (!rates_.empty() && rates_.size() != dropouts) {
      fail<ConfigError>(
          "[{}] expected {} dropout rates; got {} (model.dropout). Leave it "
          "out for the model's own.",
          plan_.name, dropouts, rates_.size());
    }
  }

  void add_line(const Line& line) {
    switch (line.step) {
      case Step::kConv:
        add_conv(line.width);
        break;
      case Step::kPool:
        add<MaxPool2d>(fmt::format("pool{}", ++pools_));
        size_ /= 2;
        break;
      case Step::kDropout: {
        const double rate = rates_.empty() ? line.rate : rates_[dropouts_];
        add<Dropout>(fmt::format("dropout{}", ++dropouts_), rate);
        break;
      }
      case Step::kFlatten:
        add<Flatten>("flatten");
        width_ *= size_ * size_;
        break;
      case Step::kDense:
        add<Dense>(fmt::format("dense{}", ++dense_),
                   Dense::Options{.in = width_,
                                  .out = line.width,
                                  .relu = true,
                                  .init = KernelInit::kGlorotUniform});
        width_ = line.width;
        break;
    }
  }

  void add_conv(int64_t filters) {
    ++convs_;
    add<Conv2d>(fmt::format("conv{}", convs_),
                Conv2d::Options{.in = width_,
                                .out = filters,
                                .kernel = 3,
                                .relu = true,
                                .init = KernelInit::kGlorotUniform});
    if (plan_.batch_norm)
      add<BatchNorm>(fmt::format("bn{}", convs_), filters, norm_);
    width_ = filters;
  }

  const Plan& plan_;
  BatchNormRule norm_;
  std::vector<double> rates_;
  int64_t width_, size_;
  size_t convs_ = 0, pools_ = 0, dropouts_ = 0, dense_ = 0;
};

const Plan kVgg16 = {
    "vgg16_bn_fer", true, {conv(64),  conv(64),   kPool,             //
                           conv(128), conv(128),  kPool,             //
                           conv(256), conv(256),  conv(256), kPool,  //
                           conv(512), conv(512),  conv(512), kPool,  //
                           conv(512), conv(512),  conv(512), kPool,  //
                           kFlatten,  dense(512), dense(256)}};

const Plan kCnn50 = {"cnn50",
                     false,
                     {conv(32), kPool, conv(64), kPool, conv(128), kPool,
                      kFlatten, dense(128), dropout(0.5)}};

const Plan kCnn48 = {
    "cnn48",
    false,
    {conv(32), conv(64), kPool, dropout(0.25), conv(128), kPool, conv(128),
     kPool, dropout(0.25), kFlatten, dense(1024), dropout(0.5)}};

}  // namespace

ModelPtr make_vgg16_bn_fer(const ModelConfig& config, const ModelShape& shape) {
  return std::make_shared<PlainCnn>(kVgg16, config, shape);
}

ModelPtr make_cnn50(const ModelConfig& config, const ModelShape& shape) {
  return std::make_shared<PlainCnn>(kCnn50, config, shape);
}

ModelPtr make_cnn48(const ModelConfig& config, const ModelShape& shape) {
  return std::make_shared<PlainCnn>(kCnn48, config, shape);
}

}  // namespace fer
