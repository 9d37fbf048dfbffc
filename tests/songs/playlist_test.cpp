#include "songs/playlist.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "songs/feedback.h"
#include "songs/song_builder.h"

namespace fer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class PlaylistFile : public testing::Test {
 protected:
  std::string error_of(const std::string& name, const std::string& text) {
    const auto path = folder_.write(name, text);
    return error_text([&] { read_playlist(path); });
  }
  TemporaryFolder folder_;
};

TEST_F(PlaylistFile, ReadsLinesOfAnM3u) {
  const Playlist playlist = read_playlist(folder_.write(
      "mine.m3u", "#EXTM3U\n#EXTINF:-1,x\nhttps://open.spotify.com/track/" +
                      test_id(1) + "?si=1\r\n" + test_id(2) +
                      "\nspotify:track:" + test_id(3) + "\n\n" + test_id(1) +
                      "\nhttps://www.last.fm/x\n"));
  EXPECT_FALSE(playlist.by_emotion);
  EXPECT_THAT(
      playlist.of(FaceEmotion::kSad),
      ElementsAre(test_id(1), test_id(2), test_id(3), "https://www.last.fm/x"));
}

TEST_F(PlaylistFile, ReadsListsByEmotion) {
  const Playlist playlist = read_playlist(folder_.write(
      "mine.yaml", "happiness: [\"" + test_id(1) +
                       "\"]\nsad:\n  - spotify:track:" + test_id(2) + "\n"));
  EXPECT_TRUE(playlist.by_emotion);
  EXPECT_THAT(playlist.of(FaceEmotion::kHappy), ElementsAre(test_id(1)));
  EXPECT_THAT(playlist.of(FaceEmotion::kSad), ElementsAre(test_id(2)));
  EXPECT_TRUE(playlist.of(FaceEmotion::kFear).empty());
}

TEST_F(PlaylistFile, NamesWhatIsNoSong) {
  EXPECT_EQ(error_of("a.m3u", "\nmusic/song.mp3\n"),
            "[recommend] expected a Spotify id or a link; got "
            "\"music/song.mp3\" (" +
                (folder_ / "a.m3u").string() +
                ":2:1). Mend or remove the line, or name a .yaml file of lists "
                "by emotion.");
  EXPECT_THAT(error_of("a.txt", "https://open.spotify.com/album/1\n"),
              HasSubstr("expected a Spotify id or a link"));
  EXPECT_EQ(error_of("a.m3u", "#EXTM3U\n"),
            "[recommend] expected at least one song; got an empty playlist (" +
                (folder_ / "a.m3u").string() +
                "). Write one Spotify id or link a line.");
}

TEST_F(PlaylistFile, NamesEveryFaultOfTheLists) {
  const std::string text =
      error_of("a.yaml", "hapy: []\nsad: song\nfear: [one, [2]]\n");
  EXPECT_THAT(text, HasSubstr("a.yaml:1:1: [recommend] expected an emotion"));
  EXPECT_THAT(text, HasSubstr("a.yaml:2:6: expected a list of songs; got"));
  EXPECT_THAT(text, HasSubstr("a.yaml:3:8: expected a Spotify id or a link; "
                              "got \"one\"."));
  EXPECT_THAT(error_of("b.yaml", "- a\n"),
              HasSubstr("expected a map from emotions to lists of songs"));
  EXPECT_THAT(error_of("c.yml", "happy: []\n"),
              HasSubstr("got an empty playlist"));
}

TEST_F(PlaylistFile, FeedbackTakesTheLastWord) {
  const auto path = folder_.write(
      "feedback.csv", "track_id,feedback\n" + test_id(1) + ",liked\n" +
                          test_id(2) + ",skipped\n" + test_id(1) +
                          ",skipped\nhttps://open.spotify.com/track/" +
                          test_id(3) + ",liked\n");
  const Feedback feedback = read_feedback(path);
  EXPECT_EQ(feedback.size(), 3u);
  EXPECT_EQ(feedback.at(test_id(1)), Opinion::kSkipped);
  EXPECT_EQ(feedback.at(test_id(3)), Opinion::kLiked);
}

TEST_F(PlaylistFile, FeedbackNamesItsFault) {
  const auto path =
      folder_.write("f.csv", "track_id,feedback\na,liked\nb,loved\n");
  EXPECT_EQ(error_text([&] { read_feedback(path); }),
            "[recommend] expected liked or skipped; got \"loved\" (" +
                path.string() + ", row 2). Mend or remove the row.");
  const auto other = folder_.write("g.csv", "id,word\n");
  EXPECT_THAT(error_text([&] { read_feedback(other); }),
              HasSubstr("expected a column 'track_id'"));
}

}  // namespace
}  // namespace fer
