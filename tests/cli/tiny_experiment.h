// An experiment that trains in a second: drawn faces of 16 pixels.
#pragma once

#include <gtest/gtest.h>

#include "core/error.h"
#include "core/file.h"
#include "program.h"

namespace fer {

class TinyExperiment : public testing::Test {
 protected:
  TinyExperiment() { write_file(file(), kText); }

  std::filesystem::path folder() const { return folder_.path(); }
  std::filesystem::path file() const { return folder() / "tiny.yaml"; }
  std::filesystem::path run_dir() const { return folder() / "run"; }
  std::filesystem::path cache() const { return folder() / "cache"; }

  /// "VERB tiny.yaml -s data.cache=... more...", in the temporary folder.
  Result run_verb(std::vector<std::string> verb,
                  const std::vector<std::string>& more = {},
                  ProgramOptions options = {}) const {
    options.folder = folder();
    return run(arguments(std::move(verb), more), options);
  }
  std::vector<std::string> arguments(
      std::vector<std::string> verb,
      const std::vector<std::string>& more = {}) const {
    verb.insert(verb.end(),
                {file().string(), "-s", "data.cache=" + cache().string()});
    verb.insert(verb.end(), more.begin(), more.end());
    return verb;
  }
  /// A finished run in run_dir(); each test makes its own.
  Result train(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> options = {"--out", run_dir().string()};
    options.insert(options.end(), more.begin(), more.end());
    return run_verb({"run"}, options);
  }
  std::string at(const char* name) const { return (run_dir() / name).string(); }

  static constexpr const char* kText = R"(
data:
  classes: [happy, sad]
  image_size: 16
  synthetic: {images: 60}
train: {epochs: 2, batch_size: 16, device: cpu, threads: 1}
callbacks:
  model_checkpoint: {monitor: val_loss}
report: {samples: 4}
)";

 private:
  TemporaryFolder folder_;
};

}  // namespace fer
