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

// A standard normal by Box and Muller.
double normal(Philox& random) {
  const double u = 1.0 - random.uniform();
  const double v = random.uniform();
  return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
}

// The same, drawn again beyond two deviations.
double truncated_normal(Philox& random) {
  for (;;) {
    const double x = normal(random);
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

void fill_uniform(const torch::Tensor& tensor, double limit, Philox& random) {
  fill(tensor, [&] { return limit * (2.0 * random.uniform() - 1.0); });
}

void fill_normal(const torch::Tensor& tensor, double deviation,
                 Philox& random) {
  fill(tensor, [&] { return deviation * normal(random); });
}

void fill_cut_normal(const torch::Tensor& tensor, double deviation,
                     Philox& random) {
  const double uncut = deviation / kTruncatedDeviation;
  fill(tensor, [&] { return uncut * truncated_normal(random); });
}

void fill(const torch::Tensor& tensor, const StartRule& rule, Philox& random) {
  const double in = rule.fan_in, out = rule.fan_out;
  switch (rule.init) {
    case KernelInit::kHeNormal:
      return fill_cut_normal(tensor, std::sqrt(2.0 / in), random);
    case KernelInit::kHeFanOutCut:
      return fill_cut_normal(tensor, std::sqrt(2.0 / out), random);
    case KernelInit::kHeFanOut:
      return fill_normal(tensor, std::sqrt(2.0 / out), random);
    case KernelInit::kNormal002:
      return fill_normal(tensor, 0.02, random);
    case KernelInit::kNormal1e6:
      return fill_normal(tensor, 1e-6, random);
    case KernelInit::kGlorotUniform:
      return fill_uniform(tensor, std::sqrt(6.0 / (in + out)), random);
    case KernelInit::kTorchUniform:
      return fill_uniform(tensor, 1.0 / std::sqrt(in), random);
    case KernelInit::kUniformFanOut:
      return fill_uniform(tensor, 1.0 / std::sqrt(out), random);
    case KernelInit::kZero:
      return fill(tensor, [] { return 0.0; });
  }
}

}  // namespace

void initialise(Model& model, Initialiser rule, uint64_t seed) {
  uint32_t index = 0;
  const auto start = [&](const torch::nn::Module& module) {
    const auto* owner = dynamic_cast<const Initialised*>(&module);
    if (!owner) return;
    Philox random(seed, 0, index++, Purpose::kInit);
    for (const auto& item : module.named_parameters(/*recurse=*/false)) {
      StartRule own = owner->start_rule(item.key());
      if (rule == Initialiser::kTorch && own.fan_in > 0)
        own.init = KernelInit::kTorchUniform;
      fill(item.value(), own, random);
    }
  };
  start(model);
  for (const auto& module : model.modules(/*include_self=*/false))
    start(*module);
}

}  // namespace fer
