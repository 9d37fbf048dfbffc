// --dry-run: every stage is tried, nothing is written.
#include <gmock/gmock.h>

#include "face_folder.h"
#include "tiny_experiment.h"

namespace fer {
namespace {
namespace fs = std::filesystem;
using testing::EndsWith;
using testing::HasSubstr;

class DryRun : public TinyExperiment {
 protected:
  DryRun() { write_faces(folder() / "faces"); }
  std::vector<std::string> with_faces(std::vector<std::string> more) const {
    more.insert(more.end(), {"-s", "data.source=folder", "-s",
                             "data.path=" + (folder() / "faces").string()});
    return more;
  }
};

TEST_F(DryRun, WritesNothingNotEvenACache) {
  const auto before = listing(folder());
  const Result result =
      run_verb({"run"}, with_faces({"--dry-run", "--out", run_dir().string()}));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("one step of 16 images: loss "));
  EXPECT_THAT(result.out, EndsWith("dry run passed: nothing was written\n"));
  EXPECT_EQ(listing(folder()), before);
}

TEST_F(DryRun, IsNeededForThat) {
  // The same command without it fills the folder and the cache, so that the
  // test above can fail.
  EXPECT_EQ(run_verb({"run"}, with_faces({"--out", run_dir().string(), "-s",
                                          "train.epochs=1"}))
                .exit_code,
            0);
  EXPECT_TRUE(fs::exists(run_dir() / "report.html"));
  EXPECT_FALSE(fs::is_empty(cache()));
}

TEST_F(DryRun, FindsAModelThatCannotBeBuilt) {
  const auto before = listing(folder());
  const Result result =
      run_verb({"run"}, {"--dry-run", "-s", "model.dropout=[0.1]"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.last_error_line(),
            "error: [fernet] expected 6 dropout rates (4 blocks, 2 dense "
            "layers); got 1 (model.dropout). Leave it out for the report's.");
  EXPECT_EQ(listing(folder()), before);
}

}  // namespace
}  // namespace fer
