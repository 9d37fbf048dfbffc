// Ctrl-C in the middle of a run.
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

class Interrupt : public TinyExperiment {
 protected:
  /// Sends `signal` once an epoch of twelve is complete.
  Result interrupt(int signal) {
    Program program(arguments(
        {"run"}, {"--out", run_dir().string(), "-s", "train.epochs=12"}));
    EXPECT_TRUE(
        wait_until(program, [&] { return fs::exists(at("history.csv")); }));
    program.send(signal);
    return program.wait();
  }
};

TEST_F(Interrupt, EndsWith130AndSaysHowToGoOn) {
  const Result stopped = interrupt(SIGINT);
  EXPECT_EQ(stopped.exit_code, 130);
  const std::string line = stopped.last_error_line();
  EXPECT_THAT(line, StartsWith("error: [train] interrupted "));
  const std::string how = "Go on with: ferbench ";
  ASSERT_THAT(line, HasSubstr(how));
  EXPECT_LT(read_csv(at("history.csv")).rows.size(), 12u);
  EXPECT_FALSE(fs::exists(at("metrics.json")));

  // What the line says, word by word, finishes the run.
  const auto words = split(line.substr(line.find(how) + how.size()), ' ');
  const Result resumed = run(words);
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_EQ(read_csv(at("history.csv")).rows.size(), 12u);
  EXPECT_TRUE(fs::exists(at("report.html")));
}

TEST_F(Interrupt, TreatsSigtermTheSame) {
  EXPECT_EQ(interrupt(SIGTERM).exit_code, 130);
}

}  // namespace
}  // namespace fer
