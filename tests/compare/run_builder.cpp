#include "run_builder.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/hash.h"
#include "metrics/metrics_json.h"

namespace fer {

Predictions table(const std::vector<std::string>& classes,
                  const std::vector<int64_t>& labels,
                  const std::vector<std::vector<double>>& probabilities,
                  std::vector<std::string> ids) {
  Predictions p;
  p.class_names = classes;
  p.labels = labels;
  p.ids = std::move(ids);
  for (size_t i = 0; i < labels.size(); ++i) {
    const auto& row = probabilities[i];
    p.predicted.push_back(std::max_element(row.begin(), row.end()) -
                          row.begin());
    p.probabilities.insert(p.probabilities.end(), row.begin(), row.end());
    if (p.ids.size() < labels.size()) p.ids.push_back(fmt::format("img-{}", i));
  }
  return p;
}

Predictions marks(const std::string& pattern) {
  std::vector<int64_t> labels;
  std::vector<std::vector<double>> probabilities;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const int64_t label = static_cast<int64_t>(i % 2);
    const double truth = pattern[i] == '+' ? 0.9 : 0.2;
    labels.push_back(label);
    probabilities.push_back(label == 0 ? std::vector<double>{truth, 1 - truth}
                                       : std::vector<double>{1 - truth, truth});
  }
  return table({"happy", "sad"}, labels, probabilities);
}

MarkedPair marked_pair(size_t both, size_t only_a, size_t only_b,
                       size_t neither) {
  const std::string a =
      std::string(both + only_a, '+') + std::string(only_b + neither, '-');
  const std::string b = std::string(both, '+') + std::string(only_a, '-') +
                        std::string(only_b, '+') + std::string(neither, '-');
  return {marks(a), marks(b)};
}

void write_run(const std::filesystem::path& folder,
               const Predictions& predictions, const RunSettings& settings) {
  write_file(folder / "config.yaml", "experiment: {name: test}\n");
  const auto file = folder / ("predictions-" + settings.split + ".csv");
  write_predictions(file, predictions);
  Json metrics;
  metrics[settings.split] = metrics_json(predictions, "", 0);
  metrics[settings.split]["predictions_sha256"] = sha256(read_file(file));
  metrics["protocol"] = settings.protocol;
  metrics["leaky"] = settings.leaky_share > 0;
  if (settings.leaky_share > 0) metrics["leaky_share"] = settings.leaky_share;
  write_json(folder / "metrics.json", metrics);
  write_json(folder / "audit.json", settings.audit);
}

Lineup lineup_of(const TemporaryFolder& folder,
                 const std::vector<Predictions>& runs,
                 const RunSettings& settings) {
  std::vector<std::filesystem::path> paths;
  for (size_t i = 0; i < runs.size(); ++i) {
    paths.push_back(folder / std::string(1, static_cast<char>('a' + i)));
    write_run(paths.back(), runs[i], settings);
  }
  return read_lineup(paths, settings.split);
}

}  // namespace fer
