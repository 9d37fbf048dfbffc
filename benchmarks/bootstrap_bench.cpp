// 10,000 BCa resamples of FER2013's test split (3,589 images), one thread.
#include <benchmark/benchmark.h>

#include "stats/bootstrap.h"
#include "stats/stats_cases.h"

namespace fer {
namespace {

constexpr size_t kRows = 3589;

void resample(benchmark::State& state, const Statistic& statistic) {
  BootstrapOptions options;
  options.threads = 1;
  for (auto _ : state)
    benchmark::DoNotOptimize(bootstrap(kRows, statistic, options));
}

void accuracy(benchmark::State& state) {
  resample(state, accuracy_statistic(drawn_predictions(kRows, 7, 1)));
}
void macro_f1(benchmark::State& state) {
  resample(state, macro_f1_statistic(drawn_predictions(kRows, 7, 1)));
}
void auc(benchmark::State& state) {
  resample(state, auc_statistic(drawn_predictions(kRows, 2, 1), 1));
}
void macro_auc(benchmark::State& state) {
  resample(state, macro_auc_statistic(drawn_predictions(kRows, 7, 1)));
}

BENCHMARK(accuracy)->Unit(benchmark::kMillisecond);
BENCHMARK(macro_f1)->Unit(benchmark::kMillisecond);
BENCHMARK(auc)->Unit(benchmark::kMillisecond);
BENCHMARK(macro_auc)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace fer

BENCHMARK_MAIN();
