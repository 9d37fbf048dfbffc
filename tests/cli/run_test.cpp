// From an experiment file to a run folder, and its later stages alone.
#include <gmock/gmock.h>

#include "core/csv.h"
#include "tiny_experiment.h"

namespace fer {
namespace {
namespace fs = std::filesystem;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

class Run : public TinyExperiment {};

TEST_F(Run, LeavesEveryFileOfARunFolder) {
  ASSERT_EQ(train().exit_code, 0);
  // docs/run_folder.md
  for (const char* name :
       {"config.yaml", "environment.json", "audit.json", "history.csv",
        "checkpoints/best.safetensors", "checkpoints/best.json",
        "checkpoints/last.safetensors", "checkpoints/last.json",
        "predictions-val.csv", "predictions-test.csv", "metrics.json",
        "samples-val.json", "samples-test.json", "report.html"}) {
    EXPECT_TRUE(fs::is_regular_file(at(name))) << name;
  }
  for (const char* figure : {"loss", "accuracy", "learning_rate", "roc-val",
                             "roc-test", "precision_recall-test",
                             "confusion-test", "confusion_normalised-test"}) {
    for (const char* type : {".svg", ".png"}) {
      EXPECT_TRUE(
          fs::exists(run_dir() / "figures" / (figure + std::string(type))))
          << figure << type;
    }
  }
  size_t events = 0;
  for (const auto& entry : fs::directory_iterator(run_dir()))
    events += entry.path().filename().string().starts_with("events.out.tfe");
  EXPECT_EQ(events, 1u);
  EXPECT_EQ(read_csv(at("history.csv")).rows.size(), 2u);
  EXPECT_THAT(read_json(at("environment.json"))["command"].get<std::string>(),
              HasSubstr("ferbench run " + file().string()));
}

TEST_F(Run, ShowsTablesReportAndNextCommand) {
  const Result result = train();
  EXPECT_THAT(result.out, HasSubstr("val split, 6 images"));  // 60 * 0.1
  EXPECT_THAT(result.out, HasSubstr("test split, 6 images"));
  EXPECT_THAT(result.out, HasSubstr("precision    recall  f1-score"));
  EXPECT_THAT(result.out, HasSubstr("confusion matrix"));
  EXPECT_THAT(result.out, HasSubstr("2 epochs in "));
  EXPECT_THAT(result.out, HasSubstr("report: " + at("report.html") + "\n"));
  EXPECT_THAT(result.out, EndsWith("next:   ferbench evaluate " +
                                   run_dir().string() + " --split train\n"));
  EXPECT_THAT(result.err, HasSubstr("48 train, 6 val, 6 test"));
  EXPECT_THAT(result.err, HasSubstr("run folder: " + run_dir().string()));
  EXPECT_THAT(result.err, HasSubstr("Epoch 2/2 - "));
}

TEST_F(Run, PrintsJsonAloneWhenAsked) {
  const Result result = train({"--json"});
  EXPECT_EQ(result.json(), read_json(at("metrics.json")));
}

TEST_F(Run, IsSilentOnStderrWhenQuiet) {
  const Result result = train({"--quiet"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
  EXPECT_THAT(result.out, HasSubstr("test split, 6 images"));
}

TEST_F(Run, PicksAFreshFolderEachTime) {
  const std::vector<std::string> one = {"-s", "train.epochs=1"};
  EXPECT_EQ(run_verb({"run"}, one).exit_code, 0);
  const fs::path first = folder() / "runs/tiny/seed-42";
  const auto before = listing(first);
  EXPECT_EQ(run_verb({"run"}, one).exit_code, 0);
  EXPECT_TRUE(fs::exists(folder() / "runs/tiny/seed-42-2/report.html"));
  EXPECT_EQ(listing(first), before);
}

TEST_F(Run, RefusesAFolderThatHoldsFiles) {
  fs::create_directory(run_dir());
  write_file(at("notes.txt"), "mine");
  const auto before = listing(run_dir());
  const Result result = train();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err,
            fmt::format("error: [run] expected a new folder; got one that "
                        "holds files ({}). Name another with --out, or go on "
                        "with --resume.\n",
                        run_dir().string()));
  EXPECT_EQ(listing(run_dir()), before);
}

TEST_F(Run, TakesAnEmptyFolder) {
  fs::create_directory(run_dir());
  EXPECT_EQ(train({"-s", "train.epochs=1"}).exit_code, 0);
}

TEST_F(Run, PrintsAConfigurationThatReadsBack) {
  const Result first =
      run_verb({"run"}, {"--print-config", "-s", "train.epochs=7"});
  EXPECT_THAT(first.out, HasSubstr("epochs: 7"));
  write_file(folder() / "printed.yaml", first.out);
  const Result second =
      run({"run", (folder() / "printed.yaml").string(), "--print-config"});
  EXPECT_EQ(second.out, first.out);
  EXPECT_FALSE(fs::exists(folder() / "runs"));
}

TEST_F(Run, KeepsTheConfigurationThatItPrints) {
  const std::vector<std::string> one = {"-s", "train.epochs=1"};
  const std::string printed =
      run_verb({"run"}, {"--print-config", "-s", "train.epochs=1"}).out;
  ASSERT_EQ(train(one).exit_code, 0);
  EXPECT_EQ(read_file(at("config.yaml")), printed);
}

TEST_F(Run, ScoresAnOldRunAlone) {
  ASSERT_EQ(train().exit_code, 0);
  const Json before = read_json(at("metrics.json"));
  const std::string predictions = read_file(at("predictions-test.csv"));
  for (const char* name : {"metrics.json", "predictions-test.csv"})
    fs::remove(at(name));
  const Result result =
      run({"evaluate", run_dir().string(), "--split", "test"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("test split, 6 images"));
  EXPECT_THAT(result.out, Not(HasSubstr("val split")));
  const Json after = read_json(at("metrics.json"));
  EXPECT_EQ(after["test"], before["test"]);
  EXPECT_FALSE(after.contains("val"));
  EXPECT_EQ(read_file(at("predictions-test.csv")), predictions);
}

TEST_F(Run, PrintsTheScoresOfAnOldRunAsJson) {
  ASSERT_EQ(train().exit_code, 0);
  const Result result = run({"evaluate", run_dir().string(), "--split", "val",
                             "--split", "test", "--json", "--quiet"});
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.json(), read_json(at("metrics.json")));
}

TEST_F(Run, ReportsAnOldRunAlone) {
  ASSERT_EQ(train().exit_code, 0);
  const std::string page = read_file(at("report.html"));
  fs::remove(at("report.html"));
  fs::remove_all(run_dir() / "figures");
  const Result result = run({"report", run_dir().string(), "--quiet"});
  EXPECT_EQ(result.out, "report: " + at("report.html") + "\n");
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(read_file(at("report.html")), page);
  EXPECT_TRUE(fs::exists(run_dir() / "figures/loss.svg"));
  EXPECT_EQ(run({"report", run_dir().string(), "--json", "--quiet"}).json(),
            read_json(at("metrics.json")));
}

TEST_F(Run, GivesTheSameBytesForTheSameSeed) {
  ASSERT_EQ(train().exit_code, 0);
  const std::string first = read_file(at("predictions-test.csv"));
  fs::rename(run_dir(), folder() / "other");
  ASSERT_EQ(train().exit_code, 0);
  EXPECT_EQ(read_file(at("predictions-test.csv")), first);
}

}  // namespace
}  // namespace fer
