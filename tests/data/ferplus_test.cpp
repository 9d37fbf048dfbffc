#include "data/ferplus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/temporary_folder.h"

namespace fer {
namespace {

using testing::ElementsAre;

const std::string kHead =
    "file,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,"
    "unknown,NF\n";

TEST(ReadFerplus, GivesTheVotesByPath) {
  const TemporaryFolder folder;
  const auto votes = read_ferplus(
      folder.write("v.csv", kHead + "test/sad/a.jpg,2,1,2,0,4,0,0,0,1,0\n" +
                                "train/sad/b.jpg,0,0,0,0,0,0,0,0,0,10\n"));
  ASSERT_EQ(votes.size(), 2u);
  EXPECT_THAT(votes.at("test/sad/a.jpg"),
              ElementsAre(2, 1, 2, 0, 4, 0, 0, 0, 1, 0));
  EXPECT_EQ(votes.at("train/sad/b.jpg")[9], 10);
}

TEST(ReadFerplus, FindsItsColumnsByName) {
  const TemporaryFolder folder;
  const auto votes = read_ferplus(folder.write(
      "v.csv",
      "NF,unknown,contempt,fear,disgust,anger,sadness,surprise,happiness,"
      "neutral,file,more\n1,2,3,4,5,6,7,8,9,10,x,?\n"));
  EXPECT_THAT(votes.at("x"), ElementsAre(10, 9, 8, 7, 6, 5, 4, 3, 2, 1));
}

TEST(ReadFerplus, NamesWhatIsWrongWithATable) {
  const TemporaryFolder folder;
  const auto text = [&](const std::string& rows) {
    const auto path = folder.write("v.csv", rows);
    std::string error = error_text([&] { read_ferplus(path); });
    const size_t at = error.find(path.string());
    return at == std::string::npos
               ? error
               : error.replace(at, path.string().size(), "v.csv");
  };
  for (const char* votes : {"11", "-1", "x", "", "1.5"}) {
    EXPECT_EQ(text(kHead + "a,1,1,1,1,1,1,1,1,1," + votes + "\n"),
              std::string("[ferplus] expected votes from 0 to 10; got '") +
                  votes +
                  "' for a (v.csv). Take the table as it was published.");
  }
  EXPECT_EQ(text(kHead + "a,0,0,0,0,0,0,0,0,0,0\n"),
            "[ferplus] expected somebody's vote for every image; got none for "
            "a (v.csv). Remove the row or take the table as it was "
            "published.");
  EXPECT_EQ(text(kHead + "a,9,0,0,0,0,0,0,0,0,1\na,9,0,0,0,0,0,0,0,0,1\n"),
            "[ferplus] expected each image once; got a twice (v.csv). Remove "
            "one.");
  EXPECT_THAT(text("file,neutral\na,1\n"), testing::HasSubstr("happiness"));
}

Votes votes_of(int neutral, int happy, int surprise, int sad, int unknown = 0) {
  return {neutral, happy, surprise, sad, 0, 0, 0, 0, unknown, 0};
}

TEST(Ballot, MostVotesWin) {
  const Ballot ballot({});
  EXPECT_THAT(ballot.winners(votes_of(2, 5, 0, 3)), ElementsAre("happy"));
  EXPECT_THAT(ballot.winners(votes_of(2, 2, 0, 2, 4)), ElementsAre("unknown"));
}

TEST(Ballot, NamesAllThatTie) {
  const Ballot ballot({});
  EXPECT_THAT(ballot.winners(votes_of(4, 1, 1, 4)),
              ElementsAre("neutral", "sad"));
}

TEST(Ballot, DoesNotCountAVoteThatNobodyShares) {
  const Ballot ballot({});
  EXPECT_THAT(ballot.count(votes_of(5, 2, 1, 2)),
              ElementsAre(5, 2, 0, 2, 0, 0, 0, 0, 0, 0));
}

TEST(Ballot, CountsColumnsOfOneNameTogether) {
  const Ballot ballot({{"sad", "low"}, {"neutral", "low"}});
  EXPECT_THAT(ballot.names(),
              ElementsAre("low", "happy", "surprise", "angry", "disgust",
                          "fear", "contempt", "unknown", "NF"));
  EXPECT_THAT(ballot.winners(votes_of(3, 4, 0, 3)), ElementsAre("low"));
  // A vote is an outlier in its own column: 1 + 1 is not 2.
  EXPECT_THAT(ballot.count(votes_of(1, 8, 0, 1)),
              ElementsAre(0, 8, 0, 0, 0, 0, 0, 0, 0));
}

}  // namespace
}  // namespace fer
