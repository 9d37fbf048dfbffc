#include "models/initialise.h"

#include <ATen/ATen.h>

#include <cmath>
#include <functional>
#include <numbers>

#include "core/philox.h"
#include "models/layers.h"

namespace fer {
namespace {

// Deviation of a standard normal cut at two deviations.
constexpr double kTruncatedDeviation = 0.87962566103423978;

// A standard normal by Box and Muller, drawn again beyond two deviations.
double truncated_normal(Philox& random) {
  for (;;) {
    const double u = 1.0 - random.uniform();
    const double v = random.uniform();
    const double x =
        std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
    if (std::abs(x) <= 2.0) return x;
  }
}

void fill(const torch::Tensor& tensor, const std::function<double()>& next) {
  const torch::Tensor values =
      torch::empty(tensor.sizes().vec(), torch::kFloat);
  float* data = values.data_ptr<float>();
  for (int64_t i = 0; i < values.numel(); ++i)
    data[i] = static_cast<float>(next());
  const torch::NoGradGuard guard;
  tensor.copy_(values);
}

void fill_kernel(const torch::Tensor& weight, KernelInit init, Philox& random) {
  const double field = static_cast<double>(weight.numel()) /
                       static_cast<double>(weight.size(0) * weight.size(1));
  const double fan_in = static_cast<double>(weight.size(1)) * field;
  const double fan_out = static_cast<double>(weight.size(0)) * field;
  if (init == KernelInit::kHeNormal) {
    const double deviation = std::sqrt(2.0 / fan_in) / kTruncatedDeviation;
    fill(weight, [&] { return deviation * truncated_normal(random); });
  } else {
    const double limit = std::sqrt(6.0 / (fan_in + fan_out));
    fill(weight, [&] { return limit * (2.0 * random.uniform() - 1.0); });
  }
}

void fill_torch(const torch::nn::Module& layer, Philox& random) {
  const torch::Tensor& weight = layer.named_parameters(false)["weight"];
  const double limit = 1.0 / std::sqrt(static_cast<double>(weight.numel()) /
                                       static_cast<double>(weight.size(0)));
  for (const auto& item : layer.named_parameters(false)) {
    fill(item.value(), [&] { return limit * (2.0 * random.uniform() - 1.0); });
  }
}

}  // namespace

void initialise(Model& model, Initialiser rule, uint64_t seed) {
  uint32_t index = 0;
  for (const auto& module : model.modules(/*include_self=*/false)) {
    const auto* conv = dynamic_cast<const Conv2d*>(module.get());
    const auto* dense = dynamic_cast<const Dense*>(module.get());
    if (!conv && !dense) continue;
    Philox random(seed, 0, index++, Purpose::kInit);
    if (rule == Initialiser::kTorch) {
      fill_torch(*module, random);
      continue;
    }
    const KernelInit init = conv ? conv->options().init : dense->options().init;
    for (const auto& item : module->named_parameters(false)) {
      if (item.key() == "weight") {
        fill_kernel(item.value(), init, random);
      } else {
        fill(item.value(), [] { return 0.0; });
      }
    }
  }
}

}  // namespace fer
