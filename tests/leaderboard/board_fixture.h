// Small run folders for the leaderboard, drawn from a fixed stream, and a way
// to write from several processes at once.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/temporary_folder.h"
#include "metrics/predictions.h"

namespace fer {

struct RunSpec {
  std::string experiment = "alpha";
  int64_t seed = 42;
  std::string protocol = "clean";
  std::vector<std::string> classes = {"happy", "sad"};
  size_t images = 60;
  double skill = 1.0;  ///< higher is right more often; 0 guesses
  double leaky_share = 0;
  std::string model = "fernet";
  std::string fingerprint = std::string(64, 'a');
  int image_size = 48;
  int epochs = 30;
  std::string started = "2026-11-21T06:00:00Z";
  std::string hardware = "AMD EPYC, 2 cores";
  double parameters = 1234567, flops = 2.5e8, train_seconds = 3600;
  double images_per_second = 300;
  bool old = false;  ///< without the keys that metrics.json got later
  std::string data_path = "${FERBENCH_DATA:-data}/fer2013.tar.gz";
};

/// Which images are hard depends on the image alone, what is made of them on
/// experiment and seed too.
Predictions drawn_predictions(const RunSpec& spec);

/// Writes config.yaml, environment.json, audit.json, metrics.json and
/// predictions-test.csv into `folder`.
void write_run(const std::filesystem::path& folder, const RunSpec& spec);

/// The same with these predictions.
void write_run(const std::filesystem::path& folder, const RunSpec& spec,
               const Predictions& predictions);

/// A table of decisions by class index, each with probability 0.9; ids are
/// "a", "b", ...
Predictions decisions(const std::vector<int64_t>& labels,
                      const std::vector<int64_t>& predicted);

/// Runs `work(i)` in `count` child processes at once; true when all came back
/// without an exception.
bool in_processes(int count, const std::function<void(int)>& work);

/// Replaces the first `from` in a file; the test fails where there is none.
void edit_file(const std::filesystem::path& path, const std::string& from,
               const std::string& to);

}  // namespace fer
