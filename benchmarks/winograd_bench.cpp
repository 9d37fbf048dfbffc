// Winograd's convolutions beside torch's, for each layer of Fernet that uses
// them: forward, gradient of the input, gradient of weight and bias; 64
// pictures. The rate is that of the direct convolution's arithmetic: above the
// processor's peak where fewer products pay. Run:
// build/benchmarks/winograd_bench --benchmark_filter=5x5
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "config/config.h"
#include "kernels/winograd.h"
#include "train/device.h"

namespace fer {
namespace {

using torch::Tensor;

constexpr auto kNhwc = at::MemoryFormat::ChannelsLast;
constexpr int64_t kImages = 64;

enum class Pass { kForward, kInput, kWeights };

struct Layer {
  int64_t in, out, size, taps;
};

struct Values {
  explicit Values(const Layer& l)
      : shape{kImages, l.size, l.size, l.in, l.out, l.taps},
        x(at::randn({kImages, l.in, l.size, l.size}).contiguous(kNhwc)),
        w(at::randn({l.out, l.in, l.taps, l.taps}).contiguous(kNhwc)),
        bias(at::randn({l.out})),
        g(at::randn({kImages, l.out, l.size, l.size}).contiguous(kNhwc)),
        y(at::empty_like(g)),
        dx(at::empty_like(x)),
        dw(at::empty_like(w)),
        dbias(at::empty_like(bias)) {}
  ConvShape shape;
  Tensor x, w, bias, g, y, dx, dw, dbias;
};

float* data(const Tensor& x) { return x.data_ptr<float>(); }

void ours(const Values& v, Pass pass) {
  if (pass == Pass::kForward) {
    winograd_forward(data(v.x), data(v.w), data(v.bias), v.shape, data(v.y));
  } else if (pass == Pass::kInput) {
    winograd_input_gradient(data(v.g), data(v.w), v.shape, data(v.dx));
  } else {
    winograd_weight_gradient(data(v.x), data(v.g), v.shape, data(v.dw),
                             data(v.dbias));
  }
}

void torchs(const Values& v, Pass pass) {
  const int64_t half = v.shape.taps / 2;
  if (pass == Pass::kForward) {
    at::conv2d(v.x, v.w, v.bias, 1, {half, half});
    return;
  }
  const bool input = pass == Pass::kInput;
  at::convolution_backward(v.g, v.x, v.w, {{v.shape.out}}, {1, 1}, {half, half},
                           {1, 1}, false, {0, 0}, 1, {input, !input, !input});
}

void convolution(benchmark::State& state, Layer layer, Pass pass,
                 void (*run)(const Values&, Pass)) {
  const Values v(layer);
  for (auto _ : state) run(v, pass);
  const ConvShape& s = v.shape;
  const double operations = 2.0 *
                            static_cast<double>(s.images * s.height * s.width) *
                            static_cast<double>(s.in * s.out * s.taps * s.taps);
  state.counters["FLOP"] = benchmark::Counter(
      operations, benchmark::Counter::kIsIterationInvariantRate);
}

void add_benchmarks() {
  const Layer layers[] = {{32, 32, 48, 5},  {32, 64, 24, 3},   {64, 64, 24, 3},
                          {64, 128, 12, 3}, {128, 128, 12, 3}, {128, 256, 6, 3},
                          {256, 256, 6, 3}};
  const std::pair<Pass, const char*> passes[] = {
      {Pass::kForward, "forward"},
      {Pass::kInput, "input_gradient"},
      {Pass::kWeights, "weight_gradient"}};
  for (const Layer& l : layers) {
    for (const auto& [pass, name] : passes) {
      for (const bool torch : {false, true}) {
        const std::string full =
            fmt::format("{}/{}x{}_{}_to_{}_at_{}{}", name, l.taps, l.taps, l.in,
                        l.out, l.size, torch ? "/torch" : "");
        benchmark::RegisterBenchmark(full.c_str(), convolution, l, pass,
                                     torch ? torchs : ours)
            ->Unit(benchmark::kMillisecond)
            ->UseRealTime();
      }
    }
  }
}

}  // namespace
}  // namespace fer

int main(int argc, char** argv) {
  fer::prepare_process(fer::TrainConfig{});
  const torch::NoGradGuard guard;
  fer::add_benchmarks();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
