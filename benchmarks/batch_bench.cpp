// Assembling batches of 64: uint8 to float, without and with augmentation. The
// data path should stay far below a training step (100 to 200 ms on two cores).
#include <benchmark/benchmark.h>

#include "data/batch.h"
#include "data/synthetic.h"

namespace fer {
namespace {

void batch(benchmark::State& state, bool augment) {
  DataConfig data;
  data.synthetic.images = 1024;
  const ImageSet images = draw_faces(data);
  AugmentConfig config;
  if (augment) {
    config = {.horizontal_flip = 0.5,
              .shift = 0.1,
              .rotation = 10,
              .zoom = 0.1,
              .brightness = 0.2,
              .contrast = 0.2,
              .cutout_probability = 0.5};
  }
  std::vector<int64_t> rows(images.size());
  std::vector<uint32_t> samples(64);
  for (size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<int64_t>(i);
  for (uint32_t i = 0; i < 64; ++i) samples[i] = i * 7 % 1024;
  std::vector<float> out(64 * images.image_bytes());
  for (auto _ : state) {
    fill_batch(images, rows, samples, augment_settings(config), 1, 1,
               out.data());
    benchmark::DoNotOptimize(out.data());
  }
  state.SetItemsProcessed(state.iterations() * 64);
}

BENCHMARK_CAPTURE(batch, plain, false)->UseRealTime();
BENCHMARK_CAPTURE(batch, augmented, true)->UseRealTime();

}  // namespace
}  // namespace fer

BENCHMARK_MAIN();
