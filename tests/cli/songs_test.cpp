// Songs and recommendations from the command line.
#include <gmock/gmock.h>

#include "program.h"

namespace fer {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kTable =
    "track_id,track_name,artist_name,genres,popularity,danceability,tempo,"
    "energy\n"
    "0000000000000000000001,Fast,A,pop,50,0.9,150,0.9\n"
    "0000000000000000000002,Slow,B,folk,60,0.1,70,0.1\n"
    "0000000000000000000003,Faster,A,pop,70,0.8,160,0.8\n"
    "damaged\n";

class Songs : public testing::Test {
 protected:
  Songs() { folder_.write("songs.csv", kTable); }

  Result in_folder(const std::vector<std::string>& words) {
    ProgramOptions options;
    options.folder = folder_.path();
    return run(words, options);
  }
  std::string error_of(const std::vector<std::string>& words, int code = 1) {
    const Result result = in_folder(words);
    EXPECT_EQ(result.exit_code, code);
    return result.last_error_line();
  }

  TemporaryFolder folder_;
};

TEST_F(Songs, GoFromATableToAnEmotion) {
  const Result imported = in_folder({"songs", "import", "songs.csv"});
  EXPECT_EQ(imported.exit_code, 0) << imported.err;
  EXPECT_THAT(imported.out, HasSubstr("3 songs of 4 rows"));
  EXPECT_THAT(imported.out, HasSubstr("catalogue: songs.sqlite"));
  const Json happy =
      in_folder({"recommend", "--emotion", "happy", "--json"}).json();
  EXPECT_EQ(happy["emotion"], "happy");
  ASSERT_EQ(happy["songs"].size(), 2u);
  EXPECT_EQ(happy["songs"][0]["track_name"], "Faster");
  EXPECT_EQ(happy["songs"][0]["link"],
            "https://open.spotify.com/track/0000000000000000000003");
  folder_.write("burst.txt", "sad\nhappy\nnil\nsad\n");
  const Result burst = in_folder({"recommend", "--emotions", "burst.txt",
                                  "--count", "3", "--m3u", "out.m3u"});
  EXPECT_THAT(burst.out, StartsWith("4 frames: 1 without a face"));
  EXPECT_THAT(read_file(folder_ / "out.m3u"), HasSubstr("B - Slow\nhttps://"));
  EXPECT_EQ(in_folder({"songs", "list", "--json"}).json().size(), 3u);
  EXPECT_THAT(in_folder({"songs", "clusters", "--seeds", "5"}).out,
              HasSubstr("of 5 seeds"));
}

TEST_F(Songs, MistakesAreOneLine) {
  EXPECT_THAT(error_of({"recommend", "--emotion", "happy"}),
              StartsWith("error: [songs] expected a song catalogue; got no "
                         "such file (songs.sqlite)."));
  EXPECT_THAT(error_of({"songs", "import", "songs.csv", "--db", "songs.csv"}),
              HasSubstr("left as it is (songs.csv)"));
  EXPECT_EQ(read_file(folder_ / "songs.csv"), kTable);
  EXPECT_THAT(error_of({"songs", "import", "songs.csv", "--bad-rows", "stop"}),
              HasSubstr("expected 8 fields; got 1 (songs.csv:5:1)"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "songs.sqlite"));
  error_of({"recommend"}, 2);
  error_of({"recommend", "--emotion", "sad", "--emotions", "x"}, 2);
  error_of({"songs"}, 2);
}

}  // namespace
}  // namespace fer
