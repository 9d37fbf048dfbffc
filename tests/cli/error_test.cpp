// Every mistake that a person can make ends with exit code 1 and one line that
// helps; nothing half-written stays behind.
#include <gmock/gmock.h>

#include "face_folder.h"
#include "tiny_experiment.h"

namespace fer {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

class Errors : public TinyExperiment {
 protected:
  /// Runs with `options` into run_dir(); exit code 1, and nothing appeared.
  std::string error_of(const std::vector<std::string>& options) const {
    const auto before = listing(folder());
    const Result result = train(options);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(listing(folder()), before);
    return result.err;
  }
};

TEST_F(Errors, NameThePlaceOfABadSettingAndTheNearestOne) {
  write_file(file(), "train:\n  epochz: 3\n");
  EXPECT_EQ(error_of({}),
            fmt::format("error: {}:2:3: train.epochz is not a setting; did "
                        "you mean train.epochs?\n",
                        file().string()));
}

TEST_F(Errors, NameABadOverride) {
  EXPECT_THAT(error_of({"-s", "train.epochs=three"}),
              StartsWith("error: -s train.epochs=three: "));
}

TEST_F(Errors, NameAMissingExperiment) {
  fs::remove(file());
  EXPECT_EQ(error_of({}),
            fmt::format("error: {}: no readable file.\n", file().string()));
}

TEST_F(Errors, NameMissingData) {
  EXPECT_EQ(
      error_of({"-s", "data.source=folder", "-s", "data.path=none.tar.gz"}),
      "error: [data] expected a file or directory at data.path; got "
      "nothing there ('none.tar.gz'). Check the path, or set "
      "FERBENCH_DATA to the data folder.\n");
}

TEST_F(Errors, NameADamagedArchive) {
  const fs::path archive = folder() / "faces.tar.gz";
  write_file(archive, "this is no archive");
  EXPECT_EQ(error_of({"-s", "data.source=folder", "-s",
                      "data.path=" + archive.string()}),
            fmt::format("error: [data] expected a directory or a .tar, "
                        ".tar.gz, .tgz or .zip archive; got 'Unrecognized "
                        "archive format' ({}). Check data.path and "
                        "data.source.\n",
                        archive.string()));
}

TEST_F(Errors, NameADamagedImage) {
  write_faces(folder() / "faces");
  write_file(folder() / "faces/sad/broken.png", "no picture");
  EXPECT_THAT(error_of({"-s", "data.source=folder", "-s",
                        "data.path=" + (folder() / "faces").string()}),
              HasSubstr("sad/broken.png"));
}

TEST_F(Errors, ListTheKnownModels) {
  EXPECT_THAT(error_of({"-s", "model.name=fernt"}),
              testing::AllOf(HasSubstr("fernet"), HasSubstr("'fernt'"),
                             HasSubstr("model.name")));
}

TEST_F(Errors, NameAFolderThatCannotBeMade) {
  write_file(folder() / "occupied", "");
  const auto before = listing(folder());
  const std::string out = folder() / "occupied" / "run";
  const Result result = run_verb({"run"}, {"--out", out});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err,
            fmt::format("error: [file] expected a folder that can be made; "
                        "got 'Not a directory' ({}). Check the path and its "
                        "permissions.\n",
                        out));
  EXPECT_EQ(listing(folder()), before);
}

TEST_F(Errors, NameAFileInTheFoldersPlace) {
  write_file(run_dir(), "");
  EXPECT_EQ(error_of({}),
            fmt::format("error: [run] expected a folder; got a file ({}). "
                        "Name another with --out.\n",
                        run_dir().string()));
}

TEST_F(Errors, LeaveNoHalfFileOnAFullDisk) {
  // The small files fit, the first checkpoint (megabytes) does not.
  const std::vector<std::string> out = {"--out", run_dir().string()};
  const Result result = run_verb({"run"}, out, {.largest_file = 1 << 20});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.last_error_line(),
            fmt::format("error: [file] expected to write a file; got 'File "
                        "too large' ({}). Free some space or check the "
                        "permissions; the old file, if any, is unharmed.",
                        at("checkpoints/last.safetensors")));
  EXPECT_TRUE(fs::is_empty(run_dir() / "checkpoints"));
  for (const auto& entry : fs::recursive_directory_iterator(run_dir()))
    EXPECT_EQ(entry.path().string().find(".tmp"), std::string::npos);
  // With space again, the run can go on from where it stands.
  const Result next =
      run({"run", at("config.yaml"), "--resume", "--out", run_dir().string()});
  EXPECT_EQ(next.exit_code, 0) << next.err;
  EXPECT_TRUE(fs::exists(at("report.html")));
}

TEST_F(Errors, NameAFolderThatIsNoRun) {
  const auto before = listing(folder());
  const std::string text = fmt::format(
      "error: [run] expected a run folder (with config.yaml); got "
      "'{}'. `ferbench run` makes one.\n",
      run_dir().string());
  for (const char* verb : {"evaluate", "report"}) {
    const Result result = run({verb, run_dir().string()});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.err, text);
  }
  EXPECT_EQ(train({"--resume"}).err, text);
  EXPECT_EQ(listing(folder()), before);
}

TEST_F(Errors, AskWhichRunToResume) {
  const Result result = run_verb({"run"}, {"--resume"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err,
            "error: [run] expected --out RUN_DIR with --resume; got none. Name "
            "the run folder to go on with.\n");
}

TEST_F(Errors, RefuseToResumeWithOtherSettings) {
  ASSERT_EQ(train({"-s", "train.epochs=1"}).exit_code, 0);
  const auto before = listing(run_dir());
  const Result result =
      train({"--resume", "-s", "train.epochs=5", "-s", "train.batch_size=8"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err,
            fmt::format("error: [run] expected the settings that the run "
                        "began with; got others for train.epochs, "
                        "train.batch_size ({0}/config.yaml). Start a new run, "
                        "or go on with: ferbench run {0}/config.yaml --resume "
                        "--out {0}\n",
                        run_dir().string()));
  EXPECT_EQ(listing(run_dir()), before);
}

TEST_F(Errors, NameARunWithoutCheckpoint) {
  ASSERT_EQ(train({"-s", "train.epochs=1"}).exit_code, 0);
  fs::remove_all(run_dir() / "checkpoints");
  const Result result = run({"evaluate", run_dir().string(), "--quiet"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err,
              StartsWith("error: [run] expected a checkpoint; got none"));
}

TEST_F(Errors, MissGnuplotBeforeTrainingAndNotAfterIt) {
  const Result result = run_verb({"run"}, {"--out", run_dir().string()},
                                 {.search_path = "/nowhere"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("[report] expected the program gnuplot"));
  EXPECT_FALSE(fs::exists(run_dir()));
}

}  // namespace
}  // namespace fer
