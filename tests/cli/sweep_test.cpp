// `ferbench sweep` from a file to its last line.
#include <gmock/gmock.h>

#include <csignal>

#include "core/csv.h"
#include "core/text.h"
#include "tiny_experiment.h"

namespace fer {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

class SweepVerb : public TinyExperiment {
 protected:
  SweepVerb() {
    write_file(folder() / "s.yaml", R"(
experiment: tiny.yaml
trials: 4
halving: {first_epoch: 1, eta: 2}
space:
  optimizer.learning_rate: {log_uniform: [1e-4, 1e-1]}
  train.batch_size: [8, 16]
)");
  }
  std::vector<std::string> words(const std::vector<std::string>& more) const {
    std::vector<std::string> words = {"sweep", (folder() / "s.yaml").string(),
                                      "-s",    "data.cache=" + cache().string(),
                                      "-s",    "train.epochs=4",
                                      "-s",    "report.figures=false"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  Result sweep(const std::vector<std::string>& more = {}) const {
    return run(words(more), {.folder = folder()});
  }
  fs::path trials() const { return folder() / "runs/s"; }
  CsvTable csv() const { return read_csv(trials() / "sweep.csv"); }
  size_t count(const std::string& state) const {
    const CsvTable table = csv();
    size_t n = 0;
    for (const auto& row : table.rows)
      n += row[table.column("state")] == state ? 1 : 0;
    return n;
  }
};

TEST_F(SweepVerb, TrainsTheBestAndSaysWhatIsNext) {
  const Result result = sweep({"--jobs", "2"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  // Rungs: 4 trials to epoch 1, 2 to epoch 2, 1 to epoch 4.
  EXPECT_EQ(count("done"), 1u);
  EXPECT_EQ(count("dropped"), 3u);
  EXPECT_THAT(result.out, HasSubstr("sweep s: 4 trials, the best 4 by "
                                    "val_loss (lower is better)"));
  // The test split of no trial was looked at.
  for (const auto& entry : fs::directory_iterator(trials())) {
    EXPECT_FALSE(fs::exists(entry.path() / "predictions-test.csv"))
        << entry.path();
  }
  // Called again, it has nothing to do; what it says is next can be done.
  const Json json = sweep({"--json", "--quiet"}).json();
  const std::string command = json["next"];
  EXPECT_THAT(result.out, HasSubstr("next:   " + command + "\n"));
  std::vector<std::string> next = split(command, ' ');
  next.erase(next.begin());
  next.back() = "1";  // --seeds 5 would take longer
  const Result winner = run(next, {.folder = folder()});
  EXPECT_EQ(winner.exit_code, 0) << winner.err;
  EXPECT_TRUE(fs::exists(folder() / "runs/s-best/seed-42/metrics.json"));
}

TEST_F(SweepVerb, GoesOnAfterKill9) {
  for (const char* trial : {"trial-001", "trial-003"}) {
    Program program(words({}), {.folder = folder()});
    EXPECT_TRUE(wait_until(
        program, [&] { return fs::exists(trials() / trial / "history.csv"); }));
    program.send(SIGKILL);
    EXPECT_EQ(program.wait().signal, SIGKILL);
  }
  const Result result = sweep();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(count("done"), 1u);
  EXPECT_EQ(count("dropped"), 3u);
}

TEST_F(SweepVerb, ShowsItsTrialsWithoutTraining) {
  const Result result = sweep({"--dry-run"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, StartsWith("trial      optimizer.learning_rate"));
  EXPECT_THAT(result.out, HasSubstr("4 trials to epoch 1\n2 trials to epoch "
                                    "2\n1 trial to epoch 4\n"));
  EXPECT_FALSE(fs::exists(folder() / "runs"));
}

TEST_F(SweepVerb, RefusesToChooseByTheTestSplit) {
  write_file(folder() / "s.yaml",
             "experiment: tiny.yaml\nmetric: test_accuracy\n"
             "space: {train.batch_size: [8, 16]}\n");
  const Result result = sweep();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.last_error_line(),
              HasSubstr("s.yaml:2:9: metric: expected val_loss or "
                        "val_accuracy; got \"test_accuracy\""));
  EXPECT_FALSE(fs::exists(folder() / "runs"));
}

}  // namespace
}  // namespace fer
