#include "compare/lineup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "run_builder.h"

namespace fer {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Lineup, RefusesRunsOfDifferentProtocolsUnlessForced) {
  const TemporaryFolder folder;
  write_run(folder / "a", marks("++-+"), {.protocol = "official"});
  write_run(folder / "b", marks("+--+"), {.protocol = "official_clean"});
  const std::vector<std::filesystem::path> runs = {folder / "a", folder / "b"};
  EXPECT_THAT(error_text([&] { read_lineup(runs, "test"); }),
              testing::AllOf(HasSubstr("[compare] expected runs of one "
                                       "protocol; got official ("),
                             HasSubstr("--force shows them side by side "
                                       "without ranking them.")));
  EXPECT_FALSE(read_lineup(runs, "test", true).ranked);
}

TEST(Lineup, RefusesTooFewRunsAndOneTwice) {
  const TemporaryFolder folder;
  write_run(folder / "a", marks("++"));
  EXPECT_EQ(error_text([&] { read_lineup({folder / "a"}, "test"); }),
            "[compare] expected two runs or more; got 1. Name the run folders: "
            "`ferbench compare RUN RUN`.");
  EXPECT_THAT(
      error_text([&] {
        read_lineup({folder / "a", folder.path() / "." / "a" / ""}, "test");
      }),
      HasSubstr("[compare] expected different runs; got one twice ("));
}

TEST(Lineup, GroupsRowsOfOneIdAndTwinsOfTheAudit) {
  const TemporaryFolder folder;
  Predictions p = marks("++-+-+");
  p.ids = {"w", "x", "w", "y", "z", "v"};
  p.labels[2] = p.labels[0];
  RunSettings settings;
  settings.audit["twin_groups"]["test"] =
      Json::array({Json::array({"y", "z"})});
  const Lineup lineup = lineup_of(folder, {p, p}, settings);
  // w x w y z v: y and z are twins.
  EXPECT_THAT(lineup.groups, ElementsAre(0, 1, 0, 2, 2, 3));
  EXPECT_EQ(lineup.units, 4u);
  EXPECT_FALSE(lineup.independent());
  EXPECT_THAT(lineup.notes,
              testing::Not(Contains(HasSubstr("No audit.json lists"))));
}

TEST(Lineup, SaysWhenTwinsAreUnknownAndWhenThereIsOneSeed) {
  const TemporaryFolder folder;
  const Lineup lineup = lineup_of(folder, {marks("++-+"), marks("+-++")});
  EXPECT_TRUE(lineup.independent());
  EXPECT_THAT(lineup.notes,
              ElementsAre(HasSubstr("No audit.json lists the twins"),
                          HasSubstr("One seed each")));
}

TEST(Lineup, TellsRunsOfOneNameApartByTheirFolders) {
  const TemporaryFolder folder;
  write_run(folder / "old" / "fernet", marks("++"));
  write_run(folder / "new" / "fernet", marks("+-"));
  const Lineup lineup = read_lineup(
      {folder / "old" / "fernet", folder / "new" / "fernet"}, "test");
  EXPECT_EQ(lineup.entries[0].name, (folder / "old" / "fernet").string());
  EXPECT_EQ(lineup.entries[1].name, (folder / "new" / "fernet").string());
}

TEST(Lineup, AlignsEverySeedWithTheFirstRun) {
  const TemporaryFolder folder;
  Predictions turned = marks("+-+-");
  std::swap(turned.ids[1], turned.ids[3]);  // img-1 is the last row now
  write_run(folder / "a", marks("++++"));
  write_run(folder / "b" / "seed-1", marks("+--+"));
  write_run(folder / "b" / "seed-2", turned);
  const Lineup lineup = read_lineup({folder / "a", folder / "b"}, "test");
  EXPECT_THAT(lineup.entries[1].predictions[1].ids,
              ElementsAre("img-0", "img-1", "img-2", "img-3"));
  EXPECT_THAT(lineup.notes, Contains(HasSubstr("Some entries have one seed")));
}

TEST(Lineup, RefusesAFolderOfSeedsBesideOneOfThem) {
  const TemporaryFolder folder;
  write_run(folder / "a/seed-1", marks("++"));
  EXPECT_THAT(error_text([&] {
                read_lineup({folder / "a/seed-1", folder / "a"}, "test");
              }),
              HasSubstr("[compare] expected different runs; got one twice ("));
}

}  // namespace
}  // namespace fer
