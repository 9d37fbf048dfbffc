// Design rule 2: a run that was killed at any moment and resumed ends with the
// bits of an unbroken one. The program is killed with SIGKILL: nothing in it
// can help.
#include <gmock/gmock.h>

#include <csignal>
#include <cstring>
#include <functional>
#include <random>

#include "run_state.h"
#include "tiny_experiment.h"

namespace fer {
namespace {
namespace fs = std::filesystem;

// Whether somebody is writing `name` now.
bool being_written(const fs::path& folder, const std::string& name) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().filename().string().starts_with(name + ".tmp"))
      return true;
  }
  return false;
}

int saved_epoch(const fs::path& run_dir) {
  const fs::path path = run_dir / "checkpoints/last.json";
  return fs::exists(path) ? read_json(path)["epoch"].get<int>() : -1;
}

/// One moment to kill at: once the checkpoint of `epoch` is complete, then
/// while `file` is being written, or after a share of an epoch.
struct Moment {
  int epoch;         ///< -1: at once, there is no checkpoint yet
  const char* file;  ///< "checkpoints/last.safetensors"; "": a random moment
};

class Resume : public TinyExperiment {
 protected:
  fs::path unbroken() const { return folder() / "unbroken"; }

  void run_unbroken(const std::vector<std::string>& settings) {
    std::vector<std::string> options = {"--out", unbroken().string()};
    options.insert(options.end(), settings.begin(), settings.end());
    const Result result = run_verb({"run"}, options);
    ASSERT_EQ(result.exit_code, 0) << result.err;
    const CsvTable history = read_csv(unbroken() / "history.csv");
    epoch_seconds_ = std::stod(history.rows.back()[history.column("seconds")]);
  }

  std::vector<std::string> broken_arguments(
      const std::vector<std::string>& settings) const {
    std::vector<std::string> options = {"--out", run_dir().string()};
    options.insert(options.end(), settings.begin(), settings.end());
    // Killed before the folder was there: begin again.
    if (fs::exists(at("config.yaml"))) options.push_back("--resume");
    return arguments({"run"}, options);
  }

  /// Goes on with the broken run until `moment`; whether it was killed there.
  bool kill_at(const Moment& moment, const std::vector<std::string>& settings) {
    Program program(broken_arguments(settings), {.folder = folder()});
    const fs::path file = moment.file;
    const bool reached =
        wait_until(program,
                   [&] { return saved_epoch(run_dir()) >= moment.epoch; }) &&
        (file.empty() || wait_until(program, [&] {
           return being_written(run_dir() / file.parent_path(),
                                file.filename());
         }));
    if (reached && file.empty()) {
      std::uniform_real_distribution<double> share(0.0, 1.0);
      sleep_seconds(share(random_) * epoch_seconds_);
    }
    program.send(SIGKILL);
    return program.wait().signal == SIGKILL;
  }

  void finish(const std::vector<std::string>& settings) {
    const Result result = run(broken_arguments(settings), {.folder = folder()});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    for (const auto& entry : fs::recursive_directory_iterator(run_dir())) {
      EXPECT_THAT(entry.path().filename().string(),
                  testing::Not(testing::ContainsRegex("[.]tmp[0-9-]*$")));
    }
  }

  std::mt19937 random_{2026};
  double epoch_seconds_ = 0;
};

// Everything that has a state is on. Nothing improves by 9, so the learning
// rate falls in epochs 2 and 3, and the run stops early at 4.
const std::vector<std::string> kEverything = {
    "-s", "data.image_size=48",
    "-s", "data.synthetic.images=300",
    "-s", "train.batch_size=32",
    "-s", "train.epochs=6",
    "-s", "train.clip_norm=1",
    "-s", "train.label_smoothing=0.1",
    "-s", "augment.horizontal_flip=0.5",
    "-s", "augment.shift=0.1",
    "-s", "augment.rotation=10",
    "-s", "augment.cutout_probability=0.5",
    "-s", "callbacks.early_stopping.min_delta=9",
    "-s", "callbacks.early_stopping.patience=3",
    "-s", "callbacks.reduce_lr_on_plateau.min_delta=9",
    "-s", "callbacks.reduce_lr_on_plateau.patience=1",
    "-s", "callbacks.ema.decay=0.9",
    "-s", "report.figures=false"};

constexpr const char* kLast = "checkpoints/last.safetensors";
constexpr const char* kBest = "checkpoints/best.safetensors";

TEST_F(Resume, EndsWithTheBitsOfAnUnbrokenRun) {
  run_unbroken(kEverything);
  const Moment moments[] = {
      {-1, kLast},          // the very first checkpoint: nothing is saved yet
      {0, ""},              // in epoch 1
      {0, kBest},           // the best weights are newer than the last ones
      {0, kLast},           // epoch 1 ran in vain
      {1, ""},              // in epoch 2
      {2, ""},              // in epoch 3
      {2, kLast},           // epoch 3 ran in vain
      {3, ""},              // in epoch 4
      {3, kLast},           // epoch 4 ran in vain
      {4, "metrics.json"},  // trained, but not scored
  };
  int kills = 0;
  for (const Moment& moment : moments)
    kills += kill_at(moment, kEverything) ? 1 : 0;
  EXPECT_GE(kills, 8) << "too few of the moments were met";
  finish(kEverything);
  expect_same_run(run_dir(), unbroken());
  const Json last = read_json(at("checkpoints/last.json"));
  EXPECT_EQ(last["epoch"], 4);
  EXPECT_THAT(last["stop_reason"].get<std::string>(),
              testing::StartsWith("early_stopping: "));
  EXPECT_LT(last["learning_rate"], 1e-3 * 0.011);  // two falls by 0.1
}

// The other branches: another optimiser, a schedule, weights that are put back
// at the end, an average that is only kept. Small, so that kills can fall
// anywhere, by the clock alone.
const std::vector<std::string> kOtherWays = {
    "-s", "train.epochs=8",
    "-s", "train.gradient_accumulation=2",
    "-s", "train.class_weights=balanced",
    "-s", "train.l2=1e-4",
    "-s", "optimizer.name=sgd",
    "-s", "optimizer.momentum=0.9",
    "-s", "optimizer.nesterov=true",
    "-s", "optimizer.learning_rate=0.01",
    "-s", "schedule.name=cosine",
    "-s", "schedule.warmup_epochs=2",
    "-s", "callbacks.model_checkpoint.monitor=val_accuracy",
    "-s", "callbacks.early_stopping.patience=7",
    "-s", "callbacks.early_stopping.restore_best=true",
    "-s", "callbacks.ema.decay=0.99",
    "-s", "callbacks.ema.evaluate=false",
    "-s", "report.figures=false"};

TEST_F(Resume, EndsWithTheSameBitsInTheOtherWaysToTrain) {
  run_unbroken(kOtherWays);
  int kills = 0;
  for (int epoch = 0; epoch < 8; ++epoch)
    kills += kill_at({epoch, ""}, kOtherWays) ? 1 : 0;
  EXPECT_GE(kills, 5) << "the run was over too early";
  finish(kOtherWays);
  expect_same_run(run_dir(), unbroken());
}

// Layers that are set free at the end of epochs 2 and 4, one that never is, and
// an average of them all: the moments of Adam begin at zero there, and so must
// their clock.
const std::vector<std::string> kFineTuned = {
    "-s",
    "train.epochs=6",
    "-s",
    "train.fine_tune.freeze={\"(?!logits|dense)\": 2, \"block1\": 4, "
    "\"block2_conv1.bias\": 0}",
    "-s",
    "train.fine_tune.layer_decay=0.8",
    "-s",
    "train.clip_norm=1",
    "-s",
    "optimizer.name=adamw",
    "-s",
    "optimizer.weight_decay=0.05",
    "-s",
    "optimizer.decay_vectors=false",
    "-s",
    "schedule.name=cosine",
    "-s",
    "callbacks.ema.decay=0.9",
    "-s",
    "report.figures=false"};

TEST_F(Resume, EndsWithTheSameBitsAcrossEpochsThatSetLayersFree) {
  run_unbroken(kFineTuned);
  int kills = 0;
  for (int epoch = 0; epoch < 6; ++epoch)
    kills += kill_at({epoch, ""}, kFineTuned) ? 1 : 0;
  EXPECT_GE(kills, 4) << "the run was over too early";
  finish(kFineTuned);
  expect_same_run(run_dir(), unbroken());
  // What is set free after epoch n of 6 is n sixths of all steps late.
  const Json last = read_json(at("checkpoints/last.json"));
  const int steps = last["optimizer_steps"];
  ASSERT_EQ(steps % 6, 0);
  const Json& clocks = last["late_clocks"];
  EXPECT_EQ(clocks["block4_conv1.weight"], steps / 6 * 4);
  EXPECT_EQ(clocks["block1_conv1.weight"], steps / 6 * 2);
  EXPECT_EQ(clocks["block2_conv1.bias"], 0);
  EXPECT_FALSE(clocks.contains("dense1.weight"));
}

TEST_F(Resume, GoesOnFromTheCheckpointBeforeADamagedOne) {
  const std::vector<std::string> settings = {"-s", "train.epochs=3", "-s",
                                             "report.figures=false"};
  run_unbroken(settings);
  epoch_seconds_ = 0;  // at once: the checkpoint before it is that of epoch 1
  ASSERT_TRUE(kill_at({2, ""}, settings));
  fs::resize_file(at(kLast), 1000);
  const Result result = run(broken_arguments(settings));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err,
              testing::HasSubstr("Going on from the one before it."));
  expect_same_run(run_dir(), unbroken());
}

const std::vector<std::string> kShort = {"-s", "train.epochs=1", "-s",
                                         "report.figures=false"};

TEST_F(Resume, OfAFinishedRunChangesNothing) {
  const std::vector<std::string> settings = {"-s", "train.epochs=2",
                                             "-s", "report.figures=false",
                                             "-s", "callbacks.ema.decay=0.9"};
  run_unbroken(settings);
  fs::copy(unbroken(), run_dir(), fs::copy_options::recursive);
  write_file(at("notes.tmpl"), "mine");
  write_file(at("checkpoints/last.safetensors.tmp12-0"), "half");
  finish(settings);
  EXPECT_TRUE(fs::exists(at("notes.tmpl")));
  expect_same_run(run_dir(), unbroken());
}

TEST_F(Resume, RefusesWeightsInThePlaceOfTheState) {
  ASSERT_EQ(train(kShort).exit_code, 0);
  fs::copy_file(at(kBest), at(kLast), fs::copy_options::overwrite_existing);
  fs::remove(at("checkpoints/last.previous.safetensors"));
  const Result result = run(broken_arguments(kShort));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err,
              testing::HasSubstr("[checkpoint] expected the whole state of a "
                                 "training; got weights without '"));
}

// The state of its generator names the device: here, 16 bytes of a GPU's.
void rename_generator(const fs::path& file) {
  std::string bytes = read_file(file);
  uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  Json header = Json::parse(bytes.substr(8, length));
  const auto begin = header["random/cpu"]["data_offsets"][0].get<uint64_t>();
  header.erase("random/cpu");
  header["random/cuda"] = {
      {"dtype", "U8"}, {"shape", {16}}, {"data_offsets", {begin, begin + 16}}};
  for (const char* key : {"sha256", "header_sha256"})
    header["__metadata__"].erase(key);
  const std::string text = header.dump();
  const uint64_t size = text.size();
  write_file(file, std::string(reinterpret_cast<const char*>(&size), 8) + text +
                       bytes.substr(8 + length, begin + 16));
}

TEST_F(Resume, GoesOnOnACpuWhereAGpuSaved) {
  ASSERT_EQ(train(kShort).exit_code, 0);
  rename_generator(at(kLast));
  finish(kShort);
}

// The comparison itself, so that the proofs above can fail.
TEST_F(Resume, ComparesEverythingThatASeedChanges) {
  const std::vector<std::string> settings = {"-s", "train.epochs=1", "-s",
                                             "report.figures=false"};
  run_unbroken(settings);
  ASSERT_EQ(
      train({"-s", "train.epochs=1", "-s", "experiment.seed=43"}).exit_code, 0);
  for (const char* name : {kLast, kBest}) {
    const auto mine = tensor_bytes(run_dir() / name);
    const auto other = tensor_bytes(unbroken() / name);
    EXPECT_EQ(mine.size(), other.size());
    EXPECT_NE(mine, other);
  }
  EXPECT_NE(tensor_bytes(run_dir() / kLast)["random/cpu"],
            tensor_bytes(unbroken() / kLast)["random/cpu"]);
  EXPECT_NE(timeless_history(run_dir()).rows,
            timeless_history(unbroken()).rows);
  EXPECT_NE(timeless_state(run_dir()), timeless_state(unbroken()));
  EXPECT_EQ(event_values(run_dir()).size(), 1u);
  EXPECT_NE(event_values(run_dir()), event_values(unbroken()));
}

}  // namespace
}  // namespace fer
