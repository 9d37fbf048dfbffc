// Which run stands on the board: leaderboard/place.h.
#include "leaderboard/place.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "board_fixture.h"

namespace fer {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Place : public testing::Test {
 protected:
  AddOutcome place(const std::string& folder, const RunSpec& spec,
                   bool replace = false) {
    write_run(folder_ / folder, spec);
    return place_run(folder_ / "results", entries_,
                     read_run_score(folder_ / folder), {replace});
  }
  std::string refusal(const std::string& folder, const RunSpec& spec) {
    const auto before = entries_.size();
    const std::string text = error_text([&] { place(folder, spec); });
    EXPECT_EQ(entries_.size(), before);
    return text;
  }

  TemporaryFolder folder_;
  std::vector<RunEntry> entries_;
};

TEST_F(Place, HoldsOneRunPerSeed) {
  EXPECT_EQ(place("a", {.seed = 1}), AddOutcome::kAdded);
  EXPECT_EQ(place("b", {.seed = 2}), AddOutcome::kAdded);
  EXPECT_EQ(place("a", {.seed = 1}), AddOutcome::kKept);
  EXPECT_EQ(entries_.size(), 2u);
  EXPECT_EQ(entries_[0].run, "../a");
}

TEST_F(Place, FollowsARunThatMoved) {
  place("a", {});
  EXPECT_EQ(place("elsewhere", {}), AddOutcome::kKept);
  ASSERT_EQ(entries_.size(), 1u);
  EXPECT_EQ(entries_[0].run, "../elsewhere");
}

TEST_F(Place, GivesWayToANewerRun) {
  place("a", {.skill = 1});
  EXPECT_EQ(place("b", {.skill = 0.5, .started = "2026-11-22T00:00:00Z"}),
            AddOutcome::kReplaced);
  ASSERT_EQ(entries_.size(), 1u);
  EXPECT_EQ(entries_[0].run, "../b");
}

TEST_F(Place, RefusesAnOlderRunUnlessAsked) {
  place("a", {.skill = 1});
  const RunSpec older{.skill = 2, .started = "2026-11-20T00:00:00Z"};
  EXPECT_EQ(refusal("b", older),
            "[leaderboard] expected a newer run of alpha, seed 42, than the "
            "one on the board, started 2026-11-21T06:00:00Z (../a); got one "
            "started 2026-11-20T00:00:00Z (../b). Take it all the same with "
            "--replace.");
  EXPECT_EQ(place("b", older, true), AddOutcome::kReplaced);
  EXPECT_EQ(entries_[0].run, "../b");
}

TEST_F(Place, LetsAFolderHoldOneRunOnly) {
  place("a", {.experiment = "first"});
  EXPECT_EQ(place("a", {.experiment = "second"}), AddOutcome::kReplaced);
  ASSERT_EQ(entries_.size(), 1u);
  EXPECT_EQ(entries_[0].experiment, "second");
}

TEST_F(Place, RefusesASeedWithOtherSettings) {
  place("a", {.seed = 1, .epochs = 30});
  EXPECT_EQ(refusal("b", {.seed = 2, .epochs = 40}),
            "[leaderboard] expected alpha, seed 2, with the settings of its "
            "seed 1; got another train.epochs 30, here 40 (../b). Name it "
            "otherwise (-s experiment.name=...), or take the old ones off: "
            "`ferbench leaderboard --remove alpha`.");
  EXPECT_EQ(place("c", {.experiment = "beta", .seed = 2, .epochs = 40}),
            AddOutcome::kAdded);
}

TEST_F(Place, LetsASingleRunChangeItsSettings) {
  place("a", {.epochs = 30});
  EXPECT_EQ(place("b", {.skill = 0.7, .epochs = 40}), AddOutcome::kReplaced);
}

TEST_F(Place, RefusesTwoDataSetsWithTheSameName) {
  place("a", {.experiment = "first"});
  const RunSpec other{.experiment = "second",
                      .fingerprint = std::string(64, 'b')};
  EXPECT_THAT(
      refusal("b", other),
      AllOf(HasSubstr("[leaderboard] expected the images of 'fer2013 (happy, "
                      "sad)' as in ../a (fingerprint aaaaaaaaaaaa...); got "
                      "other images under the same name, bbbbbbbbbbbb..."),
            HasSubstr("give the new file another name, or keep its runs in "
                      "another results folder (experiment.results).")));
  RunSpec named = other;
  named.data_path = "ferplus.tar.gz";
  EXPECT_EQ(place("c", named), AddOutcome::kAdded);
}

TEST_F(Place, TakesAnotherImageSizeAndARunWithoutFingerprint) {
  place("a", {.experiment = "first"});
  EXPECT_EQ(place("b", {.experiment = "second",
                        .fingerprint = std::string(64, 'b'),
                        .image_size = 224}),
            AddOutcome::kAdded);
  EXPECT_EQ(place("c", {.experiment = "third", .old = true}),
            AddOutcome::kAdded);
}

TEST_F(Place, RefusesASeedWithASectionThatTheOtherLeavesOut) {
  const auto with = [&](const std::string& name, int64_t seed,
                        const std::string& weights) {
    write_run(folder_ / name, {.seed = seed});
    edit_file(folder_ / name / "config.yaml", "train:\n",
              "  weights: " + weights + "\ntrain:\n");
    place_run(folder_ / "results", entries_, read_run_score(folder_ / name),
              {});
  };
  with("a", 1, "null");
  EXPECT_THAT(error_text([&] { with("b", 2, "{file: x.safetensors}"); }),
              HasSubstr("got another model.weights off, here set (../b)"));
}

}  // namespace
}  // namespace fer
