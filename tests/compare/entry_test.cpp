#include "compare/entry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "run_builder.h"

namespace fer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Entry, ReadsARunWithItsProtocolAndLeak) {
  const TemporaryFolder folder;
  write_run(folder / "fernet", marks("++-"),
            {.protocol = "report", .leaky_share = 0.37541});
  const CompareEntry entry = read_entry(folder / "fernet", "test");
  EXPECT_EQ(entry.name, "fernet");
  EXPECT_EQ(entry.protocol, "report");
  EXPECT_EQ(entry.seeds(), 1u);
  EXPECT_EQ(entry.positive_class, "sad");
  EXPECT_EQ(marked_name(entry), "fernet (leaky 37.5 %)");
}

TEST(Entry, FolderOfSeedsIsOneEntryInTheOrderOfTheSeeds) {
  const TemporaryFolder folder;
  for (const char* seed : {"seed-10", "seed-9", "seed-101"})
    write_run(folder / "vit" / seed, marks("+-"));
  const CompareEntry entry = read_entry(folder / "vit", "test");
  EXPECT_EQ(entry.name, "vit");
  EXPECT_EQ(entry.seeds(), 3u);
  EXPECT_THAT(entry.folders,
              ElementsAre(folder / "vit" / "seed-9", folder / "vit" / "seed-10",
                          folder / "vit" / "seed-101"));
}

TEST(Entry, NotesASeedWithoutPredictions) {
  const TemporaryFolder folder;
  write_run(folder / "vit" / "seed-1", marks("+-"));
  write_file(folder / "vit" / "seed-2" / "config.yaml", "a: 1\n");
  const CompareEntry entry = read_entry(folder / "vit", "test");
  EXPECT_EQ(entry.seeds(), 1u);
  EXPECT_THAT(
      entry.notes,
      ElementsAre("vit/seed-2 has no predictions-test.csv and is left out."));
}

TEST(Entry, RefusesASeedThatStandsTwice) {
  const TemporaryFolder folder;
  for (const char* seed : {"seed-42", "seed-42-2"})
    write_run(folder / "vit" / seed, marks("+-"));
  EXPECT_THAT(error_text([&] { read_entry(folder / "vit", "test"); }),
              HasSubstr("[compare] expected every seed once; got seed 42 in "
                        "seed-42 and seed-42-2 ("));
}

TEST(Entry, RefusesSeedsOfSeveralProtocols) {
  const TemporaryFolder folder;
  write_run(folder / "vit" / "seed-1", marks("+-"), {.protocol = "clean"});
  write_run(folder / "vit" / "seed-2", marks("+-"), {.protocol = "report"});
  EXPECT_THAT(error_text([&] { read_entry(folder / "vit", "test"); }),
              HasSubstr("[compare] expected one protocol for all seeds; got "
                        "clean and report ("));
}

TEST(Entry, FoldsAreReadAsOneTable) {
  const TemporaryFolder folder;
  write_run(folder / "cv" / "out_of_fold", marks("+-+"), {.protocol = "kfold"});
  const CompareEntry entry = read_entry(folder / "cv", "test");
  EXPECT_EQ(entry.name, "cv, all folds");
  EXPECT_EQ(entry.predictions[0].size(), 3u);
}

TEST(Entry, SaysWhatIsMissing) {
  const TemporaryFolder folder;
  EXPECT_THAT(error_text([&] { read_entry(folder / "none", "test"); }),
              HasSubstr("expected a run folder"));
  write_run(folder / "run", marks("+-"), {.split = "val"});
  EXPECT_THAT(error_text([&] { read_entry(folder / "run", "test"); }),
              HasSubstr("[compare] expected predictions-test.csv; got a run "
                        "without it ("));
  write_file(folder / "group" / "seed-1" / "config.yaml", "a: 1\n");
  EXPECT_THAT(error_text([&] { read_entry(folder / "group", "test"); }),
              HasSubstr("[compare] expected predictions-test.csv in at least "
                        "one of 1 seed folders; got none ("));
  write_json(folder / "run" / "metrics.json", Json{{"leaky", false}});
  EXPECT_THAT(error_text([&] { read_entry(folder / "run", "val"); }),
              HasSubstr("[compare] expected the protocol in metrics.json; got "
                        "none ("));
}

TEST(Entry, RefusesPredictionsThatWereNotScored) {
  const TemporaryFolder folder;
  write_run(folder / "run", marks("++-"));
  write_predictions(folder / "run" / "predictions-test.csv", marks("+++"));
  EXPECT_THAT(error_text([&] { read_entry(folder / "run", "test"); }),
              HasSubstr("[compare] expected the predictions that metrics.json "
                        "was scored from (SHA-256 "));
}

}  // namespace
}  // namespace fer
