#include "board_fixture.h"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "core/file.h"
#include "core/hash.h"
#include "core/json.h"
#include "core/philox.h"
#include "core/text.h"
#include "metrics/metrics_json.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

uint64_t number_of(const std::string& text) {
  return std::stoull(sha256(text).substr(0, 15), nullptr, 16);
}

std::string config_yaml(const RunSpec& spec) {
  return fmt::format(
      "experiment:\n  name: {}\n  seed: {}\n"
      "data:\n  source: folder\n  path: {}\n  classes: [{}]\n"
      "  image_size: {}\n  channels: 1\n  split:\n    protocol: {}\n"
      "model:\n  name: {}\ntrain:\n  epochs: {}\n  threads: {}\n",
      spec.experiment, spec.seed, spec.data_path, join(spec.classes, ", "),
      spec.image_size, spec.protocol, spec.model, spec.epochs, spec.seed % 7);
}

Json metrics_of(const RunSpec& spec, const Predictions& predictions) {
  Json metrics;
  metrics["test"] = metrics_json(predictions, "", 0.0);
  metrics["protocol"] = spec.protocol;
  metrics["leaky"] = spec.leaky_share > 0;
  metrics["leaky_share"] = spec.leaky_share;
  if (spec.old) return metrics;
  metrics["experiment"] = spec.experiment;
  metrics["seed"] = spec.seed;
  metrics["model"] = {{"name", spec.model},
                      {"parameters", spec.parameters},
                      {"flops", spec.flops}};
  metrics["data"] = {{"fingerprint", spec.fingerprint}, {"source", "folder"}};
  metrics["hardware"] = spec.hardware;
  metrics["commit"] = "1a2b3c4d5e";
  metrics["train_seconds"] = spec.train_seconds;
  metrics["images_per_second"] = spec.images_per_second;
  return metrics;
}

}  // namespace

Predictions drawn_predictions(const RunSpec& spec) {
  Predictions p;
  p.class_names = spec.classes;
  const size_t k = spec.classes.size();
  for (size_t i = 0; i < spec.images; ++i) {
    const auto at = static_cast<uint32_t>(i);
    Philox image(7, 0, at, Purpose::kSynthetic);
    Philox run(number_of(spec.experiment) + static_cast<uint64_t>(spec.seed), 1,
               at, Purpose::kSynthetic);
    const auto label =
        std::min<size_t>(k - 1, image.below(static_cast<uint32_t>(k)));
    const double hard = 2.0 * image.uniform();
    std::vector<double> row(k);
    double sum = 0;
    for (size_t j = 0; j < k; ++j) {
      const double bonus = j == label ? spec.skill * (2.2 - hard) : 0.0;
      sum += row[j] = std::exp(2.0 * run.uniform() + bonus);
    }
    for (double& value : row) value /= sum;
    p.ids.push_back(fmt::format("{}/{:05}.png", spec.classes[label], i));
    p.labels.push_back(static_cast<int64_t>(label));
    p.predicted.push_back(std::ranges::max_element(row) - row.begin());
    p.probabilities.insert(p.probabilities.end(), row.begin(), row.end());
  }
  return p;
}

void write_run(const fs::path& folder, const RunSpec& spec) {
  write_run(folder, spec, drawn_predictions(spec));
}

void write_run(const fs::path& folder, const RunSpec& spec,
               const Predictions& predictions) {
  write_file(folder / "config.yaml", config_yaml(spec));
  write_json(folder / "environment.json", {{"started", spec.started},
                                           {"commit", "0ld0ld0ld0"},
                                           {"processor", "AMD EPYC"},
                                           {"cores", 2}});
  write_json(
      folder / "audit.json",
      {{"cross_split", {{"train-test", {{"share", spec.leaky_share}}}}}});
  write_predictions(folder / "predictions-test.csv", predictions);
  Json metrics = metrics_of(spec, predictions);
  if (!spec.old)
    metrics["test"]["predictions_sha256"] =
        sha256(read_file(folder / "predictions-test.csv"));
  write_json(folder / "metrics.json", metrics);
}

Predictions decisions(const std::vector<int64_t>& labels,
                      const std::vector<int64_t>& predicted) {
  Predictions p;
  p.class_names = {"happy", "sad"};
  p.labels = labels;
  p.predicted = predicted;
  for (size_t i = 0; i < labels.size(); ++i) {
    p.ids.emplace_back(1, static_cast<char>('a' + i));
    for (int64_t k = 0; k < 2; ++k)
      p.probabilities.push_back(k == predicted[i] ? 0.9 : 0.1);
  }
  return p;
}

bool in_processes(int count, const std::function<void(int)>& work) {
  std::vector<pid_t> children;
  for (int i = 0; i < count; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      try {
        work(i);
        _exit(0);
      } catch (const std::exception& error) {
        fmt::print(stderr, "child {}: {}\n", i, error.what());
      }
      _exit(1);
    }
    children.push_back(child);
  }
  bool good = true;
  for (const pid_t child : children) {
    int status = 0;
    good &= waitpid(child, &status, 0) == child && status == 0;
  }
  return good;
}

void edit_file(const fs::path& path, const std::string& from,
               const std::string& to) {
  std::string text = read_file(path);
  const size_t at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from << " in " << path;
  write_file(path, text.replace(at, from.size(), to));
}

}  // namespace fer
