// `ferbench export`: a run in, a checked ONNX file out.
#include <gmock/gmock.h>

#include "tiny_experiment.h"

namespace fer {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

class Export : public TinyExperiment {
 protected:
  /// Of a run that stands in run_dir().
  Result export_run(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"export", run_dir().string(),
                                          "--quiet"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments, {.folder = folder()});
  }
};

TEST_F(Export, WritesACheckedFileAndPrintsTheReport) {
  ASSERT_EQ(train().exit_code, 0);
  const Result text = export_run();
  EXPECT_EQ(text.exit_code, 0) << text.err;
  EXPECT_EQ(text.err, "");
  EXPECT_THAT(text.out, HasSubstr("model.onnx"));
  EXPECT_TRUE(fs::exists(run_dir() / "model.onnx"));
  const Result json = export_run({"--json", "--out", at("other.onnx")});
  EXPECT_EQ(json.json().at("file"), "other.onnx");
  EXPECT_EQ(read_json(run_dir() / "export.json").at("other.onnx"), json.json());
}

TEST_F(Export, LeavesNothingBehindWhereTheDiskIsFull) {
  ASSERT_EQ(train().exit_code, 0);
  const auto before = listing(run_dir());
  const Result result = run({"export", run_dir().string(), "--quiet"},
                            {.folder = folder(), .largest_file = 100'000});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("model.onnx"));
  EXPECT_EQ(listing(run_dir()), before);
}

TEST_F(Export, NeedsARunWithACheckpoint) {
  Result result = export_run();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, StartsWith("error: ["));
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1);
  ASSERT_EQ(train().exit_code, 0);
  fs::remove_all(run_dir() / "checkpoints");
  result = export_run();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("expected a checkpoint; got none"));
  EXPECT_FALSE(fs::exists(run_dir() / "model.onnx"));
}

TEST_F(Export, RefusesWordsThatItDoesNotKnow) {
  for (const auto& [option, word] : {std::pair{"--precision", "int4"},
                                     {"--layout", "chwn"},
                                     {"--input", "int8"},
                                     {"--max-drop", "-1"}}) {
    const Result result = export_run({option, word});
    EXPECT_EQ(result.exit_code, 2) << option;
    EXPECT_THAT(result.err, HasSubstr(option));
  }
}

TEST_F(Export, HelpsWithAnExample) {
  const Result result = run({"export", "--help"}, {.folder = folder()});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("Example: ferbench export "));
}

}  // namespace
}  // namespace fer
