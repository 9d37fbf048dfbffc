// How the search for twins grows with the number of images.
#include <benchmark/benchmark.h>

#include "data/synthetic.h"
#include "data/twins.h"

namespace fer {
namespace {

const ImageSet& faces(int count) {
  static ImageSet images;
  if (images.size() != static_cast<size_t>(count)) {
    DataConfig config;
    config.synthetic.images = count;
    images = draw_faces(config);
  }
  return images;
}

void exact(benchmark::State& state) {
  const ImageSet& images = faces(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(exact_twins(images));
}

void near(benchmark::State& state) {
  const ImageSet& images = faces(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(find_twins(images, {}));
}

#define SIZES                    \
  Arg(10'000)                    \
      ->Arg(35'887)              \
      ->Arg(300'000)             \
      ->Unit(benchmark::kSecond) \
      ->UseRealTime()
BENCHMARK(exact)->SIZES;
BENCHMARK(near)->Iterations(1)->SIZES;

}  // namespace
}  // namespace fer

BENCHMARK_MAIN();
