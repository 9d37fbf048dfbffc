// Photographs from the command line: to emotions, and to songs.
#include <gmock/gmock.h>

#include <sstream>

#include "photo_folder.h"
#include "program.h"

namespace fer {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Predict : public testing::Test {
 protected:
  Predict() {
    write_photo(folder_, "photos/a.png", 255);
    write_photo(folder_, "photos/b.png", 0);
  }

  Result in_folder(std::vector<std::string> words, bool whole = true) {
    if (whole)
      words.insert(words.end(), {"--model", kTinyModel, "--whole-picture"});
    ProgramOptions options;
    options.folder = folder_.path();
    return run(words, options);
  }

  std::vector<Json> lines(const Result& result) {
    std::vector<Json> parsed;
    std::istringstream text(result.out);
    for (std::string line; std::getline(text, line);)
      parsed.push_back(Json::parse(line));
    return parsed;
  }

  TemporaryFolder folder_;
};

TEST_F(Predict, TellsTheEmotionOfEachPicture) {
  const Result result = in_folder({"predict", "photos", "--annotate", "out"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");  // progress is for terminals
  EXPECT_THAT(result.out, HasSubstr("2 read: 2 with an emotion"));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "out/a.png"));
  const auto json = lines(in_folder({"predict", "photos", "--json"}));
  ASSERT_EQ(json.size(), 2u);
  EXPECT_EQ(json[0]["file"], "photos/a.png");
  EXPECT_EQ(json[0]["emotion"], "happy");
  EXPECT_EQ(json[1]["emotion"], "sad");
}

TEST_F(Predict, ReportsUnreadableFilesAndFailsOnlyWhenNoneCanBeRead) {
  folder_.write("photos/c.png", "no picture");
  const Result some = in_folder({"predict", "photos", "--json"});
  EXPECT_EQ(some.exit_code, 0);
  EXPECT_THAT(some.err, StartsWith("unreadable: photos/c.png: [photo] "));
  ASSERT_EQ(lines(some).size(), 3u);
  EXPECT_TRUE(lines(some)[2].contains("error"));
  const Result none = in_folder({"predict", "photos/c.png"});
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_THAT(none.last_error_line(),
              StartsWith("error: [predict] expected a picture that can be read;"
                         " got none of 1. The first: [photo] expected"));
}

TEST_F(Predict, FindsNoFaceWhereThereIsNone) {
  const Result result =
      in_folder({"predict", "photos", "--model", kTinyModel}, false);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("nil"));
  EXPECT_THAT(result.out, HasSubstr("No face was found."));
}

TEST_F(Predict, MistakesAreOneLine) {
  EXPECT_THAT(in_folder({"predict", "gone.jpg"}).last_error_line(),
              StartsWith("error: [predict] expected a picture, a video or a "
                         "folder; got no such file (gone.jpg)."));
  const Result no_model =
      in_folder({"predict", "photos", "--model", "photos/a.png"}, false);
  EXPECT_EQ(no_model.exit_code, 1);
  EXPECT_THAT(no_model.last_error_line(),
              StartsWith("error: [onnx] expected an ONNX file of ferbench's;"));
  EXPECT_EQ(in_folder({"predict"}).exit_code, 2);
  EXPECT_EQ(in_folder({"predict", "photos", "--faces", "best"}).exit_code, 2);
  EXPECT_THAT(
      in_folder({"predict", "photos", "--margin", "2"}).last_error_line(),
      HasSubstr("[predict] expected a margin from 0 to 1; got 2."));
}

TEST_F(Predict, LeadsToSongs) {
  folder_.write("songs.csv",
                "track_id,track_name,artist_name,genres,popularity,"
                "danceability,tempo,energy\n"
                "0000000000000000000001,Fast,A,pop,50,0.9,150,0.9\n"
                "0000000000000000000002,Slow,B,folk,60,0.1,70,0.1\n");
  ASSERT_EQ(in_folder({"songs", "import", "songs.csv"}, false).exit_code, 0);
  const Json happy = in_folder({"recommend", "photos/a.png", "--json"}).json();
  EXPECT_EQ(happy["emotion"], "happy");
  ASSERT_EQ(happy["songs"].size(), 1u);
  EXPECT_EQ(happy["songs"][0]["track_name"], "Fast");
  const Json burst = in_folder({"recommend", "photos", "--json"}).json();
  EXPECT_EQ(burst["emotions"].size(), 2u);
  write_photo(folder_, "dim.png", 128);
  const Result unclear =
      in_folder({"recommend", "dim.png", "--min-confidence", "0.9"});
  EXPECT_EQ(unclear.exit_code, 1);
  EXPECT_THAT(unclear.last_error_line(),
              HasSubstr("Face the camera in even light and try again."));
  EXPECT_EQ(in_folder({"recommend", "photos", "--emotion", "sad"}).exit_code,
            2);
}

}  // namespace
}  // namespace fer
